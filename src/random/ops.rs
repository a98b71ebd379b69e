//! The backend extension: what a backend does for the samplers.

use burn::backend::backend_extension;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{IntDType, Shape};

use super::categorical;
use super::counts::{self, Steps};
use super::draw::Sampler;
use super::gamma::{from_noise, ratio_of_all_attempts};
use super::key::Key;
use super::points::{EXPONENTIAL, GUMBEL, NORMAL};
use super::stream::Source;
use super::upload;
use crate::kernel::{FormulaOps, Op, Tensors};

/// Samplers on a backend.
///
/// Every operation takes a tensor for its device and its type, `f32` or `f64`. The default bodies
/// make the noise on the host and upload it; a backend with a kernel for [`RandomOps::words`] and
/// [`RandomOps::noise`] makes it where it is used. What follows are formulas: nothing is read back.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cubecl-backend"),
    Fusion: cfg(feature = "fusion"),
    Autodiff: cfg(feature = "autodiff"),
)]
pub trait RandomOps: FormulaOps {
    /// The words of the stream of `key`, on the device of `like`: as `u32` where the device has
    /// that type, and as `i64` elsewhere.
    #[fusion(dtype = burn::tensor::DType::U32, shape = shape.clone())]
    fn words(like: FloatTensor<Self>, shape: Shape, key: Key) -> IntTensor<Self> {
        upload::words::<Self>(&like, shape, key)
    }

    /// What `sampler` makes its draws of: uniforms, or points of (0, 1) for a formula.
    #[fusion(dtype = like, shape = shape.clone())]
    fn noise(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        upload::noise::<Self>(&like, shape, sampler, source, key)
    }

    /// Draws of `sampler`.
    #[fusion(default)]
    fn draws(
        like: FloatTensor<Self>,
        shape: Shape,
        sampler: Sampler,
        source: Source,
        key: Key,
    ) -> FloatTensor<Self> {
        let noise = Self::noise(like, shape, sampler, source, key);
        let formula: &Op<1> = match sampler {
            Sampler::Uniform | Sampler::UniformHalfOpen => return noise,
            Sampler::Normal => &NORMAL,
            Sampler::Exponential => &EXPONENTIAL,
            Sampler::Gumbel => &GUMBEL,
        };
        applied::<Self, 1>(*formula, [noise])
    }

    /// For each element of `shape`, whose last dimension has size 1, the index of the largest of a row
    /// of `logits` with a standard Gumbel draw added to each: a draw of the categorical
    /// distribution. The rest of `logits` broadcasts to `shape`. The draws are those of the stream,
    /// as if they were a tensor of whole rows.
    #[fusion(dtype = burn::tensor::DType::from(*integer), shape = shape.clone())]
    fn categorical(
        logits: FloatTensor<Self>,
        shape: Shape,
        integer: IntDType,
        key: Key,
    ) -> IntTensor<Self> {
        categorical::by_argmax::<Self>(logits, &shape, integer, key)
    }

    /// ln v of the first accepted proposal for each element of `shape`, or a number above 10^29 where
    /// none is: the part of a log-gamma draw that takes a loop.
    #[fusion(dtype = concentration, shape = shape.clone())]
    fn log_gamma_ratio(
        concentration: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        ratio_of_all_attempts::<Self>(concentration, &shape, key)
    }

    /// Logarithms of Gamma(`concentration`, 1) draws in `shape`, to which `concentration`
    /// broadcasts. No gradient flows to the concentration.
    #[fusion(default)]
    fn log_gamma(concentration: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        from_noise::<Self>(concentration, &shape, key)
    }

    /// Poisson(`rate`) draws in `shape`, to which `rate` broadcasts, in `f64` for rates in `f64`
    /// and else in `f32`. No gradient flows to the rate.
    #[fusion(default)]
    fn poisson(rate: FloatTensor<Self>, shape: Shape, key: Key) -> FloatTensor<Self> {
        static STEPS: Steps<3, 4, 2> = Steps::new::<counts::Poisson, 1>();
        STEPS.draw::<Self, 1>([rate], &shape, key)
    }

    /// Binomial(`total_count`, `probs`) draws in `shape`, to which both broadcast, for probabilities
    /// of at most ½; in `f64` for parameters in `f64` and else in `f32`. No gradient flows to them.
    #[fusion(default)]
    fn binomial(
        total_count: FloatTensor<Self>,
        probs: FloatTensor<Self>,
        shape: Shape,
        key: Key,
    ) -> FloatTensor<Self> {
        static STEPS: Steps<4, 5, 3> = Steps::new::<counts::Binomial, 2>();
        STEPS.draw::<Self, 2>([total_count, probs], &shape, key)
    }
}

/// A formula of one result, applied to tensors of a backend.
pub(super) fn applied<B: FormulaOps, const N: usize>(
    op: Op<N>,
    inputs: [FloatTensor<B>; N],
) -> FloatTensor<B> {
    let mut results = B::formula_values(op.kernel(), Tensors(inputs.into()));
    results.0.pop().expect("a formula of one result")
}
