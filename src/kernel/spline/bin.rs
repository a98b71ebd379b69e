//! One bin of a rational-quadratic spline, from its lower left corner.

use crate::kernel::{Formula, MultiFormula, Op, Real};

pub(crate) static FORWARD: Op<5, 2> = Op::new::<Forward>();
pub(crate) static INVERSE: Op<5, 2> = Op::new::<Inverse>();
pub(crate) static SOFTPLUS: Op<1> = Op::new::<Softplus>();

/// The height reached at `offset` from the left end, and the logarithm of the slope there.
///
/// With t = offset/width, s = height/width and q = t(1 − t),
/// height (s t² + lower q) / (s (1 − 2q) + (lower + upper) q), in which nothing cancels.
pub(crate) struct Forward;

impl MultiFormula<5, 2> for Forward {
    const NAME: &'static str = "rational_quadratic_bin";
    const INPUTS: [&'static str; 5] = ["offset", "width", "height", "lower", "upper"];

    #[inline(always)]
    fn evaluate<R: Real>([offset, width, height, lower, upper]: [R; 5]) -> [R; 2] {
        let t = offset / width;
        let rest = -t + 1.0;
        let slope = height / width;
        let q = t * rest;
        // The usual s + (lower + upper - 2s) q cancels for steep bins between flat knots; the two
        // products apart, because the sum of two huge slopes would overflow.
        let denominator = slope * (q * -2.0 + 1.0) + (lower * q + upper * q);
        let rise = height * ((slope * t.square() + lower * q) / denominator);
        let numerator = upper * t.square() + slope * q * 2.0 + lower * rest.square();
        // The slope is numerator · ratio², but the square underflows where a knot is 1e20 times as
        // steep as the bin.
        let ratio = slope / denominator;
        [rise, (numerator * ratio).ln() + ratio.ln()]
    }

    /// Written out in quotients of which none can overflow: the steps of the value have squares of
    /// slopes among their derivatives, whose infinities meet zeros once a knot is 1e19 times as
    /// steep as the bin.
    #[inline(always)]
    fn partials<R: Real>([offset, width, height, lower, upper]: [R; 5]) -> [[R; 5]; 2] {
        let t = offset / width;
        let rest = -t + 1.0;
        let slope = height / width;
        let q = t * rest;
        // Only the logarithm of the slope depends on a common factor of the three.
        let scale = slope.max(lower).max(upper);
        let (s, low) = (at_least_tiny(slope / scale), at_least_tiny(lower / scale));
        let high = at_least_tiny(upper / scale);
        let per_denominator = (s * (q * -2.0 + 1.0) + (low * q + high * q)).recip();
        let numerator = high * t.square() + s * q * 2.0 + low * rest.square();
        let per_numerator = numerator.recip();

        // Each of these is at most 2: the parts of the height below and above, q and the bin's
        // slope over the denominator.
        let below = (s * t.square() + low * q) * per_denominator;
        let above = (s * rest.square() + high * q) * per_denominator;
        let (share, steep) = (q * per_denominator, s * per_denominator);
        let rate = numerator * steep * (slope * per_denominator);
        let lean = share * steep * (high * t.square() - low * rest.square());
        let reach = share * (height / scale);
        let of_rise =
            [rate, -(t * rate + slope * lean), below + lean, reach * above, -reach * below];

        let turn = (high * t - low * rest + s * (rest - t)) * per_numerator;
        let bend = (turn - (low + high - s * 2.0) * (rest - t) * per_denominator) * 2.0;
        // That of ln s; 2 - 2 s (1 - 2q)/denominator would cancel.
        let spread = (s * q * per_numerator + (low + high) * share) * 2.0;
        let middle = share * 2.0;
        let of_log_slope = [
            bend / width,
            -(t * bend + spread) / width,
            spread / height,
            (rest.square() * per_numerator - middle) / scale,
            (t.square() * per_numerator - middle) / scale,
        ];
        [limited_each(of_rise), limited_each(of_log_slope)]
    }
}

/// The largest gradient that leaves a bin: where the true one is larger, or overflows, it is this
/// one with the right sign. The sums of the softmax behind it can then neither overflow nor make
/// infinity minus infinity, or 0 times infinity.
pub(crate) const LARGEST_SINGLE: f64 = 1e32;
/// The same in double precision.
pub(crate) const LARGEST_DOUBLE: f64 = 1e290;

/// `x` between minus and plus the largest gradient; NaN stays NaN.
#[inline(always)]
pub(crate) fn limited<R: Real>(x: R) -> R {
    let limit = R::constant(if R::double() { LARGEST_DOUBLE } else { LARGEST_SINGLE });
    R::select(x.gt(limit), limit, R::select(x.lt(-limit), -limit, x))
}

#[inline(always)]
fn limited_each<R: Real>(mut partials: [R; 5]) -> [R; 5] {
    for partial in &mut partials {
        *partial = limited(*partial);
    }
    partials
}

/// Away from 0 and from subnormal numbers, so that sums of what is at least this have a finite
/// reciprocal.
#[inline(always)]
fn at_least_tiny<R: Real>(x: R) -> R {
    let tiny = R::constant(if R::double() { 1e-300 } else { 1e-37 });
    R::select(x.lt(tiny), tiny, x)
}

/// The offset at which `rise` is reached, and minus the logarithm of the slope there.
pub(crate) struct Inverse;

impl MultiFormula<5, 2> for Inverse {
    const NAME: &'static str = "rational_quadratic_bin_inverse";
    const INPUTS: [&'static str; 5] = ["rise", "width", "height", "lower", "upper"];

    #[inline(always)]
    fn evaluate<R: Real>([rise, width, height, lower, upper]: [R; 5]) -> [R; 2] {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let slope = height / width;
        // The root does not depend on a common factor, without which squares could overflow.
        let scale = slope.max(lower).max(upper);
        let (s, low, high) = (slope / scale, lower / scale, upper / scale);
        // Rounding may leave the bin by a little.
        let part = (rise / height).max(zero).min(one);
        let left = -part + 1.0;
        // The quadratic a t² + b t + c = 0 has a = s - b and c = -s·part, so that its discriminant
        // b² - 4ac is a sum of two squares' like, never negative.
        let b = low * left + (s * 2.0 - high) * part;
        let discriminant = (b - s * part * 2.0).square() + s.square() * (part * left) * 4.0;
        let root = discriminant.sqrt();
        // Each form where its own sum does not cancel.
        let below = b + root;
        let rising = s * part * 2.0 / R::select(below.gt(zero), below, one);
        let falling = (root - b) / ((s - b) * 2.0);
        let t = R::select(b.lt(zero), falling, rising).min(one);
        let offset = t * width;
        let [_, log_slope] = Forward::evaluate([offset, width, height, lower, upper]);
        [offset, -log_slope]
    }

    /// Of the implicit function: the root's own steps would divide by the discriminant, which is
    /// zero where the slope is infinite only, but loses its digits long before.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 5]) -> [[R; 5]; 2] {
        let [offset, _] = Self::evaluate(inputs);
        let [_, width, height, lower, upper] = inputs;
        let [of_rise, of_log_slope] = Forward::partials([offset, width, height, lower, upper]);
        // A slope that underflows has an inverse that overflows.
        let per_rise = at_least_tiny(of_rise[0]).recip();
        let mut of_offset = [per_rise; 5];
        for input in 1..5 {
            of_offset[input] = -of_rise[input] * per_rise;
        }
        let of_offset = limited_each(of_offset);
        // The quotient first: the offset's own gradients underflow where the bend is large.
        let bend = limited(of_log_slope[0] * per_rise);
        let mut of_log_det = [-bend; 5];
        for input in 1..5 {
            of_log_det[input] = bend * of_rise[input] - of_log_slope[input];
        }
        [of_offset, limited_each(of_log_det)]
    }
}

struct Softplus;

impl Formula<1> for Softplus {
    const NAME: &'static str = "softplus";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn evaluate<R: Real>([x]: [R; 1]) -> R {
        x.softplus()
    }
}
