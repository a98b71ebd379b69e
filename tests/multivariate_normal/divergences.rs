//! Divergences of a low rank: to independent Normals without its covariance, to the others by way of it.

use burn::tensor::Tensor;
use pushforward::prelude::*;

use super::{Full, LOC, MATRIX, VALUE, epsilon, near, numbers, settings, tensor};

/// A divergence to independent Normals at 50 digits, with its gradients. All inputs are exact in `f32`.
struct Row {
    factor: &'static [f64],
    diagonal: &'static [f64],
    loc: &'static [f64],
    to_scale: &'static [f64],
    to_loc: &'static [f64],
    divergence: f64,
    of_factor: &'static [f64],
    of_diagonal: &'static [f64],
    of_scale: &'static [f64],
}

const ROWS: [Row; 4] = [
    Row {
        factor: &[1.0, 0.5, -0.5, 1.5, 0.25, 0.0, 2.0, -1.0],
        diagonal: &[0.5, 1.0, 2.0, 0.25],
        loc: &LOC,
        to_scale: &[1.0, 0.5, 2.0, 1.5],
        to_loc: &VALUE,
        divergence: 11.0267146630317482,
        of_factor: &[
            0.73983739837398374,
            0.11080514030946761,
            -2.0867208672086721,
            5.7197307456945537,
            0.051659891598915989,
            -0.010840108401084011,
            0.54200542005420054,
            -0.27519888102106828,
        ],
        of_diagonal: &[
            -0.045239968528717545,
            1.6885217239269167,
            -0.12432249322493225,
            -0.051752775592272052,
        ],
        of_scale: &[-1.75, -38.5, -0.8828125, -1.0555555555555556],
    },
    // A covariance of 1e8 everywhere, but for the signs, to which the diagonal adds nothing in `f32`.
    Row {
        factor: &[1e4, 1e4, -1e4],
        diagonal: &[1.0, 1.0, 1.0],
        loc: &[0.0, 0.0, 0.0],
        to_scale: &[1e4, 2e4, 1e4],
        to_loc: &[0.0, 1.0, 0.0],
        divergence: 18.1895217910115893,
        of_factor: &[6.6666666777777777e-5, -8.3333332222222226e-6, -6.6666666777777777e-5],
        of_diagonal: &[-0.33333332888888889, -0.33333333263888889, -0.33333332888888889],
        of_scale: &[-1e-12, 3.749999975e-5, -1e-12],
    },
    // A factor that is next to nothing.
    Row {
        factor: &[0.0009765625, 0.0, 0.0, 0.001953125, 0.0009765625, 0.0009765625],
        diagonal: &[1.0, 4.0, 0.25],
        loc: &[0.0, 0.0, 0.0],
        to_scale: &[1.0, 2.0, 0.5],
        to_loc: &[0.0, 0.0, 0.0],
        divergence: 1.86445358580120639e-11,
        of_factor: &[
            4.6565764580713492e-9,
            3.7252547716334434e-9,
            1.8626273858167217e-9,
            2.3282882290356746e-9,
            3.3527324918819171e-8,
            3.3527324918819171e-8,
        ],
        of_diagonal: &[4.7683488448415133e-7, 1.1920872112103783e-7, 1.5258658096387036e-5],
        of_scale: &[-9.5367431640625e-7, -4.76837158203125e-7, -1.52587890625e-5],
    },
    // A diagonal of 2⁻³³ and 2⁻²⁷.
    Row {
        factor: &[0.125, -0.25],
        diagonal: &[1.16415321826934814e-10, 7.450580596923828125e-9],
        loc: &[0.0, 0.0],
        to_scale: &[0.125, 0.25],
        to_loc: &[0.0, 0.0],
        divergence: 7.94088032535493315,
        of_factor: &[0.47058828809269535, -3.7647058840028967],
        of_diagonal: &[-252645131.40484409, -63161275.792387543],
        of_scale: &[-5.9604644775390625e-8, -4.76837158203125e-7],
    },
];

/// Within units of `epsilon` of the value and of the largest of its terms, which cancel where the two
/// laws nearly agree.
fn close(what: &str, got: &[f64], expected: &[f64], term: impl Fn(usize) -> f64, unit: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        let allowed = 4.0 * unit * (expected.abs() + term(at));
        assert!((got - expected).abs() <= allowed, "{what}, element {at}: {got} {expected}");
    }
}

#[test]
fn to_independent_normals() {
    for setting in settings() {
        let setting = (setting.0.autodiff(), setting.1);
        for (at, row) in ROWS.iter().enumerate() {
            let (what, unit) = (format!("row {at}, {setting:?}"), epsilon(setting.1));
            let length = row.loc.len();
            let rank = row.factor.len() / length;
            let leaf =
                |values: &[f64]| tensor::<2>(values, [1, values.len()], &setting).require_grad();
            let (factor, diagonal, scale) =
                (leaf(row.factor), leaf(row.diagonal), leaf(row.to_scale));
            let matrix: Tensor<3> = factor.clone().reshape([1, length, rank]);
            let law = LowRankMultivariateNormal::new(leaf(row.loc), matrix, diagonal.clone());
            let other = Normal::new(leaf(row.to_loc), scale.clone()).independent(1);
            let divergence = law.kl_divergence(&other);
            assert_eq!(divergence.dims(), [1, 1]);
            let gradients = divergence.clone().sum().backward();
            let of = |leaf: &Tensor<2>| numbers(leaf.grad(&gradients).expect("tracked"));
            let square = |x: f64| x * x;
            let over = |at: usize| square(row.to_scale[at]).recip();
            let whole: f64 =
                (0..row.factor.len()).map(|at| square(row.factor[at]) * over(at / rank)).sum();
            // A determinant next to 1 leaves its logarithm an absolute error.
            close(&what, &numbers(divergence), &[row.divergence], |_| whole + 1.0, unit);
            let of_factor = |at: usize| row.factor[at].abs() * over(at / rank);
            close(&format!("W, {what}"), &of(&factor), row.of_factor, of_factor, unit);
            close(&format!("d, {what}"), &of(&diagonal), row.of_diagonal, over, unit);
            let of_scale = |at: usize| row.to_scale[at].recip();
            close(&format!("scale, {what}"), &of(&scale), row.of_scale, of_scale, unit);
        }
    }
}

/// No matrix of 10⁹ elements is made on the way.
#[test]
fn of_many_elements() {
    const LENGTH: usize = 30_000;
    for setting in settings() {
        let options = (&setting.0, setting.1);
        let scales = Tensor::<2>::full([1, LENGTH], 2.0, options);
        let factor = Tensor::<3>::full([1, LENGTH, 1], 0.5, options);
        let law =
            LowRankMultivariateNormal::new(scales.zeros_like(), factor, scales.clone().square());
        let found =
            numbers(law.kl_divergence(&Normal::new(scales.zeros_like(), scales).independent(1)));
        // U has elements ¼: the trace is n = 30000/16, the determinant 1 + n.
        let shared = LENGTH as f64 / 16.0;
        near(&format!("{setting:?}"), &found, &[0.5 * (shared - shared.ln_1p())], 2e-6);
    }
}

/// The same as by the covariance, in both directions, and along a batch.
#[test]
fn by_the_covariance() {
    for setting in settings() {
        let allowed = 100.0 * epsilon(setting.1);
        let [row, ..] = &ROWS;
        let law = LowRankMultivariateNormal::<2>::new::<3>(
            tensor(row.loc, [1, 4], &setting),
            tensor(row.factor, [1, 4, 2], &setting),
            tensor(row.diagonal, [1, 4], &setting),
        );
        let full = law.to_multivariate_normal();
        let same = |what: &str, got: Tensor<2>, expected: Tensor<2>| {
            near(&format!("{what}, {setting:?}"), &numbers(got), &numbers(expected), allowed);
        };
        let dense = Full::from_covariance::<3>(
            tensor(&VALUE, [1, 4], &setting),
            tensor(&MATRIX, [1, 4, 4], &setting),
        );
        same("to a matrix", law.kl_divergence(&dense), full.kl_divergence(&dense));
        same("from a matrix", dense.kl_divergence(&law), dense.kl_divergence(&full));
        let locs: Tensor<2> = tensor(&[LOC, VALUE].concat(), [2, 4], &setting);
        for scale in [tensor(&[2.0], [1, 1], &setting), tensor(row.to_scale, [1, 4], &setting)] {
            let other = Normal::new(locs.clone(), scale).independent(1);
            same("to elements", law.kl_divergence(&other), full.kl_divergence(&other));
            same("from elements", other.kl_divergence(&law), other.kl_divergence(&full));
        }
    }
}

#[test]
#[should_panic(expected = "vectors of 1 elements and of 5")]
fn of_other_lengths() {
    let setting = settings().remove(0);
    let one = || tensor::<2>(&[0.5], [1, 1], &setting);
    let law = LowRankMultivariateNormal::new::<3>(one(), one().unsqueeze(), one());
    let other = Normal::new(tensor::<2>(&[0.0; 5], [1, 5], &setting), 1.0).independent(1);
    let _ = law.kl_divergence(&other);
}
