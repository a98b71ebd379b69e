//! What a transformed law is at the edges of the codomain and beyond.

use burn::tensor::{Bool, Float, Tensor};

use super::Transformed;
use crate::bijector::Bijector;
use crate::distribution::Distribution;
use crate::parameter::Argument;
use crate::support::Support;

impl<P, B> Transformed<P, B> {
    /// `log_prob` at the values inside the codomain, −∞ outside and on its ends, NaN at NaN.
    pub(super) fn guarded<const D: usize>(
        &self,
        value: Tensor<D>,
        log_prob: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Tensor<D>
    where
        P: Distribution<D, Kind = Float>,
        B: Bijector<D>,
    {
        let codomain = self.bijector.codomain();
        let Some((inside, interior)) = inside(&codomain, &value) else {
            return log_prob(value);
        };
        let nan = value.clone().is_nan();
        // Outside, the inverse and its derivative may be infinite or NaN, and a mask on the result
        // alone would multiply them by a zero gradient: the value is replaced before.
        let shape = inside.dims();
        let safe =
            (value.expand(shape)).mask_where(inside.clone().bool_not(), interior.expand(shape));
        let result = log_prob(safe);
        let events = self.base.event_dims().max(self.bijector.event_dims());
        let any = |mask: Tensor<D, Bool>| {
            let mask = (0..events).fold(mask, |mask, dim| mask.any_dim(D - 1 - dim));
            mask.expand(result.dims())
        };
        // NaN of a parameter stays.
        let outside = any(inside.bool_not()).bool_and(result.clone().is_nan().bool_not());
        result.clone().mask_fill(outside, f64::NEG_INFINITY).mask_fill(any(nan), f64::NAN)
    }
}

/// Which values lie strictly inside an elementwise codomain, and points that do; nothing where
/// every value is inside, or events are not elementwise.
fn inside<const D: usize>(
    codomain: &Support,
    value: &Tensor<D>,
) -> Option<(Tensor<D, Bool>, Tensor<D>)> {
    let number = |point: f64| Argument::<D>::Number(point).like(value);
    match codomain {
        Support::Positive | Support::NonNegative => {
            let inside = Support::Positive.contains(value.clone());
            Some((inside, number(1.0)))
        }
        Support::UnitInterval => Some((codomain.contains(value.clone()), number(0.5))),
        Support::AtLeast(bound) | Support::GreaterThan(bound) => {
            let interior = bound.argument().like(value) + 1.0;
            let inside = Support::GreaterThan(bound.clone()).contains(value.clone());
            Some((inside, interior))
        }
        Support::Interval { low, high } => {
            let (low, high) = (low.argument().like(value), high.argument().like(value));
            // The codomain of a map from an open set is open.
            let inside =
                (value.clone().greater(low.clone())).bool_and(value.clone().lower(high.clone()));
            // The middle, or a step from the finite end.
            let middle = (low.clone() + high.clone()) * 0.5;
            let (bottomless, topless) = (low.clone().is_inf(), high.clone().is_inf());
            let shape = middle.dims();
            let both = bottomless.clone().expand(shape).bool_and(topless.clone().expand(shape));
            let interior = (middle.mask_where(topless.expand(shape), (low + 1.0).expand(shape)))
                .mask_where(bottomless.expand(shape), (high - 1.0).expand(shape))
                .mask_fill(both, 0.0);
            Some((inside, interior))
        }
        _ => None,
    }
}

/// Values with those outside the codomain replaced by a point inside, and where these lay: at or
/// below the lower end, at or above the upper end, or nowhere (NaN).
pub(super) fn clamped<const D: usize>(
    codomain: &Support,
    value: Tensor<D>,
) -> (Tensor<D>, Option<[Tensor<D, Bool>; 3]>) {
    let Some((inside, interior)) = inside(codomain, &value) else {
        return (value, None);
    };
    let shape = inside.dims();
    let (value, interior) = (value.expand(shape), interior.expand(shape));
    let outside = inside.bool_not();
    let under = value.clone().lower(interior.clone()).bool_and(outside.clone());
    let over = (value.clone().greater(interior.clone())).bool_and(outside.clone());
    let nan = value.clone().is_nan();
    (value.mask_where(outside, interior), Some([under, over, nan]))
}
