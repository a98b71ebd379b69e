//! Density, draws and moments by way of the capacitance matrix.

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::LowRankMultivariateNormal;
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::{Distribution, Entropy, KlDivergence, Moments, Reparameterized};
use crate::distributions::MultivariateNormal;
use crate::distributions::multivariate_normal::{DEVIATION, SETTLED};
use crate::kernel::rows::sum_rows;
use crate::kernel::triangular::{self, TriangularMap};
use crate::linalg::{self, Layout, reshape};
use crate::parameter::{Parametric, check_sample_shape, common_shape};
use crate::random::{self, Key};
use crate::support::Support;

impl<const D: usize> LowRankMultivariateNormal<D> {
    pub(super) fn assembled(
        loc: Tensor<D>,
        cov_factor: Tensor<D>,
        cov_diag: Tensor<D>,
        sizes: [usize; 2],
    ) -> Self {
        let [length, rank] = sizes;
        let names = ["loc", "cov_factor", "cov_diag"];
        let mut factor_shape = cov_factor.dims();
        factor_shape[D - 1] = length;
        // Panics unless the batches broadcast.
        common_shape(Self::NAME, &names, &[loc.dims(), factor_shape, cov_diag.dims()]);
        let scaled = scaled_factor(cov_factor.clone(), cov_diag.clone(), sizes);
        let mut shape = scaled.dims();
        shape[D - 1] = rank * rank;
        let count = shape[..D - 1].iter().product();
        let scaled = reshape::<D, 3>(scaled, [count, length, rank]);
        let square = scaled.clone().swap_dims(1, 2).matmul(scaled);
        let unit = linalg::identity(rank, &square).unsqueeze::<3>();
        let capacitance = reshape(triangular::cholesky(square + unit), shape);
        Self { loc, cov_factor, cov_diag, capacitance, sizes }
    }

    /// diag(d)^−½ W, row by row along the last dimension.
    fn scaled(&self) -> Tensor<D> {
        scaled_factor(self.cov_factor.clone(), self.cov_diag(), self.sizes)
    }

    /// ½ ln det of the covariance, along each batch.
    fn half_log_determinant(&self) -> Tensor<D> {
        let length = self.sizes[0] as f64;
        let repeats = length / self.cov_diag.dims()[D - 1] as f64;
        let diagonal = sum_rows(self.cov_diag().log()) * (0.5 * repeats);
        diagonal + sum_rows(linalg::diagonal(self.capacitance.clone(), self.sizes[1]).log())
    }

    /// zᵀ (I + U Uᵀ)⁻¹ z for U = diag(d)^−½ W: the least |z − U y|² + |y|² over y, at
    /// y = C⁻¹ Uᵀ z. An error of y counts by its square.
    fn quadratic_form(&self, z: Tensor<D>) -> Tensor<D> {
        let [length, rank] = self.sizes;
        let scaled = self.scaled();
        let layout = Layout::of(scaled.dims(), z.dims());
        let z = layout.vectors(z);
        let factor = layout.matrices(scaled, [length, rank]);
        let capacitance = layout.matrices(self.capacitance.clone(), [rank, rank]);
        let along = z.clone().matmul(factor.clone());
        let half = triangular::map(capacitance.clone(), along, TriangularMap::SOLVE);
        let y = triangular::map(capacitance, half, TriangularMap::SOLVE.transpose());
        let rest = z - y.clone().matmul(factor.swap_dims(1, 2));
        layout.restore(sum_rows(rest.square()) + sum_rows(y.square()))
    }

    fn log_prob_of_scaled(&self, z: Tensor<D>) -> Tensor<D> {
        let constant = self.sizes[0] as f64 * HALF_LN_TWO_PI;
        self.quadratic_form(z) * -0.5 - self.half_log_determinant() - constant
    }

    /// Vectors of whole length.
    fn whole(&self, x: Tensor<D>) -> Tensor<D> {
        let mut shape = x.dims();
        shape[D - 1] = self.sizes[0];
        if x.dims() == shape { x } else { x.expand(shape) }
    }

    pub(super) fn flat_covariance(&self) -> Tensor<D> {
        let [length, rank] = self.sizes;
        let mut shape = self.cov_factor.dims();
        let count = shape[..D - 1].iter().product();
        let factor = reshape::<D, 3>(self.cov_factor.clone(), [count, length, rank]);
        let low = factor.clone().matmul(factor.swap_dims(1, 2));
        shape[D - 1] = length * length;
        let diagonal = MultivariateNormal::from_scales(self.loc(), self.whole(self.cov_diag()));
        reshape::<3, D>(low, shape) + diagonal.factor()
    }

    /// Draws, and diag(d)^−½ (x − loc) from the noise behind them.
    fn draw(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let [length, rank] = self.sizes;
        check_sample_shape(Self::NAME, self.shape(), shape);
        assert!(
            shape[D - 1] == length,
            "{}: draws of shape {shape:?} of vectors of {length} elements",
            Self::NAME,
        );
        let (device, dtype) = (self.loc.device(), self.loc.dtype());
        let mut noise_shape = shape;
        noise_shape[D - 1] = length + rank;
        let noise = random::normal(noise_shape, Key::from_rng(rng), &device, dtype);
        let own = noise.clone().narrow(D - 1, 0, length);
        let shared = noise.narrow(D - 1, length, rank);
        let scaled = self.scaled();
        let layout = Layout::of(scaled.dims(), shape);
        let factor = layout.matrices(scaled, [length, rank]);
        let along = layout.vectors(shared).matmul(factor.swap_dims(1, 2));
        let z = own + layout.restore(along);
        (z.clone() * self.cov_diag().sqrt() + self.loc(), z)
    }
}

/// diag(d)^−½ W, row by row along the last dimension.
fn scaled_factor<const D: usize>(
    cov_factor: Tensor<D>,
    cov_diag: Tensor<D>,
    [length, rank]: [usize; 2],
) -> Tensor<D> {
    let mut shape = cov_diag.dims();
    shape[D - 1] = length;
    let count = shape[..D - 1].iter().product();
    let scales = reshape::<D, 3>(cov_diag.sqrt().expand(shape), [count, length, 1]);
    shape[D - 1] = length * rank;
    cov_factor / reshape(scales.expand([count, length, rank]), shape)
}

impl<const D: usize> Distribution<D> for LowRankMultivariateNormal<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let mut factor = self.cov_factor.dims();
        factor[D - 1] = self.sizes[0];
        let names = ["loc", "cov_factor", "cov_diag"];
        common_shape(Self::NAME, &names, &[self.loc.dims(), factor, self.cov_diag.dims()])
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        common_shape(Self::NAME, &["value", "distribution"], &[value.dims(), self.shape()]);
        let [deviation, barrier] = DEVIATION.apply_all([value, self.loc()]);
        let z = self.whole(deviation) / self.cov_diag().sqrt();
        SETTLED.apply([self.log_prob_of_scaled(z) + sum_rows(barrier)])
    }
}

impl<const D: usize> Reparameterized<D> for LowRankMultivariateNormal<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.draw(shape, rng).0
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        // From the noise: x − loc has lost digits.
        let (value, z) = self.draw(shape, rng);
        (value, self.log_prob_of_scaled(z))
    }
}

impl<const D: usize> Moments<D> for LowRankMultivariateNormal<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn variance(&self) -> Tensor<D> {
        let [length, rank] = self.sizes;
        let mut shape = self.cov_factor.dims();
        let count = shape[..D - 1].iter().product();
        let rows = reshape::<D, 3>(self.cov_factor.clone().square(), [count, length, rank]);
        shape[D - 1] = length;
        (reshape(sum_rows(rows), shape) + self.cov_diag()).expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.mean()
    }
}

impl<const D: usize> Entropy<D> for LowRankMultivariateNormal<D> {
    fn entropy(&self) -> Tensor<D> {
        let mut batch = self.shape();
        batch[D - 1] = 1;
        let constant = self.sizes[0] as f64 * (HALF_LN_TWO_PI + 0.5);
        (self.half_log_determinant() + constant).expand(batch)
    }
}

/// By way of both covariances written out.
impl<const D: usize> KlDivergence<D, Self> for LowRankMultivariateNormal<D> {
    fn kl_divergence(&self, other: &Self) -> Tensor<D> {
        self.to_multivariate_normal().kl_divergence(&other.to_multivariate_normal())
    }
}
