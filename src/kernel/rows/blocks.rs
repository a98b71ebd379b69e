//! Reductions of rows of any length on a device: blocks, then what the blocks gave.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{Shape, Slice};

use super::truth;

/// Elements that are reduced together by [`by_blocks`].
const BLOCK: usize = 32;

/// The longest row that is one block.
const LONGEST_BLOCK: usize = 256;

/// Reduces each row: blocks of it, then what they gave, and so on.
///
/// A backend's own sum may add up a row from one end: a million terms lose four of the seven digits
/// of `f32`, while of blocks of blocks the error grows with the logarithm of the length. And a loop
/// over a whole row need not end where it should: on Mesa's software driver loops end after some
/// 65 500 rounds of four elements, so that Burn's sum of a million ones is 262 128 there, and its
/// maximum that of a prefix.
fn by_blocks<B: Backend>(
    rows: FloatTensor<B>,
    reduce: fn(FloatTensor<B>, usize) -> FloatTensor<B>,
    join: fn(FloatTensor<B>, FloatTensor<B>) -> FloatTensor<B>,
) -> FloatTensor<B> {
    let last = rows.rank() - 1;
    let (mut rows, mut ends) = (rows, None);
    let joined = |ends: Option<FloatTensor<B>>, end| match ends {
        Some(ends) => join(ends, end),
        None => end,
    };
    loop {
        let mut shape = rows.shape().to_vec();
        let length = shape[last];
        if length <= LONGEST_BLOCK {
            return joined(ends, reduce(rows, last));
        }
        let (blocks, whole) = (length / BLOCK, length - length % BLOCK);
        if whole < length {
            let part = |range: core::ops::Range<usize>| {
                let mut slices = vec![Slice::full(); last];
                slices.push(Slice::from(range));
                B::float_slice(rows.clone(), &slices)
            };
            ends = Some(joined(ends, reduce(part(whole..length), last)));
            rows = part(0..whole);
        }
        // The elements of a block lie `blocks` apart: neighbouring units then read neighbours.
        shape[last] = BLOCK;
        shape.push(blocks);
        let reduced = reduce(B::float_reshape(rows, Shape::from(shape.clone())), last);
        shape.pop();
        shape[last] = blocks;
        rows = B::float_reshape(reduced, Shape::from(shape));
    }
}

/// The sum of each row, which keeps size 1.
pub(super) fn sum_by_blocks<B: Backend>(rows: FloatTensor<B>) -> FloatTensor<B> {
    by_blocks::<B>(rows, B::float_sum_dim, B::float_add)
}

/// The largest element of each row, which keeps size 1.
pub(super) fn max_by_blocks<B: Backend>(rows: FloatTensor<B>) -> FloatTensor<B> {
    by_blocks::<B>(rows, B::float_max_dim, larger::<B>)
}

/// The larger of two. NaN is kept where it is met, as by the maximum of a block; a row's sum meets it
/// in any case.
fn larger<B: Backend>(a: FloatTensor<B>, b: FloatTensor<B>) -> FloatTensor<B> {
    let truth = truth::<B>(&a);
    let keep = B::float_greater_equal(a.clone(), b.clone(), truth);
    let keep = B::bool_or(keep, B::float_is_nan(a.clone(), truth));
    B::float_mask_where(b, keep, a)
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use burn::backend::Flex;
    use burn::backend::ops::FloatTensorOps;
    use burn::tensor::TensorData;

    fn numbers(tensor: FloatTensor<Flex>) -> Vec<f64> {
        let data = burn::tensor::try_read_sync(Flex::float_into_data(tensor));
        data.unwrap().unwrap().iter::<f64>().collect()
    }

    /// Every element counts once, whatever the length leaves over, in rows that lie apart too.
    #[test]
    fn every_element_counts_once() {
        for length in [1, 31, 256, 257, 288, 1000, 8191, 8192, 70_001] {
            // Small integers, whose sums are exact; the largest stands anywhere.
            let element = |row: usize, k: usize| ((k * 7 + row * 3) % 11) as f64;
            let peak = |row: usize| (length * (row + 1)) / 4;
            let rows: Vec<f64> = (0..length)
                .flat_map(|k| {
                    (0..3).map(move |row| if k == peak(row) { 50.0 } else { element(row, k) })
                })
                .collect();
            let data = TensorData::new(rows.clone(), [length, 3]);
            let tensor = Flex::float_from_data(data, &burn_flex::FlexDevice);
            let tensor = Flex::float_swap_dims(tensor, 0, 1);
            let row = |row: usize| rows.iter().skip(row).step_by(3).copied();
            let sums: Vec<f64> = (0..3).map(|index| row(index).sum()).collect();
            assert_eq!(numbers(sum_by_blocks::<Flex>(tensor.clone())), sums, "{length}");
            let largest: Vec<f64> = (0..3).map(|index| row(index).fold(0.0, f64::max)).collect();
            assert_eq!(numbers(max_by_blocks::<Flex>(tensor)), largest, "{length}");
        }
    }
}
