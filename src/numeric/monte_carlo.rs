//! Expectations by sampling.

use rand::Rng;

use super::Estimate;
use crate::distribution::{Distribution, Reparameterized};

/// The Kullback–Leibler divergence from `p` to `q` estimated from draws, for pairs without a
/// closed form.
///
/// The mean of ln p(x) − ln q(x) over `samples` draws x from `p`; the error is its standard error.
/// Gradients are pathwise, with respect to the parameters of both.
///
/// # Shapes
///
/// - output: the common shape of both, event dimensions kept with size 1
///
/// # Panics
///
/// If the shapes do not broadcast, or there are fewer than 2 samples.
pub fn monte_carlo_kl<const D: usize, P, Q>(
    p: &P,
    q: &Q,
    samples: usize,
    rng: &mut dyn Rng,
) -> Estimate<D>
where
    P: Reparameterized<D>,
    Q: Distribution<D, Kind = burn::tensor::Float>,
{
    assert!(
        samples >= 2,
        "monte_carlo_kl: {samples} samples have no standard error; take 2 or more"
    );
    let mut difference = || {
        let (x, log_prob) = p.rsample_and_log_prob(p.shape(), rng);
        log_prob - q.log_prob(x)
    };
    // Welford 1962: one pass, and no difference of large sums.
    let mut mean = difference();
    let mut squares = mean.clone().detach().zeros_like();
    for count in 2..=samples {
        let term = difference();
        let before = term.clone().detach() - mean.clone().detach();
        mean = mean.clone() + (term.clone() - mean) / count as f64;
        squares = squares + before * (term.detach() - mean.clone().detach());
    }
    let count = samples as f64;
    Estimate {
        value: mean,
        error: (squares / ((count - 1.0) * count)).sqrt(),
        method: "Monte Carlo",
    }
}
