//! Differences that vanish where two quantities agree, written so that nothing cancels.
//!
//! A divergence is a sum of such gaps. Each is zero with zero derivative where its arguments agree
//! and keeps its relative accuracy near there, provided relative differences are formed from the
//! quantities themselves, (x − y)/y, which is exact where x/y is within a factor of two; x/y − 1
//! would have lost the digits.

use crate::kernel::Real;

/// t − ln(1 + t) ≥ 0 for t > −1.
#[inline(always)]
pub(super) fn log_gap<R: Real>(t: R) -> R {
    -t.ln_1p_remainder()
}

/// eᵗ − 1 − t ≥ 0.
#[inline(always)]
pub(super) fn exp_gap<R: Real>(t: R) -> R {
    // With u = eᵗ − 1 it is u − ln(1 + u), whose error is twice that of u: near 0 the subtraction
    // of t from u would leave nothing.
    let u = t.exp_m1();
    R::select(t.abs().lt(R::constant(0.5)), log_gap(u), u - t)
}

/// (1 + t) ln(1 + t) − t ≥ 0 for t > −1.
#[inline(always)]
pub(super) fn log_moment_gap<R: Real>(t: R) -> R {
    // t² less half of it near 0: one bit is lost, not all.
    t * t.ln_1p() - log_gap(t)
}

/// ln(x/y) for positive x and y.
#[inline(always)]
pub(crate) fn ln_ratio<R: Real>(x: R, y: R) -> R {
    // The quotient of numbers with exponents near the ends of the range overflows or underflows;
    // the difference of logarithms would cancel for all others.
    let (low, high) = if R::double() { (1e-290, 1e290) } else { (1e-35, 1e35) };
    let quotient = x / y;
    let ordinary = quotient.gt(R::constant(low)) & quotient.lt(R::constant(high));
    let difference = x - y;
    let close = difference.abs().lt(y * 0.5);
    // The derivatives are those of the difference: that of the quotient, x/y², overflows for small
    // y long before 1/y does.
    let logs = x.ln() - y.ln();
    let by_quotient = quotient.detach().ln() + (logs - logs.detach());
    let far = R::select(ordinary, by_quotient, logs);
    R::select(close, (difference / y).ln_1p(), far)
}

/// ln(xy) for positive x and y.
#[inline(always)]
pub(crate) fn ln_product<R: Real>(x: R, y: R) -> R {
    // The slope of 1/y overflows long before that of ln y does.
    ln_ratio(x, y.recip()).with_slope(R::constant(1.0), x.ln() + y.ln())
}

/// xy − 1 − ln(xy) ≥ 0 for positive x and y.
#[inline(always)]
pub(super) fn product_gap<R: Real>(x: R, y: R) -> R {
    let inverse = y.recip();
    let excess = (x - inverse) / inverse;
    ratio_gap(x, inverse).with_slope(excess, x.ln() + y.ln())
}

/// x/y − 1 − ln(x/y) ≥ 0 for positive x and y.
#[inline(always)]
pub(crate) fn ratio_gap<R: Real>(x: R, y: R) -> R {
    // (x − y)/y rounds to −1 where x is much smaller, so the exact difference serves near 1 only.
    let quotient = x / y;
    let close = quotient.gt(R::constant(0.5)) & quotient.lt(R::constant(2.0));
    let far = (quotient - 1.0) - ln_ratio(x, y);
    R::select(close, log_gap((x - y) / y), far)
}

/// ½ (x²/y² − 1 − ln(x²/y²)) ≥ 0 for positive x and y: the divergence between two Normals of the
/// same mean.
#[inline(always)]
pub(crate) fn scale_gap<R: Real>(x: R, y: R) -> R {
    // x²/y² − 1 from exact differences; no square of a scale is formed, which would underflow
    // below 1e-19 in f32. Below ½ it rounds towards −1 and the logarithm is taken of the ratio.
    let quotient = x / y;
    let excess = ((x - y) / y) * (quotient + 1.0);
    let far = (quotient.square() - 1.0) * 0.5 - ln_ratio(x, y);
    let close = quotient.gt(R::constant(0.5)) & quotient.lt(R::constant(2.0));
    R::select(close, log_gap(excess) * 0.5, far)
}

/// The term q − p − p ln(q/p) ≥ 0 of a divergence between probability vectors, whose first two
/// parts cancel in the sum over a vector.
#[inline(always)]
pub(super) fn mass_gap<R: Real>(p: R, q: R) -> R {
    mass_gap_by(q - p, p, q)
}

/// [`mass_gap`] of 1 − p and 1 − q.
#[inline(always)]
pub(super) fn complement_gap<R: Real>(p: R, q: R) -> R {
    // The difference of the complements would be that of two numbers rounded next to 1.
    mass_gap_by(p - q, -p + 1.0, -q + 1.0)
}

/// [`mass_gap`] given the difference q − p.
#[inline(always)]
pub(super) fn mass_gap_by<R: Real>(difference: R, p: R, q: R) -> R {
    let (zero, infinity) = (R::constant(0.0), R::constant(f64::INFINITY));
    let t = difference / p;
    let close = t.gt(R::constant(-0.5)) & t.lt(R::constant(1.0));
    let value = R::select(close, p * log_gap(t), difference - p * ln_ratio(q, p));
    // 0 ln 0 = 0; the derivative with respect to p is infinite there and taken without the
    // logarithm, so that an impossible outcome does not make a gradient infinite.
    let value = R::select(p.equal(zero), difference, value);
    R::select(q.equal(zero) & p.gt(zero), infinity, value)
}

/// [`mass_gap`] of e^x and e^y, either of which may be −∞.
#[inline(always)]
pub(super) fn log_mass_gap<R: Real>(x: R, y: R) -> R {
    let (zero, infinity) = (R::constant(0.0), R::constant(f64::INFINITY));
    let (p, q) = (x.exp(), y.exp());
    let difference = y - x;
    // Errors common to all y, those of the normaliser, have no first-order effect on the sum.
    let close = difference.abs().lt(R::constant(0.5));
    let value = R::select(close, p * exp_gap(difference), (q - p) - p * difference);
    // −∞ − (−∞) is NaN and 0 · ∞ too: an outcome that P cannot give has weight q alone.
    let value = R::select(p.equal(zero), q, value);
    let impossible = y.equal(-infinity) & p.gt(zero);
    R::select(impossible, infinity, value)
}
