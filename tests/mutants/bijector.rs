//! A hyperbolic tangent, broken.

use burn::tensor::Tensor;
use pushforward::bijector::Direction;
use pushforward::prelude::*;
use pushforward::testing::*;

/// Where the mistake is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    None,
    ForwardScale,
    InverseShift,
    LogDetSign,
    LogDetConstant,
    InverseLogDetOfTheOtherSide,
    PairValue,
    PairLogDet,
    CodomainTooSmall,
    DomainTooLarge,
    ConstantJacobian,
    Direction,
    ForwardGradient,
    LogDetGradient,
}

#[derive(Debug)]
struct Broken(Mistake);

impl Broken {
    fn or(
        &self,
        mistake: Mistake,
        right: Tensor<2>,
        wrong: impl FnOnce(Tensor<2>) -> Tensor<2>,
    ) -> Tensor<2> {
        if self.0 == mistake { wrong(right) } else { right }
    }
}

impl Bijector<2> for Broken {
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let y = self.or(Mistake::ForwardScale, Tanh.forward(x), |y| y * 0.9999);
        self.or(Mistake::ForwardGradient, y, Tensor::detach)
    }

    fn inverse(&self, y: Tensor<2>) -> Tensor<2> {
        self.or(Mistake::InverseShift, Tanh.inverse(y), |x| x + 1e-3)
    }

    fn log_det_jacobian(&self, x: Tensor<2>) -> Tensor<2> {
        let log_det = Tanh.log_det_jacobian(x);
        let log_det = self.or(Mistake::LogDetSign, log_det, |log_det| -log_det);
        let log_det = self.or(Mistake::LogDetConstant, log_det, |log_det| log_det + 1e-3);
        self.or(Mistake::LogDetGradient, log_det, Tensor::detach)
    }

    fn inverse_log_det_jacobian(&self, y: Tensor<2>) -> Tensor<2> {
        let log_det = Tanh.inverse_log_det_jacobian(y);
        self.or(Mistake::InverseLogDetOfTheOtherSide, log_det, |log_det| -log_det)
    }

    fn forward_and_log_det(&self, x: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let (y, log_det) = (self.forward(x.clone()), self.log_det_jacobian(x));
        (
            self.or(Mistake::PairValue, y, |y| y + 1e-3),
            self.or(Mistake::PairLogDet, log_det, |log_det| log_det * 1.001),
        )
    }

    fn inverse_and_log_det(&self, y: Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        (self.inverse(y.clone()), self.inverse_log_det_jacobian(y))
    }

    fn domain(&self) -> Support {
        if self.0 == Mistake::DomainTooLarge {
            return Support::Interval { low: (-1e9).into(), high: 1e9.into() };
        }
        Support::Real
    }

    fn codomain(&self) -> Support {
        if self.0 == Mistake::CodomainTooSmall {
            return Support::UnitInterval;
        }
        Bijector::<2>::codomain(&Tanh)
    }

    fn is_constant_jacobian(&self) -> bool {
        self.0 == Mistake::ConstantJacobian
    }

    fn direction(&self) -> Option<Direction<2>> {
        match self.0 {
            Mistake::Direction => Some(Direction::Decreasing),
            _ => Tanh.direction(),
        }
    }
}

/// The first law that a mistake breaks.
fn broken_law(mistake: Mistake) -> Option<LawError> {
    let device = crate::common::first_device();
    let like = Tensor::<2>::zeros([1, 2], &device);
    let check = Check::new(format!("{mistake:?}"));
    let autodiff = device.autodiff();
    (bijector::laws(&Broken(mistake), &like, &check).into_iter())
        .chain([gradients::of_bijector(&[], &like, &autodiff, &check, |_| Broken(mistake))])
        .find_map(Result::err)
}

#[test]
fn a_correct_bijector_passes() {
    assert_eq!(broken_law(Mistake::None), None);
}

#[test]
fn every_mistake_in_a_bijector_breaks_a_law() {
    use Mistake::*;
    crate::notices(
        &[
            ForwardScale,
            InverseShift,
            LogDetSign,
            LogDetConstant,
            InverseLogDetOfTheOtherSide,
            PairValue,
            PairLogDet,
            CodomainTooSmall,
            DomainTooLarge,
            ConstantJacobian,
            Direction,
            ForwardGradient,
            LogDetGradient,
        ],
        broken_law,
    );
}
