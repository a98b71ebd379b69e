//! The normalising constant, mean, standard deviation, entropy and mode, by quadrature.
//!
//! In closed form most are a difference of densities and tails that cancels where the interval is
//! narrow or far out. As an integral over the part of the interval that carries mass it is a sum of
//! positive terms, and so are its derivatives.

use super::nodes::{MANY_F32, MANY_F64};
use super::place::{Place, mode};
use super::slopes::summary_slopes;
use crate::kernel::{Formula, MultiFormula, Op, Real, gaussian};

pub(super) static LOG_MASS: Op<4> = Op::new::<LogMass>();
/// Mean, standard deviation and entropy.
pub(super) static SUMMARY: Op<4, 3> = Op::new::<Summary>();
pub(super) static MODE: Op<3> = Op::new::<Mode>();

const NAME: &str = "TruncatedNormal";
const INPUTS: [&str; 4] = ["loc", "scale", "low", "high"];

/// The integral over the part of the interval that matters.
pub(super) struct Integral<R: Real> {
    pub(super) place: Place<R>,
    /// +1 where that part reaches further above the mode, −1 where further below.
    pub(super) side: R,
    /// How far it reaches on the other side, and its length.
    pub(super) near: R,
    pub(super) length: R,
}

impl<R: Real> Integral<R> {
    #[inline(always)]
    pub(super) fn new(parameters: [R; 4]) -> Self {
        let place = Place::new(parameters);
        // The density falls by e⁻⁴⁶, or e⁻²⁶ in f32, at 2e/(c + √(c² + 2e)); no derivative flows
        // through a bound beyond which there is nothing. Far out c² would overflow.
        let e = if R::double() { 46.0 } else { 26.0 };
        let c = place.offset.abs();
        let root = (c.square() + 2.0 * e).sqrt();
        let root = R::select(c.gt(R::constant(1e10)), c, root);
        let reach = ((c + root).recip() * (2.0 * e)).detach();
        // This order passes a NaN on.
        let [below, above] = [place.below, place.above].map(|end| reach.min(end));
        let longer_below = below.gt(above);
        let one = R::constant(1.0);
        Self {
            place,
            side: R::select(longer_below, -one, one),
            near: R::select(longer_below, above, below),
            length: below + above,
        }
    }

    /// ∑ weight · density · (1, s, e) over the nodes, at s from the mode where the density is e^−e.
    #[inline(always)]
    pub(super) fn sums(&self) -> [R; 3] {
        let mut sums = [R::constant(0.0); 3];
        self.each(|[low, high]| {
            sums[0] = sums[0] + (low.weight + high.weight);
            sums[1] = sums[1] + (low.weight * low.at + high.weight * high.at);
            sums[2] = sums[2] + (low.weight * low.exponent + high.weight * high.exponent);
        });
        let [at_low, at_high] = self.ends();
        sums[1] = R::select(self.is_wide(), (at_low - at_high) / self.length, sums[1]);
        sums
    }

    /// Whether `loc` is inside, a standard deviation or more from both ends. Sums of odd powers of
    /// the distance from it cancel there, down to what the densities at the ends say by parts.
    #[inline(always)]
    pub(super) fn is_wide(&self) -> R::Mask {
        let (zero, one) = (R::constant(0.0), R::constant(1.0));
        let Place { offset, below, above, .. } = self.place;
        offset.equal(zero) & below.ge(one) & above.ge(one)
    }

    /// The densities at both ends relative to that at the mode, where that is `loc`.
    #[inline(always)]
    pub(super) fn ends(&self) -> [R; 2] {
        [self.place.below, self.place.above].map(|distance| gaussian(distance, 0.5))
    }

    /// Hands over the nodes in pairs, which cancel exactly where the interval is symmetric.
    #[inline(always)]
    pub(super) fn each(&self, mut take: impl FnMut([Node<R>; 2])) {
        let nodes: &[(f64, f64)] = if R::double() { &MANY_F64 } else { &MANY_F32 };
        let far = self.length - self.near;
        for (node, weight) in nodes {
            // Near the mode with all digits where the interval begins there.
            let step = self.length * *node;
            take([step - self.near, far - step].map(|distance| {
                let at = self.side * distance;
                let exponent = self.place.exponent(at);
                Node { at, exponent, weight: (-exponent).exp_of_term() * *weight }
            }));
        }
    }
}

/// A node of the quadrature.
pub(super) struct Node<R: Real> {
    /// The distance from the mode.
    pub(super) at: R,
    /// −ln of the density there, relative to that at the mode.
    pub(super) exponent: R,
    /// The weight times the density.
    pub(super) weight: R,
}

/// The mode of an interval, and the expectations over it of the distance from the mode, in standard
/// deviations, and of −ln of the density relative to that at the mode.
#[inline(always)]
pub(crate) fn expectations<R: Real>(parameters: [R; 4]) -> [R; 3] {
    let integral = Integral::new(parameters);
    let [total, first, fallen] = integral.sums();
    [integral.place.mode, first / total, fallen / total]
}

/// The means of z = (y − loc)/scale and of z² over y above x, less those over y below.
#[inline(always)]
pub(super) fn contrast<R: Real>(x: R, [loc, scale, low, high]: [R; 4], place: &Place<R>) -> [R; 2] {
    let [lower_mode, lower_mean, lower_fall] = expectations([loc, scale, low, x]);
    let [upper_mode, upper_mean, upper_fall] = expectations([loc, scale, x, high]);
    let fall_at = |mode: R| place.exponent((mode - place.mode) / scale);
    let modes = fall_at(upper_mode) - fall_at(lower_mode);
    [
        (upper_mode - lower_mode) / scale + (upper_mean - lower_mean),
        (modes + (upper_fall - lower_fall)) * 2.0,
    ]
}

/// ln of ∫ e^(−(x − loc)²/2 scale²) dx over the interval, relative to the integrand's maximum.
struct LogMass;

impl Formula<4> for LogMass {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(parameters: [R; 4]) -> R {
        // The closed form for the value, which it keeps; for the derivatives below it would not.
        let place = Place::new(parameters);
        (place.scale * place.mass()).ln()
    }

    // Expectations, and the densities at the ends, which may be far smaller than the rounding of
    // the sum.
    #[inline(always)]
    fn partials<R: Real>(parameters: [R; 4]) -> [R; 4] {
        let integral = Integral::new(parameters);
        let place = &integral.place;
        let [total, first, fallen] = integral.sums();
        let [at_low, at_high] = (place.end_exponents())
            .map(|exponent| (-exponent).exp() / (place.scale * integral.length * total));
        // An end that is the mode also moves the maximum to which all is relative.
        let zero = R::constant(0.0);
        let [below, above] = [place.below, place.above]
            .map(|distance| R::select(distance.equal(zero), place.offset / place.scale, zero));
        [
            first / total / place.scale,
            fallen / total * 2.0 / place.scale,
            below - at_low,
            above + at_high,
        ]
    }
}

struct Summary;

impl MultiFormula<4, 3> for Summary {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 4] = INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(parameters: [R; 4]) -> [R; 3] {
        let integral = Integral::new(parameters);
        let [total, first, fallen] = integral.sums();
        let middle = first / total;
        let mut second = R::constant(0.0);
        // In units of the length, as squares of a narrow interval underflow.
        let unit = integral.length.recip();
        let square = |node: &Node<R>| node.weight * ((node.at - middle) * unit).square();
        integral.each(|[low, high]| second = second + (square(&low) + square(&high)));
        let scale = integral.place.scale;
        let width = scale * integral.length;
        [
            integral.place.mode + scale * middle,
            width * (second / total).sqrt(),
            (width * total).ln() + fallen / total,
        ]
    }

    #[inline(always)]
    fn partials<R: Real>(parameters: [R; 4]) -> [[R; 4]; 3] {
        summary_slopes(parameters)
    }
}

struct Mode;

impl Formula<3> for Mode {
    const NAME: &'static str = NAME;
    const INPUTS: [&'static str; 3] = ["loc", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; 3]) -> R {
        mode(inputs)
    }
}
