//! Derivatives through duals, and what the remainders are for.

use super::super::super::dual::Dual;
use super::super::super::lanes::Lane;
use super::super::super::real::Real;
use super::{reference, relative};

#[test]
fn duals_carry_the_analytic_derivative() {
    let table = reference();
    for row in &table["normal_hazard"] {
        let x = Dual::<Lane<f64>, 1>::inputs([Lane(-row[0])]);
        let derivative = x[0].log_ndtr().derivatives[0].0;
        assert!(relative(derivative, row[1]) < 3e-15, "log_ndtr'({})", -row[0]);
    }
    for (function, derivative) in [("ln_gamma", "digamma"), ("digamma", "trigamma")] {
        for row in &table[derivative] {
            let x = Dual::<Lane<f64>, 1>::inputs([Lane(row[0])])[0];
            let got = if function == "ln_gamma" { x.ln_gamma() } else { x.digamma() };
            assert!(relative(got.derivatives[0].0, row[1]) < 5e-15, "{function}'({})", row[0]);
        }
    }
}

#[test]
fn remainders_keep_their_derivatives_at_large_arguments() {
    // d/dx 1/(12x) − 1/(360x³) and x (ln x − ψ(x)) = ½ + 1/(12x) − 1/(120x³), by the series.
    for x in [30.0, 1e3, 1e6] {
        let [single] = Dual::<Lane<f32>, 1>::inputs([Lane(x as f32)]);
        let [double] = Dual::<Lane<f64>, 1>::inputs([Lane(x)]);
        let z = 1.0 / (x * x);
        let gamma = -z / 12.0 + z * z / 120.0 - z * z * z / 252.0;
        let digamma = -z / 12.0 + z * z / 40.0 - z * z * z * 5.0 / 252.0;
        for (got, want) in
            [(single.ln_gamma_stirling(), gamma), (single.digamma_stirling(), digamma)]
        {
            let got = f64::from(got.derivatives[0].0);
            assert!(relative(got, want) < 2e-6, "{x}: {got} {want}");
        }
        for (got, want) in
            [(double.ln_gamma_stirling(), gamma), (double.digamma_stirling(), digamma)]
        {
            let got = got.derivatives[0].0;
            assert!(relative(got, want) < 1e-8, "{x}: {got} {want}");
        }
    }
    // Below the fits' half-lines the derivatives are ψ(x) − ln x + ½/x and ln x − ψ + 1 − xψ₁.
    for x in [0.01, 0.3, 0.7, 1.7, 5.0] {
        let [number] = Dual::<Lane<f64>, 1>::inputs([Lane(x)]);
        let (psi, psi_1) = (Lane(x).digamma().0, Lane(x).trigamma().0);
        let gamma = psi - x.ln() + 0.5 / x;
        let digamma = x.ln() - psi + 1.0 - x * psi_1;
        let got = number.ln_gamma_stirling().derivatives[0].0;
        assert!(relative(got, gamma) < 1e-11, "{x}: {got} {gamma}");
        let got = number.digamma_stirling().derivatives[0].0;
        assert!(relative(got, digamma) < 1e-11, "{x}: {got} {digamma}");
    }
}

#[test]
fn normal_functions_carry_their_derivatives() {
    for x in [-30.0, -4.0, -0.7, 0.3, 2.0, 8.5, 9.0, 15.0, 30.0, 100.0] {
        let step = 1e-5;
        let [number] = Dual::<Lane<f64>, 1>::inputs([Lane(x)]);
        let at = |x: f64| Lane(x).normal_hazard().0;
        let slope = (at(x + step) - at(x - step)) / (2.0 * step);
        let got = number.normal_hazard().derivatives[0].0;
        assert!((got - slope).abs() < 1e-8 * (slope.abs() + 0.1), "{x}: {got} {slope}");
        // erfcx' = 2x erfcx − 2/√π, in f64 as the truth of f32.
        let [single] = Dual::<Lane<f32>, 1>::inputs([Lane(x as f32)]);
        if x > 0.0 {
            let slope = number.erfcx().derivatives[0].0;
            let got = f64::from(single.erfcx().derivatives[0].0);
            assert!(relative(got, slope) < 3e-5, "erfcx'({x}) = {got}, not {slope}");
            let slope = number.normal_hazard().derivatives[0].0;
            let got = f64::from(single.normal_hazard().derivatives[0].0);
            assert!(relative(got, slope) < 3e-5, "hazard'({x}) = {got}, not {slope}");
        }
        // ndtri_exp undoes log_ndtr, so the slopes are reciprocal; ln Φ(x) underflows at 39.
        if x < 30.0 {
            let round = number.log_ndtr().ndtri_exp();
            assert!((round.value.0 - x).abs() < 1e-13 * x.abs(), "{x}: {round:?}");
            assert!((round.derivatives[0].0 - 1.0).abs() < 1e-12, "{x}: {round:?}");
        }
    }
}

#[test]
fn large_concentrations_do_not_cancel() {
    // The entropy of Gamma(a, 1), a + ln Γ(a) + (1 − a) ψ(a), and the divergence of Gamma(a, 1)
    // from Gamma(b, 1), written with the remainders.
    fn entropy<R: Real>(a: R) -> R {
        (a.ln() + 1.837_877_066_409_345_5) * 0.5
            + a.digamma_stirling() * (-a.recip() + 1.0)
            + a.ln_gamma_stirling()
    }
    fn divergence<R: Real>(a: R, b: R) -> R {
        let t = (b - a) / a;
        let remainder = t.ln_1p_remainder();
        a * ((t + 1.0) * remainder + t.square()) - remainder * 0.5
            + t * (a.digamma_stirling() - 0.5)
            + (b.ln_gamma_stirling() - a.ln_gamma_stirling())
    }
    let (want_entropy, want_divergence) = (10.629_278_901_8, 5.000_083_333e-5);
    assert!(relative(entropy(Lane(1e8_f32)).0.into(), want_entropy) < 1e-6);
    assert!(relative(entropy(Lane(1e8_f64)).0, want_entropy) < 1e-11);
    assert!(relative(entropy(Lane(1e-3_f32)).0.into(), -992.666_817_5) < 1e-6);
    assert!(relative(divergence(Lane(1e4_f32), Lane(10_001.0)).0.into(), want_divergence) < 1e-6);
    assert!(relative(divergence(Lane(1e4_f64), Lane(10_001.0)).0, want_divergence) < 1e-9);
}
