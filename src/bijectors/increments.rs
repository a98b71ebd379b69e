//! f(x + step) − f(x) of each map, where the difference itself would cancel: steps far below the
//! rounding of f(x) still move it.

use crate::distributions::ln_quotient;
use crate::kernel::{Formula, Op, Real};

pub(super) static EXP: Op<2> = Op::new::<Exp>();
pub(super) static LOG: Op<3> = Op::new::<Log>();
pub(super) static POWER: Op<4> = Op::new::<Power>();
pub(super) static SIGMOID: Op<2> = Op::new::<Sigmoid>();
pub(super) static SOFTPLUS: Op<2> = Op::new::<Softplus>();
pub(super) static TANH: Op<2> = Op::new::<Tanh>();

struct Exp;

impl Formula<2> for Exp {
    const NAME: &'static str = "Exp";
    const INPUTS: [&'static str; 2] = ["value", "step"];

    #[inline(always)]
    fn evaluate<R: Real>([x, step]: [R; 2]) -> R {
        x.exp() * step.exp_m1()
    }
}

struct Log;

/// ln(end/x), for `end` = `x` + `step`.
#[inline(always)]
fn log_ratio<R: Real>([x, step, end]: [R; 3]) -> R {
    // Next to 0 the step is −x, rounded, and its logarithm −∞: there the end itself has the digits.
    let far = end.lt(x * 0.5);
    R::select(far, ln_quotient(end, x), (step / x).ln_1p())
}

impl Formula<3> for Log {
    const NAME: &'static str = "Log";
    const INPUTS: [&'static str; 3] = ["value", "step", "end"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        log_ratio(inputs)
    }
}

struct Power;

impl Formula<4> for Power {
    const NAME: &'static str = "Power";
    const INPUTS: [&'static str; 4] = ["value", "step", "end", "exponent"];

    #[inline(always)]
    fn evaluate<R: Real>([x, step, end, exponent]: [R; 4]) -> R {
        // x^p ((end/x)^p - 1)
        x.pow(exponent) * (log_ratio([x, step, end]) * exponent).exp_m1()
    }
}

struct Sigmoid;

impl Formula<2> for Sigmoid {
    const NAME: &'static str = "Sigmoid";
    const INPUTS: [&'static str; 2] = ["value", "step"];

    #[inline(always)]
    fn evaluate<R: Real>([x, step]: [R; 2]) -> R {
        // s(x) = (1 + tanh(x/2))/2.
        tanh_difference(x * 0.5, step * 0.5) * 0.5
    }
}

struct Softplus;

impl Formula<2> for Softplus {
    const NAME: &'static str = "Softplus";
    const INPUTS: [&'static str; 2] = ["value", "step"];

    #[inline(always)]
    fn evaluate<R: Real>([x, step]: [R; 2]) -> R {
        // From the lower of the two ends, a = |step| above it.
        let end = x + step;
        let low = x.min(end);
        let a = step.abs();
        // ln((1 + e^(low + a))/(1 + e^low)) as a log1p; e^a overflows for large a.
        let short = (low.sigmoid() * a.exp_m1()).ln_1p();
        // The same with softplus(x) = x + softplus(-x): nothing cancels for low > 0.
        let high = a + ((-low).sigmoid() * (-a).exp_m1()).ln_1p();
        // Elsewhere the value at least doubles, and its difference keeps its digits.
        let far = x.max(end).softplus() - low.softplus();
        let long = R::select(low.gt(R::constant(0.0)), high, far);
        step.sign_of(R::select(a.lt(R::constant(1.0)), short, long))
    }
}

struct Tanh;

impl Formula<2> for Tanh {
    const NAME: &'static str = "Tanh";
    const INPUTS: [&'static str; 2] = ["value", "step"];

    #[inline(always)]
    fn evaluate<R: Real>([x, step]: [R; 2]) -> R {
        tanh_difference(x, step)
    }
}

/// tanh(x + step) − tanh x = sinh(step)/(cosh x · cosh(x + step)), free of cancellation and
/// overflow.
#[inline(always)]
fn tanh_difference<R: Real>(x: R, step: R) -> R {
    let end = x + step;
    let (a, b, d) = (x.abs(), end.abs(), step.abs());
    // |step| - |x| - |x + step| is 0 across the origin and -2 min(|x|, |x + step|) on one side.
    let across = (x * end).lt(R::constant(0.0));
    let exponent = R::select(across, R::constant(0.0), a.min(b) * -2.0);
    let cosh_a = (a * -2.0).exp() + 1.0;
    let cosh_b = (b * -2.0).exp() + 1.0;
    step.sign_of(exponent.exp() * -(d * -2.0).exp_m1() * 2.0 / (cosh_a * cosh_b))
}
