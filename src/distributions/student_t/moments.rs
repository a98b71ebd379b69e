//! Variance and standard deviation.

use crate::kernel::{Formula, Op, Real, masks};

pub(super) static VARIANCE: Op<2> = Op::new::<Spread<2>>();
pub(super) static STD_DEV: Op<2> = Op::new::<Spread<1>>();

/// σ² ν/(ν − 2), or its root, as the power of the scale says; +∞ for ν ≤ 2, NaN for ν ≤ 1.
struct Spread<const POWER: u8>;

impl<const POWER: u8> Formula<2> for Spread<POWER> {
    const NAME: &'static str = "StudentT";
    const INPUTS: [&'static str; 2] = ["df", "scale"];

    #[inline(always)]
    fn evaluate<R: Real>([df, scale]: [R; 2]) -> R {
        // Not ν/(ν − 2), whose slope 1/(ν − 2) − ν/(ν − 2)² cancels for large ν, and which is ∞/∞ at ∞.
        let ratio = (df - 2.0).recip() * 2.0 + 1.0;
        let inside = match POWER {
            1 => ratio.sqrt() * scale,
            _ => ratio * scale * scale,
        };
        let spread = masks::outside(df.le(R::constant(2.0)), [scale], f64::INFINITY, inside);
        masks::outside(df.le(R::constant(1.0)), [scale], f64::NAN, spread)
    }
}
