//! The moments of how often one outcome of repeated trials comes before the other does.

use crate::kernel::Real;

/// What [`moment`] gives.
pub(super) const MEAN: usize = 0;
pub(super) const VARIANCE: usize = 1;
pub(super) const STD_DEV: usize = 2;

/// x/y, x/y² or √x/y for the probabilities x of the one outcome and y = 1 − x of the other, which ends the
/// trials, with the derivative of ln y by the parameter.
#[inline(always)]
pub(super) fn moment<R: Real>(which: usize, [x, y]: [R; 2], log_slope: R, parameter: R) -> R {
    // The steps of the quotients have slopes in a higher power of 1/y, which overflows sooner, and with
    // logits a factor y beside it.
    let (value, slope) = match which {
        MEAN => (x / y, log_slope),
        // Not over the square of y, which underflows sooner.
        VARIANCE => (x / y / y, (x + 1.0) * log_slope / y),
        _ => {
            let (zero, root) = (R::constant(0.0), x.sqrt());
            // 0/0 where a large logit leaves nothing of x.
            let slope = R::select(log_slope.equal(zero), zero, log_slope / root);
            (root / y, (x + 1.0) * slope * 0.5)
        }
    };
    value.with_slope(-(slope / y), parameter)
}
