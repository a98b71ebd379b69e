//! The logarithm of the density as a sum over the entries, accurate for concentrations from 0 to
//! 10⁸ and more.
//!
//! With n = Σ α the textbook terms (α − 1) ln x − ln Γ(α) and ln Γ(n) are each as large as α ln α
//! and cancel. Since Σ x = 1, α (ln n − 1) may be moved from ln Γ(n) to the entries, and n x − α
//! from each: with Stirling's formula taken out, entries of large α leave
//! α (ln(1 + t) − t), where 1 + t is x over its mean.

use crate::constants::HALF_LN_TWO_PI;
use crate::kernel::{Formula, Op, Real};

/// What an entry adds, of (x, α, n), without gradient to n.
pub(super) static TERM: Op<3> = Op::new::<Term>();
/// ln Γ(n) − n (ln n − 1).
pub(super) static NORMALISER: Op<1> = Op::new::<Normaliser>();

struct Term;

/// ln x, the excess of x over its mean relative to that, and ln of their ratio.
#[inline(always)]
fn parts<R: Real>([x, a, total]: [R; 3]) -> (R, R, R, R::Mask) {
    let log_x = x.ln();
    let excess = (x * total - a) / a;
    let close = excess.abs().le(R::constant(0.5));
    let log_ratio = R::select(close, excess.ln_1p(), log_x + (total.ln() - a.ln()));
    (log_x, excess, log_ratio, close)
}

/// NaN unless α > 0; n passes its NaN on to the sum.
#[inline(always)]
fn valid<R: Real>(a: R, value: R) -> R {
    R::select(a.gt(R::constant(0.0)), value, R::constant(f64::NAN))
}

impl Formula<3> for Term {
    const NAME: &'static str = "Dirichlet";
    const INPUTS: [&'static str; 3] = ["value", "concentration", "total"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        let [x, a, total] = inputs;
        let (log_x, excess, log_ratio, close) = parts(inputs);
        let small = (a - 1.0).xlogy(x) - a.ln_gamma() + (a * total.ln() - x * total);
        let exponent = a * R::select(close, excess.ln_1p_remainder(), log_ratio - excess);
        let rest = a.ln() * 0.5 - a.ln_gamma_stirling() - HALF_LN_TWO_PI;
        let large = exponent + (rest - log_x);
        // At x = 0 the logarithms would meet as −∞ + ∞.
        let nothing = R::constant(f64::NEG_INFINITY);
        let large = R::select(x.equal(R::constant(0.0)), nothing, large);
        valid(a, R::select(a.lt(R::constant(2.0)), small, large))
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 3]) -> [R; 3] {
        let [x, a, total] = inputs;
        let (.., log_ratio, _) = parts(inputs);
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        // At x = 0 only a concentration of 1 has a finite density. In that concentration it is
        // infinite; zero keeps it from spoiling the others of a batch.
        let flat = a.equal(one) | x.equal(zero);
        let by_value = R::select(flat & !x.is_nan(), zero, (a - 1.0) / x);
        // ln x + ln n − ψ(α): the derivative along n is 0 in the sum over the entries.
        let small = x.ln() + total.ln() - a.digamma();
        let large = log_ratio + a.digamma_stirling() / a;
        let by_concentration = R::select(a.lt(R::constant(2.0)), small, large);
        let by_concentration = R::select(x.equal(zero), zero, by_concentration);
        [valid(a, by_value), valid(a, by_concentration), zero]
    }
}

struct Normaliser;

impl Formula<1> for Normaliser {
    const NAME: &'static str = "Dirichlet";
    const INPUTS: [&'static str; 1] = ["total"];

    #[inline(always)]
    fn evaluate<R: Real>([total]: [R; 1]) -> R {
        total.ln_gamma_stirling() + HALF_LN_TWO_PI - total.ln() * 0.5
    }

    #[inline(always)]
    fn partials<R: Real>([total]: [R; 1]) -> [R; 1] {
        // ψ(n) − ln n.
        [-(total.digamma_stirling() / total)]
    }
}
