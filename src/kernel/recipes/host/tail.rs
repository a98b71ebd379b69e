//! The sums over the nodes, most of the work.

use super::super::super::lanes::HostFloat;
use super::super::quadrature_nodes::{NODES_F32, NODES_F64};

/// e^φ at v = `along` · `node`, where `fall` is −|a − x| times the length.
#[cfg_attr(not(debug_assertions), inline(always))]
fn term<E: HostFloat>(fall: E, x: E, along: E, node: f64) -> E {
    let node = E::from_f64(node);
    let remainder = (along * node).lane_exp_m1_remainder();
    (-x).mul_add(remainder, fall * node).lane_exp_within()
}

/// Nodes in one loop: few enough for the compiler to unroll it, which it must for the loop over
/// the elements around it to become SIMD code.
const AT_ONCE: usize = 6;

/// ∫ e^φ dy/U and ∫ y e^φ dy/U² over y = |v| in [0, U] with U = |`along`|, and `fall` = −|a − x| U.
/// Straight-line code, to be vectorised over elements.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn tail_sums_single(fall: f32, x: f32, along: f32) -> (f32, f32) {
    let at = |start: usize| {
        let (mut integral, mut moment) = (0.0_f32, 0.0_f32);
        for index in 0..AT_ONCE {
            let (node, weight) = NODES_F32[start + index];
            let weighted = term(fall, x, along, node) * (weight as f32);
            integral += weighted;
            moment = weighted.mul_add(node as f32, moment);
        }
        (integral, moment)
    };
    let parts = [at(0), at(AT_ONCE), at(2 * AT_ONCE)];
    const { assert!(NODES_F32.len() == 3 * AT_ONCE) };
    (parts[0].0 + parts[1].0 + parts[2].0, parts[0].1 + parts[1].1 + parts[2].1)
}

/// The same in `f64`, vectorised over the nodes: twice as many of them, each of twice the work,
/// would make too long a straight line.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn tail_sums_double(fall: f64, x: f64, along: f64) -> (f64, f64) {
    let mut terms = [0.0; NODES_F64.len()];
    for index in 0..NODES_F64.len() {
        terms[index] = term(fall, x, along, NODES_F64[index].0);
    }
    const { assert!(NODES_F64.len().is_multiple_of(8)) };
    // Eight sums side by side, so that one addition need not wait for the one before.
    let (mut integral, mut moment) = ([0.0_f64; 8], [0.0_f64; 8]);
    for start in (0..NODES_F64.len()).step_by(8) {
        for lane in 0..8 {
            let (node, weight) = NODES_F64[start + lane];
            let weighted = terms[start + lane] * weight;
            integral[lane] += weighted;
            moment[lane] = weighted.mul_add(node, moment[lane]);
        }
    }
    (total(integral), total(moment))
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn total(parts: [f64; 8]) -> f64 {
    let [a, b, c, d, e, f, g, h] = parts;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}
