//! How many kernels a density and its gradient launch on a GPU with fusion: a bound without noise.
#![cfg(all(feature = "wgpu", feature = "fusion"))]

use std::sync::{Arc, Mutex};

use burn::tensor::{Device, DeviceKind, Distribution as Fill, Tensor};
use burn_cubecl::cubecl::logging::{LaunchObservation, LaunchObserver};
use pushforward::prelude::*;

#[derive(Default)]
struct Names(Mutex<Vec<&'static str>>);

impl LaunchObserver for Names {
    fn launched(&self, kernel: &'static str) {
        self.0.lock().expect("no panic while counting").push(kernel);
    }
}

/// The kernels launched by a third run of `work`: the first ones compile and tune.
fn launches(device: &Device, work: impl Fn()) -> Vec<&'static str> {
    for _ in 0..2 {
        work();
        device.sync().expect("the device finishes");
    }
    let names = Arc::new(Names::default());
    let observation = LaunchObservation::new(names.clone());
    work();
    device.sync().expect("the device finishes");
    drop(observation);
    Arc::try_unwrap(names).unwrap_or_default().0.into_inner().expect("no panic while counting")
}

// One test, because there is one observer in the process.
#[test]
fn a_density_is_one_kernel() {
    let device = Device::wgpu(DeviceKind::DefaultDevice);
    let fill = |low, high| Tensor::<2>::random([64, 32], Fill::Uniform(low, high), &device);
    let (value, loc, scale) = (fill(-3.0, 3.0), fill(-1.0, 1.0), fill(0.5, 2.0));
    device.sync().expect("the device finishes");

    let law = Normal::new(loc.clone(), scale.clone());
    let names = launches(&device, || {
        let log_prob = law.log_prob(value.clone());
        // What is dropped unread is never computed.
        drop(log_prob.into_data());
    });
    assert_eq!(names.len(), 1, "log_prob: {names:?}");

    let names = launches(&device, || {
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
