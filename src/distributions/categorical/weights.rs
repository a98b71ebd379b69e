//! Weights of categories and their logarithms.

use burn::tensor::{DType, Int, Tensor};

use super::super::given::Given;
use super::Categorical;
use crate::kernel::{Formula, Op, Real};

impl<const D: usize> Categorical<D> {
    /// Logarithms of the probabilities up to a term for each row.
    pub(in super::super) fn log_weights(&self) -> Tensor<D> {
        match self.given {
            Given::Logits => self.parameter.clone(),
            Given::Probs => {
                let largest = self.parameter.clone().detach().max_dim(D - 1);
                LOG_WEIGHT.apply([self.parameter.clone(), largest])
            }
        }
    }

    /// Logarithms of weights of which the largest in each row is 1: what is left to add is small
    /// where the row is dominated by one category, and keeps its digits.
    pub(super) fn shifted(&self) -> Tensor<D> {
        let weights = self.log_weights();
        match self.given {
            Given::Probs => weights,
            Given::Logits => {
                // The distribution does not depend on the shift, so neither does any gradient.
                let largest = weights.clone().detach().max_dim(D - 1);
                // -inf - (-inf) would be NaN.
                let infinite = largest.clone().is_inf();
                weights - largest.mask_fill(infinite, 0.0)
            }
        }
    }

    /// The categories `[1, .., K]`, in the type of `like`.
    pub(in super::super) fn indices(&self, dtype: DType) -> Tensor<D, Int> {
        let count = self.categories();
        let mut shape = [1; D];
        shape[D - 1] = count;
        Tensor::<1, Int>::arange(0..count as i64, (&self.parameter.device(), dtype)).reshape(shape)
    }

    pub(super) fn numbers(&self) -> Tensor<D> {
        let dtype = self.parameter.dtype();
        let numbers: Vec<f64> = (0..self.categories()).map(|index| index as f64).collect();
        let mut shape = [1; D];
        shape[D - 1] = numbers.len();
        let data = burn::tensor::TensorData::new(numbers, shape);
        Tensor::from_data(data, (&self.parameter.device(), dtype))
    }
}

static LOG_WEIGHT: Op<2> = Op::new::<LogWeight>();
pub(super) static WEIGHT: Op<2> = Op::new::<Weight>();
pub(super) static SURPRISE: Op<2> = Op::new::<Surprise>();
pub(super) static ENTROPY_CHANGE: Op<3> = Op::new::<EntropyChange>();
pub(super) static MEAN_PART: Op<3> = Op::new::<MeanPart>();

/// A weight over the largest of its row; NaN where it is negative, as two signs would cancel.
struct Weight;

impl Formula<2> for Weight {
    const NAME: &'static str = "Categorical";
    const INPUTS: [&'static str; 2] = ["probs", "largest"];

    #[inline(always)]
    fn evaluate<R: Real>([p, largest]: [R; 2]) -> R {
        R::select(p.lt(R::constant(0.0)), R::constant(f64::NAN), p / largest)
    }
}

struct LogWeight;

impl Formula<2> for LogWeight {
    const NAME: &'static str = "Categorical";
    const INPUTS: [&'static str; 2] = ["probs", "largest"];

    #[inline(always)]
    fn evaluate<R: Real>([p, largest]: [R; 2]) -> R {
        // Probability 0 is a constant, so that no 1/0 is its gradient.
        let never = R::constant(f64::NEG_INFINITY);
        R::select(p.equal(R::constant(0.0)), never, Weight::evaluate([p, largest]).ln())
    }
}

/// −p·y, the part of a category in the entropy, for p = e^(y − normaliser).
struct Surprise;

impl Formula<2> for Surprise {
    const NAME: &'static str = "Categorical";
    const INPUTS: [&'static str; 2] = ["log_weight", "normaliser"];

    #[inline(always)]
    fn evaluate<R: Real>([log_weight, normaliser]: [R; 2]) -> R {
        let p = (log_weight - normaliser).exp();
        let zero = R::constant(0.0);
        // 0 ln 0 = 0.
        R::select(p.equal(zero), zero, -(p * log_weight))
    }
}

/// 0, with the gradient of the entropy: −p (y + Σ −p y), which is small wherever the entropy is.
struct EntropyChange;

impl Formula<3> for EntropyChange {
    const NAME: &'static str = "Categorical";
    const INPUTS: [&'static str; 3] = ["log_weight", "normaliser", "surprise"];

    #[inline(always)]
    fn evaluate<R: Real>([log_weight, normaliser, surprise]: [R; 3]) -> R {
        let p = (log_weight - normaliser).exp();
        let zero = R::constant(0.0);
        let change = zero.with_slope(-(p * (log_weight + surprise)), log_weight);
        R::select(p.equal(zero), zero, change)
    }
}

/// p k, the part of a category in the mean. The probabilities sum to 1, so its slope may be measured
/// from the mode: where that dominates, what is left of the gradient keeps its digits.
struct MeanPart;

impl Formula<3> for MeanPart {
    const NAME: &'static str = "Categorical";
    const INPUTS: [&'static str; 3] = ["probability", "category", "mode"];

    #[inline(always)]
    fn evaluate<R: Real>([p, category, mode]: [R; 3]) -> R {
        (p * category).with_slope(category - mode, p)
    }
}
