//! Distribution functions through a monotone map.

use burn::tensor::{Float, Tensor};

use super::Transformed;
use crate::bijector::{Bijector, Direction};
use crate::distribution::{Tail, Univariate};
use crate::parameter::common_shape;

impl<P, B> Transformed<P, B> {
    /// The image of a quantile of the base: `rising` where the map increases; where it decreases
    /// tails change places, and `falling` keeps the digits of a small probability.
    fn level<const D: usize>(
        &self,
        probability: Tensor<D>,
        [rising, falling]: [fn(&P, Tensor<D>) -> Tensor<D>; 2],
    ) -> Tensor<D>
    where
        P: Univariate<D, Kind = Float>,
        B: Bijector<D>,
    {
        let x = match direction(&self.bijector) {
            Direction::Increasing => rising(&self.base, probability),
            Direction::Decreasing => falling(&self.base, probability),
            Direction::Sign(sign) => {
                let falls = sign.lower_elem(0.0);
                let rising = rising(&self.base, probability.clone());
                let falling = falling(&self.base, probability);
                let shape = common_shape(
                    "quantile",
                    &["distribution", "bijector"],
                    &[rising.dims(), falls.dims()],
                );
                rising.expand(shape).mask_where(falls.expand(shape), falling.expand(shape))
            }
        };
        self.bijector.forward(x)
    }
}

/// The direction of a map that must be monotone.
pub(super) fn direction<const D: usize>(bijector: &impl Bijector<D>) -> Direction<D> {
    let Some(direction) = bijector.direction() else {
        panic!(
            "Transformed: distribution functions, quantiles and moments need an elementwise \
             monotone bijector, which {bijector:?} is not",
        );
    };
    direction
}

impl<const D: usize, P, B> Univariate<D> for Transformed<P, B>
where
    P: Univariate<D, Kind = Float>,
    B: Bijector<D>,
{
    /// That of the base at the inverse of `value`, on the other side where the map decreases.
    fn tail(&self, tail: Tail, value: Tensor<D>) -> Tensor<D> {
        let (base, codomain) = (&self.base, self.bijector.codomain());
        let (safe, beyond) = super::edges::clamped(&codomain, value);
        let x = self.bijector.inverse(safe);
        let result = match direction(&self.bijector) {
            Direction::Increasing => base.tail(tail, x),
            Direction::Decreasing => base.tail(tail.opposite(), x),
            Direction::Sign(sign) => {
                let (rising, falling) = (base.tail(tail, x.clone()), base.tail(tail.opposite(), x));
                let falls = sign.lower_elem(0.0).expand(rising.dims());
                rising.mask_where(falls, falling)
            }
        };
        let Some([under, over, nan]) = beyond else {
            return result;
        };
        let (shape, [below, above]) = (result.dims(), tail.limits());
        result
            .mask_fill(under.expand(shape), below)
            .mask_fill(over.expand(shape), above)
            .mask_fill(nan.expand(shape), f64::NAN)
    }

    fn quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        self.level(probability, [P::quantile, P::upper_quantile])
    }

    fn upper_quantile(&self, probability: Tensor<D>) -> Tensor<D> {
        self.level(probability, [P::upper_quantile, P::quantile])
    }
}
