//! Density, draws and moments.

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::LowRankMultivariateNormal;
use super::elimination::{Elimination, Ridge};
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized};
use crate::distributions::MultivariateNormal;
use crate::distributions::multivariate_normal::{DEVIATION, SETTLED};
use crate::kernel::rows::sum_rows;
use crate::linalg::{Layout, reshape};
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
        let names = ["loc", "cov_factor", "cov_diag"];
        let mut factor_shape = cov_factor.dims();
        factor_shape[D - 1] = sizes[0];
        // Panics unless the batches broadcast.
        common_shape(Self::NAME, &names, &[loc.dims(), factor_shape, cov_diag.dims()]);
        let elimination = Elimination::new(cov_factor.clone(), cov_diag.clone(), sizes);
        Self { loc, cov_factor, cov_diag, elimination, sizes }
    }

    /// ½ ln det of the covariance, along each batch.
    pub(super) fn half_log_determinant(&self) -> Tensor<D> {
        let value = self.elimination.half_log_determinant();
        if !self.is_autodiff() {
            return value;
        }
        let slopes = self.elimination.determinant_slopes(self.cov_diag());
        let of_factor = slopes.factor * change(self.cov_factor.clone());
        let of_diagonal =
            slopes.diagonal * (change(self.cov_diag()) / self.cov_diag().detach().sqrt());
        value + sum_rows(of_factor) + sum_rows(of_diagonal)
    }

    /// ½ xᵀ Σ⁻¹ x.
    fn half_form(&self, deviation: Tensor<D>) -> Tensor<D> {
        let [length, rank] = self.sizes;
        let scales = self.cov_diag().detach().sqrt();
        let z = deviation.clone().detach() / scales.clone();
        let layout = self.elimination.layout(z.dims());
        let Ridge { form, rest, along } = self.elimination.ridge(&layout, layout.vectors(z));
        let value = layout.restore(form) * 0.5;
        if !self.is_autodiff() {
            return value;
        }
        // With a = Σ⁻¹ x the gradients are a, −a yᵀ for y = Wᵀ a, and −½ a². Those of z and
        // diag(d)^−½ W would be as large as x itself, and cancel. An infinite form has none.
        let infinite = value.clone().is_inf();
        let slope = layout.restore(rest) / scales;
        let shape = slope.dims();
        let slope = slope.mask_fill(infinite.expand(shape), 0.0);
        let mut shape = self.cov_factor.dims();
        shape[..D - 1].copy_from_slice(&self.elimination.batch()[..D - 1]);
        let factor = change(self.cov_factor.clone()).expand(shape);
        let factor = layout.matrices(factor, [length, rank]);
        let shared = layout.restore(along.matmul(factor.swap_dims(1, 2)));
        let own = slope.clone() * change(self.cov_diag()) * 0.5;
        value + sum_rows(slope * (change(deviation) - shared - own))
    }

    fn log_prob_of_deviation(&self, deviation: Tensor<D>) -> Tensor<D> {
        let constant = self.sizes[0] as f64 * HALF_LN_TWO_PI;
        -self.half_form(deviation) - self.half_log_determinant() - constant
    }

    fn is_autodiff(&self) -> bool {
        self.cov_factor.is_autodiff()
    }

    /// Vectors of whole length.
    fn whole(&self, x: Tensor<D>) -> Tensor<D> {
        let mut shape = x.dims();
        shape[D - 1] = self.sizes[0];
        if x.dims() == shape { x } else { x.expand(shape) }
    }

    /// The diagonal of W Wᵀ.
    pub(super) fn shared_variance(&self) -> Tensor<D> {
        let [length, rank] = self.sizes;
        let mut shape = self.cov_factor.dims();
        let count = shape[..D - 1].iter().product();
        let rows = reshape::<D, 3>(self.cov_factor.clone().square(), [count, length, rank]);
        shape[D - 1] = length;
        reshape(sum_rows(rows), shape)
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

    /// Draws, and x − loc from the noise behind them.
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
        let own = noise.clone().narrow(D - 1, 0, length) * self.cov_diag().sqrt();
        let shared = noise.narrow(D - 1, length, rank);
        let layout = Layout::of(self.cov_factor.dims(), shape);
        let factor = layout.matrices(self.cov_factor.clone(), [length, rank]);
        let along = layout.vectors(shared).matmul(factor.swap_dims(1, 2));
        let deviation = own + layout.restore(along);
        (deviation.clone() + self.loc(), deviation)
    }
}

/// 0, with the gradient of `x`.
pub(super) fn change<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    x.clone() - x.detach()
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
        let log_prob = self.log_prob_of_deviation(self.whole(deviation));
        SETTLED.apply([log_prob + sum_rows(barrier)])
    }
}

impl<const D: usize> Reparameterized<D> for LowRankMultivariateNormal<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.draw(shape, rng).0
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        // From the noise: x − loc has lost digits.
        let (value, deviation) = self.draw(shape, rng);
        (value, self.log_prob_of_deviation(deviation))
    }
}

impl<const D: usize> Moments<D> for LowRankMultivariateNormal<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn variance(&self) -> Tensor<D> {
        (self.shared_variance() + self.cov_diag()).expand(self.shape())
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
