//! Supports: where a distribution lives, and where a parameter may.

pub(crate) mod matrices;

use core::fmt;

use burn::backend::DispatchTensor;
use burn::tensor::{Bool, Tensor};

use crate::bijector::Bijector;
use crate::bijectors::{Affine, Exp, Identity, LowerCholesky, PositiveDefinite, Sigmoid};
use crate::parameter::Argument;

/// An end of an interval: a number, or a tensor of the rank of the values.
#[derive(Clone, Debug)]
pub enum Bound {
    /// The same number everywhere.
    Number(f64),
    /// A tensor of any rank, that of the values it bounds; boxed, because most supports have none.
    Tensor(Box<DispatchTensor>),
}

impl From<f64> for Bound {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<const D: usize> From<Tensor<D>> for Bound {
    fn from(tensor: Tensor<D>) -> Self {
        Self::Tensor(Box::new(tensor.into_dispatch()))
    }
}

impl Bound {
    /// The bound for values of rank `D`.
    ///
    /// # Panics
    ///
    /// If the bound is a tensor of another rank.
    #[must_use]
    pub fn argument<const D: usize>(&self) -> Argument<D> {
        match self {
            Self::Number(number) => Argument::Number(*number),
            Self::Tensor(tensor) => {
                let tensor = DispatchTensor::clone(tensor);
                let rank = burn::backend::TensorMetadata::rank(&tensor);
                assert!(rank == D, "a bound of rank {rank} cannot bound values of rank {D}");
                Argument::Tensor(Tensor::from_dispatch(tensor))
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Tensor(_) => write!(f, "a bound given as a tensor"),
        }
    }
}

/// A set of values.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Support {
    /// (−∞, ∞).
    Real,
    /// [−∞, ∞): logarithms of weights, which may be 0.
    LogWeight,
    /// (0, ∞).
    Positive,
    /// [0, ∞).
    NonNegative,
    /// (0, 1).
    UnitInterval,
    /// [low, high].
    Interval {
        /// The lower end.
        low: Bound,
        /// The upper end.
        high: Bound,
    },
    /// [bound, ∞).
    AtLeast(Bound),
    /// (bound, ∞).
    GreaterThan(Bound),
    /// (bound, ∞]: upper ends of intervals, which may be none.
    Above(Bound),
    /// (0, 1]: probabilities of what must be possible.
    PositiveProbability,
    /// [0, 1): probabilities of what must not be certain.
    ProbabilityBelowOne,
    /// {0, 1}.
    Boolean,
    /// {0, 1, …, count − 1}.
    Below(usize),
    /// {0, 1, 2, …}.
    Count,
    /// {0, 1, …, bound}.
    CountUpTo(Bound),
    /// Vectors along the last dimension with a single 1 among zeros.
    OneHot,
    /// Vectors along the last dimension with non-negative entries that sum to 1.
    Simplex,
    /// Lower triangular matrices with a positive diagonal, row by row along the last dimension.
    LowerCholesky,
    /// Symmetric positive definite matrices, row by row along the last dimension.
    PositiveDefinite,
}

/// How far from 1 the sum of a probability vector may be, relative to its length's square root:
/// a few roundings of `f32`.
const SIMPLEX_TOLERANCE: f64 = 1e-5;

impl Support {
    /// Whether it is a set of isolated numbers, or of vectors of such.
    #[must_use]
    pub fn is_discrete(&self) -> bool {
        matches!(
            self,
            Self::Boolean | Self::Below(_) | Self::Count | Self::CountUpTo(_) | Self::OneHot
        )
    }

    /// Whether each value lies in the set; NaN does not.
    ///
    /// # Shapes
    ///
    /// - `value`: any; integers as floats
    /// - output: that of `value` and the bounds, the last dimension kept as 1 for sets of vectors
    #[must_use]
    pub fn contains<const D: usize>(&self, value: Tensor<D>) -> Tensor<D, Bool> {
        match self {
            Self::Real => value.is_finite(),
            Self::LogWeight => value.lower_elem(f64::INFINITY),
            Self::Positive => value.clone().greater_elem(0.0).bool_and(value.is_finite()),
            Self::NonNegative => value.clone().greater_equal_elem(0.0).bool_and(value.is_finite()),
            Self::UnitInterval => value.clone().greater_elem(0.0).bool_and(value.lower_elem(1.0)),
            Self::Interval { low, high } => {
                let (low, high) = (low.argument().like(&value), high.argument().like(&value));
                value
                    .clone()
                    .greater_equal(low)
                    .bool_and(value.clone().lower_equal(high))
                    .bool_and(value.is_finite())
            }
            Self::AtLeast(bound) => {
                let bound = bound.argument().like(&value);
                value.clone().greater_equal(bound).bool_and(value.is_finite())
            }
            Self::GreaterThan(bound) => {
                let bound = bound.argument().like(&value);
                value.clone().greater(bound).bool_and(value.is_finite())
            }
            Self::Above(bound) => value.clone().greater(bound.argument().like(&value)),
            Self::PositiveProbability => {
                value.clone().greater_elem(0.0).bool_and(value.lower_equal_elem(1.0))
            }
            Self::ProbabilityBelowOne => {
                value.clone().greater_equal_elem(0.0).bool_and(value.lower_elem(1.0))
            }
            Self::Boolean => value.clone().equal_elem(0.0).bool_or(value.equal_elem(1.0)),
            Self::Below(count) => {
                Self::Count.contains(value.clone()).bool_and(value.lower_elem(*count as f64))
            }
            Self::Count => {
                let whole = value.clone().equal(value.clone().floor());
                whole.bool_and(Self::NonNegative.contains(value))
            }
            Self::CountUpTo(bound) => {
                let within = value.clone().lower_equal(bound.argument().like(&value));
                Self::Count.contains(value).bool_and(within)
            }
            Self::OneHot => {
                let bits = Self::Boolean.contains(value.clone()).all_dim(D - 1);
                bits.bool_and(value.sum_dim(D - 1).equal_elem(1.0))
            }
            Self::Simplex => {
                let count = value.dims()[D - 1] as f64;
                let positive = value.clone().greater_equal_elem(0.0).all_dim(D - 1);
                let gap = (value.sum_dim(D - 1) - 1.0).abs();
                positive.bool_and(gap.lower_elem(SIMPLEX_TOLERANCE * count.sqrt()))
            }
            Self::LowerCholesky => matrices::are_lower_cholesky(value),
            Self::PositiveDefinite => matrices::are_positive_definite(value),
        }
    }

    /// The bijector from the reals onto the set (or its interior); none for a discrete set.
    ///
    /// Onto K × K matrices it maps vectors of K (K + 1)/2 numbers.
    #[must_use]
    pub fn bijector<const D: usize>(&self) -> Option<Box<dyn Bijector<D>>> {
        match self {
            Self::Real | Self::LogWeight => Some(Box::new(Identity)),
            Self::Positive | Self::NonNegative => Some(Box::new(Exp)),
            Self::UnitInterval | Self::PositiveProbability | Self::ProbabilityBelowOne => {
                Some(Box::new(Sigmoid))
            }
            Self::Interval { low, high } => {
                let onto = Affine::between(low.argument::<D>(), high.argument::<D>());
                Some(Box::new(Sigmoid.then(onto)))
            }
            Self::AtLeast(bound) | Self::GreaterThan(bound) | Self::Above(bound) => {
                Some(Box::new(Exp.then(Affine::new(bound.argument::<D>(), 1.0))))
            }
            Self::LowerCholesky => Some(Box::new(LowerCholesky::new(Exp))),
            Self::PositiveDefinite => Some(Box::new(PositiveDefinite::new(Exp))),
            Self::Boolean
            | Self::Below(_)
            | Self::Count
            | Self::CountUpTo(_)
            | Self::OneHot
            | Self::Simplex => None,
        }
    }
}

impl fmt::Display for Support {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => write!(f, "finite"),
            Self::LogWeight => write!(f, "finite or negative infinity"),
            Self::Positive => write!(f, "positive and finite"),
            Self::NonNegative => write!(f, "at least 0 and finite"),
            Self::UnitInterval => write!(f, "between 0 and 1"),
            Self::Interval { low, high } => write!(f, "from {low} to {high}"),
            Self::AtLeast(bound) => write!(f, "at least {bound} and finite"),
            Self::GreaterThan(bound) => write!(f, "greater than {bound}"),
            Self::Above(bound) => write!(f, "greater than {bound}, or infinity"),
            Self::PositiveProbability => write!(f, "above 0 and at most 1"),
            Self::ProbabilityBelowOne => write!(f, "at least 0 and below 1"),
            Self::Boolean => write!(f, "0 or 1"),
            Self::Below(count) => write!(f, "an integer from 0 to {}", count.saturating_sub(1)),
            Self::Count => write!(f, "an integer from 0 on"),
            Self::CountUpTo(bound) => write!(f, "an integer from 0 to {bound}"),
            Self::OneHot => write!(f, "a single 1 among zeros"),
            Self::Simplex => write!(f, "non-negative with sum 1"),
            Self::LowerCholesky => write!(f, "lower triangular with a positive diagonal"),
            Self::PositiveDefinite => write!(f, "symmetric and positive definite"),
        }
    }
}
