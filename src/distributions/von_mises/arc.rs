//! Probabilities of arcs, which begin at −π and not at the antipode of `loc`.
//!
//! Seen from `loc` the line is cut at γ = π − |loc|. For `loc` ≥ 0 the angles from −π up are first
//! those above the cut, then those from the antipode to the cut; for `loc` < 0 it is the mirror
//! image.

use core::f64::consts::PI;

use super::draw::wrapped;
use super::formulas::log_density;
use crate::kernel::Real;

/// Nodes and weights of Gauss and Legendre's formula of order 8 on [0, 1].
const NODES: [(f64, f64); 8] = [
    (0.019_855_071_751_231_884, 0.050_614_268_145_188_13),
    (0.101_666_761_293_186_63, 0.111_190_517_226_687_24),
    (0.237_233_795_041_835_5, 0.156_853_322_938_943_64),
    (0.408_282_678_752_175_1, 0.181_341_891_689_180_98),
    (0.591_717_321_247_824_9, 0.181_341_891_689_180_98),
    (0.762_766_204_958_164_5, 0.156_853_322_938_943_64),
    (0.898_333_238_706_813_4, 0.111_190_517_226_687_24),
    (0.980_144_928_248_768_1, 0.050_614_268_145_188_13),
];

/// The probabilities of the angles from −π to a value, and from there to π.
pub(super) struct Arcs<R> {
    pub(super) lower: R,
    pub(super) upper: R,
    pub(super) log_lower: R,
    pub(super) log_upper: R,
}

/// What is above an angle in [0, π], between it and 0, and the logarithm of the first.
struct Sides<R> {
    tail: R,
    central: R,
    log_tail: R,
}

/// The distribution about 0 at an angle, up to π as a float: in single precision that is beyond π.
#[inline(always)]
fn about_zero<R: Real>(concentration: R, angle: R) -> Sides<R> {
    let last = R::constant(if R::double() { PI } else { 3.141_592_502_593_994 });
    let ended = angle.ge(R::constant(PI));
    // Moved inside, not held, so that the derivative stays.
    let inside = R::select(angle.gt(last), angle - (angle - last).detach(), angle);
    let at = concentration.von_mises(inside);
    let at_end = |value: R, end: f64| R::select(ended, value - value.detach() + end, value);
    Sides {
        tail: at_end(at.tail, 0.0),
        central: at_end(at.central, 0.5),
        log_tail: R::select(ended, R::constant(f64::NEG_INFINITY), at.log_tail),
    }
}

/// P(α < Θ < β) for 0 ≤ α ≤ β ≤ π, and its logarithm.
#[inline(always)]
fn between<R: Real>(concentration: R, [alpha, beta]: [R; 2], width: R) -> [R; 2] {
    let (near, far) = (about_zero(concentration, alpha), about_zero(concentration, beta));
    // Of the two differences the one of the smaller numbers.
    let by_tails = near.tail.lt(far.central);
    let difference = R::select(by_tails, near.tail - far.tail, far.central - near.central);
    let by_logs = near.log_tail + (near.log_tail - far.log_tail).log1mexp();
    let log_difference = R::select(by_tails, by_logs, difference.ln());
    // For a short arc both cancel. The density changes little along it, and a rule of a few nodes
    // is exact.
    let log_size = R::select(by_tails, near.log_tail, far.central.ln());
    // Of a difference that rounding has made negative there is no logarithm: that is short too.
    let short = !log_difference.ge(log_size - 2.0);
    let mut sum = R::constant(0.0);
    for (node, weight) in NODES {
        let half = width * (0.5 * node);
        let change = ((alpha + half) * (1.0 / PI)).sin_pi() * (half * (1.0 / PI)).sin_pi();
        sum = sum + (concentration * change * -2.0).exp_of_term() * weight;
    }
    let log_start = log_density(alpha, concentration);
    let log_sum = log_start + (width * sum).ln();
    let sum = log_start.exp() * width * sum;
    [R::select(short, sum, difference), R::select(short, log_sum, log_difference)]
}

/// ln(eˣ + eʸ) for finite or infinite negative numbers.
#[inline(always)]
fn log_sum<R: Real>(x: R, y: R) -> R {
    let (large, small) = (R::select(x.gt(y), x, y), R::select(x.gt(y), y, x));
    let value = large + (small - large).exp().ln_1p();
    R::select(large.equal(R::constant(f64::NEG_INFINITY)), large, value)
}

/// The arcs at x, for `loc` seen from the side where it is not negative.
#[inline(always)]
fn standard<R: Real>(x: R, loc: R, concentration: R) -> Arcs<R> {
    let (zero, end) = (R::constant(0.0), R::constant(PI));
    let cut = end - loc;
    // How far x is from −π and from π, exact near there.
    let (risen, left) = (x + end, end - x);
    let angle = x - loc;
    let beyond = risen.lt(loc);
    let below = !beyond & angle.lt(zero);
    let size = R::select(beyond, cut + risen, R::select(below, -angle, angle));
    let arc = [R::select(beyond, cut, size), R::select(beyond, size, cut)];
    let [part, log_part] = between(concentration, arc, R::select(beyond, risen, left));
    let (at_cut, at_x) = (about_zero(concentration, cut), about_zero(concentration, size));

    let whole = R::constant(1.0);
    let by_tails = at_cut.tail + at_x.tail;
    let by_centres = at_cut.central + at_x.central;
    let lower = R::select(below, by_tails, whole - part);
    let lower = R::select(beyond, part, lower);
    let upper = R::select(below, by_centres, part);
    let upper = R::select(beyond, whole - part, upper);
    // The sum itself where it is a number with all its digits, and derivatives.
    let log_tails = log_sum(at_cut.log_tail, at_x.log_tail);
    let ordinary = by_tails.gt(R::constant(1e-30));
    let log_tails = R::select(ordinary, by_tails.ln(), log_tails);
    let log_rest = (-part).ln_1p();
    let log_lower = R::select(below, log_tails, log_rest);
    let log_lower = R::select(beyond, log_part, log_lower);
    let log_upper = R::select(below, (-by_tails).ln_1p(), log_part);
    let log_upper = R::select(beyond, log_rest, log_upper);
    Arcs { lower, upper, log_lower, log_upper }
}

/// The arcs at x within [−π, π].
#[inline(always)]
pub(super) fn arcs<R: Real>([x, loc, concentration]: [R; 3]) -> Arcs<R> {
    let loc = wrapped(loc);
    let mirrored = loc.lt(R::constant(0.0));
    let (x, loc) = (R::select(mirrored, -x, x), R::select(mirrored, -loc, loc));
    let Arcs { lower, upper, log_lower, log_upper } = standard(x, loc, concentration);
    let pick = |one: R, other: R| R::select(mirrored, other, one);
    Arcs {
        lower: pick(lower, upper),
        upper: pick(upper, lower),
        log_lower: pick(log_lower, log_upper),
        log_upper: pick(log_upper, log_lower),
    }
}

/// The x with probability p below it and q above.
#[inline(always)]
pub(super) fn quantile<R: Real>([p, q]: [R; 2], loc: R, concentration: R) -> R {
    let end = R::constant(PI);
    let loc = wrapped(loc);
    let mirrored = loc.lt(R::constant(0.0));
    let (p, q) = (R::select(mirrored, q, p), R::select(mirrored, p, q));
    let side = R::select(mirrored, -loc, loc);
    let cut = end - side;
    let tail = about_zero(concentration, cut).tail;
    let beyond = p.lt(tail);
    // The levels about 0: what is above the cut comes first.
    let (rest, gone) = (tail - p, p - tail);
    let below = R::select(beyond, -rest + 1.0, gone);
    let above = R::select(beyond, rest, q + tail);
    let angle = concentration.von_mises_quantile(below, above);
    let x = R::select(beyond, (angle - cut) - end, side + angle);
    let x = R::select(x.lt(-end), -end, R::select(x.gt(end), end, x));
    // Of a large concentration nothing is left beyond the cut, where the ends are.
    let zero = R::constant(0.0);
    let x = R::select(p.equal(zero), -end, R::select(q.equal(zero), end, x));
    R::select(mirrored, -x, x)
}
