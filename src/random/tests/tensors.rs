//! The tensor entry points on every compiled-in device.

use burn::tensor::{DType, Device, Tensor, TensorData};

use super::goldens::{KEY, UNIFORMS_F32, UNIFORMS_F64, WORDS};
use crate::random::{
    Key, Sampler, categorical, exponential, gumbel, log_gamma, normal, tensor, uniform,
    uniform_half_open, words,
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

/// Whether a device computes as the host does, so that draws agree to the bit, and in `f64`.
fn is_host(device: &Device) -> bool {
    format!("{device:?}").contains("Cpu")
}

/// The published vector of the Random123 distribution that a stream starts with.
#[test]
fn known_answer_on_every_device() {
    for device in devices() {
        let words = words([4], Key::new(0), &device).into_data().convert::<i64>();
        let expected = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8];
        assert_eq!(words.as_slice::<i64>().unwrap(), expected, "{device:?}");
    }
}

/// The first draws do not depend on how many are drawn: on a device, on how the launch is cut.
#[test]
fn prefixes_are_stable_on_every_device() {
    const KEY: Key = Key::new(3);
    for device in devices() {
        let attempt = |count| {
            tensor::attempt([count], KEY, Sampler::Exponential, [2, 1], &device, DType::F32)
        };
        let samplers: [&dyn Fn(usize) -> Vec<f64>; 6] = [
            &|count| words([count], KEY, &device).into_data().iter::<f64>().collect(),
            &|count| values(uniform([count], KEY, &device, DType::F32)),
            &|count| values(uniform([count], KEY, &device, DType::F64)),
            &|count| values(normal([count], KEY, &device, DType::F32)),
            &|count| values(attempt(count)),
            &|count| values(log_gamma(Tensor::full([1], 0.7, &device), [count], KEY)),
        ];
        for (index, draws) in samplers.into_iter().enumerate() {
            let all = draws(150_001);
            for count in [1, 2, 3, 4, 5, 31, 33, 255, 257, 1000, 65_535, 65_537] {
                let first = draws(count);
                assert!(first == all[..count], "{device:?}: {count} draws of sampler {index}");
            }
        }
    }
}

#[test]
fn all_samplers_agree_between_devices() {
    let key = Key::new(5);
    // The relative accuracy on a device in units of `f32`, and the size below which the error is
    // absolute: for a Gumbel the logarithm of a number near 1, for a log-gamma its largest term.
    let draw = |device: &Device, dtype, count| {
        let concentration = Tensor::<2>::from_data([[0.1], [1.0], [30.0]], (device, dtype));
        let shape = [3, count];
        [
            (uniform(shape, key, device, dtype), 0.0, 0.0),
            (uniform_half_open(shape, key, device, dtype), 0.0, 0.0),
            (normal(shape, key, device, dtype), 8.0, 0.0),
            (exponential(shape, key, device, dtype), 6.0, 0.0),
            (gumbel(shape, key, device, dtype), 6.0, 1.0),
            (tensor::attempt(shape, key, Sampler::Normal, [1, 0], device, dtype), 8.0, 0.0),
            (log_gamma(concentration, shape, key), 8.0, 10.0),
        ]
        .map(|(tensor, units, least)| {
            assert_eq!((tensor.dims(), tensor.dtype()), (shape, dtype));
            assert!(!tensor.is_require_grad());
            (values(tensor), units * f64::from(f32::EPSILON), least)
        })
    };
    for (dtype, count) in [(DType::F32, 50), (DType::F64, 50), (DType::F32, 30_000)] {
        let first = draw(&devices()[0], dtype, count);
        for (index, (sampler, ..)) in first.iter().enumerate() {
            assert!(sampler.iter().all(|value| value.is_finite()), "sampler {index}");
            assert!(first[..index].iter().all(|(other, ..)| other != sampler));
        }
        for device in devices() {
            if is_host(&device) {
                assert!(draw(&device, dtype, count) == first, "{device:?}");
                continue;
            }
            if dtype == DType::F64 {
                continue;
            }
            for (index, ((ours, tolerance, least), (theirs, ..))) in
                draw(&device, dtype, count).iter().zip(&first).enumerate()
            {
                let error = |(ours, theirs): (&f64, &f64)| {
                    (ours - theirs).abs() / theirs.abs().max(*least) / f64::from(f32::EPSILON)
                };
                let worst = ours.iter().zip(theirs).map(error).fold(0.0, f64::max);
                println!("{device:?}: sampler {index}: {worst:.2} units");
                assert!(
                    worst * f64::from(f32::EPSILON) <= *tolerance,
                    "{device:?}: sampler {index}: {worst}"
                );
            }
        }
    }
}

/// A unit of the device goes through a row as the host's tensors of whole rows do. Of two scores
/// closer than their rounding either may win; that has probability 10⁻⁶ a draw, and none is among
/// these.
#[test]
fn categorical_draws_agree_between_devices() {
    for categories in [1, 2, 3, 7, 100] {
        let logits: Vec<f32> = (0..2 * categories)
            .map(|index| if index % 5 == 3 { f32::NEG_INFINITY } else { (index % 7) as f32 * 0.3 })
            .collect();
        let draws = |device: &Device| -> Vec<i64> {
            // Strided, and broadcast along the draws.
            let logits = TensorData::new(logits.clone(), [categories, 1, 2]);
            let logits = Tensor::<3>::from_data(logits, (device, DType::F32)).swap_dims(0, 2);
            let draws = categorical(logits, [2, 700, 1], Key::new(21));
            assert_eq!(draws.dims(), [2, 700, 1]);
            draws.into_data().iter::<i64>().collect()
        };
        let first = draws(&devices()[0]);
        for device in devices() {
            assert!(draws(&device) == first, "{device:?}, {categories} categories");
        }
    }
}

/// The formulas of a device, over points made on the host: they give the host's draws.
#[cfg(feature = "flex")]
#[test]
fn draws_from_points_are_the_same() {
    use crate::kernel::{FormulaOps, Tensors};
    use crate::random::{Source, points, upload};
    use burn::backend::Flex;
    use burn::backend::ops::FloatTensorOps;
    use burn::tensor::{FloatDType, Shape};
    for (dtype, epsilon) in [(DType::F32, f64::from(f32::EPSILON)), (DType::F64, f64::EPSILON)] {
        let like = TensorData::from([0.0]).convert_dtype(dtype);
        let like = Flex::float_from_data(like, &burn_flex::FlexDevice);
        let shape = Shape::new([200_000]);
        for (sampler, formula, units, least) in [
            // Two approximations in `f64`, each within 5 units by the goldens.
            (Sampler::Normal, &points::NORMAL, 8.0, 0.0),
            (Sampler::Exponential, &points::EXPONENTIAL, 3.0, 0.0),
            (Sampler::Gumbel, &points::GUMBEL, 3.0, 1.0),
        ] {
            let (source, key) = (Source::Attempt { attempt: 1, number: 1 }, Key::new(8));
            let noise = upload::noise::<Flex>(&like, shape.clone(), sampler, source, key);
            let ours = Flex::formula_values(formula.kernel(), Tensors(vec![noise])).0.remove(0);
            let theirs = upload::draws::<Flex>(&like, shape.clone(), sampler, source, key);
            let read = |tensor| -> Vec<f64> {
                let tensor = Flex::float_cast(tensor, FloatDType::F64);
                let data = burn::tensor::try_read_sync(Flex::float_into_data(tensor));
                data.unwrap().unwrap().iter::<f64>().collect()
            };
            let error = |(ours, theirs): (f64, f64)| {
                (ours - theirs).abs() / theirs.abs().max(least) / epsilon
            };
            let worst = read(ours).into_iter().zip(read(theirs)).map(error).fold(0.0, f64::max);
            println!("{sampler:?} {dtype:?}: {worst:.2} units");
            assert!(worst <= units, "{sampler:?} {dtype:?}: {worst} units");
        }
    }
}

/// What a backend without a host loop does, on one that has it: noise for whole tensors, then
/// formulas, with the concentration broadcast and strided.
#[cfg(feature = "flex")]
#[test]
fn draws_from_noise_are_the_same() {
    use burn::backend::ops::FloatTensorOps;
    use burn::backend::{Flex, TensorMetadata};
    use burn::tensor::Shape;
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
