//! The tensor entry points on every compiled-in device.

use burn::tensor::{DType, Device, Tensor};

use super::goldens::{KEY, UNIFORMS_F32, UNIFORMS_F64, WORDS};
use crate::random::{
    Key, Sampler, exponential, gumbel, log_gamma, normal, tensor, uniform, uniform_half_open, words,
};

fn devices() -> Vec<Device> {
    let plain = [
        #[cfg(feature = "flex")]
        Device::flex(),
        #[cfg(feature = "ndarray")]
        #[allow(deprecated)]
        Device::ndarray(),
        #[cfg(feature = "wgpu")]
        Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
    ];
    #[cfg(feature = "autodiff")]
    let plain = plain.into_iter().flat_map(|device| [device.clone(), device.autodiff()]);
    plain.into_iter().collect()
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().convert::<f64>().try_into_vec().unwrap()
}

#[test]
fn golden_on_every_device() {
    let key = Key::new(KEY);
    for device in devices() {
        let bits = words([4, 16], key, &device).into_data().convert::<i64>();
        assert_eq!(bits.as_slice::<i64>().unwrap(), WORDS.map(i64::from), "{device:?}");
        let u = uniform([2, 8], key, &device, DType::F32);
        assert_eq!((u.dims(), u.dtype()), ([2, 8], DType::F32));
        assert_eq!(values(u), UNIFORMS_F32.map(|steps| f64::from(steps) / 16_777_216.0));
        let u = uniform([16], key, &device, DType::F64);
        assert_eq!(u.dtype(), DType::F64);
        assert_eq!(values(u), UNIFORMS_F64.map(|steps| steps as f64 / 9_007_199_254_740_992.0));
    }
}

#[test]
fn all_samplers_agree_between_devices() {
    let key = Key::new(5);
    let draw = |device: &Device, dtype| {
        let concentration = Tensor::<2>::from_data([[0.1], [1.0], [30.0]], (device, dtype));
        [
            uniform_half_open([3, 50], key, device, dtype),
            normal([3, 50], key, device, dtype),
            exponential([3, 50], key, device, dtype),
            gumbel([3, 50], key, device, dtype),
            tensor::attempt([3, 50], key, Sampler::Normal, [1, 0], device, dtype),
            log_gamma(concentration, [3, 50], key),
        ]
        .map(|tensor| {
            assert_eq!((tensor.dims(), tensor.dtype()), ([3, 50], dtype));
            assert!(!tensor.is_require_grad());
            values(tensor)
        })
    };
    for dtype in [DType::F32, DType::F64] {
        let mut drawn = devices().into_iter().map(|device| draw(&device, dtype));
        let first = drawn.next().unwrap();
        for (index, sampler) in first.iter().enumerate() {
            assert!(sampler.iter().all(|value| value.is_finite()), "sampler {index}");
            assert!(first[..index].iter().all(|other| other != sampler));
        }
        assert!(drawn.all(|other| other == first));
    }
}

/// What a backend without a host loop does, on one that has it: noise for whole tensors, then
/// formulas, with the concentration broadcast and strided.
#[cfg(feature = "flex")]
#[test]
fn draws_from_noise_are_the_same() {
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::{Flex, TensorMetadata};
    use burn::tensor::{Shape, TensorData};
    for dtype in [DType::F32, DType::F64, DType::F16] {
        let data = TensorData::from([[0.03, 0.9], [1.0, 50.0], [0.5, f64::NAN]]);
        let concentration =
            Flex::float_from_data(data.convert_dtype(dtype), &burn_flex::FlexDevice);
        let concentration = Flex::float_swap_dims(concentration, 0, 1);
        let concentration = Flex::float_reshape(concentration, Shape::new([2, 3, 1]));
        let shape = Shape::new([2, 3, 3000]);
        let key = Key::new(12);
        let read = |tensor| -> Vec<f64> {
            let data = burn::tensor::try_read_sync(Flex::float_into_data(tensor));
            data.unwrap().unwrap().iter::<f64>().collect()
        };
        let [ours, theirs] = [
            crate::random::gamma::on_host::<Flex>(concentration.clone(), &shape, key),
            crate::random::gamma::from_noise::<Flex>(concentration, &shape, key),
        ]
        .map(|tensor| {
            assert_eq!((tensor.shape(), tensor.dtype()), (shape.clone(), dtype));
            read(tensor)
        });
        for (index, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            let same = ours == theirs || ours.is_nan() && theirs.is_nan() && index / 3000 == 5;
            assert!(same, "{index}: {ours} {theirs}");
        }
    }
}

/// Half-precision uniforms never round up to one.
#[cfg(feature = "flex")]
#[test]
fn half_precision_uniforms_stay_open() {
    // Not every device has half precision.
    let device = Device::flex();
    for dtype in [DType::F16, DType::BF16] {
        let u = uniform([100_000], Key::new(1), &device, dtype);
        assert_eq!(u.dtype(), dtype);
        let values = values(u);
        assert!(values.iter().all(|&u| u > 0.0 && u < 1.0));
        // The clamp was needed, or this test would show nothing.
        let single = uniform::<1>([100_000], Key::new(1), &device, DType::F32);
        let rounded = self::values(single.cast(dtype));
        assert!(rounded.contains(&1.0));
    }
}

#[test]
fn empty_tensors() {
    for device in devices() {
        assert_eq!(uniform([0, 3], Key::new(1), &device, DType::F32).dims(), [0, 3]);
    }
}

#[cfg(feature = "flex")]
#[test]
#[should_panic(expected = "float type")]
fn integer_types_are_refused() {
    let _ = uniform([2], Key::new(1), &Device::flex(), DType::I32);
}
