//! Divergences to other Normals and from them.

use burn::tensor::Tensor;

use super::LowRankMultivariateNormal;
use super::formulas::change;
use crate::distribution::{Distribution, KlDivergence};
use crate::distributions::{Independent, MultivariateNormal, Normal};
use crate::divergence::gaps::scale_gap;
use crate::kernel::rows::sum_rows;
use crate::kernel::{Formula, Op, Real};
use crate::parameter::common_shape;

static ELEMENT: Op<4> = Op::new::<Element>();

/// The part of one element in the divergence to independent ones: that of Normals with the variances d
/// and v, and half the shared variance over v. The gradient with respect to d is that of ½ d/v alone.
struct Element;

impl Formula<4> for Element {
    const NAME: &'static str = "KL(LowRankMultivariateNormal ‖ Independent)";
    const INPUTS: [&'static str; 4] = ["shared variance", "diagonal", "scale", "distance"];

    #[inline(always)]
    fn evaluate<R: Real>([shared, diagonal, scale, distance]: [R; 4]) -> R {
        // Roots before squares, which overflow and underflow sooner.
        let gap = scale_gap(diagonal.detach().sqrt(), scale);
        let slope = (scale.recip().square() * 0.5).detach();
        let of_diagonal = R::constant(0.0).with_slope(slope, diagonal);
        let shared = shared / scale / scale;
        gap + of_diagonal + (shared + (distance / scale).square()) * 0.5
    }
}

impl<const D: usize> KlDivergence<D, Independent<Normal<D>>> for LowRankMultivariateNormal<D> {
    /// In time and memory K·R²: the divergences of the elements without what they share, and
    /// ½ (tr V⁻¹W Wᵀ − ln det(I + UᵀU)) for the variances V of `other` and U = diag(d)^−½ W.
    fn kl_divergence(&self, other: &Independent<Normal<D>>) -> Tensor<D> {
        let events = other.event_dims();
        assert!(
            events == 1,
            "{}: Independent elements of {events} event dimensions, not 1",
            Element::NAME,
        );
        let base = other.base();
        let shape = common_shape(Element::NAME, &["p", "q"], &[self.shape(), base.shape()]);
        let length = self.shape()[D - 1];
        assert!(
            shape[D - 1] == length,
            "{}: vectors of {length} elements and of {}",
            Element::NAME,
            shape[D - 1],
        );
        let distance = self.loc() - base.loc();
        let inputs = [self.shared_variance(), self.cov_diag(), base.scale(), distance];
        let elements = sum_rows(ELEMENT.apply(inputs).expand(shape));
        let determinant = self.elimination.half_log_excess() + change(self.half_log_determinant());
        let mut batch = shape;
        batch[D - 1] = 1;
        (elements - determinant).expand(batch)
    }
}

/// By way of both covariances written out.
impl<const D: usize> KlDivergence<D, Self> for LowRankMultivariateNormal<D> {
    fn kl_divergence(&self, other: &Self) -> Tensor<D> {
        self.to_multivariate_normal().kl_divergence(&other.to_multivariate_normal())
    }
}

/// With the covariance written out.
impl<const D: usize> KlDivergence<D, MultivariateNormal<D>> for LowRankMultivariateNormal<D> {
    fn kl_divergence(&self, other: &MultivariateNormal<D>) -> Tensor<D> {
        self.to_multivariate_normal().kl_divergence(other)
    }
}

/// With the covariance of `other` written out.
impl<const D: usize> KlDivergence<D, LowRankMultivariateNormal<D>> for MultivariateNormal<D> {
    fn kl_divergence(&self, other: &LowRankMultivariateNormal<D>) -> Tensor<D> {
        self.kl_divergence(&other.to_multivariate_normal())
    }
}

/// With the covariance of `other` written out.
impl<const D: usize> KlDivergence<D, LowRankMultivariateNormal<D>> for Independent<Normal<D>> {
    fn kl_divergence(&self, other: &LowRankMultivariateNormal<D>) -> Tensor<D> {
        self.kl_divergence(&other.to_multivariate_normal())
    }
}
