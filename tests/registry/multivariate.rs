//! Families over vectors with a matrix among their parameters, which the registry holds row by row
//! along the last dimension, as `Parametric` does.
//!
//! Every list of numbers is a valid matrix too when it is rotated by one, which is the other
//! instance of the law of divergences.

use burn::tensor::Tensor;
use pushforward::prelude::*;

use super::entry::{Entry, Numbers, distribution};
use crate::capabilities;

/// A batch of matrices of two or one rows, and any number of columns.
fn matrices<const D: usize, const M: usize>(
    flat: &Tensor<D>,
    [rows, columns]: [usize; 2],
) -> Tensor<M> {
    let dims = flat.dims();
    let size = |dim| match M - dim {
        2 => rows,
        1 => columns,
        _ => dims[dim],
    };
    flat.clone().reshape(core::array::from_fn::<usize, M, _>(size))
}

type Vector = MultivariateNormal<2>;
type Batch = MultivariateNormal<3>;
type LowRankVector = LowRankMultivariateNormal<2>;
type LowRankBatch = LowRankMultivariateNormal<3>;

const FULL: &str = "multivariate_normal";
const LOW_RANK: &str = "low_rank_multivariate_normal";

/// Adds the instances.
pub(crate) fn add(entries: &mut Vec<Entry>) {
    let loc = || (vec![0.5, -1.0], [1, 2]);
    // Something above the diagonal, which is not read.
    let tril = || (vec![1.0, 0.5, -0.5, 0.75], [1, 4]);
    let symmetric = || (vec![2.0, 0.5, 0.5, 1.0], [1, 4]);
    let of_vector = || capabilities!(Vector, 2);
    let name = "MultivariateNormal of scale_tril";
    entries.push(distribution(FULL, name, vec![loc(), tril()], of_vector(), |p| {
        Vector::from_scale_tril::<3>(p[0].clone(), matrices(&p[1], [2, 2]))
    }));
    let name = "MultivariateNormal of covariance";
    entries.push(distribution(FULL, name, vec![loc(), symmetric()], of_vector(), |p| {
        Vector::from_covariance::<3>(p[0].clone(), matrices(&p[1], [2, 2]))
    }));
    let name = "MultivariateNormal of precision";
    entries.push(distribution(FULL, name, vec![loc(), symmetric()], of_vector(), |p| {
        Vector::from_precision::<3>(p[0].clone(), matrices(&p[1], [2, 2]))
    }));
    // Vectors of one element, at which the laws of the line look too.
    let one: Vec<Numbers<2>> = vec![(vec![0.5], [1, 1]), (vec![2.25], [1, 1])];
    let name = "MultivariateNormal of covariance";
    entries.push(distribution(FULL, name, one, of_vector(), |p| {
        Vector::from_covariance::<3>(p[0].clone(), matrices(&p[1], [1, 1]))
    }));

    let of_batch = || capabilities!(Batch, 3);
    let (shared, many) = (vec![2.0, 0.5, 0.5, 1.0], vec![2.0, 0.5, 0.5, 1.0, 1.5, 0.5, 0.5, 1.25]);
    let one_matrix: Vec<Numbers<3>> =
        vec![(vec![0.5, -1.0, 2.0, 0.0], [1, 2, 2]), (shared, [1, 1, 4])];
    let name = "MultivariateNormal of covariance";
    entries.push(distribution(FULL, name, one_matrix, of_batch(), |p| {
        Batch::from_covariance::<4>(p[0].clone(), matrices(&p[1], [2, 2]))
    }));
    let many_matrices: Vec<Numbers<3>> = vec![(vec![0.5, -1.0], [1, 1, 2]), (many, [1, 2, 4])];
    let name = "MultivariateNormal of precision";
    entries.push(distribution(FULL, name, many_matrices, of_batch(), |p| {
        Batch::from_precision::<4>(p[0].clone(), matrices(&p[1], [2, 2]))
    }));

    let name = "LowRankMultivariateNormal";
    let numbers: Vec<Numbers<2>> = vec![loc(), (vec![1.0, -0.5], [1, 2]), (vec![0.5, 1.5], [1, 2])];
    entries.push(distribution(LOW_RANK, name, numbers, capabilities!(LowRankVector, 2), |p| {
        LowRankVector::new::<3>(p[0].clone(), matrices(&p[1], [2, 1]), p[2].clone())
    }));
    let numbers: Vec<Numbers<3>> = vec![
        (vec![0.5, -1.0], [1, 1, 2]),
        (vec![1.0, -0.5, 0.25, 2.0], [1, 1, 4]),
        (vec![0.5, 1.5, 1.0, 0.75], [1, 2, 2]),
    ];
    entries.push(distribution(LOW_RANK, name, numbers, capabilities!(LowRankBatch, 3), |p| {
        LowRankBatch::new::<4>(p[0].clone(), matrices(&p[1], [2, 2]), p[2].clone())
    }));
}
