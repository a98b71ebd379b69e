//! Invertible linear maps.

use burn::config::Config;
use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layer::FlowLayer;
use super::made::Order;
use super::permutation::{Permutation, PermutationConfig};
use crate::linalg::{identity, solve_lower, solve_lower_transposed};

/// The largest |ln| of an element of the diagonal. Beyond it e^a leaves single precision, and its
/// gradient would be 0 times infinity; there the factor stands still, and has no gradient.
const LOG_DIAGONAL_BOUND: f64 = 80.0;

/// Configuration of an [`LuLinear`] layer.
#[derive(Config, Debug)]
pub struct LuLinearConfig {
    /// The features of a row.
    pub features: usize,
    /// The order that the features are put in besides.
    #[config(default = "Order::Random")]
    pub order: Order,
    /// The seed of a random order.
    #[config(default = 0)]
    pub seed: u64,
}

impl LuLinearConfig {
    /// Creates the layer on `device`. It starts as a permutation.
    pub fn init(&self, device: &Device) -> LuLinear {
        let permutation = PermutationConfig::new(self.features)
            .with_order(self.order.clone())
            .with_seed(self.seed)
            .init(device);
        let square = Tensor::<2>::zeros([self.features; 2], device);
        let row = Tensor::<2>::zeros([1, self.features], device);
        LuLinear {
            permutation,
            lower: Param::from_tensor(square.clone()),
            upper: Param::from_tensor(square),
            log_diagonal: Param::from_tensor(row.clone()),
            bias: Param::from_tensor(row),
        }
    }
}

/// An invertible linear map, z = P L U x + b from data to noise, with a permutation P, L unit lower
/// and U upper triangular with a positive diagonal (the 1×1 convolution of Kingma and Dhariwal 2018,
/// over features). Densities take products, sampling substitutions.
///
/// It accepts a context like every layer, and is not changed by it.
#[derive(Module, Debug)]
pub struct LuLinear {
    permutation: Permutation,
    /// L below its diagonal.
    lower: Param<Tensor<2>>,
    /// U above its diagonal.
    upper: Param<Tensor<2>>,
    log_diagonal: Param<Tensor<2>>,
    bias: Param<Tensor<2>>,
}

impl LuLinear {
    /// L and Uᵀ, both lower triangular.
    fn factors(&self) -> [Tensor<2>; 2] {
        let (lower, upper) = (self.lower.val(), self.upper.val());
        let features = self.features();
        let one = identity(features, &lower);
        // Masked, not multiplied by the identity: 0 times a factor or a gradient that overflows
        // would be NaN.
        let diagonal = self.log_factors().exp().expand([features; 2]).tril(0).triu(0);
        [lower.tril(-1) + one, upper.triu(1).transpose() + diagonal]
    }

    /// The logarithms of the diagonal of U.
    fn log_factors(&self) -> Tensor<2> {
        self.log_diagonal.val().clamp(-LOG_DIAGONAL_BOUND, LOG_DIAGONAL_BOUND)
    }

    fn log_det(&self, rows: usize) -> Tensor<2> {
        self.log_factors().sum_dim(1).expand([rows, 1])
    }
}

impl FlowLayer for LuLinear {
    fn features(&self) -> usize {
        self.permutation.features()
    }

    fn forward(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [rows, _] = x.dims();
        let (moved, _) = self.permutation.forward(x - self.bias.val(), context);
        let [lower, upper] = self.factors();
        // Substitutions multiply the entries of all features: both results and gradients may leave
        // single precision. A result that does is infinite; its gradients, and those that overflow
        // though the result does not, are cut off at 1e32 by the solves themselves, because the
        // second would turn infinities of the first into NaN.
        let columns = solve_lower(lower, moved.transpose());
        let columns = solve_lower_transposed(upper, columns);
        (columns.transpose(), -self.log_det(rows))
    }

    fn inverse(&self, y: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let [rows, _] = y.dims();
        let [lower, upper] = self.factors();
        // (L U yᵀ)ᵀ, through the small product of the factors.
        let product = y.matmul(upper.matmul(lower.transpose()));
        let (moved, _) = self.permutation.inverse(product, context);
        (moved + self.bias.val(), self.log_det(rows))
    }

    fn is_constant_jacobian(&self) -> bool {
        true
    }
}
