//! What the distributions lose on devices whose exponentials, logarithms and quotients are off by
//! 2 ULP.

use super::super::super::real::Real;
use super::super::super::tape::{Node, Program};
use super::incomplete_beta::{relative32, table};
use super::{inexact, replay_with};

#[test]
fn inexact_primitives_cost_the_distributions_little() {
    let programs = [
        (
            "incomplete_beta",
            4,
            Program::record(4, false, &|x: &[Node]| {
                let at = x[0].incomplete_beta(x[1], x[2], x[3]);
                vec![at.p, at.q, at.log_p, at.log_q]
            }),
        ),
        (
            "student_t",
            2,
            Program::record(2, false, &|x: &[Node]| {
                let at = x[0].student_t(x[1]);
                vec![at.tail, at.central, at.log_tail]
            }),
        ),
        (
            "von_mises",
            2,
            Program::record(2, false, &|x: &[Node]| {
                let at = x[0].von_mises(x[1]);
                vec![at.tail, at.central, at.log_tail]
            }),
        ),
    ];
    let mut worst = [0.0_f64; 3];
    for (kind, (name, arity, program)) in programs.iter().enumerate() {
        for row in table(name) {
            let got = replay_with(program, &row[..*arity], inexact);
            for (got, want) in got.into_iter().zip(&row[*arity..]) {
                // Three times what exact primitives are held to.
                let bound = 3e-6 + 12e-7 * -want.abs().clamp(1e-45, 1.0).ln();
                let error = relative32(got.into(), *want);
                worst[kind] = worst[kind].max(error / bound);
                assert!(error <= bound, "{name} {row:?} {got} {want} {error:e}");
            }
        }
    }
    println!("fractions of the bounds {worst:?}");
}
