//! The Dirichlet distribution.

mod density;
mod draw;
mod summaries;

pub(crate) use self::summaries::{
    entropy_rest as dirichlet_entropy_rest, entropy_term as dirichlet_entropy_term,
};
use burn::tensor::{Float, Int, IntDType, Tensor};
use rand::Rng;

use super::{Gamma, beta};
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized};
use crate::kernel::rows::{log_sum_exp_rows, sum_rows};
use crate::parameter::{Parameter, ParameterError, Parametric, check_sample_shape};
use crate::support::Support;

/// The Dirichlet distribution of probability vectors `[.., K]` along the last dimension, one event
/// each, with one `concentration` for each entry.
///
#[cfg_attr(
    doc,
    doc = r"$$p(x) = \frac{\Gamma(\sum_k \alpha_k)}{\prod_k \Gamma(\alpha_k)}
\prod_k x_k^{\alpha_k-1}, \quad \sum_k x_k = 1$$"
)]
#[cfg_attr(
    not(doc),
    doc = "`p(x) = Γ(Σ concentration) / prod_k Γ(concentration_k) prod_k x_k^(concentration_k - 1)`"
)]
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::prelude::*;
///
/// let concentration = Tensor::<2>::from_floats([[0.5, 2.0, 7.0]], &Device::flex());
/// let dirichlet = Dirichlet::new(concentration);
/// let weights = dirichlet.rsample([5, 3], &mut rand::rng());
/// assert_eq!(dirichlet.log_prob(weights).dims(), [5, 1]);
/// ```
///
/// # Notes
///
/// The density is with respect to the first K − 1 entries. It keeps its digits for large
/// concentrations, where the textbook formula loses them all, and takes a vector that sums to 1 up
/// to rounding as one that does. Draws are normalised gamma draws, made in log space, with the
/// gradients of those; small concentrations put most entries below the smallest float: see
/// [`log_rsample`](Self::log_rsample).
#[derive(Clone, Debug)]
pub struct Dirichlet<const D: usize> {
    concentration: Tensor<D>,
}

impl<const D: usize> Dirichlet<D> {
    /// Creates a Dirichlet distribution. Values are not read back.
    ///
    /// # Arguments
    ///
    /// - `concentration`: positive, one for each entry along the last dimension
    ///
    /// # Panics
    ///
    /// At rank 0, which has no last dimension.
    #[must_use]
    pub fn new(concentration: Tensor<D>) -> Self {
        assert!(D > 0, "Dirichlet: `concentration` needs a dimension for the entries");
        Self { concentration }
    }

    /// Creates a Dirichlet distribution and checks its parameter, reading it back once.
    ///
    /// # Errors
    ///
    /// The first element that is not positive and finite.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    pub fn try_new(concentration: Tensor<D>) -> Result<Self, ParameterError> {
        Self::new(concentration).validated()
    }

    /// The concentrations.
    pub fn concentration(&self) -> Tensor<D> {
        self.concentration.clone()
    }

    /// Draws the logarithms of the entries with the pathwise gradient: finite also where an entry
    /// itself underflows, as most entries of a concentration below 0.01 do.
    ///
    /// Shapes are those of [`sample`](Distribution::sample), and the same `rng` gives the logarithms
    /// of the same values.
    ///
    /// # Panics
    ///
    /// If the distribution does not broadcast to `shape`.
    #[must_use]
    pub fn log_rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        let own = self.shape();
        assert!(
            shape[D - 1] == own[D - 1],
            "Dirichlet: a draw has {} entries along the last dimension, not {}",
            own[D - 1],
            shape[D - 1],
        );
        check_sample_shape(Self::NAME, own, shape);
        let logs = Gamma::new(self.concentration(), 1.0).log_rsample(shape, rng);
        // Less the largest of the row first, whatever that is: of small concentrations all gammas
        // are near e^-1000, and the logarithm of their sum would round away what the entries lack
        // of 1.
        let logs = logs.clone() - logs.detach().max_dim(D - 1);
        logs.clone() - log_sum_exp_rows(logs)
    }

    /// Σ concentration, kept with size 1.
    fn total(&self) -> Tensor<D> {
        sum_rows(self.concentration())
    }

    /// The sums over all other entries, from both sides: the total less one entry would lose what a
    /// dominating entry leaves.
    fn others(entries: Tensor<D>) -> Tensor<D> {
        let last = D - 1;
        let count = entries.dims()[last];
        let gap = Tensor::zeros_like(&entries.clone().narrow(last, 0, 1));
        if count == 1 {
            return gap;
        }
        let before = entries.clone().narrow(last, 0, count - 1).cumsum(last);
        let reversed = entries.flip([last as isize]).narrow(last, 0, count - 1).cumsum(last);
        let after = reversed.flip([last as isize]);
        Tensor::cat(vec![gap.clone(), before], last) + Tensor::cat(vec![after, gap], last)
    }
}

impl<const D: usize> Distribution<D> for Dirichlet<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        self.concentration.dims()
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn support(&self) -> Support {
        Support::Simplex
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.rsample(shape, rng).detach()
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        let unknown = value.clone().detach().is_nan().any_dim(D - 1);
        let inside = Support::Simplex.contains(value.clone().detach());
        let total = self.total();
        let terms = density::TERM.apply([value, self.concentration(), total.clone().detach()]);
        let log_prob = sum_rows(terms) + density::NORMALISER.apply([total]);
        // The terms of a vector outside may be NaN themselves: what is unknown is asked beforehand.
        let parameters = self.concentration().detach().is_nan().any_dim(D - 1);
        let shape = log_prob.dims();
        let open = inside.bool_or(unknown).expand(shape).bool_or(parameters.expand(shape));
        log_prob.mask_fill(open.bool_not(), f64::NEG_INFINITY)
    }
}

impl<const D: usize> Reparameterized<D> for Dirichlet<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        draw::ENTRY.apply([self.log_rsample(shape, rng)])
    }
}

impl<const D: usize> Moments<D> for Dirichlet<D> {
    fn mean(&self) -> Tensor<D> {
        // An entry has a Beta distribution.
        beta::MEAN.apply([self.concentration(), Self::others(self.concentration())])
    }

    fn variance(&self) -> Tensor<D> {
        beta::VARIANCE.apply([self.concentration(), Self::others(self.concentration())])
    }

    /// Entries whose concentration is at most 1 are 0 in it. Where all are, the density is largest at
    /// the corners, and the mode is the first corner among those of the largest concentration.
    fn mode(&self) -> Tensor<D> {
        let (concentration, last) = (self.concentration(), D - 1);
        // A fill rather than a clamp, which would turn NaN into 0.
        let low = concentration.clone().lower_equal_elem(1.0);
        let excess = (concentration.clone() - 1.0).mask_fill(low, 0.0);
        let count = concentration.dims()[last];
        let corner = concentration.clone().detach().argmax(last);
        let index = Tensor::<1, Int>::arange(0..count as i64, &concentration.device());
        let mut row = [1; D];
        row[last] = count;
        let index = index.cast(IntDType::from(corner.dtype())).reshape(row);
        let shape = concentration.dims();
        let corner = index.expand(shape).equal(corner.expand(shape)).float();
        let corner = corner.cast(concentration.dtype());
        let flat = sum_rows(excess.clone()).equal_elem(0.0).expand(excess.dims());
        // The shares as in the mean; of nothing, any will do.
        let rest = Self::others(excess.clone()).mask_fill(flat.clone(), 1.0);
        beta::MEAN.apply([excess, rest]).mask_where(flat, corner)
    }
}

impl<const D: usize> Entropy<D> for Dirichlet<D> {
    fn entropy(&self) -> Tensor<D> {
        let total = self.total();
        let terms = summaries::ENTROPY_TERM.apply([self.concentration(), total.clone()]);
        sum_rows(terms) + summaries::ENTROPY_REST.apply([total])
    }
}

impl<const D: usize> Parametric<D> for Dirichlet<D> {
    type WithRank<const E: usize> = Dirichlet<E>;
    const NAME: &'static str = "Dirichlet";

    fn parameters(&self) -> Vec<Parameter<D>> {
        vec![Parameter::new("concentration", self.concentration(), Support::Positive)]
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Dirichlet<E> {
        Dirichlet { concentration: transform(self.concentration) }
    }
}
