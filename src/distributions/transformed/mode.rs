//! The mode of a transformed law, by search.

use burn::tensor::{DType, Float, Tensor};

use super::Transformed;
use crate::bijector::Bijector;
use crate::distribution::Univariate;
use crate::numeric::{Side, chunks};

/// (√5 − 1)/2.
const GOLDEN: f64 = 0.618_033_988_749_894_8;

impl<P, B> Transformed<P, B> {
    /// The image of the point x of largest ln p(x) − ln |f′(x)|: the best of the quadrature's nodes,
    /// then a golden-section search (Kiefer 1953) between its neighbours.
    pub(super) fn searched_mode<const D: usize>(&self, like: &Tensor<D>) -> Tensor<D>
    where
        P: Univariate<D, Kind = Float>,
        B: Bijector<D>,
    {
        let score = |x: Tensor<D>| {
            let score = self.base.log_prob(x.clone()) - self.bijector.log_det_jacobian(x);
            // NaN where both are infinite, far outside all that matters.
            let nan = score.clone().is_nan();
            score.detach().mask_fill(nan, f64::NEG_INFINITY)
        };
        let sides = Side::both(&self.base, like);
        let mut best = sides[1].median().clone();
        let mut best_score = score(best.clone());
        let shape = best_score.dims();
        best = best.expand(shape);
        // The neighbours of the median are as far as the bulk of the law.
        let mut reach = (sides[0].width().clone().max_pair(sides[1].width().clone())).expand(shape);
        for chunk in chunks(like, shape, None) {
            for side in &sides {
                let (point, log_weight, out) = side.points(&chunk);
                let out = out.expand(shape);
                let found = score(point.x.clone()).mask_fill(out, f64::NEG_INFINITY);
                let better = found.clone().greater(best_score.clone());
                best_score = best_score.mask_where(better.clone(), found);
                best = best.mask_where(better.clone(), point.x.expand(shape));
                // A weight is the distance to the next node.
                reach = reach.mask_where(better, log_weight.exp().expand(shape) * 1.5);
            }
        }
        let inside = |x: Tensor<D>| {
            let x = x.max_pair(sides[0].end().clone().expand(shape));
            x.min_pair(sides[1].end().clone().expand(shape))
        };
        let (mut low, mut high) =
            (inside(best.clone() - reach.clone()), inside(best.clone() + reach));
        // Each step keeps 0.618 of the bracket; below the root of the precision scores are equal.
        let steps = if like.dtype() == DType::F64 { 44 } else { 24 };
        for _ in 0..steps {
            let span = (high.clone() - low.clone()) * GOLDEN;
            let (left, right) = (high.clone() - span.clone(), low.clone() + span);
            let keep_left = score(left.clone()).greater_equal(score(right.clone()));
            high = high.mask_where(keep_left.clone(), right);
            low = left.mask_where(keep_left, low);
        }
        let middle = (low + high) * 0.5;
        // A density that is largest at the end of its support keeps the outermost node.
        let better = score(middle.clone()).greater_equal(best_score);
        self.bijector.forward(best.mask_where(better, middle)).detach()
    }
}
