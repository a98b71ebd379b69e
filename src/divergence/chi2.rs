//! Divergences from and to the χ² distribution, a Gamma of rate ½.

use burn::tensor::Tensor;

use crate::distribution::KlDivergence;
use crate::distributions::{Chi2, Gamma};

impl<const D: usize> KlDivergence<D, Chi2<D>> for Chi2<D> {
    fn kl_divergence(&self, other: &Chi2<D>) -> Tensor<D> {
        self.gamma().kl_divergence(&other.gamma())
    }
}

impl<const D: usize> KlDivergence<D, Gamma<D>> for Chi2<D> {
    fn kl_divergence(&self, other: &Gamma<D>) -> Tensor<D> {
        self.gamma().kl_divergence(other)
    }
}

impl<const D: usize> KlDivergence<D, Chi2<D>> for Gamma<D> {
    fn kl_divergence(&self, other: &Chi2<D>) -> Tensor<D> {
        self.kl_divergence(&other.gamma())
    }
}
