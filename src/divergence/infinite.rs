//! Divergences that are +∞ whatever the parameters: P has mass where Q has none, or tails so much
//! heavier that the expectation of −ln q diverges.

use burn::tensor::Tensor;

use super::closed_form;
use crate::distribution::KlDivergence;
use crate::distributions::{
    Cauchy, Exponential, Gamma, HalfNormal, Laplace, LogNormal, Logistic, Normal, Uniform,
};
use crate::kernel::{Formula, Op, Real};

/// +∞ of the common shape; NaN where a parameter is. A formula of the parameters rather than a
/// filled tensor, so that they get a gradient, which is 0.
struct Infinite;

pub(super) static OF_THREE: Op<3> = Op::new::<Infinite>();
pub(super) static OF_FOUR: Op<4> = Op::new::<Infinite>();
pub(super) static OF_TWO: Op<2> = Op::new::<Infinite>();

impl Formula<2> for Infinite {
    const NAME: &'static str = "KL divergence";
    const INPUTS: [&'static str; 2] = ["first parameter", "second"];

    #[inline(always)]
    fn evaluate<R: Real>(parameters: [R; 2]) -> R {
        infinity_or_nan(parameters)
    }
}

impl Formula<3> for Infinite {
    const NAME: &'static str = "KL divergence";
    const INPUTS: [&'static str; 3] = ["first parameter", "second", "third"];

    #[inline(always)]
    fn evaluate<R: Real>(parameters: [R; 3]) -> R {
        infinity_or_nan(parameters)
    }
}

impl Formula<4> for Infinite {
    const NAME: &'static str = "KL divergence";
    const INPUTS: [&'static str; 4] = ["first parameter", "second", "third", "fourth"];

    #[inline(always)]
    fn evaluate<R: Real>(parameters: [R; 4]) -> R {
        infinity_or_nan(parameters)
    }
}

#[inline(always)]
fn infinity_or_nan<R: Real, const N: usize>(parameters: [R; N]) -> R {
    let infinity = R::constant(f64::INFINITY);
    parameters
        .iter()
        .fold(infinity, |sum, parameter| R::select(parameter.is_nan(), *parameter, sum))
}

// The line is no part of the half-line.

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Normal<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Normal<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

// No bounded interval holds an unbounded law.

impl<const D: usize> KlDivergence<D, Uniform<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for HalfNormal<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for LogNormal<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Exponential<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

// A Cauchy has neither the second moment that ln q of a Normal asks for nor the first that a
// Laplace's does.

impl<const D: usize> KlDivergence<D, Normal<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}
