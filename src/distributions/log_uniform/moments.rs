//! Moments, mode and entropy.

use super::Formulas;
use super::lengths::{height, length};
use crate::kernel::{Real, SummaryFormulas};

/// Up to which half length the continued fraction serves.
const CLOSE: f64 = 3.0;

/// v/(coth v − 1/v) for v > 0: from 3 on, as v for large v.
#[inline(always)]
fn stiffness<R: Real>(v: R) -> R {
    // The difference cancels for small v; Gauss's continued fraction, 3 + v²/(5 + v²/(7 + …)), has no
    // difference. Twelve steps leave 1e-18.
    let square = v.square();
    let near = (1..=12)
        .rev()
        .fold(R::constant(27.0), |rest, step| square / rest + f64::from(2 * step + 1));
    let far = v / (v.tanh().recip() - v.recip());
    R::select(v.lt(R::constant(CLOSE)), near, far)
}

impl SummaryFormulas<2> for Formulas {
    const NAME: &'static str = "LogUniform";
    const PARAMETERS: [&'static str; 2] = ["low", "high"];

    /// (high − low)/ln(high/low).
    #[inline(always)]
    fn mean<R: Real>([low, high]: [R; 2]) -> R {
        let length = length([low, high]);
        let mean = (high - low) / length;
        // Its slopes, (mean/low − 1)/length and (1 − mean/high)/length, cancel where the ends are close.
        // Those of its logarithm in the logarithms of the ends, ½ (1 ∓ (coth v − 1/v)), do not.
        let v = length * 0.5;
        let tilt = (v / stiffness(v)).detach();
        let near = mean.with_slope(mean * 0.5, low.ln() * (-tilt + 1.0) + high.ln() * (tilt + 1.0));
        R::select(v.lt(R::constant(CLOSE)), near, mean)
    }

    /// √(½ mean (coth v − 1/v) (high − low)) for v = ½ ln(high/low).
    #[inline(always)]
    fn std_dev<R: Real>([low, high]: [R; 2]) -> R {
        // E x² − (E x)² would cancel, and overflow: the width times a number below 1/√12.
        (high - low) * 0.5 / stiffness(length([low, high]) * 0.5).sqrt()
    }

    /// low.
    #[inline(always)]
    fn mode<R: Real>([low, _]: [R; 2]) -> R {
        low
    }

    /// ½ (ln low + ln high) + ln ln(high/low).
    #[inline(always)]
    fn entropy<R: Real>([low, high]: [R; 2]) -> R {
        // Minus the log-density at the geometric mean, of roots, whose product is in the range. By the
        // logarithms of the ends its slopes, which would cancel or leave the range in steps, are ½ ∓ 1/length.
        let length = length([low, high]);
        let rate = length.recip().detach();
        let logs = low.ln() * (-rate + 0.5) + high.ln() * (rate + 0.5);
        (-height(low.sqrt() * high.sqrt(), length)).with_slope(R::constant(1.0), logs)
    }
}
