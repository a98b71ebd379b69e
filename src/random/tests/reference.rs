//! Slow `f64` reference functions and the bounds of the statistical tests.

/// Units in the last place of `f32` between a value and its reference.
pub(super) fn ulps_f32(value: f32, reference: f64) -> f64 {
    let nearest = reference as f32;
    let unit = f64::from(nearest.abs().next_up()) - f64::from(nearest.abs());
    (f64::from(value) - reference).abs() / unit
}

/// Units in the last place of `f64` between a value and its reference.
pub(super) fn ulps_f64(value: f64, reference: f64) -> f64 {
    (value - reference).abs() / (reference.abs().next_up() - reference.abs())
}

/// ln Γ(a), by Stirling's series above 30 and the recurrence below.
pub(super) fn ln_gamma(a: f64) -> f64 {
    let (mut a, mut product) = (a, 1.0_f64);
    while a < 30.0 {
        product *= a;
        a += 1.0;
    }
    let square = 1.0 / (a * a);
    let series = (1.0 / 12.0
        + square * (-1.0 / 360.0 + square * (1.0 / 1260.0 + square * (-1.0 / 1680.0))))
        / a;
    (a - 0.5) * a.ln() - a + 0.5 * (2.0 * core::f64::consts::PI).ln() + series - product.ln()
}

/// P(a, x), the probability that a Gamma(a, 1) draw stays below x, from ln x: by the power series
/// below the mean and Lentz's continued fraction above it.
pub(super) fn gamma_cdf(a: f64, ln_x: f64) -> f64 {
    let x = ln_x.exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, 1.0);
        while term > sum * 1e-17 {
            term *= x / (a + n);
            sum += term;
            n += 1.0;
        }
        // x underflows for small a where the power of it below does not.
        sum * (a * ln_x - x - ln_gamma(a + 1.0)).exp()
    } else {
        let tiny = 1e-300;
        let mut b = x + 1.0 - a;
        let mut c = 1.0 / tiny;
        let mut d = 1.0 / b;
        let mut fraction = d;
        for n in 1..1_000_000 {
            let n = f64::from(n);
            let numerator = -n * (n - a);
            b += 2.0;
            d = 1.0 / (numerator * d + b);
            c = b + numerator / c;
            fraction *= d * c;
            if (d * c - 1.0).abs() < 1e-15 {
                break;
            }
        }
        1.0 - fraction * (a * ln_x - x - ln_gamma(a)).exp()
    }
}

/// Φ(x).
pub(super) fn normal_cdf(x: f64) -> f64 {
    let half = 0.5 * gamma_cdf(0.5, (0.5 * x * x).ln());
    if x < 0.0 { 0.5 - half } else { 0.5 + half }
}

/// Asserts that draws follow `cdf` by the Dvoretzky–Kiefer–Wolfowitz inequality with Massart's
/// constant: P(sup |F_n − F| > ε) ≤ 2 exp(−2nε²), here 10⁻⁶.
///
/// The supremum is taken over a thousand order statistics; taking it over fewer points cannot
/// raise the false-alarm rate.
pub(super) fn assert_follows(name: &str, mut draws: Vec<f64>, cdf: impl Fn(f64) -> f64) {
    let n = draws.len() as f64;
    let bound = ((2.0 / 1e-6_f64).ln() / (2.0 * n)).sqrt();
    draws.sort_by(f64::total_cmp);
    let step = (draws.len() / 1000).max(1);
    for (rank, &draw) in draws.iter().enumerate().step_by(step) {
        let probability = cdf(draw);
        let (below, above) = (rank as f64 / n, (rank + 1) as f64 / n);
        let distance = (probability - below).max(above - probability);
        assert!(
            distance <= bound,
            "{name}: at draw {draw} the cdf is {probability}, the empirical one {below}; \
             allowed {bound}"
        );
    }
}

/// Asserts that a mean over `n` draws with the given standard deviation is within 5.5 standard
/// errors (false-alarm rate 4·10⁻⁸) of what is expected.
pub(super) fn assert_mean(name: &str, mean: f64, expected: f64, deviation: f64, n: usize) {
    let error = deviation / (n as f64).sqrt();
    assert!(
        (mean - expected).abs() <= 5.5 * error,
        "{name}: {mean}, expected {expected} ± {error}"
    );
}

/// Mean of `f` over draws.
pub(super) fn mean_of(draws: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    draws.iter().map(|&draw| f(draw)).sum::<f64>() / draws.len() as f64
}

/// The reference functions themselves, at values known in closed form; 10⁻¹¹ is far below what any
/// test with them resolves.
#[test]
fn reference_functions() {
    assert!((ln_gamma(0.5) - 0.5 * core::f64::consts::PI.ln()).abs() < 1e-12);
    for x in [0.01, 0.5, 1.9, 2.1, 9.0_f64] {
        assert!((gamma_cdf(1.0, x.ln()) - (1.0 - (-x).exp())).abs() < 1e-12);
        let erlang = 1.0 - (-x).exp() * (1.0 + x + x * x / 2.0);
        assert!((gamma_cdf(3.0, x.ln()) - erlang).abs() < 1e-12);
    }
    assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-12);
    assert!((normal_cdf(-1.0) - 0.158_655_253_931_457_05).abs() < 1e-12);
}
