//! Expectations under a univariate law by double-exponential quadrature, differentiable in its
//! parameters.

use burn::tensor::{Bool, Float, Tensor};

use super::Estimate;
use super::moving_ends::MovingEnds;
use super::nodes::{Chunk, chunks};
use crate::distribution::Univariate;

/// Points at which an integrand is wanted, relative to the median of the law.
#[derive(Clone, Debug)]
pub struct Point<const D: usize> {
    /// The median, where all points start.
    pub median: Tensor<D>,
    /// The points.
    pub x: Tensor<D>,
    /// `x` − `median`, without the rounding of that difference. Near a finite end it is `x` that keeps its
    /// digits.
    pub step: Tensor<D>,
}

/// E fₖ(X) for X drawn from `base`, for `M` functions at once.
///
/// Both halves of the law about its median are integrated by double-exponential rules (Takahasi
/// and Mori 1974), stretched to the distance of the first or last decile, or to the end of the
/// support where that is finite. The points move with ends of the support that are parameters, and
/// not with others, as far as gradients are concerned: a gradient is that of the density at these points,
/// and of whatever `integrand` tracks. Masses are normalised by their sum, so that E 1 = 1 whatever the rounding.
///
/// Accuracy: with a scale within ten times that of `integrand` the relative error is about
/// 1e-6 in `f32` and 1e-10 in `f64`. Where the density is infinite at an end other than 0, what lies within
/// the rounding of that end is lost: for a Beta law of concentration0 0.46 it is 4e-5 and 3e-9. An
/// expectation that does not exist is not noticed.
///
/// # Arguments
///
/// - `base`: the law; its density smooth between the median and the ends of the support
/// - `shape`: the shape of the results, to which the shape of `base` broadcasts
/// - `integrand`: the functions at the points it is given, with whose shape its results broadcast
///
/// Where `shape` has a dimension of size 1 the points lie along it, and everything is evaluated a
/// few times; elsewhere the integrand is called once for every point.
///
/// # Panics
///
/// If the shapes do not broadcast.
pub fn expectations<const D: usize, const M: usize>(
    base: &(impl Univariate<D, Kind = Float> + ?Sized),
    like: &Tensor<D>,
    shape: [usize; D],
    integrand: impl Fn(Point<D>) -> [Tensor<D>; M],
) -> [Estimate<D>; M] {
    let axis = shape.iter().position(|size| *size == 1);
    let zeros = || Tensor::<D>::zeros(shape, (&like.device(), like.dtype()));
    // For the nodes of the coarse rule and those between them: the mass, then the integrals.
    let mut sums: [(Tensor<D>, Vec<Tensor<D>>); 2] =
        core::array::from_fn(|_| (zeros(), (0..M).map(|_| zeros()).collect()));
    let (sides, ends) = (Side::both(base, like), MovingEnds::of(&base.support(), like));
    for chunk in chunks(like, shape, axis) {
        for side in &sides {
            let (point, mass) = side.mass(base, &ends, &chunk);
            let total = |integrals: Tensor<D>| match axis {
                Some(axis) => integrals.sum_dim(axis),
                None => integrals,
            };
            let (masses, integrals) = &mut sums[usize::from(chunk.coarse)];
            for (integral, value) in integrals.iter_mut().zip(integrand(point)) {
                *integral = integral.clone() + total(mass.clone() * value);
            }
            *masses = masses.clone() + total(mass);
        }
    }
    let [(between_mass, between), (coarse_mass, coarse)] = sums;
    let mut halves = between.into_iter().zip(coarse);
    core::array::from_fn(|_| {
        let (between, coarse) = halves.next().expect("one sum for each integrand");
        let half = coarse.clone().detach() / coarse_mass.clone().detach();
        let value = (between + coarse) / (between_mass.clone() + coarse_mass.clone());
        Estimate {
            error: (value.clone().detach() - half).abs(),
            value,
            method: "double-exponential quadrature",
        }
    })
}

/// One side of the median.
#[derive(Debug)]
pub(crate) struct Side<const D: usize> {
    median: Tensor<D>,
    /// The end of the support.
    end: Tensor<D>,
    /// Whether it is finite.
    finite: Tensor<D, Bool>,
    /// How far the side stretches: to the end, or to the decile.
    width: Tensor<D>,
    log_width: Tensor<D>,
    sign: f64,
}

impl<const D: usize> Side<D> {
    /// Both sides, the lower one first, without gradient.
    pub(crate) fn both(
        base: &(impl Univariate<D, Kind = Float> + ?Sized),
        like: &Tensor<D>,
    ) -> [Self; 2] {
        let quantile = |probability: f64| {
            let options = (&like.device(), like.dtype());
            base.quantile(Tensor::full([1; D], probability, options)).detach()
        };
        let median = quantile(0.5);
        [(-1.0, 0.0, 0.1), (1.0, 1.0, 0.9)].map(|(sign, end, decile)| {
            let end = quantile(end);
            let finite = end.clone().is_finite();
            let to_end = (end.clone() - median.clone()).abs();
            let to_decile = (quantile(decile) - median.clone()).abs();
            let width = to_decile.mask_where(finite.clone(), to_end);
            Self {
                median: median.clone(),
                end,
                finite,
                log_width: width.clone().log(),
                width,
                sign,
            }
        })
    }

    pub(crate) fn median(&self) -> &Tensor<D> {
        &self.median
    }

    pub(crate) fn end(&self) -> &Tensor<D> {
        &self.end
    }

    pub(crate) fn width(&self) -> &Tensor<D> {
        &self.width
    }

    /// The points of a chunk, the logarithm of their weights, and whether they count.
    pub(crate) fn points(&self, chunk: &Chunk<D>) -> (Point<D>, Tensor<D>, Tensor<D, Bool>) {
        let shape = (self.width.clone() + chunk.far.clone()).dims();
        let finite = self.finite.clone().expand(shape);
        let unit = |x: &Tensor<D>| (self.width.clone() * x.clone()).expand(shape);
        let step =
            (unit(&chunk.far)).mask_where(finite.clone(), unit(&chunk.near_start)) * self.sign;
        // Close to a finite end the distance to the end has the digits: a density may be singular.
        let from_end = self.end.clone() - unit(&chunk.near_end) * self.sign;
        let near_end =
            chunk.near_end.clone().lower_elem(0.5).expand(shape).bool_and(finite.clone());
        let x = (self.median.clone() + step.clone()).mask_where(near_end, from_end);
        let log_weight = (self.log_width.clone() + chunk.far_log_weight.clone())
            .mask_where(finite, self.log_width.clone() + chunk.unit_log_weight.clone());
        // A point rounded onto the end, where density and integrand may be infinite, is left out;
        // it is moved to the median rather than masked later, which would not save the gradient.
        let out = (x.clone().equal(self.end.clone().expand(shape)))
            .bool_or(x.clone().is_finite().bool_not());
        let median = self.median.clone().expand(shape);
        let point = Point {
            median: self.median.clone(),
            x: x.mask_where(out.clone(), median),
            step: step.mask_fill(out.clone(), 0.0),
        };
        let log_weight = log_weight.mask_fill(out.clone(), f64::NEG_INFINITY);
        (point, log_weight, out)
    }

    /// The points of a chunk and their probability masses.
    fn mass(
        &self,
        base: &(impl Univariate<D, Kind = Float> + ?Sized),
        ends: &MovingEnds<D>,
        chunk: &Chunk<D>,
    ) -> (Point<D>, Tensor<D>) {
        let (point, log_weight, out) = self.points(chunk);
        let [median, step, x] = ends.follow_step([point.median, point.step, point.x]);
        let mass = (base.log_prob(x.clone()) + log_weight).exp();
        // Where the mass underflows an integrand might overflow: it is taken at the median.
        let out = out.bool_or(mass.clone().detach().equal_elem(0.0));
        let point = Point {
            x: x.mask_where(out.clone(), median.clone().expand(mass.dims())),
            step: step.mask_fill(out, 0.0),
            median,
        };
        (point, mass)
    }
}
