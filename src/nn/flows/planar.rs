//! Planar flows.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::layer::FlowLayer;
use super::root::{TANH_ROOT, TANH_STEP};
use super::rows::{RowParameters, column, scaled, square_length};
use crate::kernel::{Formula, Op, Real};

/// ln(e − 1), where softplus is 1.
const SOFTPLUS_IS_ONE: f64 = 0.541_324_854_612_918_1;

/// Configuration of a [`Planar`] layer.
#[derive(Config, Debug)]
pub struct PlanarConfig {
    /// The features of a row.
    pub features: usize,
    /// The features of the context.
    #[config(default = 0)]
    pub context: usize,
    /// The seed of the parameters.
    #[config(default = 0)]
    pub seed: u64,
}

impl PlanarConfig {
    /// Creates the layer on `device`, close to the identity.
    pub fn init(&self, device: &Device) -> Planar {
        let count = 2 * self.features + 1;
        let parameters = RowParameters::new(count, 0.1, self.context, self.seed, device);
        Planar { parameters, features: self.features }
    }
}

/// x = z + u tanh(w·z + b) (Rezende and Mohamed 2015), with w·u held above −1, so that it can be
/// inverted: by the root of one equation for each row, with the implicit gradient.
///
/// The context moves u, w and b.
#[derive(Module, Debug)]
pub struct Planar {
    /// w, u and b.
    parameters: RowParameters,
    features: usize,
}

impl Planar {
    /// w, the u that is used, w·u and b.
    fn vectors(&self, context: Option<&Tensor<2>>) -> [Tensor<2>; 4] {
        let row = self.parameters.row("Planar", context);
        let direction = row.clone().narrow(1, 0, self.features);
        let free = row.clone().narrow(1, self.features, self.features);
        let along = (direction.clone() * free.clone()).sum_dim(1);
        let held = HELD.apply([along.clone()]);
        // w (held − along)/|w|², in which a small w would underflow. The numerator vanishes with w.
        let (unit, size) = scaled(direction.clone());
        let length = square_length(&unit);
        let used = free + unit * ((held.clone() - along) / size / length);
        [direction, used, held, column(&row, 2 * self.features)]
    }
}

impl FlowLayer for Planar {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [direction, used, held, shift] = self.vectors(context);
        let along = (x.clone() * direction).sum_dim(1);
        let [tanh, log_det] = TANH_STEP.apply_all([along, held.clone(), held.ones_like(), shift]);
        (x + used * tanh, log_det)
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [direction, used, held, shift] = self.vectors(context);
        let target = (y.clone() * direction).sum_dim(1);
        let one = held.ones_like();
        let root = TANH_ROOT.apply([target, held.clone(), one.clone(), shift.clone()]);
        let [tanh, log_det] = TANH_STEP.apply_all([root, held.clone(), one, shift]);
        (y - used * tanh, -log_det)
    }
}

static HELD: Op<1> = Op::new::<Held>();

/// An increasing map from the line to (−1, ∞) with 0 at 0.
struct Held;

impl Formula<1> for Held {
    const NAME: &'static str = "planar_constraint";
    const INPUTS: [&'static str; 1] = ["along"];

    #[inline(always)]
    fn evaluate<R: Real>([along]: [R; 1]) -> R {
        (along + SOFTPLUS_IS_ONE).softplus() - 1.0
    }
}
