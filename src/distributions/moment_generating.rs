//! Moment-generating functions of standard laws, in logarithm and about the mean: +∞ from the
//! argument on at which the expectation is infinite.

use core::f64::consts::EULER_GAMMA;

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

/// ln E e^(u(X − γ)) of the standard Gumbel law.
pub(super) fn gumbel<const D: usize>(u: Tensor<D>) -> Tensor<D> {
    GUMBEL.apply([u])
}

/// ln E e^(u(X − 1)) of the standard exponential law.
pub(super) fn exponential<const D: usize>(u: Tensor<D>) -> Tensor<D> {
    EXPONENTIAL.apply([u])
}

static LAPLACE: Op<1> = Op::new::<Laplace>();
static LOGISTIC: Op<1> = Op::new::<Logistic>();
static GUMBEL: Op<1> = Op::new::<Gumbel>();
static EXPONENTIAL: Op<1> = Op::new::<Exponential>();

struct Laplace;
struct Logistic;
struct Gumbel;
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

/// (ζ(k) − 1)/k for k = 27 to 2.
const ZETA_MINUS_ONE_OVER_K: [f64; 26] = [
    2.759_522_885_124_233_2e-10,
    5.731_367_241_678_862_0e-10,
    1.192_140_140_586_091_2e-9,
    2.483_674_543_802_478_3e-9,
    5.183_475_041_970_046_7e-9,
    1.083_865_921_489_695_4e-8,
    2.271_109_460_894_316_5e-8,
    4.769_810_169_363_980_6e-8,
    1.004_322_482_396_809_96e-7,
    2.120_718_480_555_465_6e-7,
    4.492_469_198_764_566_0e-7,
    9.551_412_130_407_419_8e-7,
    2.039_215_753_801_366_2e-6,
    4.374_866_789_907_487_8e-6,
    9.439_488_275_268_395_9e-6,
    0.000_020_507_212_775_670_692,
    0.000_044_926_236_738_133_142,
    0.000_099_457_512_781_808_534,
    0.000_223_154_758_453_579_38,
    0.000_509_669_524_743_042_42,
    0.001_192_753_911_703_261_0,
    0.002_890_510_330_741_523_3,
    0.007_385_551_028_673_985_3,
    0.020_580_808_427_784_548,
    0.067_352_301_053_198_095,
    0.322_467_033_424_113_22,
];

impl Formula<1> for Gumbel {
    const NAME: &'static str = "gumbel_moment_generating";
    const INPUTS: [&'static str; 1] = ["u"];

    #[inline(always)]
    fn evaluate<R: Real>([u]: [R; 1]) -> R {
        // ln Γ(1 − u) − γu = −ln(1 − u) − u + (ln Γ(2 − u) + (1 − γ) u), whose last part cancels near 0; there
        // it is the series Σ (ζ(k) − 1) uᵏ/k, whose last term at ½ is below 1e-17.
        let series = ZETA_MINUS_ONE_OVER_K
            .iter()
            .fold(R::constant(0.0), |sum, coefficient| sum * u + *coefficient)
            * u.square();
        let far = (-u + 2.0).ln_gamma() + u * (1.0 - EULER_GAMMA);
        let rest = R::select(u.abs().lt(R::constant(0.5)), series, far);
        below_one(u, rest - (-u).ln_1p_remainder())
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
