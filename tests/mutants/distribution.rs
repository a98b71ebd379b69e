//! A Normal, broken.

use burn::tensor::{Float, Tensor};
use pushforward::prelude::*;
use pushforward::testing::*;
use rand::Rng;

/// Where the mistake is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    DensityConstant,
    DensitySign,
    DensityScale,
    CdfTail,
    SurvivalOfTheOtherSide,
    LogCdfIsLogOfCdf,
    QuantileScale,
    MeanSign,
    VarianceIsStdDev,
    EntropyConstant,
    DrawScale,
    DrawShift,
    DrawGradient,
    PairDensity,
    ParameterGradient,
    NanGradient,
    SilentNan,
    TailGradient,
    QuantileGradient,
    MeanGradient,
    EntropyGradient,
}

#[derive(Clone, Debug)]
struct Broken<const D: usize> {
    inner: Normal<D>,
    mistake: Mistake,
}

impl<const D: usize> Broken<D> {
    fn or(
        &self,
        mistake: Mistake,
        right: Tensor<D>,
        wrong: impl FnOnce(Tensor<D>) -> Tensor<D>,
    ) -> Tensor<D> {
        if self.mistake == mistake { wrong(right) } else { right }
    }
}

impl<const D: usize> Distribution<D> for Broken<D> {
    type Kind = Float;

    fn shape(&self) -> [usize; D] {
        self.inner.shape()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        let x = self.inner.sample(shape, rng);
        let x =
            self.or(Mistake::DrawScale, x, |x| (x - self.inner.loc()) * 1.05 + self.inner.loc());
        self.or(Mistake::DrawShift, x, |x| x + self.inner.scale() * 0.05)
    }

    fn log_prob(&self, value: Tensor<D>) -> Tensor<D> {
        let p = self.inner.log_prob(value.clone());
        let p = self.or(Mistake::DensityConstant, p, |p| p + 1e-3);
        let z = (value.clone() - self.inner.loc()) / self.inner.scale();
        let p = self.or(Mistake::DensitySign, p, |p| p + z.clone() * 1e-2);
        let p = self.or(Mistake::DensityScale, p, |p| p - z.square() * 1e-3);
        let p = self.or(Mistake::ParameterGradient, p, |_| {
            Normal::new(self.inner.loc(), self.inner.scale().detach()).log_prob(value.clone())
        });
        // The value is right, but a root of 0 has no slope.
        let p = self.or(Mistake::NanGradient, p, |p| {
            let finite = value.clone().mask_fill(value.is_finite().bool_not(), 0.0);
            p + (finite.clone() - finite.detach()).abs().sqrt()
        });
        self.or(Mistake::SilentNan, p, |p| {
            let nan = p.clone().is_nan();
            p.mask_fill(nan, f64::NEG_INFINITY)
        })
    }
}

impl<const D: usize> Reparameterized<D> for Broken<D> {
    fn rsample(&self, shape: [usize; D], rng: &mut dyn Rng) -> Tensor<D> {
        let x = self.inner.rsample(shape, rng);
        self.or(Mistake::DrawGradient, x, |x| {
            x.clone() - (self.inner.scale() - self.inner.scale().detach()).expand(x.dims())
        })
    }

    fn rsample_and_log_prob(&self, shape: [usize; D], rng: &mut dyn Rng) -> (Tensor<D>, Tensor<D>) {
        let (x, p) = self.inner.rsample_and_log_prob(shape, rng);
        (x, self.or(Mistake::PairDensity, p, |p| p * 1.0001))
    }
}

impl<const D: usize> Univariate<D> for Broken<D> {
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        let inner = &self.inner;
        let right = inner.tail(tail, value.clone());
        match tail {
            // 1 - survival: the lower tail is lost.
            Tail::Cdf => self.or(Mistake::CdfTail, right, |_| -inner.survival(value) + 1.0),
            Tail::LogCdf => self.or(Mistake::LogCdfIsLogOfCdf, right, |_| inner.cdf(value).log()),
            Tail::Survival => self.or(Mistake::SurvivalOfTheOtherSide, right, |_| inner.cdf(value)),
            Tail::LogSurvival => self.or(Mistake::TailGradient, right, Tensor::detach),
        }
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        let x = self.inner.quantile(probability);
        let x = self.or(Mistake::QuantileScale, x, |x| x * 1.001);
        self.or(Mistake::QuantileGradient, x, Tensor::detach)
    }
}

impl<const D: usize> Moments<D> for Broken<D> {
    fn mean(&self) -> Tensor<D> {
        let mean = self.or(Mistake::MeanSign, self.inner.mean(), |mean| -mean);
        self.or(Mistake::MeanGradient, mean, Tensor::detach)
    }

    fn variance(&self) -> Tensor<D> {
        self.or(Mistake::VarianceIsStdDev, self.inner.variance(), burn::Tensor::sqrt)
    }

    fn mode(&self) -> Tensor<D> {
        self.inner.mode()
    }
}

impl<const D: usize> Entropy<D> for Broken<D> {
    fn entropy(&self) -> Tensor<D> {
        let entropy = self.inner.entropy();
        let entropy = self.or(Mistake::EntropyConstant, entropy, |entropy| entropy + 1e-3);
        self.or(Mistake::EntropyGradient, entropy, Tensor::detach)
    }
}

/// The first law that a mistake breaks.
fn broken_law(mistake: Mistake) -> Option<LawError> {
    let device = crate::common::first_device();
    let parameters = [
        Tensor::<2>::from_floats([[0.5, -2.0]], &device),
        Tensor::<2>::from_floats([[1.5, 0.25]], &device),
    ];
    let build = |p: &[Tensor<2>]| {
        Box::new(Broken { inner: Normal::new(p[0].clone(), p[1].clone()), mistake })
    };
    let broken = *build(&parameters);
    let check = Check::new(format!("{mistake:?}"));
    let autodiff = device.autodiff();
    (density::laws(&broken, &check).into_iter())
        .chain(sampling::laws(&broken, &check))
        .chain(univariate::laws(&broken, &check))
        .chain(moments::laws(&broken, &check))
        .chain(shapes::laws(&parameters, &check, build))
        .chain([
            moments::entropy_agrees(&broken, &check),
            gradients::of_log_prob(&parameters, &autodiff, &check, build),
            edges::are_harmless(&parameters, &autodiff, &check, build),
            edges::nan_parameters_give_nan(&parameters, &check, build),
            gradients::of_draws(&parameters, &autodiff, &check, build),
            summaries::of_tails(&parameters, &autodiff, &check, build),
            summaries::of_quantiles(&parameters, &autodiff, &check, build),
            summaries::of_moments(&parameters, &autodiff, &check, build),
            summaries::of_entropy(&parameters, &autodiff, &check, build),
        ])
        .chain(
            (mistake != Mistake::DrawScale && mistake != Mistake::DrawShift)
                .then(|| sampling::reparameterized_draws_agree(&broken, &check)),
        )
        .find_map(Result::err)
}

#[test]
fn a_correct_family_passes() {
    assert_eq!(broken_law(Mistake::None), None);
}

#[test]
fn every_mistake_breaks_a_law() {
    use Mistake::*;
    crate::notices(
        &[
            DensityConstant,
            DensitySign,
            DensityScale,
            CdfTail,
            SurvivalOfTheOtherSide,
            LogCdfIsLogOfCdf,
            QuantileScale,
            MeanSign,
            VarianceIsStdDev,
            EntropyConstant,
            DrawScale,
            DrawShift,
            DrawGradient,
            PairDensity,
            ParameterGradient,
            NanGradient,
            SilentNan,
            TailGradient,
            QuantileGradient,
            MeanGradient,
            EntropyGradient,
        ],
        broken_law,
    );
}
