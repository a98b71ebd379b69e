//! Flex and NdArray.
#![allow(deprecated, reason = "NdArray, which keeps its users")]

use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Element, FloatDType};

use crate::kernel::backends::HostMemory;
use crate::kernel::lanes::HostFloat;
use crate::kernel::triangular::{TriangularMap, TriangularOps, host};

fn map<B: HostMemory>(
    matrix: FloatTensor<B>,
    rows: FloatTensor<B>,
    map: TriangularMap,
) -> FloatTensor<B> {
    match rows.dtype() {
        DType::F32 => map_in::<B, f32>(matrix, rows, map),
        DType::F64 => map_in::<B, f64>(matrix, rows, map),
        dtype => {
            let [matrix, rows] = [matrix, rows].map(|x| B::float_cast(x, FloatDType::F32));
            B::float_cast(map_in::<B, f32>(matrix, rows, map), dtype.into())
        }
    }
}

fn map_in<B: HostMemory, E: HostFloat + Element>(
    matrix: FloatTensor<B>,
    rows: FloatTensor<B>,
    map: TriangularMap,
) -> FloatTensor<B> {
    let dims = rows.shape();
    let (matrix, rows) = (B::row_major(matrix), B::row_major(rows));
    let sizes = [dims[1], dims[2]];
    B::tensor(host::map::<E>(B::slice(&matrix), B::slice(&rows), sizes, map), &dims)
}

fn lower_product<B: HostMemory>(a: FloatTensor<B>, b: FloatTensor<B>) -> FloatTensor<B> {
    match a.dtype() {
        DType::F32 => lower_product_in::<B, f32>(a, b),
        DType::F64 => lower_product_in::<B, f64>(a, b),
        dtype => {
            let [a, b] = [a, b].map(|x| B::float_cast(x, FloatDType::F32));
            B::float_cast(lower_product_in::<B, f32>(a, b), dtype.into())
        }
    }
}

fn lower_product_in<B: HostMemory, E: HostFloat + Element>(
    a: FloatTensor<B>,
    b: FloatTensor<B>,
) -> FloatTensor<B> {
    let dims = a.shape();
    let (a, b) = (B::row_major(a), B::row_major(b));
    let sizes = [dims[0], dims[1], dims[2]];
    let product = host::lower_product::<E>(B::slice(&a), B::slice(&b), sizes);
    B::tensor(product, &[dims[0], dims[2], dims[2]])
}

fn cholesky<B: HostMemory>(matrix: FloatTensor<B>) -> FloatTensor<B> {
    match matrix.dtype() {
        DType::F32 => cholesky_in::<B, f32>(matrix),
        DType::F64 => cholesky_in::<B, f64>(matrix),
        dtype => {
            let factor = cholesky_in::<B, f32>(B::float_cast(matrix, FloatDType::F32));
            B::float_cast(factor, dtype.into())
        }
    }
}

fn cholesky_in<B: HostMemory, E: HostFloat + Element>(matrix: FloatTensor<B>) -> FloatTensor<B> {
    let dims = matrix.shape();
    let matrix = B::row_major(matrix);
    B::tensor(host::cholesky::<E>(B::slice(&matrix), dims[2]), &dims)
}

#[cfg(feature = "flex")]
impl TriangularOps for burn::backend::Flex {
    fn triangular_map(
        matrix: FloatTensor<Self>,
        rows: FloatTensor<Self>,
        way: TriangularMap,
    ) -> FloatTensor<Self> {
        map::<Self>(matrix, rows, way)
    }

    fn lower_product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        lower_product::<Self>(a, b)
    }

    fn cholesky(matrix: FloatTensor<Self>) -> FloatTensor<Self> {
        cholesky::<Self>(matrix)
    }
}

#[cfg(feature = "ndarray")]
impl TriangularOps for burn::backend::NdArray {
    fn triangular_map(
        matrix: FloatTensor<Self>,
        rows: FloatTensor<Self>,
        way: TriangularMap,
    ) -> FloatTensor<Self> {
        map::<Self>(matrix, rows, way)
    }

    fn lower_product(a: FloatTensor<Self>, b: FloatTensor<Self>) -> FloatTensor<Self> {
        lower_product::<Self>(a, b)
    }

    fn cholesky(matrix: FloatTensor<Self>) -> FloatTensor<Self> {
        cholesky::<Self>(matrix)
    }
}
