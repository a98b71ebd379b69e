//! The engine against Burn's own composed operations: values, gradients, broadcasting, layouts.

mod common;

use burn::tensor::{DType, Device, Distribution, Tensor};
use common::{Promises, devices, first_device};
use pushforward::kernel::{Formula, Op, Real};

struct NormalDensity;

impl Formula<3> for NormalDensity {
    const NAME: &'static str = "normal_density";
    const INPUTS: [&'static str; 3] = ["value", "loc", "scale"];

    fn evaluate<R: Real>([x, loc, scale]: [R; 3]) -> R {
        let z = (x - loc) / scale;
        z.square() * -0.5 - scale.ln()
    }
}

static DENSITY: Op<3> = Op::new::<NormalDensity>();

fn composed<const D: usize>([x, loc, scale]: [Tensor<D>; 3]) -> Tensor<D> {
    let z = (x - loc) / scale.clone();
    z.square() * -0.5 - scale.log()
}

fn inputs(shapes: [[usize; 3]; 3], device: &Device, dtype: DType) -> [Tensor<3>; 3] {
    let random = |shape, low, high| {
        Tensor::<3>::random(shape, Distribution::Uniform(low, high), (device, dtype))
    };
    [random(shapes[0], -3.0, 3.0), random(shapes[1], -1.0, 1.0), random(shapes[2], 0.5, 2.0)]
}

fn close<const D: usize>(a: &Tensor<D>, b: &Tensor<D>, tolerance: f64, what: &str) {
    assert_eq!(a.dims(), b.dims(), "{what}");
    let (a, b) = (a.to_data(), b.to_data());
    for (a, b) in a.iter::<f64>().zip(b.iter::<f64>()) {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{what}: {a} and {b}");
    }
}

const SHAPES: [[[usize; 3]; 3]; 7] = [
    [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    [[4, 5, 6], [4, 5, 6], [4, 5, 6]],
    [[4, 5, 6], [1, 1, 1], [1, 1, 6]],
    [[4, 5, 6], [4, 1, 1], [1, 5, 1]],
    [[1, 5, 1], [4, 1, 6], [1, 1, 1]],
    [[50, 60, 70], [1, 60, 1], [50, 1, 70]],
    [[50, 60, 70], [1, 1, 1], [50, 60, 70]],
];

#[test]
fn values_and_gradients_agree_with_composed_operations() {
    for device in devices() {
        let dtypes = [(DType::F32, 2e-4), (DType::F64, 1e-12)];
        for (dtype, tolerance) in dtypes.into_iter().filter(|(d, _)| device.promises(*d)) {
            for shapes in SHAPES {
                let plain = inputs(shapes, &device, dtype);
                let what = format!("{device:?} {dtype:?} {shapes:?}");
                let ours = DENSITY.apply(plain.clone());
                close(&ours, &composed(plain.clone()), tolerance, &what);
                for autodiff in
                    [device.clone().autodiff(), device.clone().autodiff().gradient_checkpointing()]
                {
                    let gradients = |f: &dyn Fn([Tensor<3>; 3]) -> Tensor<3>| {
                        let leaves = plain.clone().map(|x| {
                            Tensor::from_data(x.into_data(), (&autodiff, dtype)).require_grad()
                        });
                        // A square upstream, so that the gradient that arrives is not constant.
                        let gradients = f(leaves.clone()).square().sum().backward();
                        leaves.map(|leaf| leaf.grad(&gradients).expect("tracked"))
                    };
                    let (ours, theirs) = (gradients(&|x| DENSITY.apply(x)), gradients(&composed));
                    for (ours, theirs) in ours.iter().zip(&theirs) {
                        let scale = theirs.clone().abs().max().into_data().iter::<f64>().next();
                        close(ours, theirs, tolerance * scale.unwrap_or(1.0).max(1.0), &what);
                    }
                }
            }
        }
    }
}

#[test]
fn strided_operands_are_read_in_place() {
    for device in devices() {
        let [x, loc, scale] = inputs([[6, 5, 4], [6, 5, 4], [1, 5, 1]], &device, DType::F32);
        let turned = [x.swap_dims(0, 2), loc.swap_dims(0, 2).flip([1]), scale.swap_dims(0, 2)];
        close(
            &DENSITY.apply(turned.clone()),
            &composed(turned),
            2e-6,
            &format!("{device:?} turned"),
        );
    }
}

#[test]
#[should_panic(
    expected = "normal_density: the shapes value [2, 3], loc [1, 2], scale [1, 1] do not"
)]
fn shapes_that_do_not_broadcast_are_named() {
    let device = first_device();
    let ones = |shape| Tensor::<2>::ones(shape, &device);
    let _ = DENSITY.apply([ones([2, 3]), ones([1, 2]), ones([1, 1])]);
}

/// A formula of two arities.
struct Total;

impl Formula<1> for Total {
    const NAME: &'static str = "total";
    const INPUTS: [&'static str; 1] = ["a"];

    fn evaluate<R: Real>([a]: [R; 1]) -> R {
        a + 0.5
    }
}

impl Formula<2> for Total {
    const NAME: &'static str = "total";
    const INPUTS: [&'static str; 2] = ["a", "b"];

    fn evaluate<R: Real>([a, b]: [R; 2]) -> R {
        a + b
    }
}

static OF_ONE: Op<1> = Op::new::<Total>();
static OF_TWO: Op<2> = Op::new::<Total>();

#[test]
fn one_type_may_be_a_formula_of_two_arities() {
    for device in devices() {
        let ones = Tensor::<1>::ones([3], &device);
        let one = OF_ONE.apply([ones.clone()]).into_data().iter::<f64>().next();
        let two = OF_TWO.apply([ones.clone(), ones]).into_data().iter::<f64>().next();
        assert_eq!((one, two), (Some(1.5), Some(2.0)), "{device:?}");
    }
}
