//! Density, draws and moments of the multivariate Normal.

use burn::tensor::{Float, Tensor};
use rand::Rng;

use super::{Given, MultivariateNormal};
use crate::constants::HALF_LN_TWO_PI;
use crate::distribution::{Distribution, Entropy, Moments, Reparameterized};
use crate::kernel::rows::sum_rows;
use crate::kernel::triangular::TriangularMap;
use crate::kernel::{Formula, MultiFormula, Op, Real};
use crate::linalg::Layout;
use crate::parameter::{Parametric, check_sample_shape, common_shape};
use crate::random::{self, Key};
use crate::support::Support;

impl<const D: usize> MultivariateNormal<D> {
    /// The natural logarithms of the diagonal of L.
    fn log_scales(&self) -> Tensor<D> {
        let logs = self.factor_diagonal().log();
        if self.given.is_inverse() { -logs } else { logs }
    }
}

/// The densities of vectors, from the terms of each element in the layout of the kernels.
fn density<const D: usize>(layout: &Layout<D>, terms: Tensor<3>) -> Tensor<D> {
    layout.restore(SETTLED.apply([sum_rows(terms)]))
}

/// x ↦ L⁻¹ x by a factor of this kind.
pub(super) fn whitening(given: Given) -> TriangularMap {
    if given.is_inverse() { TriangularMap::MULTIPLY } else { TriangularMap::SOLVE }
}

/// x ↦ L x by a factor of this kind.
fn colouring(given: Given) -> TriangularMap {
    if given.is_inverse() { TriangularMap::SOLVE } else { TriangularMap::MULTIPLY }
}

pub(crate) static DEVIATION: Op<2, 2> = Op::new::<Deviation>();
static TERM: Op<3> = Op::new::<Term>();
static TERM_OF_NOISE: Op<2> = Op::new::<TermOfNoise>();
pub(crate) static SETTLED: Op<1> = Op::new::<Settled>();

/// x − loc, and −∞ beside 0 where that is infinite: in a product of matrices infinities meet zeros
/// and each other.
pub(crate) struct Deviation;

impl MultiFormula<2, 2> for Deviation {
    const NAME: &'static str = "MultivariateNormal";
    const INPUTS: [&'static str; 2] = ["value", "loc"];

    #[inline(always)]
    fn evaluate<R: Real>([value, loc]: [R; 2]) -> [R; 2] {
        let (zero, deviation) = (R::constant(0.0), value - loc);
        let far = deviation.abs().equal(R::constant(f64::INFINITY));
        let barrier = R::select(far, R::constant(f64::NEG_INFINITY), zero);
        [R::select(far, zero, deviation), barrier]
    }
}

/// What one element adds to the density: −½z² − ln Lᵢᵢ − ½ ln 2π.
struct Term;

impl Formula<3> for Term {
    const NAME: &'static str = "MultivariateNormal";
    const INPUTS: [&'static str; 3] = ["whitened", "log_scale", "barrier"];

    #[inline(always)]
    fn evaluate<R: Real>([z, log_scale, barrier]: [R; 3]) -> R {
        // A constant, since an infinite z times the gradient of 0 that arrives would be NaN. A
        // matrix of NaN has an answer at no value.
        let lowest = R::constant(f64::NEG_INFINITY);
        let far = z.abs().equal(R::constant(f64::INFINITY)) | barrier.equal(lowest);
        let term = z.square() * -0.5 - log_scale - HALF_LN_TWO_PI;
        R::select(far & !log_scale.is_nan(), lowest, term)
    }
}

/// The same at noise, which is finite.
struct TermOfNoise;

impl Formula<2> for TermOfNoise {
    const NAME: &'static str = "MultivariateNormal";
    const INPUTS: [&'static str; 2] = ["noise", "log_scale"];

    #[inline(always)]
    fn evaluate<R: Real>([noise, log_scale]: [R; 2]) -> R {
        noise.square() * -0.5 - log_scale - HALF_LN_TWO_PI
    }
}

/// The sum of the terms; where that is −∞ a constant, so that no gradient flows to any element.
pub(crate) struct Settled;

impl Formula<1> for Settled {
    const NAME: &'static str = "MultivariateNormal";
    const INPUTS: [&'static str; 1] = ["log_prob"];

    #[inline(always)]
    fn evaluate<R: Real>([log_prob]: [R; 1]) -> R {
        let lowest = R::constant(f64::NEG_INFINITY);
        R::select(log_prob.equal(lowest), lowest, log_prob)
    }
}

impl<const D: usize> Distribution<D> for MultivariateNormal<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        let mut matrix = self.matrix.dims();
        matrix[D - 1] = self.length;
        common_shape(Self::NAME, &["loc", self.given.name()], &[self.loc.dims(), matrix])
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
        let own = self.shape();
        common_shape(Self::NAME, &["value", "distribution"], &[value.dims(), own]);
        let [deviation, barrier] = DEVIATION.apply_all([value, self.loc()]);
        let layout = Layout::of(self.factor.dims(), deviation.dims());
        let whitened = self.mapped(&layout, deviation, whitening(self.given));
        let log_scales = layout.beside_matrices(self.log_scales());
        let barrier = layout.vectors(self.whole(barrier));
        density(&layout, TERM.apply([whitened, log_scales, barrier]))
    }
}

impl<const D: usize> Reparameterized<D> for MultivariateNormal<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        self.draw(shape, rng).0
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let (value, noise, layout) = self.draw(shape, rng);
        let log_scales = layout.beside_matrices(self.log_scales());
        // The density from the noise itself: nothing is solved, and no digits of x − loc are lost.
        let terms = TERM_OF_NOISE.apply([layout.vectors(noise), log_scales]);
        (value, density(&layout, terms))
    }
}

impl<const D: usize> MultivariateNormal<D> {
    /// Draws, and the noise behind them.
    fn draw(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>, Layout<D>) {
        let own = self.shape();
        check_sample_shape(Self::NAME, own, shape);
        assert!(
            shape[D - 1] == self.length,
            "{}: draws of shape {shape:?} of vectors of {} elements",
            Self::NAME,
            self.length,
        );
        let (device, dtype) = (self.loc.device(), self.loc.dtype());
        let noise = random::normal(shape, Key::from_rng(rng), &device, dtype);
        let layout = Layout::of(self.factor.dims(), shape);
        let coloured = self.mapped(&layout, noise.clone(), colouring(self.given));
        (layout.restore(coloured) + self.loc(), noise, layout)
    }
}

impl<const D: usize> Moments<D> for MultivariateNormal<D> {
    fn mean(&self) -> Tensor<D> {
        self.loc().expand(self.shape())
    }

    fn variance(&self) -> Tensor<D> {
        self.flat_variance().expand(self.shape())
    }

    fn mode(&self) -> Tensor<D> {
        self.mean()
    }
}

impl<const D: usize> Entropy<D> for MultivariateNormal<D> {
    fn entropy(&self) -> Tensor<D> {
        let mut batch = self.shape();
        batch[D - 1] = 1;
        sum_rows(self.log_scales() + (HALF_LN_TWO_PI + 0.5)).expand(batch)
    }
}
