//! The logarithms of the beta function and of binomial coefficients.

use super::super::real::Real;
use super::gamma::ln_gamma_stirling;
use super::gamma_difference::{
    StirlingDifference, difference_by_stirling, few_chosen, ln_gamma_1p_by_curve,
};
use crate::constants::HALF_LN_TWO_PI;

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0; ∞ where one is 0, NaN below.
///
/// Of the three logarithms two cancel when one argument is large, and all three when both are
/// (DiDonato and Morris 1992).
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_beta<R: Real>(a: R, b: R) -> R {
    let (zero, two) = (R::constant(0.0), R::constant(2.0));
    let (small, large) = (a.min(b), a.max(b));
    let value = R::select(
        small.ge(two),
        both_large(small, large),
        R::select(
            large.le(two),
            // Around B(1, 1) = 1 each logarithm is small and exact.
            small.ln_gamma() + (large.ln_gamma() - (small + large).ln_gamma()),
            small.ln_gamma() - difference_by_stirling(large, small),
        ),
    );
    let infinity = R::constant(f64::INFINITY);
    // ln Γ(0) − ln Γ(0) at (0, 0), and ∞ − ∞ where b is infinite.
    let value = R::select(small.equal(zero) & large.lt(infinity), infinity, value);
    let value = R::select(large.equal(infinity) & small.gt(zero), -infinity, value);
    // Comparisons have dropped one NaN or the other.
    R::select(a.is_nan() | b.is_nan(), a + b, value)
}

/// ln B by Stirling's formula, whose terms have one sign but for ½ ln 2π.
#[cfg_attr(not(debug_assertions), inline(always))]
fn both_large<R: Real>(small: R, large: R) -> R {
    let difference = StirlingDifference::new(large, large + small, small);
    // large/small is at least 1, so 1 + large/small rounds away nothing that counts.
    let log_share = (large / small + 1.0).ln();
    -(small * log_share) - (large - 0.5) * difference.log_ratio - small.ln() * 0.5
        + (ln_gamma_stirling(small) - difference.remainder + HALF_LN_TWO_PI)
}

/// ln (n choose k) for real 0 <= k <= n, −∞ for k outside.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn log_binomial<R: Real>(n: R, k: R) -> R {
    let zero = R::constant(0.0);
    let other = n - k;
    let (small, large) = (k.min(other), k.max(other));
    // Γ(n + 1)/Γ(n − k + 1) over k!, exact at k = 0 and k = 1; for large k these two cancel, and
    // −ln B(k + 1, n − k + 1) − ln(n + 1) does not. Where k is next to 0, k + 1 would round it off.
    let (up, right) = (small + 1.0, large + 1.0);
    let below_one = small.lt(R::constant(1.0));
    let factorial = R::select(below_one, ln_gamma_1p_by_curve(small), up.ln_gamma());
    let few = difference_by_stirling(right, small) - factorial;
    let few = R::select(large.lt(R::constant(0.5)), few_chosen(small, large), few);
    let many = -both_large(up, right) - (n + 1.0).ln();
    let inside = R::select(small.ge(R::constant(7.0)), many, few);
    let value = R::select(small.equal(zero), zero, inside);
    let value = R::select(k.lt(zero) | other.lt(zero), R::constant(f64::NEG_INFINITY), value);
    R::select(n.ge(zero) & !k.is_nan(), value, R::constant(f64::NAN))
}
