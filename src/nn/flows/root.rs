//! The equations that planar and Sylvester flows solve to be inverted.

use crate::kernel::{Formula, MultiFormula, Op, Real};

/// α with α + r tanh(s α + c) = t, of (t, r, s, c) with r s > −1.
pub(super) static TANH_ROOT: Op<4> = Op::new::<TanhRoot>();
/// tanh(s α + c) and ln(1 + r s sech²(s α + c)), of (α, r, s, c).
pub(super) static TANH_STEP: Op<4, 2> = Op::new::<TanhStep>();

struct TanhRoot;

/// tanh and its derivative, which keeps its digits where 1 − tanh² has none.
#[inline(always)]
fn tanh_and_slope<R: Real>(x: R) -> [R; 2] {
    let fall = (x.abs() * -2.0).exp();
    let slope = fall * 4.0 / (fall + 1.0).square();
    [x.tanh(), slope]
}

impl Formula<4> for TanhRoot {
    const NAME: &'static str = "tanh_root";
    const INPUTS: [&'static str; 4] = ["target", "outer", "inner", "shift"];

    /// Newton's steps on β = s α, within a bracket that shrinks to where the sign changes; a step
    /// that leaves it is replaced by the middle.
    #[inline(always)]
    fn evaluate<R: Real>([target, outer, inner, shift]: [R; 4]) -> R {
        let (factor, target_of_root) = (outer * inner, target * inner);
        let reach = factor.abs();
        let (mut low, mut high) = (target_of_root - reach, target_of_root + reach);
        let mut root = target_of_root;
        // As many as halvings alone would need.
        let steps = if R::double() { 56 } else { 28 };
        for _ in 0..steps {
            let [tanh, slope] = tanh_and_slope(root + shift);
            let excess = root + factor * tanh - target_of_root;
            let above = excess.gt(R::constant(0.0));
            high = R::select(above, root, high);
            low = R::select(above, low, root);
            // Zero at worst, where factor = -1 meets slope = 1: the middle is taken then.
            let newton = root - excess / (factor * slope + 1.0);
            let inside = newton.ge(low) & newton.le(high);
            root = R::select(inside, newton, low + (high - low) * 0.5);
        }
        target - outer * (root + shift).tanh()
    }

    /// Of the implicit function.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; 4]) -> [R; 4] {
        let [_, outer, inner, shift] = inputs;
        let root = <Self as Formula<4>>::evaluate(inputs);
        let [tanh, slope] = tanh_and_slope(inner * root + shift);
        let per_target = (outer * inner * slope + 1.0).recip();
        let bend = -(outer * slope) * per_target;
        [per_target, -tanh * per_target, bend * root, bend]
    }
}

struct TanhStep;

impl MultiFormula<4, 2> for TanhStep {
    const NAME: &'static str = "tanh_step";
    const INPUTS: [&'static str; 4] = ["value", "outer", "inner", "shift"];

    #[inline(always)]
    fn evaluate<R: Real>([value, outer, inner, shift]: [R; 4]) -> [R; 2] {
        let [tanh, slope] = tanh_and_slope(inner * value + shift);
        [tanh, (outer * inner * slope).ln_1p()]
    }
}
