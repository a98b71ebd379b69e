//! The divergence of two laws transformed alike.

use burn::tensor::{Float, Tensor};

use super::Transformed;
use crate::bijector::Bijector;
use crate::distribution::{Distribution, KlDivergence};

impl<const D: usize, P, Q, B> KlDivergence<D, Transformed<Q, B>> for Transformed<P, B>
where
    P: KlDivergence<D, Q> + Distribution<D, Kind = Float>,
    Q: Distribution<D, Kind = Float>,
    B: Bijector<D> + PartialEq,
{
    /// An invertible map common to both leaves the divergence as it is. Bijectors with parameters
    /// are compared by value, which reads them back.
    ///
    /// # Panics
    ///
    /// If the bijectors differ: then [`monte_carlo_kl`](crate::numeric::monte_carlo_kl) estimates.
    fn kl_divergence(&self, other: &Transformed<Q, B>) -> Tensor<D> {
        assert!(
            self.bijector == other.bijector,
            "Transformed: the divergence is known in closed form for equal bijectors, not for \
             {:?} and {:?}; `numeric::monte_carlo_kl` estimates it",
            self.bijector,
            other.bijector,
        );
        let divergence = self.base.kl_divergence(&other.base);
        // Events of a wider bijector than the base's are independent parts of the base.
        let own = self.base.event_dims();
        crate::bijectors::sum_event(divergence, own, own.max(self.bijector.event_dims()))
    }
}
