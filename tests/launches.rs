//! How many kernels densities, gradients and draws launch on a GPU with fusion: bounds without
//! noise.
#![cfg(all(feature = "wgpu", feature = "fusion"))]

use std::sync::{Arc, Mutex};

use burn::tensor::{DType, Device, DeviceKind, Distribution as Fill, Float, Tensor};
use burn_cubecl::cubecl::logging::{LaunchObservation, LaunchObserver};
use pushforward::prelude::*;
use pushforward::random;
use rand::SeedableRng;
use rand::rngs::StdRng;

#[derive(Default)]
struct Names(Mutex<Vec<&'static str>>);

impl LaunchObserver for Names {
    fn launched(&self, kernel: &'static str) {
        self.0.lock().expect("no panic while counting").push(kernel);
    }
}

/// The kernels launched by a third run of `work`: the first ones compile and tune. What `work`
/// gives is kept until the device has finished, since what is dropped unread is never computed.
fn launches<T>(device: &Device, work: impl Fn() -> T) -> Vec<&'static str> {
    let run = || {
        let kept = work();
        device.sync().expect("the device finishes");
        drop(kept);
    };
    run();
    run();
    let names = Arc::new(Names::default());
    let observation = LaunchObservation::new(names.clone());
    run();
    drop(observation);
    Arc::try_unwrap(names).unwrap_or_default().0.into_inner().expect("no panic while counting")
}

// One test, because there is one observer in the process.
#[test]
fn launches_are_few() {
    let device = Device::wgpu(DeviceKind::DefaultDevice);
    a_density_is_one_kernel(&device);
    draws_are_made_on_the_device(&device);
}

/// Nothing but kernels makes the draws, as many of them for a thousand draws as for a million: no
/// noise comes from the host and none goes back.
fn draws_are_made_on_the_device(device: &Device) {
    let number = |value: f32| Tensor::<1>::from_floats([value], device);
    let (loc, scale) = (number(0.5), number(2.0));
    let rng = || StdRng::seed_from_u64(1);
    let of = |count: usize| {
        let (shape, key, dtype) = ([count], Key::new(1), DType::F32);
        // Words become numbers in one kernel, numbers draws in another.
        let names = launches(device, || random::uniform(shape, key, device, dtype));
        assert_eq!(names.len(), 1, "{count} uniforms: {names:?}");
        let samplers = [random::normal::<1>, random::exponential, random::gumbel];
        for sampler in samplers {
            let names = launches(device, || sampler(shape, key, device, dtype));
            assert_eq!(names.len(), 2, "{count} draws: {names:?}");
            assert!(names[0].contains("stream_numbers"), "{count} draws: {names:?}");
        }

        // The loop over proposals, the exponential of the boost, and what joins them: several,
        // since the concentration is of another shape, which does not fuse.
        let names = launches(device, || random::log_gamma(scale.clone(), shape, key));
        assert!(names.iter().any(|name| name.contains("log_gamma_attempts")), "{names:?}");
        assert!(names.len() <= 10, "{count} log-gammas: {names:?}");

        // No tensor of a Gumbel draw for each category.
        let logits = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], device);
        let law = Categorical::from_logits(logits);
        let indices = launches(device, || law.sample([count, 1], &mut rng()));
        assert!(indices.iter().any(|name| name.contains("gumbel_argmax")), "{indices:?}");
        assert!(indices.iter().all(|name| !name.contains("stream_numbers")), "{indices:?}");

        let laws: [&dyn Distribution<1, Kind = Float>; 5] = [
            &Normal::new(loc.clone(), scale.clone()),
            &Exponential::new(scale.clone()),
            &Laplace::new(loc.clone(), scale.clone()),
            &Uniform::new(loc.clone(), scale.clone()),
            &Gamma::new(scale.clone(), scale.clone()),
        ];
        let mut all = laws.map(|law| launches(device, || law.sample(shape, &mut rng()))).to_vec();
        all.extend([names, indices]);
        all.into_iter().map(|names| names.len()).collect::<Vec<_>>()
    };
    let few = of(1_000);
    println!(
        "launches of Normal, Exponential, Laplace, Uniform, Gamma, log_gamma, Categorical: {few:?}"
    );
    assert_eq!(few, of(1_000_000));
}

fn a_density_is_one_kernel(device: &Device) {
    let fill = |low, high| Tensor::<2>::random([64, 32], Fill::Uniform(low, high), device);
    let (value, loc, scale) = (fill(-3.0, 3.0), fill(-1.0, 1.0), fill(0.5, 2.0));
    device.sync().expect("the device finishes");

    let law = Normal::new(loc.clone(), scale.clone());
    let names = launches(device, || {
        let log_prob = law.log_prob(value.clone());
        drop(log_prob.into_data());
    });
    assert_eq!(names.len(), 1, "log_prob: {names:?}");

    let names = launches(device, || {
        let track = |x: &Tensor<2>| Tensor::from_inner(x.clone()).require_grad();
        let (loc, scale) = (track(&loc), track(&scale));
        let law = Normal::new(loc.clone(), scale.clone());
        let gradients = law.log_prob(Tensor::from_inner(value.clone())).backward();
        let both =
            loc.grad(&gradients).expect("tracked") + scale.grad(&gradients).expect("tracked");
        drop(both.into_data());
    });
    // The value is not read, so only the gradients are computed.
    assert_eq!(names.len(), 1, "gradients: {names:?}");
}
