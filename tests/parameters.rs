//! Constructors, their errors, and what follows from a family's list of parameters.

use burn::tensor::{DType, Device, FloatDType, Tensor};
use pushforward::prelude::*;
use pushforward::support::Bound;

fn tensor<const D: usize>(data: impl Into<burn::tensor::TensorData>) -> Tensor<D> {
    Tensor::from_data(data, &Device::flex())
}

#[test]
fn a_bad_value_is_named_with_its_index_and_constraint() {
    let scale = tensor::<2>([[1.0, 2.0, 3.0], [4.0, -5.0, 6.0]]);
    let error = Normal::try_new(tensor([[0.0]]), scale).expect_err("a negative scale");
    assert_eq!((error.parameter, error.value), ("scale", -5.0));
    assert_eq!(error.index, [1, 1]);
    assert_eq!(error.to_string(), "Normal: `scale`[1, 1] is -5, but must be positive and finite");
    let error = Normal::try_new(tensor::<1>([0.0, f64::NAN]), 1.0).expect_err("a NaN");
    assert_eq!((error.parameter, error.index), ("loc", vec![1]));
    assert!(Normal::try_new(tensor::<1>([0.0, 1.0]), 1.0).is_ok());
}

#[test]
#[should_panic(
    expected = "Normal: the shapes loc [2], scale [3] do not broadcast along dimension 0"
)]
fn shapes_that_do_not_broadcast_panic_with_names() {
    let _ = Normal::new(tensor::<1>([0.0, 0.0]), tensor([1.0, 1.0, 1.0]));
}

#[test]
#[should_panic(expected = "Normal: `loc`, `scale` are plain numbers, which have no device")]
fn numbers_alone_have_no_device() {
    let _ = Normal::<1>::new(0.0, 1.0);
}

#[test]
#[should_panic(expected = "a distribution of shape [2] cannot be drawn with shape [3]")]
fn a_draw_of_another_shape_panics() {
    let _ = Normal::new(tensor::<1>([0.0, 0.0]), 1.0).sample([3], &mut rand::rng());
}

#[test]
fn a_distribution_moves_as_a_whole() {
    let normal = Normal::new(tensor::<1>([0.0, 1.0]), 2.0);
    assert_eq!(normal.to_string(), "Normal(loc: [2], scale: [1])");
    assert_eq!(normal.clone().unsqueeze::<3>().shape(), [1, 1, 2]);
    assert_eq!(normal.clone().unsqueeze::<2>().expand([3, 2]).scale().dims(), [3, 2]);
    assert_eq!(normal.cast(FloatDType::F64).loc().dtype(), DType::F64);
}

#[test]
fn supports_know_their_members_and_the_way_onto_them() {
    let value = tensor::<1>([-1.0, 0.0, 0.5, 1.0, 2.0, f64::INFINITY, f64::NAN]);
    let inside = |support: Support| -> Vec<bool> {
        support.contains(value.clone()).into_data().iter::<bool>().collect()
    };
    let [no, yes] = [false, true];
    assert_eq!(inside(Support::Real), [yes, yes, yes, yes, yes, no, no]);
    assert_eq!(inside(Support::LogWeight), [yes, yes, yes, yes, yes, no, no]);
    assert_eq!(inside(Support::Positive), [no, no, yes, yes, yes, no, no]);
    assert_eq!(inside(Support::NonNegative), [no, yes, yes, yes, yes, no, no]);
    assert_eq!(inside(Support::UnitInterval), [no, no, yes, no, no, no, no]);
    assert_eq!(inside(Support::Boolean), [no, yes, no, yes, no, no, no]);
    assert_eq!(inside(Support::Below(2)), [no, yes, no, yes, no, no, no]);
    assert_eq!(inside(Support::PositiveProbability), [no, no, yes, yes, no, no, no]);
    assert_eq!(inside(Support::ProbabilityBelowOne), [no, yes, yes, no, no, no, no]);
    assert_eq!(inside(Support::Count), [no, yes, no, yes, yes, no, no]);
    assert_eq!(inside(Support::CountUpTo(1.0.into())), [no, yes, no, yes, no, no, no]);
    let low = Bound::from(tensor::<1>([0.25]));
    assert_eq!(
        inside(Support::Interval { low: low.clone(), high: 1.0.into() }),
        [no, no, yes, yes, no, no, no]
    );
    assert_eq!(inside(Support::GreaterThan(low.clone())), [no, no, yes, yes, yes, no, no]);

    assert_eq!(inside(Support::AtLeast(0.5.into())), [no, no, yes, yes, yes, no, no]);
    assert_eq!(inside(Support::Above(low.clone())), [no, no, yes, yes, yes, yes, no]);

    let anywhere = tensor::<1>([-5.0, 0.0, 5.0]);
    for support in [
        Support::Real,
        Support::Positive,
        Support::NonNegative,
        Support::UnitInterval,
        Support::Interval { low: low.clone(), high: 1.0.into() },
        Support::Interval { low: 0.0.into(), high: 10.0.into() },
        Support::AtLeast(low.clone()),
        Support::GreaterThan(low),
    ] {
        let onto = support.bijector::<1>().expect("a continuous set");
        let y = onto.forward(anywhere.clone());
        assert!(support.contains(y.clone()).all().into_scalar::<bool>(), "{support}: {y}");
        let gap = (onto.inverse(y) - anywhere.clone()).abs().max().into_scalar::<f32>();
        assert!(gap < 1e-3, "{support}: {gap}");
    }
    assert!(Support::Boolean.bijector::<1>().is_none());
}
