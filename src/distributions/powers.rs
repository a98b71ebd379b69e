//! What the families share whose distribution functions are powers and exponentials of powers.

use crate::kernel::{Real, masks};

/// e^w, the hazard of which a probability is e^(−y) or 1 − e^(−y), with w of no more than `highest`.
#[inline(always)]
pub(crate) fn hazard<R: Real>(w: R, highest: f64) -> R {
    // Where y overflows its slope may not: it is made in two steps.
    (R::constant(highest).min(masks::vanishing(w)) * 0.5).exp().square()
}

/// The w above which e^(−y) is 0, whose slope would meet one that overflows.
pub(crate) const CERTAIN: f64 = 7.0;

/// Up to here [`ln_mean_decay`] has all digits: below e⁻³.
pub(crate) const SMALL: f64 = 0.049;

/// ln((1 − e^(−y))/y) for |y| up to [`SMALL`], by its series.
#[inline(always)]
pub(crate) fn ln_mean_decay<R: Real>(y: R) -> R {
    let square = y.square();
    let series = (square * (1.0 / 181_440.0) - 1.0 / 2880.0) * square + 1.0 / 24.0;
    square * series - y * 0.5
}

/// ln(1 − e^(−y)) for y = e^w.
#[inline(always)]
pub(crate) fn ln_complement<R: Real>(w: R, y: R) -> R {
    // Below w = −88 in f32 y underflows where the logarithm is w. Written as w and a correction it
    // also keeps its digits on the way there.
    let far = w + ln_mean_decay(y);
    R::select(w.lt(R::constant(-3.0)), far, y.log1mexp())
}

/// 1 − e^(−y) for y ≥ 0.
#[inline(always)]
pub(crate) fn complement<R: Real>(y: R) -> R {
    // For small y it must not cancel; for large y its derivative must not, which is e^(−y).
    let far = -(-y).exp() + 1.0;
    R::select(y.lt(R::constant(1.0)), -(-y).exp_m1(), far)
}

/// ln(x/y) for x ≥ 0 and y > 0.
#[inline(always)]
pub(crate) fn ln_quotient<R: Real>(x: R, y: R) -> R {
    // The quotient, whose logarithm keeps its digits near 1; where it leaves the range, the
    // difference of the logarithms. The derivatives are always those of the latter: that of the
    // quotient, x/y², would leave the range earlier.
    let (low, high) = if R::double() { (1e-290, 1e290) } else { (1e-35, 1e35) };
    let quotient = x / y;
    let ordinary = quotient.gt(R::constant(low)) & quotient.lt(R::constant(high));
    let logs = x.ln() - y.ln();
    R::select(ordinary, quotient.ln().with_slope(R::constant(1.0), logs), logs)
}

/// scale · e^exponent, also where the exponential alone would leave the range.
#[inline(always)]
pub(crate) fn scaled<R: Real>(scale: R, exponent: R) -> R {
    let half = masks::vanishing(exponent * 0.5).exp();
    scale * half * half
}

/// scale · e^exponent, with the digits of its difference to the scale.
#[inline(always)]
pub(crate) fn grown<R: Real>(scale: R, exponent: R) -> R {
    // A cdf rests on x − scale next to `scale`: an exponential rounded by some ULP, and squared,
    // would lose most digits of that.
    let near = scale + scale * exponent.exp_m1();
    R::select(exponent.abs().lt(R::constant(0.5)), near, scaled(scale, exponent))
}
