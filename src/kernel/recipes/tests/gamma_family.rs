//! What is made of ln Γ: differences, reflections, higher derivatives, inverses.

use super::super::super::dual::Dual;
use super::super::super::lanes::Lane;
use super::super::super::real::Real;
use super::{on_lanes, reference, relative, replay, tape};

/// What a function is held to, in units of ε (|value| + floor): where it has zeros between its
/// arguments, the error near them is that of the terms it is made of. Then f32 on lanes and on a
/// tape, and f64, in which the inverses round ln z, beyond 100 for the smallest of them.
const BOUNDS: [(&str, f64, [f64; 3]); 15] = [
    ("polygamma_2", 0.0, [4.0, 4.0, 4.0]),
    ("polygamma_3", 0.0, [4.0, 4.0, 4.0]),
    ("polygamma_5", 0.0, [5.0, 5.0, 5.0]),
    ("polygamma_8", 0.0, [6.0, 6.0, 6.0]),
    ("ln_abs_gamma", 1.0, [6.0, 6.0, 6.0]),
    ("digamma_real", 1.0, [6.0, 6.0, 6.0]),
    ("trigamma_real", 0.0, [6.0, 6.0, 6.0]),
    ("ln_multivariate_gamma_3", 1.0, [3.0, 3.0, 3.0]),
    ("ln_multivariate_gamma_6", 1.0, [3.0, 3.0, 3.0]),
    ("ln_beta", 1.0, [5.0, 5.0, 5.0]),
    ("log_binomial", 1.0, [5.0, 5.0, 5.0]),
    ("log_gamma_difference", 1.0, [6.0, 6.0, 6.0]),
    ("digamma_difference", 0.0, [4.0, 4.0, 4.0]),
    ("gamma_p_inverse", 0.0, [0.6, 8.0, 150.0]),
    ("gamma_q_inverse", 0.0, [0.6, 8.0, 150.0]),
];

#[test]
fn gamma_family_is_accurate() {
    let mut failures = Vec::new();
    for (name, floor, bounds) in BOUNDS {
        let (single, double) = (tape(name, false), tape(name, true));
        let mut worst = [0.0; 4];
        let mut at = [const { vec![] }; 4];
        for row in &reference()[name] {
            let (want, x) = row.split_last().expect("inputs, then the value");
            let results = [
                on_lanes::<f32>(name, x),
                replay::<f32>(&single, x)[0].into(),
                on_lanes::<f64>(name, x),
                replay::<f64>(&double, x)[0],
            ];
            for (index, got) in results.into_iter().enumerate() {
                let epsilon = if index < 2 { f32::EPSILON.into() } else { f64::EPSILON };
                // The least normal f32 is kept out of the denominator and in the error.
                let least = if index < 2 { f64::from(f32::MIN_POSITIVE) } else { 0.0 };
                let error = ((got - want).abs() - least).max(0.0) / (want.abs() + floor) / epsilon;
                let error = if want.abs() > f32::MAX.into() && index < 2 {
                    if got == f64::INFINITY.copysign(*want) { 0.0 } else { f64::INFINITY }
                } else {
                    error
                };
                // Also true for NaN.
                if !(error <= worst[index]) {
                    worst[index] = error;
                    at[index] = x.to_vec();
                }
            }
        }
        println!("{name} {worst:?} {} {}", single.instructions.len(), double.instructions.len());
        let bounds = [bounds[0], bounds[1], bounds[2], bounds[2]];
        if !worst.iter().zip(bounds).all(|(worst, bound)| *worst <= bound) {
            failures
                .push(format!("{name}: f32 lanes, f32 tape, f64 lanes, f64 tape {worst:?} {at:?}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn gamma_family_has_its_limits() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    let limits: [(&str, &[f64], f64); 42] = [
        ("polygamma_2", &[0.0], -INF),
        ("polygamma_3", &[0.0], INF),
        ("polygamma_2", &[INF], 0.0),
        ("polygamma_8", &[INF], 0.0),
        ("polygamma_2", &[-0.5], NAN),
        ("polygamma_2", &[NAN], NAN),
        ("ln_abs_gamma", &[0.0], INF),
        ("ln_abs_gamma", &[-3.0], INF),
        ("ln_abs_gamma", &[INF], INF),
        ("ln_abs_gamma", &[-INF], INF),
        ("ln_abs_gamma", &[NAN], NAN),
        ("ln_abs_gamma", &[1.0], 0.0),
        ("ln_abs_gamma", &[2.0], 0.0),
        ("digamma_real", &[0.0], -INF),
        ("digamma_real", &[-1.0], NAN),
        ("digamma_real", &[NAN], NAN),
        ("digamma_real", &[INF], INF),
        ("trigamma_real", &[0.0], INF),
        ("trigamma_real", &[-2.0], INF),
        ("trigamma_real", &[NAN], NAN),
        ("ln_multivariate_gamma_3", &[1.0], INF),
        ("ln_multivariate_gamma_3", &[0.9], NAN),
        ("ln_beta", &[0.0, 1.0], INF),
        ("ln_beta", &[0.0, 0.0], INF),
        ("ln_beta", &[INF, 1.0], -INF),
        ("ln_beta", &[1.0, 1.0], 0.0),
        ("ln_beta", &[1e-10, 1.0], 23.025_850_929_940_457),
        ("ln_beta", &[0.5, 1e7], -7.486_682_870_05),
        ("ln_beta", &[-1.0, 2.0], NAN),
        ("ln_beta", &[NAN, 2.0], NAN),
        ("ln_beta", &[2.0, NAN], NAN),
        ("log_binomial", &[5.0, 6.0], -INF),
        ("log_binomial", &[5.0, -1.0], -INF),
        ("log_binomial", &[1e6, 0.0], 0.0),
        ("log_binomial", &[1e6, 1e6], 0.0),
        ("log_binomial", &[-1.0, 0.0], NAN),
        ("log_binomial", &[5.0, NAN], NAN),
        ("log_gamma_difference", &[1.0, 1.0], 0.0),
        ("log_gamma_difference", &[1e8, 5.0], 92.103_403_82),
        ("log_gamma_difference", &[2.0, -3.0], NAN),
        ("digamma_difference", &[3.0, 0.0], 0.0),
        ("digamma_difference", &[NAN, 1.0], NAN),
    ];
    for (name, x, want) in limits {
        for got in [
            on_lanes::<f32>(name, x),
            on_lanes::<f64>(name, x),
            replay::<f32>(&tape(name, false), x)[0].into(),
            replay::<f64>(&tape(name, true), x)[0],
        ] {
            let close = got == want || relative(got, want) < 3e-7 && want != 0.0;
            assert!(close || got.is_nan() && want.is_nan(), "{name}({x:?}) = {got}, not {want}");
        }
    }
    for (p, want) in [(0.0, 0.0), (1.0, INF), (NAN, NAN), (-0.1, NAN), (1.1, NAN)] {
        for a in [0.3, 3.0] {
            let other = if want == 0.0 {
                INF
            } else if want == INF {
                0.0
            } else {
                NAN
            };
            for (name, want) in [("gamma_p_inverse", want), ("gamma_q_inverse", other)] {
                let got = on_lanes::<f64>(name, &[a, p]);
                assert!(got == want || got.is_nan() && want.is_nan(), "{name}({a}, {p}) = {got}");
            }
        }
    }
}

/// The derivatives of one function of one number are the values of another.
#[test]
fn gamma_family_carries_its_derivatives() {
    type Number = Dual<Lane<f64>, 1>;
    let table = reference();
    let of_one: [(fn(Number) -> Number, &str); 6] = [
        (|x| x.trigamma(), "polygamma_2"),
        (|x| x.polygamma(2), "polygamma_3"),
        (|x| x.polygamma(4), "polygamma_5"),
        (|x| x.polygamma(7), "polygamma_8"),
        (|x| x.ln_abs_gamma(), "digamma_real"),
        (|x| x.digamma_real(), "trigamma_real"),
    ];
    for (function, derivative) in of_one {
        for row in &table[derivative] {
            let [x] = Number::inputs([Lane(row[0])]);
            let got = function(x).derivatives[0].0;
            let close = (got - row[1]).abs() < 2e-15 * (row[1].abs() + 1.0);
            assert!(close, "towards {derivative} at {}: {got} {}", row[0], row[1]);
        }
    }
    for x in [-0.3, -1.6, -2.2, 0.7, 3.0] {
        let (step, [number]) = (1e-5, Number::inputs([Lane(x)]));
        let slope =
            (Lane(x + step).trigamma_real().0 - Lane(x - step).trigamma_real().0) / 2.0 / step;
        assert!(relative(number.trigamma_real().derivatives[0].0, slope) < 1e-6, "{x}");
    }
}

#[test]
fn differences_carry_their_derivatives() {
    let table = reference();
    for row in &table["digamma_difference"] {
        let [x, d] = Dual::<Lane<f64>, 2>::inputs([Lane(row[0]), Lane(row[1])]);
        let got = x.log_gamma_difference(d).derivatives;
        assert!(relative(got[0].0, row[2]) < 2e-15, "{row:?}");
        assert!(relative(got[1].0, Lane(row[0] + row[1]).digamma().0) < 1e-15, "{row:?}");
        if row[1] > 0.0 {
            // ∂ ln B(a, b)/∂a = ψ(a) − ψ(a + b), also where b is small.
            assert!(relative(x.ln_beta(d).derivatives[0].0, -row[2]) < 2e-15, "{row:?}");
            assert!(relative(d.ln_beta(x).derivatives[0].0, -row[2]) < 2e-15, "{row:?}");
            // ln (n choose k) with n = x + d − 1 and k = d.
            if row[0] > 1.5 {
                let n = row[0] + row[1] - 1.0;
                let [n, k] = Dual::<Lane<f64>, 2>::inputs([Lane(n), Lane(row[1])]);
                let got = n.log_binomial(k).derivatives;
                let rounding = 4e-16 * (row[0] + row[1]) / row[1];
                assert!(relative(got[0].0, row[2]) < 3e-15 + rounding, "{row:?} {got:?}");
            }
        }
    }
    let [n, k] = Dual::<Lane<f64>, 2>::inputs([Lane(5.0), Lane(7.0)]);
    assert_eq!(n.log_binomial(k).derivatives.map(|d| d.0), [0.0; 2]);
    // d/dk ln (10 choose k) at 3 is ψ(8) − ψ(4).
    let [n, k] = Dual::<Lane<f64>, 2>::inputs([Lane(10.0), Lane(3.0)]);
    let want = 1.0 / 4.0 + 1.0 / 5.0 + 1.0 / 6.0 + 1.0 / 7.0;
    assert!(relative(n.log_binomial(k).derivatives[1].0, want) < 1e-15);
}

/// The rows of the implicit gradient hold d ln z/da at fixed P, so ∂P/∂a = −K times that.
#[test]
fn incomplete_gamma_and_its_inverse_have_the_slope_of_the_table() {
    for row in &reference()["gamma_implicit_gradient"] {
        let (a, z, slope) = (row[0], row[1].exp(), row[2]);
        if z < 1e-200 {
            continue;
        }
        // K = zᵃ e⁻ᶻ/Γ(a), by the textbook: good to a few ε times its largest term.
        let terms = [a * row[1], -z, -Lane(a).ln_gamma().0];
        let rounding = 1e-15 * terms.iter().fold(1.0, |sum, term| sum + term.abs());
        let kernel = terms.iter().sum::<f64>().exp();
        let [number, x] = Dual::<Lane<f64>, 2>::inputs([Lane(a), Lane(z)]);
        let (p, q) = (number.gamma_p(x), number.gamma_q(x));
        let (log_p, log_q) = (number.log_gamma_p(x), number.log_gamma_q(x));
        for (got, want) in [
            (p, -kernel * slope),
            (q, kernel * slope),
            (log_p, -kernel * slope / p.value.0),
            (log_q, kernel * slope / q.value.0),
        ] {
            assert!(relative(got.derivatives[0].0, want) < 1e-12 + 4.0 * rounding, "{row:?}");
            let along = got.derivatives[1].0 * z;
            assert!(relative(along, -want / slope) < 1e-12 + 4.0 * rounding, "{row:?}");
        }
        let [number, p, q] = Dual::<Lane<f64>, 3>::inputs([Lane(a), p.value, q.value]);
        let (by_p, by_q) = (number.gamma_p_inverse(p), number.gamma_q_inverse(q));
        // How far one ε of the probability moves ln z.
        let condition = 1e-15 * p.value.0.max(q.value.0) / kernel + 1e-15 * row[1].abs();
        for (got, sign, index) in [(by_p, 1.0, 1), (by_q, -1.0, 2)] {
            let tolerance = 1e-12 + 4.0 * rounding + 1e3 * condition;
            assert!(relative(got.value.0, z) < tolerance, "{row:?} {got:?}");
            assert!(relative(got.derivatives[0].0, z * slope) < tolerance, "{row:?} {got:?}");
            let along = got.derivatives[index].0 * sign;
            assert!(relative(along, z / kernel) < tolerance * (1.0 + a), "{row:?} {got:?}");
        }
    }
}
