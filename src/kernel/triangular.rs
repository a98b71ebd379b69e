//! Lower triangular matrices: products, solves and the Cholesky factorisation.

pub(crate) mod composed;
pub(crate) mod factorise;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) mod host;
#[cfg(all(test, feature = "flex"))]
mod tests;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{DType, FloatDType, Tensor};

use super::ops::FormulaOps;

/// One of the four linear maps that a lower triangular matrix L stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriangularMap {
    /// L⁻¹ rather than L.
    pub inverse: bool,
    /// The transpose of it.
    pub transposed: bool,
}

impl TriangularMap {
    /// x ↦ L x.
    pub const MULTIPLY: Self = Self { inverse: false, transposed: false };
    /// x ↦ L⁻¹ x.
    pub const SOLVE: Self = Self { inverse: true, transposed: false };

    /// The map of the transpose, which carries gradients back.
    #[must_use]
    pub fn transpose(self) -> Self {
        Self { transposed: !self.transposed, ..self }
    }
}

/// Operations on lower triangular matrices `[P, K, K]`, whose part above the diagonal is never
/// read.
///
/// The default bodies are composed of the backend's primitives, column by column. Half-precision
/// operands compute in `f32`.
#[backend_extension(
    Flex: cfg(feature = "flex"),
    NdArray: cfg(feature = "ndarray"),
    Cube: cfg(feature = "cubecl-backend"),
    Fusion: cfg(feature = "fusion"),
    Autodiff: cfg(feature = "autodiff"),
)]
pub trait TriangularOps: FormulaOps {
    /// The map applied to each of the `C` vectors of every matrix: `rows` is `[P, C, K]`, and so is
    /// the result.
    #[fusion(default)]
    fn triangular_map(
        matrix: FloatTensor<Self>,
        rows: FloatTensor<Self>,
        map: TriangularMap,
    ) -> FloatTensor<Self> {
        let ([matrix, rows], dtype) = widened::<Self, 2>([matrix, rows]);
        narrowed::<Self>(composed::map::<Self>(matrix, rows, map), dtype)
    }

    /// The lower part of Σ a bᵀ over the `C` pairs of vectors of each matrix: both operands are
    /// `[P, C, K]`, the result is `[P, K, K]` with zeros above the diagonal. Not differentiable by
    /// itself: it carries gradients back.
    #[fusion(default)]
    fn lower_product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        let ([a, b], dtype) = widened::<Self, 2>([a, b]);
        narrowed::<Self>(composed::lower_product::<Self>(a, b), dtype)
    }

    /// The lower triangular L with a positive diagonal and L Lᵀ = ½ (A + Aᵀ), for each matrix A of
    /// `[P, K, K]`; NaN on and below the diagonal where that is not positive definite.
    #[fusion(default)]
    fn cholesky(matrix: FloatTensor<Self>) -> FloatTensor<Self> {
        let ([matrix], dtype) = widened::<Self, 1>([matrix]);
        narrowed::<Self>(composed::cholesky::<Self>(matrix), dtype)
    }
}

/// Half-precision operands compute in `f32`.
fn widened<B: Backend, const N: usize>(
    operands: [FloatTensor<B>; N],
) -> ([FloatTensor<B>; N], DType) {
    let dtype = operands[0].dtype();
    let half = matches!(dtype, DType::F16 | DType::BF16);
    let widen = |x| if half { B::float_cast(x, FloatDType::F32) } else { x };
    (operands.map(widen), dtype)
}

fn narrowed<B: Backend>(result: FloatTensor<B>, dtype: DType) -> FloatTensor<B> {
    if result.dtype() == dtype { result } else { B::float_cast(result, dtype.into()) }
}

/// The gradient of the Cholesky factor (Murray 2016): Φ takes the lower part and halves the
/// diagonal, and the gradient is the symmetric part of L⁻ᵀ Φ(Lᵀ G) L⁻¹.
#[cfg(feature = "autodiff")]
pub(crate) fn cholesky_gradient<B: TriangularOps>(
    factor: FloatTensor<B>,
    upstream: FloatTensor<B>,
) -> FloatTensor<B> {
    let ([factor, upstream], dtype) = widened::<B, 2>([factor, upstream]);
    let transpose = |x| B::float_swap_dims(x, 1, 2);
    let multiply = TriangularMap::MULTIPLY.transpose();
    let solve = TriangularMap::SOLVE.transpose();
    // What arrives above the diagonal belongs to constants.
    let upstream = composed::lower::<B>(upstream);
    let product = transpose(B::triangular_map(factor.clone(), transpose(upstream), multiply));
    let half = B::float_mul_scalar(composed::diagonal::<B>(product.clone()), 0.5.into());
    let middle = B::float_sub(composed::lower::<B>(product), half);
    let right = B::triangular_map(factor.clone(), middle, solve);
    let whole = B::triangular_map(factor, transpose(right), solve);
    let sum = B::float_add(whole.clone(), transpose(whole));
    narrowed::<B>(B::float_mul_scalar(sum, 0.5.into()), dtype)
}

/// The gradients of [`TriangularOps::triangular_map`] with respect to the matrix and the vectors.
///
/// For y = M x they are the lower parts of g xᵀ and Mᵀ g. For y = M⁻¹ x the second, h = M⁻ᵀ g,
/// gives the first: −h yᵀ. Where M is the transpose of the matrix, so is the first. `kept` is x of a
/// product, y of a solve.
#[cfg(feature = "autodiff")]
pub(crate) fn map_gradients<B: TriangularOps>(
    matrix: FloatTensor<B>,
    kept: FloatTensor<B>,
    map: TriangularMap,
    upstream: FloatTensor<B>,
    tracked: [bool; 2],
) -> [Option<FloatTensor<B>>; 2] {
    let [of_matrix, of_rows] = tracked;
    // What arrives may be infinite already, from the square of a large result.
    let upstream = limited::<B>(upstream, map);
    let back = (of_rows || map.inverse)
        .then(|| limited::<B>(B::triangular_map(matrix, upstream.clone(), map.transpose()), map));
    let product = |a, b| {
        if map.transposed { B::lower_product(b, a) } else { B::lower_product(a, b) }
    };
    let matrix = of_matrix.then(|| match (&back, map.inverse) {
        (Some(back), true) => limited::<B>(B::float_neg(product(back.clone(), kept)), map),
        _ => product(upstream, kept),
    });
    [matrix, back.filter(|_| of_rows)]
}

/// The gradients of a solve, which grow with every unknown, limited to what can be added up and
/// carried through another solve: where a true one overflows, infinity minus infinity would be NaN
/// there. It keeps its sign. NaN stays NaN.
#[cfg(feature = "autodiff")]
fn limited<B: Backend>(gradient: FloatTensor<B>, map: TriangularMap) -> FloatTensor<B> {
    if !map.inverse {
        return gradient;
    }
    let limit = match gradient.dtype() {
        DType::F64 => 1e290,
        DType::F16 => 65504.0,
        _ => 1e32,
    };
    B::float_clamp(gradient, (-limit).into(), limit.into())
}

/// Applies a map to `[P, C, K]`; see [`TriangularOps::triangular_map`].
pub(crate) fn map(matrix: Tensor<3>, rows: Tensor<3>, map: TriangularMap) -> Tensor<3> {
    let (matrix, rows) = (matrix.into_dispatch(), rows.into_dispatch());
    Tensor::from_dispatch(<Dispatch as TriangularOps>::triangular_map(matrix, rows, map))
}

/// The Cholesky factors of `[P, K, K]`; see [`TriangularOps::cholesky`].
pub(crate) fn cholesky(matrix: Tensor<3>) -> Tensor<3> {
    Tensor::from_dispatch(<Dispatch as TriangularOps>::cholesky(matrix.into_dispatch()))
}
