//! The law of a transformed variable.

mod divergence;
mod edges;
mod grouped;
mod mode;
mod moments;
mod parametric;
mod univariate;

use core::fmt;

use burn::tensor::{Float, Tensor};
use rand::Rng;

use crate::bijector::Bijector;
use crate::bijectors::sum_event;
use crate::distribution::{Distribution, Reparameterized};
use crate::parameter::common_shape;
use crate::support::Support;

/// The law of y = f(x) for x drawn from a base distribution, made by
/// [`Reparameterized::pushforward`].
///
#[cfg_attr(
    doc,
    doc = r"$$p_Y(y) = p_X(f^{-1}(y)) \left|\det \frac{\partial f^{-1}}{\partial y}\right|$$"
)]
#[cfg_attr(not(doc), doc = "`ln p_Y(y) = ln p_X(f⁻¹(y)) + ln |det ∂f⁻¹/∂y|`")]
///
/// # Notes
///
/// The density is −∞ outside the codomain of the bijector and on its ends. To evaluate the density
/// of draws use [`rsample_and_log_prob`](Reparameterized::rsample_and_log_prob), which never
/// inverts: close to the ends of the codomain the inverse has lost the digits of the draw.
///
/// For a univariate base, an elementwise monotone bijector carries the distribution function and the
/// quantile along. Moments and entropy are exact where the Jacobian is constant, and for the
/// exponential of a base whose moment-generating function is known; otherwise they are
/// [quadratures](crate::numeric::expectations), differentiable in all parameters, whose error
/// [`mean_estimate`](Self::mean_estimate) and its kin tell. Over an [`Independent`] base they are
/// those of each part, so that it does not matter which of `independent` and `pushforward` comes
/// first.
///
/// The parameters are those of the base and then those of the bijector, where it is a
/// [`ParametricBijector`](crate::bijectors::ParametricBijector), as all of this crate but
/// [`Sequential`](crate::bijectors::Sequential) and the layers of flows are. A transformed law is
/// then [learnable](crate::nn::Learnable) as a whole; a bijector's plain numbers stay as they are.
///
/// [`Independent`]: crate::distributions::Independent
#[derive(Clone, Debug)]
pub struct Transformed<P, B> {
    base: P,
    bijector: B,
}

impl<P, B> Transformed<P, B> {
    /// The law of `bijector(x)` for x drawn from `base`.
    pub fn new(base: P, bijector: B) -> Self {
        Self { base, bijector }
    }

    /// The law of what is transformed.
    pub fn base(&self) -> &P {
        &self.base
    }

    /// What transforms it.
    pub fn bijector(&self) -> &B {
        &self.bijector
    }

    /// ln p(x) and a log-determinant, each summed over the event dimensions that only the other
    /// has.
    fn sums<const D: usize>(
        &self,
        log_prob: Tensor<D>,
        log_det: Tensor<D>,
    ) -> (Tensor<D>, Tensor<D>)
    where
        P: Distribution<D, Kind = Float>,
        B: Bijector<D>,
    {
        let (own, other) = (self.base.event_dims(), self.bijector.event_dims());
        let events = own.max(other);
        (sum_event(log_prob, own, events), sum_event(log_det, other, events))
    }
}

impl<const D: usize, P, B> Distribution<D> for Transformed<P, B>
where
    P: Distribution<D, Kind = Float>,
    B: Bijector<D>,
{
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let shapes = [self.base.shape(), self.bijector.parameter_shape()];
        common_shape("Transformed", &["distribution", "bijector"], &shapes)
    }

    fn event_dims(&self) -> usize {
        self.base.event_dims().max(self.bijector.event_dims())
    }

    fn support(&self) -> Support {
        self.bijector.image(&self.base.support())
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.bijector.forward(self.base.sample(shape, rng)).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        // A value that broadcasts along an event dimension stands for all its repetitions.
        let mut whole = value.dims();
        let own = common_shape("Transformed", &["value", "distribution"], &[whole, self.shape()]);
        let events: usize = self.event_dims();
        whole[D - events..].copy_from_slice(&own[D - events..]);
        let value = value.expand(whole);
        self.guarded(value, |value| {
            let (x, log_det) = self.bijector.inverse_and_log_det(value);
            let (log_prob, log_det) = self.sums(self.base.log_prob(x), log_det);
            log_prob + log_det
        })
    }
}

impl<const D: usize, P, B> Reparameterized<D> for Transformed<P, B>
where
    P: Reparameterized<D>,
    B: Bijector<D>,
{
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.bijector.forward(self.base.rsample(shape, rng))
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let (x, log_prob) = self.base.rsample_and_log_prob(shape, rng);
        let (y, log_det) = self.bijector.forward_and_log_det(x);
        let (log_prob, log_det) = self.sums(log_prob, log_det);
        (y, log_prob - log_det)
    }
}

impl<P: fmt::Display, B: fmt::Debug> fmt::Display for Transformed<P, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transformed({}, {:?})", self.base, self.bijector)
    }
}
