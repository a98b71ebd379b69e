//! How many kernels densities, gradients and draws launch on a GPU with fusion: bounds without
//! noise.
#![cfg(all(feature = "wgpu", feature = "fusion"))]

use std::sync::{Arc, Mutex};

use burn::tensor::{Device, DeviceKind, Distribution as Fill, Float, Tensor};
use burn_cubecl::cubecl::logging::{LaunchObservation, LaunchObserver};
use pushforward::prelude::*;
use pushforward::random::log_gamma;
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

/// Nothing but kernels makes the draws, two of them for any number of draws: the words become
/// numbers in one, the numbers draws in the other.
fn draws_are_made_on_the_device(device: &Device) {
    let number = |value: f32| Tensor::<1>::from_floats([value], device);
    let (loc, scale) = (number(0.5), number(2.0));
    for count in [1_000, 1_000_000] {
        let rng = || StdRng::seed_from_u64(1);
        let of = |law: &dyn Distribution<1, Kind = Float>| {
            let names = launches(device, || law.sample([count], &mut rng()));
            assert_eq!(names.len(), 2, "{count} draws: {names:?}");
            assert!(names[0].contains("stream_numbers"), "{count} draws: {names:?}");
        };
        of(&Normal::new(loc.clone(), scale.clone()));
        of(&Exponential::new(scale.clone()));
        of(&Laplace::new(loc.clone(), scale.clone()));
        of(&Uniform::new(loc.clone(), scale.clone()));

        // The loop over proposals, the exponential of the boost, and what joins them.
        let names = launches(device, || log_gamma(scale.clone(), [count], Key::new(1)));
        assert_eq!(names.len(), 3, "{count} log-gammas: {names:?}");
        assert!(names.iter().any(|name| name.contains("log_gamma_attempts")), "{names:?}");

        // No tensor of a Gumbel draw for each category.
        let logits = Tensor::<2>::from_floats([[0.0, 1.0, 2.0]], device);
        let law = Categorical::from_logits(logits);
        let names = launches(device, || law.sample([count, 1], &mut rng()));
        assert!(names.last().is_some_and(|name| name.contains("gumbel_argmax")), "{names:?}");
        assert!(names.iter().all(|name| !name.contains("stream_numbers")), "{names:?}");
        assert!(names.len() <= 3, "{count} indices: {names:?}");
    }
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
