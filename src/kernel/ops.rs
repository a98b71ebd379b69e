//! The backend extension: what a backend does with a formula.

use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Backend, BackendTensor, Dispatch, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind,
    ExtensionType, TensorMetadata, backend_extension,
};
use burn::tensor::{DType, FloatDType, Shape, Tensor};

use super::formula::{Kernel, Op};
use super::replay::{broadcast, replay, truth};

/// Any number of float tensors of one backend, as operands or results of a formula.
#[derive(Debug)]
pub struct Tensors<B: Backend>(pub Vec<FloatTensor<B>>);

impl<B: Backend> ExtensionType<B> for Tensors<B> {
    type Target = Tensors<Dispatch>;

    fn map_to_dispatch<F>(self, map_kind: F, autodiff: DispatchAutodiffContext) -> Tensors<Dispatch>
    where
        F: Fn(BackendTensor<B>) -> DispatchTensorKind,
    {
        let wrap =
            |tensor| DispatchTensor { kind: map_kind(BackendTensor::Float(tensor)), autodiff };
        Tensors(self.0.into_iter().map(wrap).collect())
    }

    fn map_from_dispatch<F>(target: Tensors<Dispatch>, unwrap_kind: F) -> Self
    where
        F: Fn(DispatchTensor) -> BackendTensor<B>,
    {
        Self(target.0.into_iter().map(|tensor| unwrap_kind(tensor).float()).collect())
    }

    fn routing_tensor(target: &Tensors<Dispatch>) -> Option<&DispatchTensor> {
        target.0.first()
    }

    fn routing_float_tensor(target: &Tensors<Dispatch>) -> Option<&DispatchTensor> {
        target.0.first()
    }

    fn autodiff_context(target: &Tensors<Dispatch>) -> DispatchAutodiffContext {
        let none = DispatchAutodiffContext::Disabled;
        target.0.iter().fold(none, |context, tensor| context.merge(tensor.autodiff))
    }
}

/// Elementwise formulas on a backend.
///
/// The default bodies replay the recorded formula over the backend's primitives, which fusion
/// turns into one kernel. Inputs have one dtype and shapes that broadcast; see [`Op::apply`].
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cubecl-backend"),
    Fusion: cfg(feature = "fusion"),
    Autodiff: cfg(feature = "autodiff"),
)]
pub trait FormulaOps: Backend {
    /// All results of a formula.
    #[fusion(default)]
    fn formula_values(kernel: Kernel, #[extension_type] inputs: Tensors<Self>) -> Tensors<Self> {
        replayed_values(kernel, inputs)
    }

    /// The gradients of one result with respect to the inputs marked `tracked`, in their shapes.
    /// The gradient that arrives at the result is the last of `inputs`.
    #[fusion(default)]
    fn formula_partials(
        kernel: Kernel,
        result: usize,
        #[extension_type] inputs: Tensors<Self>,
        tracked: Vec<bool>,
    ) -> Tensors<Self> {
        replayed_partials(kernel, result, inputs, tracked)
    }
}

/// [`FormulaOps::formula_values`] by the backend's primitives.
pub(super) fn replayed_values<B: Backend>(kernel: Kernel, inputs: Tensors<B>) -> Tensors<B> {
    let (inputs, dtype) = widened::<B>(inputs.0);
    let shape = common_shape::<B>(&inputs);
    let program = kernel.program(inputs[0].dtype() == DType::F64);
    Tensors(narrowed::<B>(replay::<B>(program, &inputs, &shape), dtype))
}

/// [`FormulaOps::formula_partials`] by the backend's primitives.
pub(super) fn replayed_partials<B: Backend>(
    kernel: Kernel,
    result: usize,
    inputs: Tensors<B>,
    tracked: Vec<bool>,
) -> Tensors<B> {
    let (mut inputs, dtype) = widened::<B>(inputs.0);
    let shape = common_shape::<B>(&inputs);
    let upstream = inputs.pop().expect("the upstream gradient is the last input");
    let unread = B::float_equal_elem(upstream.clone(), 0.0.into(), truth::<B>(&upstream));
    let program = kernel.partials_program(inputs[0].dtype() == DType::F64, result);
    let partials = replay::<B>(program, &inputs, &shape);
    let mut gradients = Vec::new();
    for ((partial, input), tracked) in partials.into_iter().zip(&inputs).zip(tracked) {
        if tracked {
            let gradient = B::float_mul(partial, upstream.clone());
            // As `Real::chain`: an infinite partial of a result that does not matter is no NaN.
            let gradient = B::float_mask_fill(gradient, unread.clone(), 0.0.into());
            gradients.push(summed_to::<B>(gradient, &input.shape()));
        }
    }
    Tensors(narrowed::<B>(gradients, dtype))
}

/// Half-precision inputs compute in `f32`.
fn widened<B: Backend>(inputs: Vec<FloatTensor<B>>) -> (Vec<FloatTensor<B>>, DType) {
    let dtype = inputs[0].dtype();
    let inputs = match dtype {
        DType::F16 | DType::BF16 => {
            inputs.into_iter().map(|input| B::float_cast(input, FloatDType::F32)).collect()
        }
        _ => inputs,
    };
    (inputs, dtype)
}

fn narrowed<B: Backend>(results: Vec<FloatTensor<B>>, dtype: DType) -> Vec<FloatTensor<B>> {
    let cast = |result: FloatTensor<B>| {
        if result.dtype() == dtype { result } else { B::float_cast(result, dtype.into()) }
    };
    results.into_iter().map(cast).collect()
}

/// The shape that all inputs broadcast to.
pub(super) fn common_shape<B: Backend>(inputs: &[FloatTensor<B>]) -> Shape {
    let first = inputs[0].shape();
    inputs[1..].iter().fold(first, |shape, input| broadcast(&shape, &input.shape()))
}

/// Sums a gradient over the dimensions along which its input was broadcast.
fn summed_to<B: Backend>(gradient: FloatTensor<B>, shape: &Shape) -> FloatTensor<B> {
    let full = gradient.shape();
    (0..shape.num_dims())
        .filter(|axis| shape[*axis] != full[*axis])
        .fold(gradient, |gradient, axis| B::float_sum_dim(gradient, axis))
}

impl<const N: usize> Op<N, 1> {
    /// Applies the formula to tensors whose shapes broadcast: every dimension equal, or 1.
    ///
    /// # Shapes
    ///
    /// - inputs: `[..]`, all of rank `D`, dims equal or 1
    /// - output: the largest of the inputs along each dimension
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or the inputs have different dtypes.
    #[must_use]
    pub fn apply<const D: usize>(&self, inputs: [Tensor<D>; N]) -> Tensor<D> {
        self.kernel().apply(inputs)
    }
}

impl<const N: usize, const M: usize> Op<N, M> {
    /// Applies the formula and gives all its results, with shapes as for [`Op::apply`].
    ///
    /// # Panics
    ///
    /// If the shapes do not broadcast, or the inputs have different dtypes.
    #[must_use]
    pub fn apply_all<const D: usize>(&self, inputs: [Tensor<D>; N]) -> [Tensor<D>; M] {
        self.kernel().apply_all(inputs.into())
    }
}

impl Kernel {
    /// Applies a formula of one result; see [`Op::apply`].
    pub(crate) fn apply<const D: usize>(self, inputs: impl Into<Vec<Tensor<D>>>) -> Tensor<D> {
        let [result] = self.apply_all(inputs.into());
        result
    }

    /// Applies the formula and gives all its results.
    ///
    /// # Panics
    ///
    /// If the number of inputs or results is not the formula's, the shapes do not broadcast, or the
    /// inputs have different dtypes.
    pub(crate) fn apply_all<const D: usize, const M: usize>(
        self,
        inputs: Vec<Tensor<D>>,
    ) -> [Tensor<D>; M] {
        self.check(&inputs);
        let inputs = inputs.into_iter().map(Tensor::into_dispatch).collect();
        let results = <Dispatch as FormulaOps>::formula_values(self, Tensors(inputs)).0;
        // Not `try_into` of tensors, which would need a vector of their own.
        let results: [_; M] = results.try_into().expect("one tensor for each result");
        results.map(Tensor::from_dispatch)
    }

    fn check<const D: usize>(self, inputs: &[Tensor<D>]) {
        let (name, names) = (self.name(), self.inputs());
        assert_eq!(inputs.len(), names.len(), "{name} takes `{}`", names.join("`, `"));
        let mut common = [1; D];
        for input in inputs {
            for (axis, (common, size)) in common.iter_mut().zip(input.dims()).enumerate() {
                assert!(
                    *common == size || *common == 1 || size == 1,
                    "{name}: the shapes {} do not broadcast along dimension {axis}: \
                     sizes must be equal or 1",
                    described(names, inputs),
                );
                *common = if size == 1 { *common } else { size };
            }
        }
        let dtype = inputs[0].dtype();
        if let Some(other) = inputs.iter().position(|input| input.dtype() != dtype) {
            panic!(
                "{name}: `{}` is {dtype:?} but `{}` is {:?}; cast one of them",
                names[0],
                names[other],
                inputs[other].dtype(),
            );
        }
    }
}

/// The names of tensors with their shapes.
fn described<const D: usize>(names: &[&str], tensors: &[Tensor<D>]) -> String {
    let named =
        names.iter().zip(tensors).map(|(name, tensor)| format!("{name} {:?}", tensor.dims()));
    named.collect::<Vec<_>>().join(", ")
}
