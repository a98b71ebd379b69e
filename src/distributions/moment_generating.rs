//! Moment-generating functions of standard laws, in logarithm and about the mean: +∞ from the
//! argument on at which the expectation is infinite.

use burn::tensor::Tensor;

use crate::kernel::{Formula, Op, Real};

/// ln E e^(uX) of the standard Laplace law.
pub(super) fn laplace<const D: usize>(u: Tensor<D>) -> Tensor<D> {
    LAPLACE.apply([u])
}

/// ln E e^(uX) of the standard logistic law.
pub(super) fn logistic<const D: usize>(u: Tensor<D>) -> Tensor<D> {
    LOGISTIC.apply([u])
}

/// ln E e^(u(X − 1)) of the standard exponential law.
pub(super) fn exponential<const D: usize>(u: Tensor<D>) -> Tensor<D> {
    EXPONENTIAL.apply([u])
}

static LAPLACE: Op<1> = Op::new::<Laplace>();
static LOGISTIC: Op<1> = Op::new::<Logistic>();
static EXPONENTIAL: Op<1> = Op::new::<Exponential>();

struct Laplace;
struct Logistic;
struct Exponential;

/// `value` below u = 1, +∞ from there on.
#[inline(always)]
fn below_one<R: Real>(u: R, value: R) -> R {
    let beyond = u.ge(R::constant(1.0));
    R::select(beyond, R::constant(f64::INFINITY), value)
}

impl Formula<1> for Laplace {
    const NAME: &'static str = "laplace_moment_generating";
    const INPUTS: [&'static str; 1] = ["u"];

    #[inline(always)]
    fn evaluate<R: Real>([u]: [R; 1]) -> R {
        below_one(u.abs(), -(-u.square()).ln_1p())
    }
}

/// ζ(2n)/n for n = 12 to 1.
const ZETA_OVER_N: [f64; 12] = [
    1.000_000_059_608_189_1 / 12.0,
    1.000_000_238_450_502_7 / 11.0,
    1.000_000_953_962_033_9 / 10.0,
    1.000_003_817_293_265_0 / 9.0,
    1.000_015_282_259_408_6 / 8.0,
    1.000_061_248_135_058_7 / 7.0,
    1.000_246_086_553_308_0 / 6.0,
    1.000_994_575_127_818_1 / 5.0,
    1.004_077_356_197_944_3 / 4.0,
    1.017_343_061_984_449_1 / 3.0,
    1.082_323_233_711_138_2 / 2.0,
    1.644_934_066_848_226_4,
];

impl Formula<1> for Logistic {
    const NAME: &'static str = "logistic_moment_generating";
    const INPUTS: [&'static str; 1] = ["u"];

    #[inline(always)]
    fn evaluate<R: Real>([u]: [R; 1]) -> R {
        // ln(πu/sin πu); near 0, where the quotient is 1, the series Σ ζ(2n) u²ⁿ/n, whose
        // thirteenth term is below 1e-16 of the first at u = 1/4.
        let a = u.abs();
        let far = (a * core::f64::consts::PI / a.sin_pi()).ln();
        let square = a.square();
        let near = ZETA_OVER_N
            .iter()
            .fold(R::constant(0.0), |sum, coefficient| sum * square + *coefficient)
            * square;
        below_one(a, R::select(a.lt(R::constant(0.25)), near, far))
    }
}

impl Formula<1> for Exponential {
    const NAME: &'static str = "exponential_moment_generating";
    const INPUTS: [&'static str; 1] = ["u"];

    #[inline(always)]
    fn evaluate<R: Real>([u]: [R; 1]) -> R {
        // -ln(1 - u) - u, which would cancel for small u.
        below_one(u, -(-u).ln_1p_remainder())
    }
}
