//! Distribution functions of mixtures, and their inverse.

use burn::tensor::{DType, Float, Int, Tensor};

use super::{Categorical, Mixture};
use crate::distribution::{Distribution, Tail, Univariate};
use crate::distributions::categorical::LOG_TAIL;
use crate::kernel::{Formula, Op, Real};
use crate::parameter::{Parametric, common_shape};

impl<P: Univariate<D>, const D: usize> Mixture<P, D> {
    fn mixed_tail(&self, tail: Tail, value: Tensor<D, P::Kind>) -> Tensor<D> {
        self.check_value(value.dims());
        let other = if tail.is_upper() { Tail::Cdf } else { Tail::Survival };
        let own = self.components.tail(tail, value.clone());
        let other = self.mixed(other, value);
        if tail.is_logarithm() {
            LOG_TAIL.apply([self.mix_logarithms(own), other])
        } else {
            TAIL.apply([self.mix(own), other])
        }
    }

    /// The weighted sum of the components' own, which rounding may carry above 1.
    fn mixed(&self, tail: Tail, value: Tensor<D, P::Kind>) -> Tensor<D> {
        self.mix(self.components.tail(tail, value))
    }
}

/// A tail probability, given the other tail.
static TAIL: Op<2> = Op::new::<LinearTail>();

struct LinearTail;

impl Formula<2> for LinearTail {
    const NAME: &'static str = super::NAME;
    const INPUTS: [&'static str; 2] = ["tail", "other_tail"];

    #[inline(always)]
    fn evaluate<R: Real>([tail, other]: [R; 2]) -> R {
        // Weights that add up to 1 + ε would make a probability above 1: close to 1 the complement
        // of the other tail is at most 1, and exactly that where nothing is left of the other.
        R::select(other.lt(R::constant(0.5)), -other + 1.0, tail)
    }
}

/// As the methods of [`Univariate`], save the quantile.
impl<P: Univariate<D, Kind = Int>, const D: usize> Mixture<P, D> {
    /// P(X ≤ value).
    pub fn cdf(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.mixed_tail(Tail::Cdf, value)
    }

    /// ln P(X ≤ value).
    pub fn log_cdf(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.mixed_tail(Tail::LogCdf, value)
    }

    /// P(X > value).
    pub fn survival(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.mixed_tail(Tail::Survival, value)
    }

    /// ln P(X > value).
    pub fn log_survival(&self, value: Tensor<D, Int>) -> Tensor<D> {
        self.mixed_tail(Tail::LogSurvival, value)
    }
}

impl<P, const D: usize> Univariate<D> for Mixture<P, D>
where
    P: Univariate<D, Kind = Float> + Parametric<D, WithRank<D> = P> + Clone,
{
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        self.mixed_tail(tail, value)
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        self.level(probability, Tail::Cdf)
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        self.level(probability, Tail::Survival)
    }
}

impl<P, const D: usize> Mixture<P, D>
where
    P: Univariate<D, Kind = Float> + Parametric<D, WithRank<D> = P> + Clone,
{
    /// The value whose `tail` is `probability`: it lies between the smallest and the largest of the
    /// components' own, and is found there by bisection, compared in the nearer tail.
    fn level(&self, probability: Tensor<D>, tail: Tail) -> Tensor<D> {
        let fixed = self.clone().detached();
        let level = probability.clone().detach();
        let names = ["probability", "distribution"];
        let shape = common_shape(super::NAME, &names, &[level.dims(), self.shape()]);
        let parts = if tail.is_upper() {
            fixed.components.upper_quantile(level.clone())
        } else {
            fixed.components.quantile(level.clone())
        };
        let axis = self.axis();
        let mut low = parts.clone().min_dim(axis).expand(shape);
        let mut high = parts.max_dim(axis).expand(shape);
        let steps = if level.dtype() == DType::F64 { 60 } else { 32 };
        for _ in 0..steps {
            // Halves first: the sum of the ends may overflow.
            let middle = low.clone() * 0.5 + high.clone() * 0.5;
            let beyond = fixed.excess(&level, tail, middle.clone()).greater_elem(0.0);
            high = high.mask_where(beyond.clone(), middle.clone());
            low = middle.mask_where(beyond, low);
        }
        // Equal ends, infinite ones too, are the answer themselves.
        let value = high
            .clone()
            .mask_where(low.clone().equal(high.clone()).bool_not(), low * 0.5 + high * 0.5);
        // A Newton step of nearly no length, which carries the gradient of the implicit function.
        let density = fixed.log_prob(value.clone()).exp();
        let excess = self.excess(&probability, tail, value.clone());
        let still = density.clone().lower_equal_elem(0.0).bool_or(density.clone().is_inf());
        let density = density.mask_fill(still.clone(), 1.0);
        let step = (excess / density).mask_fill(still, 0.0);
        value - step
    }

    /// How far the probability below `value` exceeds the one asked for; 1 − p is exact in the upper
    /// half.
    fn excess(&self, level: &Tensor<D>, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        let cdf = self.mixed(Tail::Cdf, value.clone());
        let survival = self.mixed(Tail::Survival, value);
        let rest = -level.clone() + 1.0;
        let (near, far) = if tail.is_upper() {
            (level.clone() - survival, cdf - rest)
        } else {
            (cdf - level.clone(), rest - survival)
        };
        let upper = level.clone().greater_elem(0.5).expand(near.dims());
        near.mask_where(upper, far)
    }

    fn detached(self) -> Self {
        Self {
            weights: Categorical::detach(self.weights),
            components: self.components.detach(),
            events: self.events,
        }
    }
}
