//! The densities of the families, each up to its constant.

use crate::laws::{Law, Sides};

/// Of a standard normal variate between two numbers.
pub(crate) fn normal_law(low: f64, high: f64) -> Law {
    let mode = 0f64.clamp(low, high);
    Law::density(&[low, high], move |x| (mode - x) * (mode + x) / 2.0)
}

/// Borders around the logarithm of a gamma variate. Below 1 its density has two scales: 1/a on the
/// left, 1 on the right.
fn gamma_borders(a: f64) -> Vec<f64> {
    if a < 1.0 {
        return vec![-30.0 - 60.0 / a, -30.0, 5.0];
    }
    let deviation = a.sqrt().recip();
    vec![a.ln() - 14.0 * deviation - 45.0 / a, a.ln() + (14.0 * deviation).min(6.0)]
}

/// Of the logarithm of a gamma variate.
pub(crate) fn log_gamma_law(a: f64) -> Law {
    // Less its largest value, so that it neither overflows nor underflows.
    let largest = if a > 1.0 { a * a.ln() - a } else { 0.0 };
    Law::density(&gamma_borders(a), move |y| a * y - y.exp() - largest)
}

fn log_odds(x: f64) -> f64 {
    (x / (1.0 - x)).ln()
}

fn from_log_odds(y: f64) -> f64 {
    1.0 / (1.0 + (-y).exp())
}

/// Of the log-odds of a beta variate, or, with `of_odds` false, of the variate itself.
pub(crate) fn beta_law(a: f64, b: f64, of_odds: bool) -> Law {
    let centre = (a / b).ln();
    let reach = 14.0 * (1.0 / a + 1.0 / b).sqrt();
    let borders = [centre - reach - 45.0 / a, centre + reach + 45.0 / b];
    let softplus = |y: f64| y.max(0.0) + (-y.abs()).exp().ln_1p();
    let log_density = move |y| a * y - (a + b) * softplus(y);
    let largest = log_density(centre);
    let log_density = move |y| log_density(y) - largest;
    if of_odds {
        Law::density(&borders, log_density)
    } else {
        Law::in_coordinate(&borders, log_density, log_odds, from_log_odds)
    }
}

/// Of Student's t over the root of its degrees of freedom: the hyperbolic sine of a number with the
/// density cosh(y)^−ν.
pub(crate) fn student_law(df: f64) -> Law {
    let reach = 45.0 / df + 1.0;
    let log_density = move |y: f64| -df * (y.abs() + ((-2.0 * y.abs()).exp().ln_1p() - 2f64.ln()));
    let law = Law::in_coordinate(&[-reach, reach], log_density, f64::asinh, f64::sinh);
    if df < 17.0 { law.without_moments() } else { law }
}

/// Of whole numbers with this mean.
pub(crate) fn poisson_law(rate: f64) -> Law {
    let reach = 14.0 * rate.sqrt() + 60.0;
    let first = (rate - reach).floor().max(0.0);
    Law::masses([first, rate.floor(), (rate + reach).ceil()], move |k| rate / (k + 1.0))
}

/// Of how many of n events happen.
pub(crate) fn binomial_law(n: f64, p: f64) -> Law {
    let (mean, reach) = (n * p, 14.0 * (n * p * (1.0 - p)).sqrt() + 60.0);
    let borders = [(mean - reach).floor().max(0.0), mean.floor(), (mean + reach).ceil().min(n)];
    Law::masses(borders, move |k| (n - k) / (k + 1.0) * (p / (1.0 - p)))
}

/// The laws themselves are right, by closed forms.
#[test]
fn laws_agree_with_closed_forms() {
    let exponential = Law::density(&[0.0, 60.0], |y| -y);
    let normal = Law::density(&[-12.0, 12.0], |y| -y * y / 2.0);
    let logistic = Law::density(&[-60.0, 60.0], |y: f64| -y.abs() - 2.0 * (-y.abs()).exp().ln_1p());
    for x in [1e-6_f64, 0.0123, 0.5, 1.0, 4.567, 20.0, 35.5] {
        let Sides { below, above } = exponential.sides(x);
        assert!((below / -(-x).exp_m1() - 1.0).abs() < 1e-9, "{x}: {below}");
        assert!((above / (-x).exp() - 1.0).abs() < 1e-9, "{x}: {above}");
        let above = logistic.sides(x).above;
        assert!((above * (1.0 + x.exp()) - 1.0).abs() < 1e-8, "{x}: {above}");
    }
    // Q(5) and Q(1.96) to 16 digits, from any table.
    for (x, q) in [(5.0, 2.866_515_718_791_939e-7), (1.96, 0.024_997_895_148_220_435)] {
        let (above, below) = (normal.sides(x).above, normal.sides(-x).below);
        assert!((above / q - 1.0).abs() < 1e-9 && (below / q - 1.0).abs() < 1e-9, "{x}: {above}");
    }
    let factorials = [1.0, 0.0, 1.0, 2.0, 9.0, 44.0, 265.0, 1854.0, 14833.0];
    let double_factorials = [1.0, 0.0, 1.0, 0.0, 3.0, 0.0, 15.0, 0.0, 105.0];
    for (law, expected) in [(&exponential, factorials), (&normal, double_factorials)] {
        for (ours, exact) in law.moments.as_ref().unwrap().powers.iter().zip(expected) {
            assert!((ours - exact).abs() < 1e-7 * (1.0 + exact), "{ours}, {exact}");
        }
    }
    let geometric = Law::masses([0.0, 0.0, 200.0], |_| 0.5);
    assert!((geometric.sides(2.5).above - 0.125).abs() < 1e-15);
    assert!((geometric.uniform(1.0, 0.5) - 0.625).abs() < 1e-15);
    assert!(geometric.uniform(-1.0, 0.5).is_nan() && geometric.uniform(0.5, 0.5).is_nan());
    assert!((geometric.moments.as_ref().unwrap().deviation.powi(2) - 2.0).abs() < 1e-12);
    for law in [&exponential, &normal, &logistic] {
        for level in [0.3, 1e-7] {
            let [low, high] = law.quantiles(level);
            assert!((law.sides(low).below / level - 1.0).abs() < 1e-6, "{low}");
            assert!((law.sides(high).above / level - 1.0).abs() < 1e-6, "{high}");
        }
    }
    assert_eq!(geometric.quantiles(0.1), [0.5, 2.5]);
}
