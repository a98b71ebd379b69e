//! The kernels.

use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::std::tensor::layout::linear::LinearView;

use super::super::gamma::{ATTEMPTS, FIRST_ATTEMPT, NONE_YET};
use super::super::points::{EXPONENTIAL, GUMBEL, NORMAL};
use super::super::{TAG_ATTEMPT, TAG_STREAM};
use super::numbers::{Number, block, number, point, stream_word};
use crate::kernel::inline::{inline_1, inline_3};

#[cube(launch)]
pub(super) fn stream_words(out: &mut Tensor<u32>, key_low: u32, key_high: u32) {
    let first = ABSOLUTE_POS * 4;
    if first < out.len() {
        let block = block(0u32, TAG_STREAM, key_low, key_high);
        out[first] = block.first;
        if first + 1 < out.len() {
            out[first + 1] = block.second;
        }
        if first + 2 < out.len() {
            out[first + 2] = block.third;
        }
        if first + 3 < out.len() {
            out[first + 3] = block.fourth;
        }
    }
}

#[cube(launch)]
pub(super) fn stream_numbers<F: Float>(
    out: &mut Tensor<F>,
    key_low: u32,
    key_high: u32,
    #[comptime] form: Number,
    #[comptime] wide: bool,
) {
    let each = comptime!(if wide { 2usize } else { 4usize });
    let first = ABSOLUTE_POS * each;
    if first < out.len() {
        let block = block(0u32, TAG_STREAM, key_low, key_high);
        if wide {
            out[first] = number::<F>(block.first, block.second, form, wide);
            if first + 1 < out.len() {
                out[first + 1] = number::<F>(block.third, block.fourth, form, wide);
            }
        } else {
            out[first] = number::<F>(block.first, block.first, form, wide);
            if first + 1 < out.len() {
                out[first + 1] = number::<F>(block.second, block.second, form, wide);
            }
            if first + 2 < out.len() {
                out[first + 2] = number::<F>(block.third, block.third, form, wide);
            }
            if first + 3 < out.len() {
                out[first + 3] = number::<F>(block.fourth, block.fourth, form, wide);
            }
        }
    }
}

#[cube(launch)]
pub(super) fn attempt_numbers<F: Float>(
    out: &mut Tensor<F>,
    key_low: u32,
    key_high: u32,
    attempt: u32,
    #[comptime] form: Number,
    #[comptime] wide: bool,
    #[comptime] second: bool,
) {
    if ABSOLUTE_POS < out.len() {
        let block = block(attempt, TAG_ATTEMPT, key_low, key_high);
        if second {
            out[ABSOLUTE_POS] = number::<F>(block.third, block.fourth, form, wide);
        } else {
            out[ABSOLUTE_POS] = number::<F>(block.first, block.second, form, wide);
        }
    }
}

#[cube(launch)]
pub(super) fn log_gamma_attempts(
    concentration: LinearView<'_, f32>,
    out: &mut Tensor<f32>,
    key_low: u32,
    key_high: u32,
) {
    if ABSOLUTE_POS < out.len() {
        let concentration = concentration.read(ABSOLUTE_POS);
        let none_yet = comptime!(NONE_YET as f32).runtime();
        let mut accepted = none_yet;
        for attempt in 0..ATTEMPTS {
            if accepted == none_yet {
                let block = block(attempt, TAG_ATTEMPT, key_low, key_high);
                let normal = point::<f32>(block.first, block.first, false);
                let normal = inline_1(normal, comptime!(NORMAL.kernel()));
                let exponential = point::<f32>(block.third, block.third, false);
                let exponential = inline_1(exponential, comptime!(EXPONENTIAL.kernel()));
                let formula = comptime!(FIRST_ATTEMPT.kernel());
                accepted = inline_3(concentration, normal, exponential, formula);
            }
        }
        out[ABSOLUTE_POS] = accepted;
    }
}

/// One row for each unit, in registers: no tensor of the draws is ever made.
#[cube(launch)]
pub(super) fn gumbel_argmax(
    logits: LinearView<'_, f32>,
    out: &mut Tensor<i32>,
    length: u32,
    key_low: u32,
    key_high: u32,
) {
    if ABSOLUTE_POS < out.len() {
        let first = ABSOLUTE_POS as u32 * length;
        let mut largest = comptime!(0.0f32).runtime();
        let mut chosen = comptime!(0i32).runtime();
        for category in 0..length {
            let element = first + category;
            let word = stream_word(element, key_low, key_high);
            let gumbel = inline_1(point::<f32>(word, word, false), comptime!(GUMBEL.kernel()));
            let score = gumbel + logits.read(element as usize);
            if category == 0u32 || score > largest {
                largest = score;
                chosen = category as i32;
            }
        }
        out[ABSOLUTE_POS] = chosen;
    }
}
