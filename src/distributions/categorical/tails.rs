//! Sums over the categories on one side of a value, and their inverse.

use burn::tensor::{Bool, Int, Tensor};

use super::Categorical;
use crate::distribution::Distribution;
use crate::kernel::rows::sum_rows;
use crate::kernel::{Formula, Op, Real};
use crate::parameter::{Parametric, common_shape};
use crate::special::logsumexp;

impl<const D: usize> Categorical<D> {
    /// `rows` and the mask of the categories up to `value`, both `[.., K]` with the batch shape of
    /// both.
    fn up_to(&self, value: &Tensor<D, Int>, rows: Tensor<D>) -> (Tensor<D>, Tensor<D, Bool>) {
        let names = ["value", self.given.name()];
        let mut shape = common_shape(Self::NAME, &names, &[value.dims(), self.shape()]);
        shape[D - 1] = self.categories();
        let indices = self.indices(value.dtype()).expand(shape);
        (rows.expand(shape), indices.lower_equal(value.clone().expand(shape)))
    }

    /// The probability of the categories up to `value` (or above), exactly 1 where that is all of
    /// them.
    pub(super) fn sum(&self, value: &Tensor<D, Int>, above: bool) -> Tensor<D> {
        let probs = self.probs();
        let unknown = Self::unknown(&probs);
        let (probs, up_to) = self.up_to(value, probs);
        let last = self.categories() as i64 - 1;
        let (outside, all) = if above {
            (up_to, value.clone().lower_elem(0))
        } else {
            (up_to.bool_not(), value.clone().greater_equal_elem(last))
        };
        let sum = sum_rows(probs.mask_fill(outside, 0.0));
        let (all, unknown) = (all.expand(sum.dims()), unknown.expand(sum.dims()));
        sum.mask_fill(all, 1.0).mask_fill(unknown, f64::NAN)
    }

    /// Whether the probabilities of a row are NaN, which sums over a part of it need not be.
    fn unknown(probs: &Tensor<D>) -> Tensor<D, Bool> {
        sum_rows(probs.clone().detach()).is_nan()
    }

    pub(super) fn log_sum(&self, value: &Tensor<D, Int>, above: bool) -> Tensor<D> {
        let (log_probs, up_to) = self.up_to(value, self.log_probs());
        let outside = if above { up_to } else { up_to.bool_not() };
        let sum = logsumexp(log_probs.mask_fill(outside, f64::NEG_INFINITY));
        LOG_TAIL.apply([sum, self.sum(value, !above)])
    }

    /// The quantile.
    pub(super) fn level(&self, probability: Tensor<D>) -> Tensor<D, Int> {
        let names = ["probability", self.given.name()];
        let level = probability.detach();
        let batch = common_shape(Self::NAME, &names, &[level.dims(), self.shape()]);
        let count = self.categories();
        let mut full = batch;
        full[D - 1] = count;
        let probs = self.probs().detach();
        let unknown = Self::unknown(&probs).expand(batch);
        let up_to = probs.clone().cumsum(D - 1);
        let from = probs.flip([D - 1]).cumsum(D - 1).flip([D - 1]);
        let nothing = from.clone().narrow(D - 1, 0, 1).zeros_like();
        let above = Tensor::cat(vec![from.clone(), nothing], D - 1).narrow(D - 1, 1, count);
        // The categories before the answer are those whose tail falls short of the level, measured
        // in the nearer tail: 1 - level is exact in the upper half.
        let wide = level.clone().expand(full);
        let short = up_to.clone().expand(full).lower(wide.clone());
        let beyond = above.expand(full).greater(-wide.clone() + 1.0);
        let before = short.mask_where(wide.greater_elem(0.5), beyond).int().sum_dim(D - 1);
        // Rounding, or level 0, must not lead to a category that never occurs; level 1 leads to
        // the last that does, even where its probability underflows.
        let occurs = self.log_weights().detach().greater_elem(f64::NEG_INFINITY).int();
        let none = |counts: Tensor<D, Int>| counts.equal_elem(0).int().sum_dim(D - 1).expand(batch);
        let first = none(occurs.clone().cumsum(D - 1));
        let behind = none(occurs.flip([D - 1]).cumsum(D - 1));
        let last = -behind + (count as i64 - 1);
        let index = first.clone().mask_where(before.clone().greater(first), before);
        let within = index.clone().lower(last.clone());
        let within = within.bool_and(level.clone().lower_elem(1.0).expand(batch));
        let index = last.mask_where(within, index);
        let inside = level.clone().greater_equal_elem(0.0).bool_and(level.lower_equal_elem(1.0));
        let nowhere = inside.bool_not().expand(batch).bool_or(unknown);
        index.mask_fill(nowhere, -1)
    }
}

/// A logarithm of a tail probability, given the other tail.
pub(in crate::distributions) static LOG_TAIL: Op<2> = Op::new::<LogTail>();

struct LogTail;

impl Formula<2> for LogTail {
    const NAME: &'static str = "Categorical";
    const INPUTS: [&'static str; 2] = ["log_tail", "other_tail"];

    #[inline(always)]
    fn evaluate<R: Real>([log_tail, other]: [R; 2]) -> R {
        // Close to 1 the logarithm is that of the other tail's complement: the sum itself is
        // rounded to 1 there.
        let value = R::select(other.lt(R::constant(0.5)), (-other).ln_1p(), log_tail);
        R::select(other.is_nan(), other, value)
    }
}
