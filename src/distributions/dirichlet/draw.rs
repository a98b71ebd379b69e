//! An entry of a draw from its logarithm.

use crate::kernel::masks::smallest;
use crate::kernel::{Formula, Op, Real};

pub(super) static ENTRY: Op<1> = Op::new::<Entry>();

struct Entry;

impl Formula<1> for Entry {
    const NAME: &'static str = "Dirichlet";
    const INPUTS: [&'static str; 1] = ["log_entry"];

    #[inline(always)]
    fn evaluate<R: Real>([log_x]: [R; 1]) -> R {
        // Entries of small concentrations underflow; kept above 0 they have a finite density, and
        // log_rsample has their true logarithm. NaN fails the comparison and passes.
        let (x, least) = (log_x.exp(), smallest::<R>());
        R::select(x.lt(least), least, x)
    }

    #[inline(always)]
    fn partials<R: Real>([log_x]: [R; 1]) -> [R; 1] {
        // Straight through the bound: a gradient cut off there would be biased.
        [log_x.exp()]
    }
}
