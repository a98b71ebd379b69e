//! The parameters under which samples are most likely, without an optimizer.
//!
//! Closed forms where there are, and a fixed number of safeguarded Newton steps for
//! [`Gamma`](crate::distributions::Gamma), [`InverseGamma`](crate::distributions::InverseGamma),
//! [`Beta`](crate::distributions::Beta), [`Dirichlet`](crate::distributions::Dirichlet),
//! [`Weibull`](crate::distributions::Weibull), [`Frechet`](crate::distributions::Frechet) and [`VonMises`](crate::distributions::VonMises). Everything else is fitted by gradient, as a
//! [`Learnable`](crate::nn::Learnable).
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use pushforward::prelude::*;
//!
//! // Four samples of two distributions each.
//! let samples = Tensor::<2>::from_floats(
//!     [[1.0, 8.0], [2.0, 8.0], [3.0, 16.0], [2.0, 32.0]],
//!     &Device::flex(),
//! );
//! let fitted = Exponential::fit_mle(samples);
//! assert_eq!(fitted.mean().into_data().as_slice::<f32>().unwrap(), [2.0, 16.0]);
//! ```

mod categories;
mod concentrations;
mod counts;
mod gamma;
mod located;
mod multivariate_normal;
mod positive;
mod sample;
mod von_mises;
mod weibull;

use burn::tensor::Tensor;

use crate::distribution::Distribution;
pub use sample::Weights;

/// A family whose maximum-likelihood fit is known.
///
/// # Shapes
///
/// - `samples`: `[N, ..]`, where the first dimension runs over the samples and the others are those
///   of the distribution
/// - `weights`: `[N, ..]`, how often each sample counts, at least 0; its other dimensions are those of
///   the samples or 1, event dimensions 1
/// - the parameters that come back: `[1, ..]`
///
/// # Notes
///
/// Whole numbers are averaged in the precision of the weights, without weights in that of the device.
///
/// Nothing is read back, and the fit carries no gradient. Samples must lie in the support, also
/// those of weight 0. Where the likelihood has no maximum, for samples that are all the same, the
/// fit is on the edge of the parameters (a scale of 0) or not finite.
pub trait MaximumLikelihood<const D: usize>: Distribution<D> + Sized {
    /// The distribution under which samples that count as `weights` says are most likely: what a
    /// family implements.
    fn fit_by(samples: Tensor<D, Self::Kind>, weights: &Weights<D>) -> Self;

    /// The distribution under which `samples` are most likely.
    ///
    /// # Panics
    ///
    /// If the first dimension is empty.
    fn fit_mle(samples: Tensor<D, Self::Kind>) -> Self {
        let weights = Weights::equal(samples.dims());
        Self::fit_by(samples, &weights)
    }

    /// The distribution under which `samples` are most likely, if each counts as often as its
    /// weight says.
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast.
    fn fit_mle_weighted(samples: Tensor<D, Self::Kind>, weights: Tensor<D>) -> Self {
        let weights = Weights::new(samples.dims(), weights);
        Self::fit_by(samples, &weights)
    }
}

/// An operation repeated a fixed number of times, so that nothing need be read back.
fn iterate<T>(times: usize, start: T, step: impl Fn(T) -> T) -> T {
    (0..times).fold(start, |x, _| step(x))
}
