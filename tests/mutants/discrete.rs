//! A Categorical, broken.

use burn::tensor::{Int, Tensor};
use pushforward::prelude::*;
use pushforward::testing::*;
use rand::Rng;

/// Where the mistake is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    MassConstant,
    DrawNextCategory,
    DrawOutside,
    CdfExcludesTheValue,
    QuantileOneUp,
    ModeZero,
    MeanShift,
    EntropyInBits,
    MassGradient,
    EntropyGradient,
}

#[derive(Clone, Debug)]
struct Broken {
    inner: Categorical<2>,
    mistake: Mistake,
}

impl Broken {
    fn or<T>(&self, mistake: Mistake, right: T, wrong: impl FnOnce(T) -> T) -> T {
        if self.mistake == mistake { wrong(right) } else { right }
    }
}

impl Distribution<2> for Broken {
    type Kind = Int;

    fn shape(&self) -> [usize; 2] {
        self.inner.shape()
    }

    fn support(&self) -> Support {
        self.inner.support()
    }

    fn sample(&self, shape: [usize; 2], rng: &mut dyn Rng) -> Tensor<2, Int> {
        let last = self.inner.categories() as i64 - 1;
        let x = self.inner.sample(shape, rng);
        let x = self.or(Mistake::DrawNextCategory, x, |x| (x + 1).clamp(0, last));
        self.or(Mistake::DrawOutside, x, |x| x + 1)
    }

    fn log_prob(&self, value: Tensor<2, Int>) -> Tensor<2> {
        let p = self.inner.log_prob(value);
        let p = self.or(Mistake::MassGradient, p, Tensor::detach);
        self.or(Mistake::MassConstant, p, |p| p + 1e-3)
    }
}

impl Univariate<2> for Broken {
    fn tail(&self, tail: Tail, value: Tensor<2, Int>) -> Tensor<2> {
        let value = self.or(Mistake::CdfExcludesTheValue, value, |value| match tail {
            Tail::Cdf => value - 1,
            _ => value,
        });
        self.inner.tail(tail, value)
    }

    fn quantile(&self, probability: Tensor<2>) -> Tensor<2, Int> {
        self.or(Mistake::QuantileOneUp, self.inner.quantile(probability), |x| x + 1)
    }
}

impl Moments<2> for Broken {
    fn mean(&self) -> Tensor<2> {
        self.or(Mistake::MeanShift, self.inner.mean(), |mean| mean + 1e-2)
    }

    fn variance(&self) -> Tensor<2> {
        self.inner.variance()
    }

    fn mode(&self) -> Tensor<2, Int> {
        self.or(Mistake::ModeZero, self.inner.mode(), |mode| mode.zeros_like())
    }
}

impl Entropy<2> for Broken {
    fn entropy(&self) -> Tensor<2> {
        let entropy = self.inner.entropy();
        let entropy = self.or(Mistake::EntropyGradient, entropy, Tensor::detach);
        self.or(Mistake::EntropyInBits, entropy, |entropy| entropy / core::f64::consts::LN_2)
    }
}

/// The first law that a mistake breaks.
fn broken_law(mistake: Mistake) -> Option<LawError> {
    let device = crate::common::first_device();
    let logits = [Tensor::<2>::from_floats([[0.5, -1.0, 2.0, 0.0]], &device)];
    let build = |p: &[Tensor<2>]| {
        Box::new(Broken { inner: Categorical::from_logits(p[0].clone()), mistake })
    };
    let broken = *build(&logits);
    let check = Check::new(format!("{mistake:?}"));
    let autodiff = device.autodiff();
    (shapes::laws(&logits, &check, build).into_iter())
        .chain(density::laws(&broken, &check))
        .chain(sampling::laws(&broken, &check))
        .chain(univariate::laws(&broken, &check))
        .chain(moments::laws(&broken, &check))
        .chain([
            moments::entropy_agrees(&broken, &check),
            gradients::of_log_prob(&logits, &autodiff, &check, build),
            summaries::of_entropy(&logits, &autodiff, &check, build),
        ])
        .find_map(Result::err)
}

#[test]
fn a_correct_discrete_family_passes() {
    assert_eq!(broken_law(Mistake::None), None);
}

#[test]
fn every_mistake_in_a_discrete_family_breaks_a_law() {
    use Mistake::*;
    crate::notices(
        &[
            MassConstant,
            DrawNextCategory,
            DrawOutside,
            CdfExcludesTheValue,
            QuantileOneUp,
            ModeZero,
            MeanShift,
            EntropyInBits,
            MassGradient,
            EntropyGradient,
        ],
        broken_law,
    );
}
