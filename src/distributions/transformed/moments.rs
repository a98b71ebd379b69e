//! Moments and entropy: exact where they can be, else by quadrature.

use burn::tensor::{Float, Tensor};

use super::Transformed;
use super::univariate::direction;
use crate::bijector::Bijector;
use crate::bijectors::Exp;
use crate::distribution::{Entropy, Moments, Univariate};
use crate::numeric::{Estimate, MovingEnds, expectations};
use crate::special::expm1;

impl<P, B> Transformed<P, B> {
    /// The image of the median of the base, which moves with the ends of the support alone.
    fn image_of_median<const D: usize>(&self, like: &Tensor<D>) -> Tensor<D>
    where
        P: Univariate<D, Kind = Float>,
        B: Bijector<D>,
    {
        let half = Tensor::full([1; D], 0.5, (&like.device(), like.dtype()));
        let median = self.base.quantile(half).detach();
        self.bijector.forward(MovingEnds::of(&self.base.support(), like).follow(median))
    }

    /// The mean by quadrature, with its error.
    ///
    /// # Panics
    ///
    /// If the bijector is not elementwise and monotone.
    pub fn mean_estimate<const D: usize>(&self) -> Estimate<D>
    where
        P: Univariate<D, Kind = Float> + Moments<D>,
        B: Bijector<D>,
    {
        let _ = direction(&self.bijector);
        let like = self.base.mean();
        let image = self.image_of_median(&like);
        let [excess] = expectations(&self.base, &like, image.dims(), |point| {
            [self.bijector.increment(point.median, point.step, point.x)]
        });
        Estimate { value: image + excess.value, ..excess }
    }

    /// The variance by quadrature, with its error.
    ///
    /// # Panics
    ///
    /// If the bijector is not elementwise and monotone.
    pub fn variance_estimate<const D: usize>(&self) -> Estimate<D>
    where
        P: Univariate<D, Kind = Float> + Moments<D>,
        B: Bijector<D>,
    {
        let _ = direction(&self.bijector);
        let like = self.base.mean();
        let image = self.image_of_median(&like);
        let [first, second] = expectations(&self.base, &like, image.dims(), |point| {
            let excess = self.bijector.increment(point.median, point.step, point.x);
            [excess.clone(), excess.square()]
        });
        // About the median of y, which lies within one standard deviation of the mean: the
        // difference is at least half of the second moment, and nothing cancels.
        let error = second.error + first.value.clone().detach().abs() * first.error * 2.0;
        Estimate { value: second.value - first.value.square(), error, method: second.method }
    }

    /// The entropy by quadrature of the log-determinant, with its error.
    ///
    /// # Panics
    ///
    /// If the bijector is not elementwise and monotone.
    pub fn entropy_estimate<const D: usize>(&self) -> Estimate<D>
    where
        P: Univariate<D, Kind = Float> + Entropy<D>,
        B: Bijector<D>,
    {
        let _ = direction(&self.bijector);
        let entropy = self.base.entropy();
        let image = self.image_of_median(&entropy);
        let [log_det] = expectations(&self.base, &entropy, image.dims(), |point| {
            [self.bijector.log_det_jacobian(point.x)]
        });
        Estimate { value: entropy + log_det.value, ..log_det }
    }
}

/// Mean and variance of e^X from ln E e^(t(X − E X)) at t = 1 and 2.
fn exponential<const D: usize, P: Moments<D, Kind = Float>>(base: &P) -> Option<[Tensor<D>; 2]> {
    let first = base.central_log_moment_generating(1.0)?;
    let second = base.central_log_moment_generating(2.0)?;
    let log_mean = base.mean() + first.clone();
    // E e^2X - (E e^X)² as a product with e^k - 1, which a small variance would cancel. Where the
    // second moment is infinite the terms are masked before, lest ∞ - ∞ and 0 · ∞ spoil gradients.
    let infinite = second.clone().is_inf();
    let square = Exp.forward((log_mean.clone() * 2.0).mask_fill(infinite.clone(), 0.0));
    let exponent = (second - first.clone() * 2.0).mask_fill(infinite.clone(), 0.0);
    let variance = square * expm1(exponent);
    let unbounded = first.is_inf();
    let mean = Exp.forward(log_mean.mask_fill(unbounded.clone(), 0.0));
    let mean = mean.mask_fill(unbounded, f64::INFINITY);
    Some([mean, variance.mask_fill(infinite, f64::INFINITY)])
}

impl<const D: usize, P, B> Moments<D> for Transformed<P, B>
where
    P: Univariate<D, Kind = Float> + Moments<D>,
    B: Bijector<D>,
{
    fn mean(&self) -> Tensor<D> {
        if self.bijector.is_constant_jacobian() {
            return self.bijector.forward(self.base.mean());
        }
        match self.bijector.is_exponential().then(|| exponential(&self.base)).flatten() {
            Some([mean, _]) => mean,
            None => self.mean_estimate().value,
        }
    }

    fn variance(&self) -> Tensor<D> {
        if self.bijector.is_constant_jacobian() {
            let slope = Exp.forward(self.bijector.log_det_jacobian(self.base.mean()));
            return self.base.variance() * slope.square();
        }
        match self.bijector.is_exponential().then(|| exponential(&self.base)).flatten() {
            Some([_, variance]) => variance,
            None => self.variance_estimate().value,
        }
    }

    fn std_dev(&self) -> Tensor<D> {
        if self.bijector.is_constant_jacobian() {
            // From the standard deviation, whose square might underflow.
            let slope = Exp.forward(self.bijector.log_det_jacobian(self.base.mean()));
            return self.base.std_dev() * slope;
        }
        self.variance().sqrt()
    }

    /// Exact where the Jacobian is constant; else searched numerically, to about the square root of
    /// the precision, without gradient. One of them where several densities are equally large.
    fn mode(&self) -> Tensor<D> {
        if self.bijector.is_constant_jacobian() {
            return self.bijector.forward(self.base.mode());
        }
        self.searched_mode(&self.base.mean().detach())
    }
}

impl<const D: usize, P, B> Entropy<D> for Transformed<P, B>
where
    P: Univariate<D, Kind = Float> + Entropy<D>,
    B: Bijector<D>,
{
    fn entropy(&self) -> Tensor<D> {
        if self.bijector.is_constant_jacobian() {
            let entropy = self.base.entropy();
            let log_det = self.bijector.log_det_jacobian(entropy.clone().zeros_like());
            return entropy + log_det;
        }
        self.entropy_estimate().value
    }
}
