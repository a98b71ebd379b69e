//! What is left of ln Γ(a + ½) − ln Γ(a) for large a, with a half the degrees of freedom.

use crate::kernel::Real;

/// (4ᵏ − 1) B₂ₖ/(k 4ᵏ) for k = 12, …, 1: the series of [`slope`] in even powers of 1/a, whose next
/// term is below 2⁻⁵³ of the sum from a = 8 on.
const SERIES: [f64; 12] = [
    -7_215.020_662_747_323_5,
    562.920_155_644_416_8,
    -52.912_373_781_204_224,
    6.107_885_360_717_773,
    -0.886_506_080_627_441_4,
    0.166_656_494_140_625,
    -0.042_175_292_968_75,
    0.015_136_718_75,
    -0.008_300_781_25,
    0.007_812_5,
    -0.015_625,
    0.125,
];

/// The degrees of freedom, held where the distribution is Normal to all digits, so that they may be
/// infinite.
#[inline(always)]
pub(super) fn bounded<R: Real>(df: R) -> R {
    R::select(df.gt(R::constant(1e30)), R::constant(1e30), df)
}

/// r(a) = ln Γ(a + ½) − ln Γ(a) − ½ ln a, −1/(8a) for large a.
#[inline(always)]
pub(super) fn remainder<R: Real>(a: R) -> R {
    // Stirling's formula with its leading terms taken out on paper; the difference of the two
    // logarithms would lose what makes the density normal.
    let half = (a * 2.0).recip();
    let remainders = (a + 0.5).ln_gamma_stirling() - a.ln_gamma_stirling();
    // For tiny a the logarithm is that of 1/(2a), and a times 1/(2a) is ½ without rounding.
    let leading =
        R::select(half.gt(R::constant(1.0)), a * half.ln_1p() - 0.5, a * half.ln_1p_remainder());
    (leading + remainders).with_slope(slope(a), a)
}

/// r′(a) = ψ(a + ½) − ψ(a) − 1/(2a), 1/(8a²) for large a.
#[inline(always)]
pub(super) fn slope<R: Real>(a: R) -> R {
    // One step up takes off ¼/(a (a + ½) (a + 1)): terms of one sign, where the difference of the
    // digamma functions would cancel. From 8 on the asymptotic series serves.
    let small = a.lt(R::constant(8.0));
    let start = R::select(small, a + 8.0, a);
    let u = start.recip();
    let far = u.square() * u.square().polynomial(&SERIES);
    let mut steps = R::constant(0.0);
    for step in 0..8 {
        let x = a + f64::from(step);
        steps = steps + (x.recip() * 0.25) / ((x + 0.5) * (x + 1.0));
    }
    R::select(small, far + steps, far)
}
