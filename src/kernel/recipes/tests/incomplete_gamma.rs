//! The incomplete gamma family: values, quantiles, derivatives, limits.

use super::super::super::dual::Dual;
use super::super::super::lanes::Lane;
use super::super::super::real::Real;
use super::{on_lanes, reference, relative, replay, tape};

/// The functions of two numbers: f32 error relative, its growth with |ln value|, f64 error, a sixth of it
/// on lanes, as exponents have two parts there.
const GAMMA_BOUNDS: [(&str, f64, f64, f64); 5] = [
    ("gamma_p", 1e-6, 7e-8, 3e-13),
    ("gamma_q", 1e-6, 7e-8, 3e-13),
    ("log_gamma_p", 1e-6, 7e-8, 3e-13),
    ("log_gamma_q", 1e-6, 7e-8, 3e-13),
    ("gamma_implicit_gradient", 1e-6, 0.0, 1e-13),
];

#[test]
fn incomplete_gamma_is_accurate() {
    let mut failures = Vec::new();
    for (name, single_bound, growth, double_bound) in GAMMA_BOUNDS {
        let (single, double) = (tape(name, false), tape(name, true));
        for row in &reference()[name] {
            let (want, x) = row.split_last().expect("inputs, then the value");
            let errors = [
                relative32(on_lanes::<f32>(name, x), *want),
                relative32(replay::<f32>(&single, x)[0].into(), *want),
                relative(on_lanes::<f64>(name, x), *want),
                relative(replay::<f64>(&double, x)[0], *want),
            ];
            let depth = -want.abs().clamp(1e-45, 1.0).ln();
            let on_lanes = 0.6 * single_bound + growth * depth;
            let bounds =
                [on_lanes, single_bound + growth * depth, double_bound / 6.0, double_bound];
            if !errors.iter().zip(bounds).all(|(error, bound)| *error <= bound) {
                failures.push(format!("{name}{x:?} = {want}: {errors:?}"));
            }
        }
        println!("{name} {} {}", single.instructions.len(), double.instructions.len());
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

fn relative32(got: f64, want: f64) -> f64 {
    let nearest = f64::from(want as f32);
    if got == nearest || got == want { 0.0 } else { (got - want).abs() / want.abs().max(1.2e-38) }
}

#[test]
fn gamma_quantile_inverts_both_tails() {
    let table = reference();
    let name = "log_gamma_quantile";
    let (single, double) = (tape(name, false), tape(name, true));
    println!("quantile tape {} {}", single.instructions.len(), double.instructions.len());
    let mut failures = Vec::new();
    for (p, q) in table["gamma_p"].iter().zip(&table["gamma_q"]) {
        let (a, want, p, q) = (p[0], p[1].ln(), p[2], q[2]);
        let tail = p.min(q);
        if tail < 1e-30 {
            continue;
        }
        let at = Lane(a).incomplete_gamma_at_log(Lane(want));
        // How far a relative change of the tail moves ln z.
        let condition = tail / at.log_kernel.0.exp();
        let errors = [
            on_lanes::<f32>(name, &[a, p, q]) - want,
            f64::from(replay::<f32>(&single, &[a, p, q])[0]) - want,
            on_lanes::<f64>(name, &[a, p, q]) - want,
            replay::<f64>(&double, &[a, p, q])[0] - want,
        ];
        let single_bound = 1e-6 * (1.0 + want.abs()) + 1e-6 * condition * (1.0 - tail.ln());
        let double_bound = 1e-12 * (1.0 + want.abs() + condition);
        let bounds = [single_bound, single_bound, double_bound, double_bound];
        if !errors.iter().zip(bounds).all(|(error, bound)| error.abs() <= bound) {
            failures.push(format!("{name}({a}, {p}, {q}) = {want}: {errors:?} {bounds:?}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn incomplete_gamma_derivatives_match_known_values() {
    // dP/da and dz/da by 40-digit quadrature.
    for (a, x, slope) in [(1.0, 1.0, -0.431_729_710_6), (5.0, 3.0, -0.133_056_760_7)] {
        let [a, x] = Dual::<Lane<f64>, 2>::inputs([Lane(a), Lane(x)]);
        let (p, log_q) = (a.gamma_p(x), a.log_gamma_q(x));
        assert!(relative(p.derivatives[0].0, slope) < 1e-9, "{p:?}");
        let q = 1.0 - p.value.0;
        assert!(relative(log_q.derivatives[0].0, -slope / q) < 1e-9, "{log_q:?}");
        let log_density = (a.value.0 - 1.0) * x.value.0.ln() - x.value.0 - a.value.ln_gamma().0;
        assert!(relative(p.derivatives[1].0, log_density.exp()) < 1e-13, "{p:?}");
        assert!(relative(log_q.derivatives[1].0, -log_density.exp() / q) < 1e-13, "{log_q:?}");
    }
    for (a, z, slope) in
        [(1.0, 1.0, 1.173_563_027), (0.1, 1e-3, 0.064_907_247_38), (100.0, 110.0, 1.050_160_621)]
    {
        let at = Lane(a).incomplete_gamma(Lane(z));
        assert!(relative(at.log_quantile_slope.0 * z, slope) < 1e-9, "{at:?}");
        let [a, p] = Dual::<Lane<f64>, 2>::inputs([Lane(a), at.p]);
        let log_z = a.log_gamma_quantile(p, -p + 1.0);
        assert!((log_z.value.0.exp() - z).abs() < 1e-12 * z, "{log_z:?}");
        assert!(relative(log_z.derivatives[0].0 * z, slope) < 1e-9, "{log_z:?}");
        assert!(relative(log_z.derivatives[1].0, (-at.log_kernel.0).exp()) < 1e-11, "{log_z:?}");
    }
    // A variate far below the smallest float still has its gradient.
    let (a, log_z) = (1e-3, -5000.0);
    let limit = (Lane(a + 1.0).digamma().0 - log_z) / a;
    for slope in [
        on_lanes::<f32>("gamma_implicit_gradient", &[a, log_z]),
        on_lanes::<f64>("gamma_implicit_gradient", &[a, log_z]),
        f64::from(replay::<f32>(&tape("gamma_implicit_gradient", false), &[a, log_z])[0]),
    ] {
        assert!(relative(slope, limit) < 1e-6, "{slope} {limit}");
    }
}

/// Points from 60-digit series, where one part of an exponent would not do, and where a shorter rule
/// did not.
#[test]
fn incomplete_gamma_keeps_its_digits_in_double_precision() {
    for (name, a, x, want) in [
        ("gamma_p", 3958.8212890625, 2131.431640625, 1.8096342542289666e-273),
        ("gamma_q", 844.0422973632812, 1744.3067626953125, 1.661487964720086e-127),
        ("gamma_p", 100.0, 0.0625, 3.900528923939016e-279),
        ("gamma_q", 0.5, 690.0, 4.661158455673913e-302),
        ("gamma_p", 0.75, 1e-300, 1.0880652521310173e-225),
        ("gamma_q", 30237.759765625, 36777.16015625, 1.184417238736105e-271),
        ("gamma_p", 1.0000001, 1.0, 0.6321205156555868),
        ("gamma_q", 0.9999999, 1.0, 0.36787939799847114),
        ("gamma_p", 0.9999, 0.9998, 0.6320901529684174),
        ("gamma_q", 0.50316602, 0.502380788, 0.31820473292199974),
        ("gamma_p", 1000000.0, 1000000.0, 0.5001329807608725),
        ("gamma_q", 1e-06, 1.0, 2.1938415887050922e-07),
        ("gamma_p", 1000000.0, 995000.0, 2.749580359270071e-07),
        ("gamma_q", 1e-06, 0.4999, 5.59895212472048e-07),
    ] {
        let got = on_lanes::<f64>(name, &[a, x]);
        assert!(relative(got, want) < 4e-14, "{name}({a}, {x}) = {got:e}, not {want:e}");
        let got = replay::<f64>(&tape(name, true), &[a, x])[0];
        assert!(relative(got, want) < 4e-13, "{name}({a}, {x}) = {got:e}, not {want:e} on a tape");
    }
}

#[test]
fn incomplete_gamma_has_its_limits() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    for (a, x, [p, q, log_p, log_q]) in [
        (0.3, 0.0, [0.0, 1.0, -INF, 0.0]),
        (3.0, 0.0, [0.0, 1.0, -INF, 0.0]),
        (3.0, -1.0, [0.0, 1.0, -INF, 0.0]),
        (0.3, INF, [1.0, 0.0, 0.0, -INF]),
        (3.0, INF, [1.0, 0.0, 0.0, -INF]),
        (1e5, 1e9, [1.0, 0.0, 0.0, -998_978_981.848]),
        (3.0, NAN, [NAN; 4]),
        (NAN, 3.0, [NAN; 4]),
        (-1.0, 3.0, [NAN; 4]),
        (0.0, 3.0, [NAN; 4]),
    ] {
        let names = ["gamma_p", "gamma_q", "log_gamma_p", "log_gamma_q"];
        for (name, want) in names.into_iter().zip([p, q, log_p, log_q]) {
            for got in [
                on_lanes::<f32>(name, &[a, x]),
                on_lanes::<f64>(name, &[a, x]),
                f64::from(replay::<f32>(&tape(name, false), &[a, x])[0]),
                replay::<f64>(&tape(name, true), &[a, x])[0],
            ] {
                let same =
                    got == want || relative(got, want) < 1e-6 || (got.is_nan() && want.is_nan());
                assert!(same, "{name}({a}, {x}) = {got}, not {want}");
            }
        }
    }
    for (p, q, want) in [(0.0, 1.0, -INF), (1.0, 0.0, INF), (NAN, 0.5, NAN), (-0.1, 1.1, NAN)] {
        for a in [0.3, 3.0] {
            for got in [
                on_lanes::<f64>("log_gamma_quantile", &[a, p, q]),
                f64::from(replay::<f32>(&tape("log_gamma_quantile", false), &[a, p, q])[0]),
            ] {
                assert!(got == want || (got.is_nan() && want.is_nan()), "{a} {p}: {got}");
            }
        }
    }
    // The density at the edge of the support, never 0/0.
    for (a, density) in [(0.5, INF), (1.0, 1.0), (2.0, 0.0)] {
        let [a, x] = Dual::<Lane<f64>, 2>::inputs([Lane(a), Lane(0.0)]);
        assert_eq!(a.gamma_p(x).derivatives[1].0, density);
    }
}

#[test]
fn incomplete_gamma_at_extremes() {
    for (name, a, x, want) in [
        ("gamma_p", 1e-3, 1e-30, 0.933_792_377_658_673),
        ("gamma_p", 1e4, 1e4, 0.501_329_808_339_955),
        ("gamma_p", 1e10, 1e10, 0.500_001_329_807_601),
        ("gamma_q", 1e-8, 1e-3, 6.331_539_171_908_88e-8),
        ("log_gamma_q", 0.5, 100.0, -102.879_889_024_845),
    ] {
        let got = on_lanes::<f64>(name, &[a, x]);
        assert!(relative(got, want) < 1e-11, "{name}({a}, {x}) = {got}, not {want}");
        let got = f64::from(replay::<f32>(&tape(name, false), &[a, x])[0]);
        assert!(relative(got, want) < 2e-6, "{name}({a}, {x}) = {got}, not {want} on a tape");
    }
}
