//! Small monotone networks of one number each.

use burn::tensor::Tensor;

use super::element::bounded;
use crate::kernel::{Formula, MultiFormula, Op, Real};

/// What is subtracted from unconstrained weights, so that a network of zeros is all but the
/// identity.
const SMALL: f64 = 5.0;

/// The largest |ln w| on either side of that, approached smoothly: a network that computes the
/// parameters may give any number, whose exponential would overflow.
const LOG_WEIGHT_BOUND: f64 = 10.0;

/// Monotone networks f(x) = shift + eˢ x + Σ wₖ tanh(aₖ x + bₖ) with positive w and a: neural
/// autoregressive flows (Huang, Krueger, Lacoste and Courville 2018), with a linear part that makes
/// each of them a map of the line onto itself.
///
/// # Shapes
///
/// - `x`: `[N, F]`
/// - `parameters`: `[N, F * (2 + 3 * units)]`
/// - output: `[N, F]`, and the logarithms of the slopes
pub(super) fn monotone(
    x: Tensor<2>,
    parameters: Tensor<2>,
    units: usize,
    inverse: bool,
) -> (Tensor<2>, Tensor<2>) {
    let network = Network::new(&x, parameters, units);
    if !inverse {
        return network.forward(x);
    }
    let target = x;
    let start = network.clone().detach().solve(target.clone().detach());
    // One step of Newton's method with a graph has the gradient of the implicit function: the
    // slope it divides by need not be differentiated where the numerator is zero. Only the gradient
    // is wanted: beside a cliff that falls between two numbers, the step itself would leap away.
    let (reached, log_slope) = network.forward(start.clone());
    let rest = target - reached;
    let rest = rest.clone() - rest.detach();
    let root = start + rest * (-log_slope).exp().detach();
    let (_, log_slope) = network.forward(root.clone());
    (root, -log_slope)
}

/// The number of parameters of a network.
pub(super) fn parameters(units: usize) -> usize {
    2 + 3 * units
}

/// The parts of the parameters, `[N, F, 1]` and `[N, F, K]`.
#[derive(Clone)]
struct Network {
    shift: Tensor<3>,
    log_scale: Tensor<3>,
    /// w, a and b.
    units: [Tensor<3>; 3],
}

impl Network {
    fn new(x: &Tensor<2>, parameters: Tensor<2>, units: usize) -> Self {
        let [rows, features] = x.dims();
        let whole = parameters.reshape([rows, features, self::parameters(units)]);
        let part = |from, count| whole.clone().narrow(2, from, count);
        let units = [0, 1, 2].map(|unit| part(2 + unit * units, units));
        Self { shift: part(0, 1), log_scale: part(1, 1), units }
    }

    fn detach(self) -> Self {
        Self {
            shift: self.shift.detach(),
            log_scale: self.log_scale.detach(),
            units: self.units.map(Tensor::detach),
        }
    }

    fn forward(&self, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let dims = x.dims();
        let x: Tensor<3> = x.unsqueeze_dim(2);
        let [weight, slope, offset] = self.units.clone();
        let [value, rise] = UNIT.apply_all([x.clone(), weight, slope, offset]);
        let (value, rise) = (value.sum_dim(2), rise.sum_dim(2));
        let inputs = [x, self.shift.clone(), self.log_scale.clone(), value, rise];
        let [y, log_slope] = TOTAL.apply_all(inputs);
        (y.reshape(dims), log_slope.reshape(dims))
    }

    /// The preimages, by Newton's steps within a bracket. Call it without a graph.
    fn solve(&self, target: Tensor<2>) -> Tensor<2> {
        let dims = target.dims();
        let [weight, ..] = self.units.clone();
        let reach = WEIGHT.apply([weight]).sum_dim(2).reshape(dims);
        let (shift, log_scale) = (self.shift.clone(), self.log_scale.clone());
        let (shift, log_scale) = (shift.reshape(dims), log_scale.reshape(dims));
        let [mut root, mut low, mut high] =
            BRACKET.apply_all([target.clone(), shift, log_scale, reach]);
        for _ in 0..STEPS {
            let (reached, log_slope) = self.forward(root.clone());
            let excess = reached - target.clone();
            [root, low, high] = NARROWED.apply_all([root, excess, log_slope, low, high]);
        }
        root
    }
}

/// Enough for halvings alone to reach single precision; Newton's steps, which take over at the
/// end, double the digits.
const STEPS: usize = 30;

static WEIGHT: Op<1> = Op::new::<Weight>();
static UNIT: Op<4, 2> = Op::new::<Unit>();
static TOTAL: Op<5, 2> = Op::new::<Total>();
static BRACKET: Op<4, 3> = Op::new::<Bracket>();
static NARROWED: Op<5, 3> = Op::new::<Narrowed>();

/// The weight of a hidden unit, from an unconstrained number.
struct Weight;

impl Formula<1> for Weight {
    const NAME: &'static str = "monotone_weight";
    const INPUTS: [&'static str; 1] = ["weight"];

    #[inline(always)]
    fn evaluate<R: Real>([weight]: [R; 1]) -> R {
        ((weight * LOG_WEIGHT_BOUND.recip()).tanh() * LOG_WEIGHT_BOUND - SMALL).exp()
    }
}

/// One hidden unit and its slope.
struct Unit;

impl MultiFormula<4, 2> for Unit {
    const NAME: &'static str = "monotone_unit";
    const INPUTS: [&'static str; 4] = ["x", "weight", "slope", "offset"];

    #[inline(always)]
    fn evaluate<R: Real>([x, weight, slope, offset]: [R; 4]) -> [R; 2] {
        let (weight, slope) = (<Weight as Formula<1>>::evaluate([weight]), slope.softplus());
        let inner = slope * x + offset;
        // 1 - tanh² without its cancellation.
        let fall = (inner.abs() * -2.0).exp();
        let bend = fall * 4.0 / (fall + 1.0).square();
        [weight * inner.tanh(), weight * slope * bend]
    }
}

/// The sum with the linear part, and the logarithm of its slope.
struct Total;

impl MultiFormula<5, 2> for Total {
    const NAME: &'static str = "monotone_network";
    const INPUTS: [&'static str; 5] = ["x", "shift", "log_scale", "value", "rise"];

    #[inline(always)]
    fn evaluate<R: Real>([x, shift, log_scale, value, rise]: [R; 5]) -> [R; 2] {
        let scale = bounded(log_scale).exp();
        [shift + scale * x + value, (scale + rise).ln()]
    }
}

/// Where the preimage lies: the hidden units move f by less than the sum of their weights.
struct Bracket;

impl MultiFormula<4, 3> for Bracket {
    const NAME: &'static str = "monotone_bracket";
    const INPUTS: [&'static str; 4] = ["target", "shift", "log_scale", "reach"];

    #[inline(always)]
    fn evaluate<R: Real>([target, shift, log_scale, reach]: [R; 4]) -> [R; 3] {
        let scale = (-bounded(log_scale)).exp();
        let middle = (target - shift) * scale;
        let room = reach * scale;
        [middle, middle - room, middle + room]
    }
}

/// A step of Newton's method, or to the middle of the bracket where it would leave it.
struct Narrowed;

impl MultiFormula<5, 3> for Narrowed {
    const NAME: &'static str = "monotone_step";
    const INPUTS: [&'static str; 5] = ["root", "excess", "log_slope", "low", "high"];

    #[inline(always)]
    fn evaluate<R: Real>([root, excess, log_slope, low, high]: [R; 5]) -> [R; 3] {
        let above = excess.gt(R::constant(0.0));
        let high = R::select(above, root, high);
        let low = R::select(above, low, root);
        let newton = root - excess * (-log_slope).exp();
        let inside = newton.ge(low) & newton.le(high);
        [R::select(inside, newton, low + (high - low) * 0.5), low, high]
    }
}
