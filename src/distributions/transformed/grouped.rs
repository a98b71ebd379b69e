//! Elementwise maps of independent parts: what is known of each part.

use burn::tensor::{Float, Tensor};

use super::Transformed;
use crate::bijector::Bijector;
use crate::distribution::{Distribution, Entropy, Moments, Univariate};
use crate::distributions::Independent;

impl<P: Clone, B: Clone> Transformed<Independent<P>, B> {
    /// The same law with the parts transformed before they are grouped.
    ///
    /// # Panics
    ///
    /// If the bijector mixes the parts.
    fn regrouped<const D: usize>(&self) -> Independent<Transformed<P, B>>
    where
        P: Distribution<D, Kind = Float>,
        B: Bijector<D>,
    {
        let mixed = self.bijector.event_dims();
        assert!(
            mixed == 0,
            "Transformed: moments and entropy of independent parts need an elementwise bijector, \
             not {:?} with {mixed} event dimensions",
            self.bijector,
        );
        let parts = Transformed::new(self.base.base().clone(), self.bijector.clone());
        Independent::new::<D>(parts, self.base.dims())
    }
}

impl<const D: usize, P, B> Moments<D> for Transformed<Independent<P>, B>
where
    P: Univariate<D, Kind = Float> + Moments<D> + Clone,
    B: Bijector<D> + Clone,
{
    fn mean(&self) -> Tensor<D> {
        self.regrouped().mean()
    }

    fn variance(&self) -> Tensor<D> {
        self.regrouped().variance()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.regrouped().std_dev()
    }

    fn mode(&self) -> Tensor<D> {
        self.regrouped().mode()
    }
}

impl<const D: usize, P, B> Entropy<D> for Transformed<Independent<P>, B>
where
    P: Univariate<D, Kind = Float> + Entropy<D> + Clone,
    B: Bijector<D> + Clone,
{
    fn entropy(&self) -> Tensor<D> {
        self.regrouped().entropy()
    }
}
