//! The entropy as a sum over the entries.
//!
//! ln B(α) and the terms with ψ cancel for large concentrations; with Stirling's formula taken out
//! of both, logarithms of shares are left.

use crate::constants::HALF_LN_TWO_PI;
use crate::kernel::{Formula, Op, Real};

/// What an entry adds, of (α, n).
pub(super) static ENTROPY_TERM: Op<2> = Op::new::<EntropyTerm>();
/// What the sum adds, of n.
pub(super) static ENTROPY_REST: Op<1> = Op::new::<EntropyRest>();

/// An entry's part of the entropy, of α and n.
#[inline(always)]
pub(crate) fn entropy_term<R: Real>(a: R, total: R) -> R {
    let digammas = (a - 1.0) / a * a.digamma_stirling() + total.digamma_stirling() / total;
    let logs = ((a / total).ln() - total.ln()) * 0.5 + HALF_LN_TWO_PI;
    logs + a.ln_gamma_stirling() + digammas
}

/// The total's part of the entropy.
#[inline(always)]
pub(crate) fn entropy_rest<R: Real>(total: R) -> R {
    total.ln() * 0.5 - HALF_LN_TWO_PI - total.ln_gamma_stirling() - total.digamma_stirling()
}

struct EntropyTerm;

impl Formula<2> for EntropyTerm {
    const NAME: &'static str = "Dirichlet";
    const INPUTS: [&'static str; 2] = ["concentration", "total"];

    #[inline(always)]
    fn evaluate<R: Real>([a, total]: [R; 2]) -> R {
        entropy_term(a, total)
    }
}

struct EntropyRest;

impl Formula<1> for EntropyRest {
    const NAME: &'static str = "Dirichlet";
    const INPUTS: [&'static str; 1] = ["total"];

    #[inline(always)]
    fn evaluate<R: Real>([total]: [R; 1]) -> R {
        entropy_rest(total)
    }
}
