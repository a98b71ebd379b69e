//! The logarithm of the gamma function, its derivatives, and their Stirling remainders.

use super::super::real::Real;
use super::coefficients::{
    DIGAMMA_F32, DIGAMMA_F64, DIGAMMA_ROOT_F32, DIGAMMA_ROOT_F64, LN_GAMMA_F32, LN_GAMMA_F64,
    STIRLING_F32, STIRLING_F64, STIRLING_TAIL_F32, STIRLING_TAIL_F64, TRIGAMMA_F32, TRIGAMMA_F64,
};
use super::{fitted, folded, polynomial};

/// ½ ln 2π − ½.
const STIRLING_CONSTANT: f64 = 0.418_938_533_204_672_7;

/// ln x where a device's own logarithm is good to an absolute error only next to 1.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_through_one<R: Real>(x: R) -> R {
    let above = x - 1.0;
    R::select(above.abs().lt(R::constant(0.5)), above.ln_1p(), x.ln())
}

/// ln Γ(x) for x > 0, relative accuracy through its roots 1 and 2; NaN for x < 0.
///
/// Each of the `STEPS` costs four operations, and saves the result from cancellation: 2 leave 2.5 ULP
/// at worst, 6 leave 1.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_gamma<R: Real, const STEPS: u32>(x: R) -> R {
    let high = R::constant(2.5 + f64::from(STEPS));
    let (tiny, low, big) = (x.lt(R::constant(0.5)), x.lt(R::constant(1.5)), x.ge(high));
    // From 2.5 it steps down to d in [−½, ½] around the root 2: ln Γ(x) = ln Γ(2 + d) + ln p.
    // Stirling's formula would cancel here.
    let (mut y, mut product) = (x, R::constant(1.0));
    for _ in 0..STEPS {
        let above = y.gt(R::constant(2.5));
        y = R::select(above, y - 1.0, y);
        product = R::select(above, product * y, product);
    }
    let d = R::select(tiny, x, R::select(low, x - 1.0, y - 2.0));
    let core = d * fitted(d, &LN_GAMMA_F32, &LN_GAMMA_F64);
    // One logarithm for every region: Γ(x) = Γ(x + 2)/(x (x + 1)) below ½ (x itself when it is
    // negative, for its NaN); Γ(1 + d) = Γ(2 + d)/x around the root 1, where ln x and the fit are
    // both small with d; x for Stirling.
    let up = R::select(x.lt(R::constant(0.0)), x, x * (x + 1.0));
    let log = R::select(tiny, up, R::select(low | big, x, product)).ln_through_one();
    let near = core + R::select(low, -log, log);
    let r = x.recip();
    let remainder = r * fitted(r.square(), &STIRLING_TAIL_F32, &STIRLING_TAIL_F64);
    let stirling = (x - 0.5) * (log - 1.0) + STIRLING_CONSTANT + remainder;
    R::select(big, stirling, near)
}

/// ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] for x > 0, Stirling's remainder: 1/(12x) for large x.
///
/// Differences of ln Γ at large arguments cancel; the remainder has what is left of them, so that
/// entropies and divergences of families with large concentrations are written with it.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn ln_gamma_stirling<R: Real>(x: R) -> R {
    // Below ½ one step up, where nothing cancels: the step adds (x + ½) ln(1 + 1/x) − 1.
    let low = x.lt(R::constant(0.5));
    let remainder = stirling_from_half(R::select(low, x + 1.0, x));
    let step = (x + 0.5) * (x.ln_1p() - x.ln()) - 1.0;
    R::select(low, remainder + step, remainder)
}

/// The same for x ≥ ½, cheaper.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn stirling_from_half<R: Real>(x: R) -> R {
    fitted(folded(x, 1.0), &STIRLING_F32, &STIRLING_F64) / (x * 12.0)
}

/// ψ(x) for x > 0, relative accuracy through its root; NaN for x < 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn digamma<R: Real>(x: R) -> R {
    // The root minus 1, in two parts, so that the factor that vanishes there is exact.
    let (root, rest) = if R::double() {
        (0.461_632_144_968_362_36, DIGAMMA_ROOT_REST_F64)
    } else {
        (0.461_632_132_530_212_4, 1.243_814_993_891_890_9e-8)
    };
    let low = x.lt(R::constant(1.0));
    let t = R::select(low, x, x - 1.0);
    let slope = fitted(t - 0.5, &DIGAMMA_ROOT_F32, &DIGAMMA_ROOT_F64);
    let near = ((t - root) - rest) * slope;
    let r = x.recip();
    // ψ(x) = ψ(x + 1) − 1/x: the pole dominates, so the step does not cancel below 1.
    let stepped = R::select(low, near - r, near);
    let far = x.ln() - digamma_fit(x) * r;
    let value = R::select(x.gt(R::constant(2.0)), far, stepped);
    R::select(x.lt(R::constant(0.0)), R::constant(f64::NAN), value)
}

const DIGAMMA_ROOT_REST_F64: f64 = -1.5522348162858677e-17;

/// x (ln x − ψ(x)) for x >= 2.
#[cfg_attr(not(debug_assertions), inline(always))]
fn digamma_fit<R: Real>(x: R) -> R {
    fitted(folded(x, 1.0), &DIGAMMA_F32, &DIGAMMA_F64)
}

/// x (ln x − ψ(x)) for x > 0: 1 at 0, ½ + 1/(12x) for large x, where ln x − ψ(x) cancels.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn digamma_stirling<R: Real>(x: R) -> R {
    let direct = x * (x.ln() - x.digamma());
    // x ln x is 0 · (−∞) at 0.
    let direct = R::select(x.equal(R::constant(0.0)), R::constant(1.0), direct);
    R::select(x.lt(R::constant(2.0)), direct, digamma_fit(x))
}

/// ψ₁(x) for x > 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn trigamma<R: Real>(x: R) -> R {
    // x² ψ₁(x)/(x + 1) is 1 at both ends of the half-line and smooth between, so one fit serves.
    let fit = if R::double() {
        polynomial(folded(x, 1.5), &TRIGAMMA_F64)
    } else {
        polynomial(folded(x, 1.0), &TRIGAMMA_F32)
    };
    // (x + 1)/x² as r(1 + r): x² underflows long before 1/x² overflows.
    let r = x.recip();
    let value = fit * r * (r + 1.0);
    R::select(x.lt(R::constant(0.0)), R::constant(f64::NAN), value)
}

/// ln Γ(1 + x) for x >= 0.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn ln_factorial<R: Real>(x: R) -> R {
    R::select(x.lt(R::constant(1.0)), ln_gamma_1p(x), (x + 1.0).ln_gamma())
}

/// ln Γ(1 + x) for 0 <= x <= 1, relative accuracy at 0, where 1 + x would round x away.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn ln_gamma_1p<R: Real>(x: R) -> R {
    let low = x.lt(R::constant(0.5));
    let d = R::select(low, x, x - 1.0);
    let core = d * fitted(d, &LN_GAMMA_F32, &LN_GAMMA_F64);
    R::select(low, core - x.ln_1p(), core)
}
