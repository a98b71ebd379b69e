//! Batch dimensions read as parts of one event.

use core::fmt;

use burn::tensor::{Float, Tensor};
use rand::Rng;

use crate::bijectors::sum_event;
use crate::distribution::{Distribution, Entropy, KlDivergence, Moments, Reparameterized};
use crate::parameter::{Parameter, Parametric};
use crate::support::Support;

/// A distribution whose last batch dimensions are parts of one event, made by
/// [`Distribution::independent`]: log-densities, entropies and divergences are summed over them
/// and keep them with size 1.
///
/// A diagonal Normal over vectors is `Normal::new(loc, scale).independent(1)`.
#[derive(Clone, Debug)]
pub struct Independent<P> {
    base: P,
    dims: usize,
}

impl<P> Independent<P> {
    /// Reads the last `dims` batch dimensions of `base` as parts of one event.
    ///
    /// # Panics
    ///
    /// If `base` has fewer batch dimensions.
    pub fn new<const D: usize>(base: P, dims: usize) -> Self
    where
        P: Distribution<D>,
    {
        let batch = D - base.event_dims();
        assert!(
            dims <= batch,
            "Independent: {dims} dimensions asked for, but the distribution has {batch} batch \
             dimensions: rank {D} with {} event dimensions",
            base.event_dims(),
        );
        Self { base, dims }
    }

    /// The distribution whose dimensions are grouped.
    pub fn base(&self) -> &P {
        &self.base
    }

    /// How many dimensions are grouped.
    pub fn dims(&self) -> usize {
        self.dims
    }

    fn sum<const D: usize>(&self, x: Tensor<D>) -> Tensor<D>
    where
        P: Distribution<D>,
    {
        let own = self.base.event_dims();
        // A broadcast dimension stands for all its repetitions, each of which counts.
        sum_event(x, own, own + self.dims)
    }
}

impl<const D: usize, P: Distribution<D>> Distribution<D> for Independent<P> {
    type Kind = P::Kind;

    fn shape(&self) -> [usize; D] {
        self.base.shape()
    }

    fn event_dims(&self) -> usize {
        self.base.event_dims() + self.dims
    }

    fn support(&self) -> Support {
        self.base.support()
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D, P::Kind> {
        self.base.sample(shape, rng)
    }

    fn log_prob(&self, value: Tensor<D, P::Kind>) -> Tensor<D> {
        self.sum(self.base.log_prob(value))
    }
}

impl<const D: usize, P: Reparameterized<D>> Reparameterized<D> for Independent<P>
where
    P: Distribution<D, Kind = Float>,
{
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.base.rsample(shape, rng)
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let (value, log_prob) = self.base.rsample_and_log_prob(shape, rng);
        (value, self.sum(log_prob))
    }
}

impl<const D: usize, P: Moments<D>> Moments<D> for Independent<P> {
    fn mean(&self) -> Tensor<D> {
        self.base.mean()
    }

    fn variance(&self) -> Tensor<D> {
        self.base.variance()
    }

    fn std_dev(&self) -> Tensor<D> {
        self.base.std_dev()
    }

    fn mode(&self) -> Tensor<D, P::Kind> {
        self.base.mode()
    }
}

impl<const D: usize, P: Entropy<D>> Entropy<D> for Independent<P> {
    fn entropy(&self) -> Tensor<D> {
        self.sum(self.base.entropy())
    }
}

impl<const D: usize, P, Q> KlDivergence<D, Independent<Q>> for Independent<P>
where
    P: KlDivergence<D, Q> + Distribution<D>,
    Q: Distribution<D>,
{
    fn kl_divergence(&self, other: &Independent<Q>) -> Tensor<D> {
        assert!(
            self.dims == other.dims,
            "Independent: the divergence of events of {} dimensions to events of {}",
            self.dims,
            other.dims,
        );
        self.sum(self.base.kl_divergence(&other.base))
    }
}

impl<const D: usize, P: Parametric<D>> Parametric<D> for Independent<P> {
    type WithRank<const E: usize> = Independent<P::WithRank<E>>;
    const NAME: &'static str = P::NAME;

    fn parameters(&self) -> Vec<Parameter<D>> {
        self.base.parameters()
    }

    fn map<const E: usize>(
        self,
        transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        Independent { base: self.base.map(transform), dims: self.dims }
    }

    // Not every parameter of a base has the shape of its values: a matrix has a row for each.
    fn expand(self, shape: [usize; D]) -> Self::WithRank<D> {
        Independent { base: self.base.expand(shape), dims: self.dims }
    }
}

impl<P: fmt::Display> fmt::Display for Independent<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Independent({}, dims: {})", self.base, self.dims)
    }
}
