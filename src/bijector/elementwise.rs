//! Elementwise bijectors that are formulas alone: what they can do is written once, here.

use core::fmt::Debug;

use burn::tensor::Tensor;

use super::image::{between, ends};
use super::{Bijector, Direction};
use crate::kernel::BijectorOps;
use crate::parameter::{Argument, common_shape};
use crate::support::{Bound, Support};

/// A monotone elementwise bijector given by formulas of the point and its parameters, from which
/// [`Bijector`] follows.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::bijector::ElementwiseBijector;
/// use pushforward::kernel::{BijectorFormulas, BijectorOps, Real};
/// use pushforward::prelude::*;
/// use pushforward::testing::{Check, bijector};
///
/// /// y = sinh x, from the reals onto the reals.
/// #[derive(Clone, Copy, Debug)]
/// struct Sinh;
///
/// struct Formulas;
///
/// impl BijectorFormulas<1> for Formulas {
///     const NAME: &'static str = "Sinh";
///     const INPUTS: [&'static str; 1] = ["value"];
///
///     fn forward<R: Real>([x]: [R; 1]) -> R {
///         // ½(eˣ − e⁻ˣ) would cancel near 0; odd, so from |x|.
///         let e = R::select(x.lt(R::constant(0.0)), -x, x).exp_m1();
///         x.sign_of((e + e / (e + 1.0)) * 0.5)
///     }
///     fn inverse<R: Real>([y]: [R; 1]) -> R {
///         // ln(|y| + √(1 + y²)) as a log1p, exact near 0.
///         let a = R::select(y.lt(R::constant(0.0)), -y, y);
///         y.sign_of((a + y.square() / ((y.square() + 1.0).sqrt() + 1.0)).ln_1p())
///     }
///     fn log_det<R: Real>([x]: [R; 1]) -> R {
///         // ln cosh x; cosh itself overflows first.
///         let a = x.abs();
///         a + (a * -2.0).exp().ln_1p() - core::f64::consts::LN_2
///     }
///     fn inverse_log_det<R: Real>([y]: [R; 1]) -> R {
///         y.square().ln_1p() * -0.5
///     }
/// }
///
/// impl<const D: usize> ElementwiseBijector<D> for Sinh {
///     const FORMULAS: BijectorOps = BijectorOps::new::<1, Formulas>();
///
///     fn sets(&self) -> [Support; 2] {
///         [Support::Real, Support::Real]
///     }
/// }
///
/// let like = Tensor::<2>::zeros([1, 3], &Device::flex());
/// bijector::assert_laws(&Sinh, &like, &Check::new("sinh"));
/// ```
pub trait ElementwiseBijector<const D: usize>: Debug + Send + Sync {
    /// The formulas, of the point and the parameters.
    const FORMULAS: BijectorOps;

    /// Whether the log-determinant is the same at every point.
    const CONSTANT_JACOBIAN: bool = false;

    /// Whether the map is the exponential; see [`Bijector::is_exponential`].
    const EXPONENTIAL: bool = false;

    /// The domain and the codomain.
    fn sets(&self) -> [Support; 2];

    /// The parameters, in the order of the formulas. Plain numbers take the device of the points.
    fn arguments(&self) -> Vec<&Argument<D>> {
        Vec::new()
    }

    /// How the map runs.
    fn runs(&self) -> Direction<D> {
        Direction::Increasing
    }

    /// f(end) − f(x), for `end` = `x` + `step`; see [`Bijector::increment`].
    fn difference(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<D> {
        let _ = step;
        let map = |x| Self::FORMULAS.forward.apply(inputs(self, x));
        map(end) - map(x)
    }
}

/// A point, or a step, and the parameters.
fn inputs<const D: usize, B: ElementwiseBijector<D> + ?Sized>(
    map: &B,
    point: Tensor<D>,
) -> Vec<Tensor<D>> {
    let parameters: Vec<_> = map.arguments().iter().map(|argument| argument.like(&point)).collect();
    core::iter::once(point).chain(parameters).collect()
}

#[diagnostic::do_not_recommend]
impl<const D: usize, B: ElementwiseBijector<D>> Bijector<D> for B {
    fn forward(&self, x: Tensor<D>) -> Tensor<D> {
        B::FORMULAS.forward.apply(inputs(self, x))
    }

    fn inverse(&self, y: Tensor<D>) -> Tensor<D> {
        B::FORMULAS.inverse.apply(inputs(self, y))
    }

    fn log_det_jacobian(&self, x: Tensor<D>) -> Tensor<D> {
        B::FORMULAS.log_det.apply(inputs(self, x))
    }

    fn inverse_log_det_jacobian(&self, y: Tensor<D>) -> Tensor<D> {
        B::FORMULAS.inverse_log_det.apply(inputs(self, y))
    }

    fn forward_and_log_det(&self, x: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        B::FORMULAS.forward_and_log_det.apply_all(inputs(self, x)).into()
    }

    fn inverse_and_log_det(&self, y: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        B::FORMULAS.inverse_and_log_det.apply_all(inputs(self, y)).into()
    }

    fn increment(&self, x: Tensor<D>, step: Tensor<D>, end: Tensor<D>) -> Tensor<D> {
        self.difference(x, step, end)
    }

    fn parameter_shape(&self) -> [usize; D] {
        let shapes: Vec<_> = self.arguments().into_iter().map(Argument::dims).collect();
        let formula = B::FORMULAS.forward;
        common_shape(formula.name(), &formula.inputs()[1..], &shapes)
    }

    fn domain(&self) -> Support {
        let [domain, _] = self.sets();
        domain
    }

    fn codomain(&self) -> Support {
        let [_, codomain] = self.sets();
        codomain
    }

    fn image(&self, part: &Support) -> Support {
        match ends(part) {
            Some(ends) => between(ends.map(|end| image_of_end(self, end))),
            None => self.codomain(),
        }
    }

    fn is_constant_jacobian(&self) -> bool {
        B::CONSTANT_JACOBIAN
    }

    fn is_exponential(&self) -> bool {
        B::EXPONENTIAL
    }

    fn direction(&self) -> Option<Direction<D>> {
        Some(self.runs())
    }
}

/// What the end of an interval is mapped to: a plain number where everything it depends on is one.
fn image_of_end<const D: usize, B: ElementwiseBijector<D>>(map: &B, end: Bound) -> Argument<D> {
    let (end, arguments) = (end.argument::<D>(), map.arguments());
    let tensor = core::iter::once(&end).chain(arguments.iter().copied()).find_map(Argument::tensor);
    if let Some(like) = tensor {
        let end = end.like(like);
        let image = map.forward(end.clone()).detach();
        // An infinite end has no slope, nor has one whose image is infinite: another number takes its place in
        // the map, and nothing of that remains.
        let shape = image.dims();
        let end = end.expand(shape);
        let fixed = (end.clone().is_finite().bool_and(image.clone().is_finite())).bool_not();
        let inside = map.forward(end.mask_fill(fixed.clone(), 0.5));
        return Argument::Tensor(inside.mask_where(fixed, image));
    }
    let numbers: Vec<f64> =
        core::iter::once(&end).chain(arguments).filter_map(Argument::number).collect();
    Argument::Number(B::FORMULAS.forward.number(&numbers))
}
