//! The parameters of a transformed law: those of the base, then those of the bijector.

use burn::tensor::Tensor;

use super::Transformed;
use crate::bijectors::ParametricBijector;
use crate::parameter::{Parameter, ParameterError, Parametric, check_each};

impl<const D: usize, P, B> Parametric<D> for Transformed<P, B>
where
    P: Parametric<D>,
    B: ParametricBijector<D>,
{
    type WithRank<const E: usize> = Transformed<P::WithRank<E>, B::WithRank<E>>;
    const NAME: &'static str = "Transformed";

    fn parameters(&self) -> Vec<Parameter<D>> {
        self.base.parameters().into_iter().chain(self.bijector.parameters()).collect()
    }

    fn map<const E: usize>(
        self,
        mut transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E> {
        let base = self.base.map(&mut transform);
        Transformed { base, bijector: self.bijector.map_parameters(&mut transform) }
    }

    /// Each part as it expands by itself.
    fn expand(self, shape: [usize; D]) -> Self::WithRank<D> {
        let bijector = self.bijector.expand_parameters(shape);
        Transformed { base: self.base.expand(shape), bijector }
    }

    /// The base by its own rules, with its own name, then the bijector.
    fn validate(&self) -> Result<(), ParameterError> {
        self.base.validate()?;
        (self.bijector.parameters().into_iter()).try_for_each(|parameter| {
            let Parameter { name, value, support } = parameter;
            check_each(<Self as Parametric<D>>::NAME, name, value, &support)
        })
    }
}
