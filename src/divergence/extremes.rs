//! Divergences of and to Gumbel, HalfCauchy, Pareto and Weibull that are +∞ whatever the parameters.

use burn::tensor::Tensor;

use super::closed_form;
use super::infinite::{OF_FOUR, OF_THREE, OF_TWO};
use crate::distribution::KlDivergence;
use crate::distributions::{
    Cauchy, Exponential, Gamma, Gumbel, HalfCauchy, HalfNormal, Laplace, LogNormal, Logistic,
    Normal, Pareto, Uniform, Weibull,
};

// The line is no part of the half-line.

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, LogNormal<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &LogNormal<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Normal<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Laplace<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Logistic<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Weibull<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Weibull<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

// No bounded interval holds an unbounded law.

impl<const D: usize> KlDivergence<D, Uniform<D>> for Gumbel<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Weibull<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for Pareto<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Uniform<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &Uniform<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

// The laws of Cauchy have not even the first moment that ln q asks for.

impl<const D: usize> KlDivergence<D, Gumbel<D>> for Cauchy<D> {
    fn kl_divergence(&self, other: &Gumbel<D>) -> Tensor<D> {
        closed_form(&OF_FOUR, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Normal<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &Normal<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Laplace<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &Laplace<D>) -> Tensor<D> {
        closed_form(&OF_THREE, self, other)
    }
}

impl<const D: usize> KlDivergence<D, HalfNormal<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &HalfNormal<D>) -> Tensor<D> {
        closed_form(&OF_TWO, self, other)
    }
}

impl<const D: usize> KlDivergence<D, Exponential<D>> for HalfCauchy<D> {
    fn kl_divergence(&self, other: &Exponential<D>) -> Tensor<D> {
        closed_form(&OF_TWO, self, other)
    }
}
