//! Quantiles of gamma and beta laws in single precision, as a device computes them, beside double precision.

use super::super::super::lanes::Lane;
use super::super::super::real::Real;
use super::super::super::tape::{Node, Program};
use super::{inexact, replay, replay_with, ulp};

/// Numbers of single precision, between powers of ten.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        f64::from(10_f64.powf(low + (high - low) * self.uniform()) as f32)
    }

    /// p and q = 1 − p, rounded as a device does, and exact ones.
    fn probabilities(&mut self) -> [[f64; 2]; 2] {
        let tail = match self.0 % 3 {
            0 => self.between(-30.0, -0.302),
            _ => f64::from((self.uniform() * 0.5) as f32).max(1e-7),
        };
        let rest = 1.0 - tail;
        let rounded = [tail, f64::from(rest as f32)];
        let exact = [tail, rest];
        if self.uniform() < 0.7 { [rounded, exact] } else { [rounded, exact].map(|[p, q]| [q, p]) }
    }
}

/// The largest errors in ULP, with exact primitives and with those of a driver, of a program that returns the
/// quantile and whose inputs are `shapes` and both probabilities.
fn worst<const N: usize>(
    program: &Program,
    mut shapes: impl FnMut(&mut Random) -> [f64; N],
    exact: impl Fn([f64; N], [f64; 2]) -> f64,
) -> [f64; 2] {
    let (mut random, mut worst) = (Random(7), [0.0_f64; 2]);
    for _ in 0..4000 {
        let shapes = shapes(&mut random);
        let [rounded, probabilities] = random.probabilities();
        let want = exact(shapes, probabilities);
        if want < 1e-37 {
            continue;
        }
        let inputs = [&shapes[..], &rounded[..]].concat();
        let plain = replay::<f32>(program, &inputs)[0];
        let driver = replay_with(program, &inputs, inexact)[0];
        for (worst, got) in worst.iter_mut().zip([plain, driver]) {
            let error = ulp(got, want);
            // NaN must not pass.
            *worst = if error.is_nan() { f64::INFINITY } else { worst.max(error) };
        }
    }
    worst
}

#[test]
fn small_shapes_leave_quantiles_their_digits() {
    let gamma =
        Program::record(3, false, &|x: &[Node]| vec![x[0].gamma_quantile(x[1], x[2]).value]);
    let [plain, driver] = worst(
        &gamma,
        |random| [random.between(-3.0, 1.5)],
        |[a], [p, q]| Lane(a).gamma_quantile(Lane(p), Lane(q)).value.0,
    );
    assert!(plain <= 12.0 && driver <= 36.0, "gamma: {plain} and {driver} ULP");

    let beta = Program::record(4, false, &|x: &[Node]| vec![x[0].beta_quantile(x[1], x[2], x[3])]);
    let [plain, driver] = worst(
        &beta,
        |random| [random.between(-2.5, 1.5), random.between(-2.5, 4.0)],
        |[a, b], [p, q]| Lane(a).beta_quantile(Lane(b), Lane(p), Lane(q)).0,
    );
    assert!(plain <= 12.0 && driver <= 36.0, "beta: {plain} and {driver} ULP");
}
