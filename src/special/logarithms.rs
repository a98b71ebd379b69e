//! Sums and products that involve logarithms.

use burn::tensor::Tensor;

use crate::kernel::{Formula, Op, Real, rows};

function! {
    /// ln(1/(1 + e⁻ˣ)) = −ln(1 + e⁻ˣ), the logarithm of the logistic function.
    log_sigmoid(x) = x.log_sigmoid()
}

function! {
    /// x ln y, and 0 where x = 0 whatever y is, unless y is NaN.
    xlogy(x, y) = x.xlogy(y)
}

function! {
    /// x ln(1 + y), and 0 where x = 0 whatever y is, unless y is NaN.
    xlog1py(x, y) = x.xlog1py(y)
}

/// ln(eˣ + eʸ), which does not overflow. Two −∞ give −∞ with gradient zero; +∞ gives +∞.
#[must_use]
pub fn logaddexp<const D: usize>(x: Tensor<D>, y: Tensor<D>) -> Tensor<D> {
    LOG_ADD_EXP.apply([x, y])
}

static LOG_ADD_EXP: Op<2> = Op::new::<LogAddExp>();

struct LogAddExp;

impl Formula<2> for LogAddExp {
    const NAME: &'static str = "logaddexp";
    const INPUTS: [&'static str; 2] = ["x", "y"];

    #[inline(always)]
    fn evaluate<R: Real>([x, y]: [R; 2]) -> R {
        // The difference of equal infinities is NaN, and so is that of NaN; both are the sum's.
        let larger = R::select(x.gt(y), x, y);
        let rest = (-(x - y).abs()).exp().ln_1p();
        let infinite = x.equal(y) & x.abs().equal(R::constant(f64::INFINITY));
        R::select(infinite, x, R::select(x.is_nan(), x, larger + rest))
    }

    #[inline(always)]
    fn partials<R: Real>([x, y]: [R; 2]) -> [R; 2] {
        // The weights eˣ/(eˣ + eʸ); halves at x = y, where the steps above have a kink.
        let (zero, half) = (R::constant(0.0), R::constant(0.5));
        let nothing = x.equal(y) & x.equal(R::constant(f64::NEG_INFINITY));
        let equal = R::select(nothing, zero, half);
        // What rounding took from the difference (Knuth's two-sum), of which the exponential makes a relative
        // error; next to an infinity it is NaN.
        let difference = x - y;
        let moved = difference - x;
        let lost = (x - (difference - moved)) - (y + moved);
        let lost = R::select(difference.abs().lt(R::constant(f64::INFINITY)), lost, zero);
        let [of_x, of_y] = [difference.sigmoid(), (-difference).sigmoid()];
        let change = of_x * of_y * lost;
        [of_x + change, of_y - change].map(|weight| R::select(x.equal(y), equal, weight))
    }
}

/// ln Σ eˣ over the last dimension, which is kept with size 1.
///
/// The sum is taken relative to the largest element, so nothing overflows, and keeps its digits
/// however little the other elements add. A row of −∞ gives −∞ with gradient zero; +∞ in a row
/// gives +∞, NaN gives NaN.
///
/// # Shapes
///
/// - `x`: `[.., K]`
/// - output: `[.., 1]`
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::special::logsumexp;
///
/// let x = Tensor::<2>::from_floats([[1000.0, 1000.0]], &Device::flex());
/// let y: f32 = logsumexp(x).into_scalar();
/// assert_eq!(y, 1000.0 + core::f32::consts::LN_2);
/// ```
#[must_use]
pub fn logsumexp<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    rows::log_sum_exp_rows(x)
}
