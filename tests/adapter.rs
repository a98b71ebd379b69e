//! The adapter that the wgpu tests run on, printed for the log of a continuous-integration run.
#![cfg(feature = "wgpu")]

use burn::tensor::{Device, DeviceKind, Tensor};
use burn_wgpu::graphics::AutoGraphicsApi;
use burn_wgpu::{RuntimeOptions, WgpuDevice, init_setup};
use pushforward::prelude::*;

#[test]
fn the_default_adapter_computes() {
    let options = RuntimeOptions::default();
    let setup = init_setup::<AutoGraphicsApi>(&WgpuDevice::default(), options);
    let adapter = setup.adapter.get_info();
    println!("adapter: {} ({:?})", adapter.name, adapter.backend);

    // The device that all tests use is the one just set up.
    let device = Device::wgpu(DeviceKind::DefaultDevice);
    let log_prob = Normal::standard(&device).log_prob(Tensor::<1>::zeros([1], &device));
    let value: f32 = log_prob.into_scalar();
    assert!((value + 0.918_938_53).abs() < 1e-6, "{value}");
}
