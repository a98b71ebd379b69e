//! The rational-quadratic spline.

use burn::tensor::{DType, Device, Tensor};
use pushforward::prelude::*;
use pushforward::testing::{Check, bijector};

use crate::common::{Setting, settings};
use crate::{noise, read, tensor};

fn shapes() -> Vec<SplineShape> {
    vec![
        SplineShape::linear(2, 1.0),
        SplineShape::linear(8, 4.0),
        SplineShape::circular(2, 1.5),
        SplineShape::circular(7, std::f64::consts::PI),
    ]
}

fn double() -> Setting {
    (Device::flex(), DType::F64)
}

/// Knots and slopes of one spline, from its parameters by the definition.
fn knots(parameters: &[f64], shape: &SplineShape) -> [Vec<f64>; 3] {
    let bins = shape.bins;
    let side = |part: &[f64]| {
        let total: f64 = part.iter().map(|x| x.exp()).sum();
        let mut at = -shape.bound;
        let mut knots = vec![at];
        for x in part {
            let share = x.exp() / total;
            let free = 1.0 - shape.smallest_bin * bins as f64;
            at += 2.0 * shape.bound * (shape.smallest_bin + free * share);
            knots.push(at);
        }
        knots
    };
    let shift = ((1.0 - shape.smallest_slope).exp() - 1.0).ln();
    let slope = |x: &f64| shape.smallest_slope + (x + shift).exp().ln_1p();
    let inner = parameters[2 * bins..].iter().map(slope);
    let slopes = match shape.ends {
        SplineEnds::Linear => [1.0].into_iter().chain(inner).chain([1.0]).collect(),
        SplineEnds::Circular => {
            let mut slopes: Vec<f64> = inner.collect();
            slopes.push(slopes[0]);
            slopes
        }
    };
    [side(&parameters[..bins]), side(&parameters[bins..2 * bins]), slopes]
}

#[test]
fn zeros_give_the_identity() {
    for setting in settings() {
        let tolerance = if setting.1 == DType::F32 { 1e-6 } else { 1e-14 };
        for shape in shapes() {
            let spline = RationalQuadraticSpline::new(
                tensor(&vec![0.0; shape.parameters()], [1, shape.parameters()], &setting),
                shape,
            );
            let x = noise([200, 1], 2.0 * shape.bound, 1, &setting);
            for (y, log_det) in
                [spline.forward_and_log_det(x.clone()), spline.inverse_and_log_det(x.clone())]
            {
                for ((x, y), log_det) in read(&x).into_iter().zip(read(&y)).zip(read(&log_det)) {
                    assert!((x - y).abs() <= tolerance * shape.bound, "{shape:?}: {x} to {y}");
                    assert!(log_det.abs() <= 4.0 * tolerance, "{shape:?} at {x}: {log_det}");
                }
            }
        }
    }
}

#[test]
fn knots_are_exact() {
    let setting = double();
    for shape in shapes() {
        let parameters = noise([1, shape.parameters()], 2.0, 3, &setting);
        let [left, bottom, slopes] = knots(&read(&parameters), &shape);
        // The last knot is the first of what follows the box.
        let count = shape.bins + 1;
        let spline = RationalQuadraticSpline::new(parameters, shape);
        let (y, log_det) = spline.forward_and_log_det(tensor(&left, [count, 1], &setting));
        let (x, inverse) = spline.inverse_and_log_det(tensor(&bottom, [count, 1], &setting));
        let results = [y, log_det, x, inverse].map(|result| read(&result));
        for knot in 0..count {
            let log_slope = slopes[knot].ln();
            let expected = [bottom[knot], log_slope, left[knot], -log_slope];
            for (result, expected) in results.iter().zip(expected) {
                let error = (result[knot] - expected).abs();
                assert!(error < 1e-12, "{shape:?}, knot {knot}: {} for {expected}", result[knot]);
            }
        }
    }
}

#[test]
fn outside_the_box_nothing_happens() {
    for (device, dtype) in settings() {
        let setting = (device.clone().autodiff(), dtype);
        let shape = SplineShape::linear(5, 3.0);
        let parameters = noise([1, shape.parameters()], 3.0, 5, &setting).require_grad();
        let outside = [3.0, 3.5, -3.0001, 1e20, -1e30, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
        let x = tensor(&outside, [outside.len(), 1], &setting).require_grad();
        let spline = RationalQuadraticSpline::new(parameters.clone(), shape);
        for (y, log_det) in
            [spline.forward_and_log_det(x.clone()), spline.inverse_and_log_det(x.clone())]
        {
            for ((x, y), log_det) in read(&x).into_iter().zip(read(&y)).zip(read(&log_det)) {
                assert!(x == y || x.is_nan() && y.is_nan(), "{x} to {y}");
                assert!(log_det == 0.0 || x.is_nan() && log_det.is_nan(), "{x}: {log_det}");
            }
            // Without the NaN, whose own gradient is nobody's business.
            let sum = (y + log_det).slice([0..5, 0..1]).sum();
            let gradients = sum.backward();
            let of_x = read(&Tensor::<2>::from_inner(x.grad(&gradients).unwrap()));
            assert_eq!(of_x, [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
            let of_parameters = parameters.grad(&gradients).unwrap();
            assert!(read(&of_parameters).iter().all(|gradient| *gradient == 0.0));
        }
    }
}

/// Across every knot and both ends of the box, value and slope change by no more than rounding.
#[test]
fn values_and_slopes_are_continuous() {
    let setting = double();
    for shape in shapes() {
        let parameters = noise([1, shape.parameters()], 2.0, 7, &setting);
        let [left, bottom, _] = knots(&read(&parameters), &shape);
        let spline = RationalQuadraticSpline::new(parameters, shape);
        for (points, inverse) in [(left, false), (bottom, true)] {
            let step = 1e-12;
            let around: Vec<f64> =
                points.iter().flat_map(|point| [point - step, point + step]).collect();
            let around = tensor(&around, [2 * points.len(), 1], &setting);
            let (y, log_det) = if inverse {
                spline.inverse_and_log_det(around)
            } else {
                spline.forward_and_log_det(around)
            };
            let pairs = read(&y).into_iter().zip(read(&log_det)).collect::<Vec<_>>();
            for (pair, point) in pairs.chunks(2).zip(&points) {
                let [(low, low_slope), (high, high_slope)] = pair else { unreachable!() };
                assert!(high > low && high - low < 1e-7, "{shape:?} at {point}: {low} to {high}");
                assert!((low_slope - high_slope).abs() < 1e-6, "{shape:?} at {point}");
            }
        }
    }
}

#[test]
fn gradients_are_difference_quotients() {
    let (device, dtype) = double();
    let setting = (device.autodiff(), dtype);
    for shape in shapes() {
        let count = 3 * shape.parameters();
        let x = noise([6, 3], 1.2 * shape.bound, 11, &setting);
        let parameters = noise([6, count], 1.5, 12, &setting);
        let weights = noise([6, 3], 1.0, 13, &setting);
        for inverse in [false, true] {
            let loss = |x: Tensor<2>, parameters: Tensor<2>| {
                let spline = RationalQuadraticSpline::new(parameters, shape);
                let (y, log_det) = if inverse {
                    spline.inverse_and_log_det(x)
                } else {
                    spline.forward_and_log_det(x)
                };
                (y * weights.clone() + log_det * weights.clone().flip([0])).sum()
            };
            let (own_x, own_parameters) =
                (x.clone().detach().require_grad(), parameters.clone().detach().require_grad());
            let gradients = loss(own_x.clone(), own_parameters.clone()).backward();
            let of_x = read(&own_x.grad(&gradients).unwrap());
            let of_parameters = read(&own_parameters.grad(&gradients).unwrap());
            let at = [read(&x), read(&parameters)];
            let value = |at: &[Vec<f64>; 2]| {
                let x = tensor(&at[0], [6, 3], &setting);
                loss(x, tensor(&at[1], [6, count], &setting)).into_scalar::<f64>()
            };
            for (which, gradients) in [of_x, of_parameters].into_iter().enumerate() {
                for (place, gradient) in gradients.into_iter().enumerate() {
                    let moved = |step: f64| {
                        let mut at = at.clone();
                        at[which][place] += step;
                        value(&at)
                    };
                    let step = 1e-5;
                    let quotient = |step| (moved(step) - moved(-step)) / (2.0 * step);
                    // A knot between the two points leaves an error of the first order.
                    let (wide, narrow) = (quotient(step), quotient(step / 4.0));
                    let error = (gradient - narrow).abs();
                    let allowed = 1e-6 * (1.0 + gradient.abs()) + (wide - narrow).abs();
                    assert!(
                        error <= allowed,
                        "{shape:?}, inverse {inverse}, input {which}, {place}: {gradient} for \
                         {narrow}"
                    );
                }
            }
        }
    }
}

#[test]
fn circles_close() {
    let setting = double();
    let shape = SplineShape::circular(6, 2.0);
    let parameters = noise([1, shape.parameters()], 2.0, 17, &setting);
    let spline = RationalQuadraticSpline::new(parameters, shape);
    let x = noise([100, 1], 2.0, 18, &setting);
    for turns in [-8.0, 4.0, 12.0] {
        for inverse in [false, true] {
            let apply = |x| {
                let both = if inverse {
                    spline.inverse_and_log_det(x)
                } else {
                    spline.forward_and_log_det(x)
                };
                [both.0, both.1].map(|result| read(&result))
            };
            let [y, slope] = apply(x.clone());
            let [turned, turned_slope] = apply(x.clone() + turns);
            for at in 0..y.len() {
                assert!((turned[at] - y[at] - turns).abs() < 1e-12);
                assert!((turned_slope[at] - slope[at]).abs() < 1e-10);
            }
        }
    }
}

#[test]
fn laws_hold() {
    for setting in settings() {
        for shape in shapes() {
            let parameters = noise([1, 3 * shape.parameters()], 1.5, 19, &setting);
            let spline = RationalQuadraticSpline::new(parameters, shape);
            let like = tensor(&[0.0; 3], [1, 3], &setting);
            let check = Check::new(format!("{shape:?} on {setting:?}"));
            bijector::inverses_undo(&spline, &like, &check.clone().slack(16.0)).unwrap();
            bijector::pairs_agree(&spline, &like, &check).unwrap();
            bijector::descriptions_hold(&spline, &like, &check).unwrap();
            if setting.1 == DType::F64 {
                // In single precision the steps of the differences are as wide as bins.
                bijector::log_dets_are_of_the_jacobian(&spline, &like, &check.slack(64.0)).unwrap();
            }
        }
    }
}

/// Bins of the smallest size, slopes from the smallest to the largest: everything stays finite and
/// increasing, and comes back.
#[test]
fn degenerate_parameters_do_no_harm() {
    for (device, dtype) in settings() {
        let setting = (device.autodiff(), dtype);
        for shape in [SplineShape::linear(6, 2.0), SplineShape::circular(6, 2.0)] {
            for (seed, size) in [(1, 50.0), (2, 1e4), (3, 1e10), (4, 1e18), (5, 1e30), (6, 1e33)] {
                let parameters = noise([40, shape.parameters()], size, seed, &setting);
                let signs = parameters.clone().sign() * size;
                for parameters in [parameters, signs] {
                    let parameters = parameters.detach().require_grad();
                    let spline = RationalQuadraticSpline::new(parameters.clone(), shape);
                    let x = noise([40, 1], 1.99, seed + 20, &setting).detach().require_grad();
                    for (y, log_det) in [
                        spline.forward_and_log_det(x.clone()),
                        spline.inverse_and_log_det(x.clone()),
                    ] {
                        for result in [&y, &log_det] {
                            assert!(
                                read(result).iter().all(|x| x.is_finite()),
                                "{shape:?} {size} {:?}",
                                read(result)
                            );
                        }
                        let inside = |y: &f64| y.abs() <= shape.bound * (1.0 + 1e-6);
                        assert!(read(&y).iter().all(inside), "{shape:?} {size}");
                        let gradients = (y + log_det).sum().backward();
                        for gradient in [x.grad(&gradients), parameters.grad(&gradients)] {
                            let gradient = read(&gradient.unwrap());
                            assert!(gradient.iter().all(|x| !x.is_nan()), "{shape:?} {size}");
                        }
                    }
                    let ordered = tensor(
                        &(0..400).map(|at| f64::from(at) / 100.0 - 2.0).collect::<Vec<_>>(),
                        [1, 400],
                        &setting,
                    );
                    for y in [spline.forward(ordered.clone()), spline.inverse(ordered)] {
                        for row in read(&y).chunks(400) {
                            let rises = |pair: &[f64]| pair[1] >= pair[0] - 1e-6;
                            assert!(row.windows(2).all(rises), "{shape:?} {size}");
                        }
                    }
                }
            }
        }
    }
}

/// 10⁵ random points and parameters, there and back, both ways. A rounding of the image comes back
/// divided by the slope, so the error is measured in units of 1 + 1/slope.
#[test]
fn round_trips_in_single_precision() {
    let setting = (Device::flex(), DType::F32);
    for shape in [SplineShape::linear(8, 4.0), SplineShape::circular(8, 4.0)] {
        let parameters = noise([20_000, 5 * shape.parameters()], 2.0, 23, &setting);
        let spline = RationalQuadraticSpline::new(parameters, shape);
        let x = noise([20_000, 5], 5.0, 24, &setting);
        let (y, log_det) = spline.forward_and_log_det(x.clone());
        let (back, minus) = spline.inverse_and_log_det(y);
        let (from, log_dets) = (read(&x), read(&log_det));
        for (at, (back, minus)) in read(&back).into_iter().zip(read(&minus)).enumerate() {
            let unit = 1.0 + (-log_dets[at]).exp();
            let error = (back - from[at]).abs();
            assert!(error <= 2e-6 * unit, "{shape:?}: {} came back as {back}", from[at]);
            // The slope itself changes by its own slope over that error.
            let error = (minus + log_dets[at]).abs();
            assert!(error <= 2e-3 * unit, "{shape:?} at {}: {minus}, {}", from[at], log_dets[at]);
        }
    }
}

/// Between knots up to 1e25 times as steep as the bins, gradients in single precision are those in
/// double precision, whose steps never leave their range.
#[test]
fn gradients_between_steep_knots_keep_their_digits() {
    let shape = SplineShape::linear(4, 2.0);
    let slopes = [1e25, 3e25, 1e20];
    let gradients = |dtype| {
        let setting = (Device::flex().autodiff(), dtype);
        let parameters = [vec![0.0; 8], slopes.to_vec()].concat();
        let parameters = tensor(&parameters, [1, 11], &setting).require_grad();
        let x = tensor(&[-1.75, -0.625, 0.25, 1.5], [4, 1], &setting).require_grad();
        let spline = RationalQuadraticSpline::new(parameters.clone(), shape);
        let mut all = vec![];
        for case in 0..16 {
            let (y, log_det) = if case % 2 == 0 {
                spline.inverse_and_log_det(x.clone())
            } else {
                spline.forward_and_log_det(x.clone())
            };
            let result = if case / 2 % 2 == 0 { y } else { log_det };
            let gradients = result.narrow(0, case / 4, 1).sum().backward();
            all.extend(read(&x.grad(&gradients).unwrap()));
            all.extend(read(&parameters.grad(&gradients).unwrap()));
        }
        all
    };
    let (single, double) = (gradients(DType::F32), gradients(DType::F64));
    let mut compared = 0;
    for (case, (single, double)) in single.chunks(15).zip(double.chunks(15)).enumerate() {
        // Of the point, the shares of the box, and the slopes, each to the rounding of the largest.
        for part in [0..4, 4..12, 12..15] {
            let (single, double) = (&single[part.clone()], &double[part.clone()]);
            let largest = double.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
            if !(1e-30..1e30).contains(&largest) {
                continue;
            }
            compared += 1;
            for (single, double) in single.iter().zip(double) {
                let error = (single - double).abs();
                assert!(
                    error <= 1e-4 * double.abs() + 1e-5 * largest,
                    "case {case}, {part:?}: {single:e} for {double:e}"
                );
            }
        }
    }
    assert!(compared > 30, "{compared}");
}

/// At rank 3 every row of a batch has its splines, as it has alone.
#[test]
fn splines_take_any_rank() {
    for setting in settings() {
        let shape = SplineShape::linear(4, 2.0);
        let each = shape.parameters();
        let parameters = noise([2, 1, 3 * each], 1.5, 29, &setting);
        let x = noise([2, 4, 3], 2.5, 30, &setting);
        let whole = RationalQuadraticSpline::new(parameters.clone(), shape);
        for inverse in [false, true] {
            let apply = |spline: &dyn Bijector<2>, x: Tensor<2>| {
                if inverse { spline.inverse_and_log_det(x) } else { spline.forward_and_log_det(x) }
            };
            let (y, log_det) = if inverse {
                whole.inverse_and_log_det(x.clone())
            } else {
                whole.forward_and_log_det(x.clone())
            };
            assert_eq!((y.dims(), log_det.dims()), ([2, 4, 3], [2, 4, 3]));
            for batch in 0..2 {
                let own = parameters.clone().narrow(0, batch, 1).reshape([1, 3 * each]);
                let own = RationalQuadraticSpline::new(own, shape);
                let rows = x.clone().narrow(0, batch, 1).reshape([4, 3]);
                let (alone, log_det_alone) = apply(&own, rows);
                assert_eq!(read(&y.clone().narrow(0, batch, 1)), read(&alone));
                assert_eq!(read(&log_det.clone().narrow(0, batch, 1)), read(&log_det_alone));
            }
        }
    }
}
