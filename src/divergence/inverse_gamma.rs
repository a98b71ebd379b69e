//! Divergences to the inverse gamma distribution.

use burn::tensor::Tensor;

use crate::distribution::KlDivergence;
use crate::distributions::InverseGamma;

impl<const D: usize> KlDivergence<D, InverseGamma<D>> for InverseGamma<D> {
    fn kl_divergence(&self, other: &InverseGamma<D>) -> Tensor<D> {
        // A divergence does not change when both sides are mapped by the same bijection.
        self.reciprocal().kl_divergence(&other.reciprocal())
    }
}
