//! Radial flows.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::layer::FlowLayer;
use super::rows::{RowParameters, column};
use crate::kernel::{Formula, MultiFormula, Op, Real};

/// Configuration of a [`Radial`] layer.
#[derive(Config, Debug)]
pub struct RadialConfig {
    /// The features of a row.
    pub features: usize,
    /// The features of the context.
    #[config(default = 0)]
    pub context: usize,
    /// The seed of the parameters.
    #[config(default = 0)]
    pub seed: u64,
}

impl RadialConfig {
    /// Creates the layer on `device`, close to the identity.
    pub fn init(&self, device: &Device) -> Radial {
        let count = self.features + 2;
        let parameters = RowParameters::new(count, 0.1, self.context, self.seed, device);
        Radial { parameters, features: self.features }
    }
}

/// x = z + β (z − c)/(α + |z − c|) (Rezende and Mohamed 2015): rows move towards a center c or away
/// from it. With β > −α the distance from the center grows with that of z, and the inverse is the
/// root of a quadratic.
///
/// The context moves c, α and β.
#[derive(Module, Debug)]
pub struct Radial {
    /// c, and unconstrained α and α + β.
    parameters: RowParameters,
    features: usize,
}

impl Radial {
    fn constants(&self, context: Option<&Tensor<2>>) -> [Tensor<2>; 3] {
        let row = self.parameters.row("Radial", context);
        let center = row.clone().narrow(1, 0, self.features);
        let [width, total] = [0, 1].map(|at| SOFTPLUS.apply([column(&row, self.features + at)]));
        [center, width, total]
    }

    /// 1 + β/(α + r), by which differences from the center are multiplied, and the
    /// log-determinant.
    fn growth(
        &self,
        distance: Tensor<2>,
        width: Tensor<2>,
        total: Tensor<2>,
    ) -> (Tensor<2>, Tensor<2>) {
        let [growth, along, across] = GROWTH.apply_all([distance, width, total]);
        (growth, along + across * (self.features as f64 - 1.0))
    }
}

/// The distance of each row from the center. The 1e-30 stands for a derivative of 0 at the center,
/// where that of a root would be infinite.
fn length(difference: Tensor<2>) -> Tensor<2> {
    (difference.square().sum_dim(1) + 1e-30).sqrt()
}

impl FlowLayer for Radial {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [center, width, total] = self.constants(context);
        let difference = x - center.clone();
        let (growth, log_det) = self.growth(length(difference.clone()), width, total);
        (difference * growth + center, log_det)
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [center, width, total] = self.constants(context);
        let difference = y - center.clone();
        let grown = length(difference.clone());
        let distance = DISTANCE.apply([grown, width.clone(), total.clone()]);
        let (growth, log_det) = self.growth(distance, width, total);
        (difference / growth + center, -log_det)
    }
}

static SOFTPLUS: Op<1> = Op::new::<Softplus>();
static GROWTH: Op<3, 3> = Op::new::<Growth>();
static DISTANCE: Op<3> = Op::new::<Distance>();

/// 0 stands for 1, so that equal numbers give the identity.
struct Softplus;

impl Formula<1> for Softplus {
    const NAME: &'static str = "radial_width";
    const INPUTS: [&'static str; 1] = ["value"];

    #[inline(always)]
    fn evaluate<R: Real>([x]: [R; 1]) -> R {
        // Away from 0, where the layer would be singular at the center.
        (x + 0.541_324_854_612_918_1).softplus() + 1e-3
    }
}

/// The growth of the distance r, and the logarithms of the stretch along it and across it.
struct Growth;

impl MultiFormula<3, 3> for Growth {
    const NAME: &'static str = "radial_growth";
    const INPUTS: [&'static str; 3] = ["distance", "width", "total"];

    #[inline(always)]
    fn evaluate<R: Real>([distance, width, total]: [R; 3]) -> [R; 3] {
        let reach = width + distance;
        // (α + β + r)/(α + r), a quotient of sums of positive numbers; 1 + β/(α + r) would cancel.
        let growth = (total + distance) / reach;
        // (r² + 2αr + α(α + β))/(α + r)², the same.
        let along = (distance * (reach + width) + width * total) / reach.square();
        [growth, along.ln(), growth.ln()]
    }
}

/// The distance before the growth: the positive root of r² + (α + β − d) r − α d.
struct Distance;

impl Formula<3> for Distance {
    const NAME: &'static str = "radial_distance";
    const INPUTS: [&'static str; 3] = ["grown", "width", "total"];

    #[inline(always)]
    fn evaluate<R: Real>([grown, width, total]: [R; 3]) -> R {
        let b = total - grown;
        let root = (b.square() + width * grown * 4.0).sqrt();
        // Each form where its sum does not cancel.
        let rising = width * grown * 2.0 / (b + root);
        let falling = (root - b) * 0.5;
        R::select(b.gt(R::constant(0.0)), rising, falling)
    }
}
