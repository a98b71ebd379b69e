//! The fit finds what generated the data, and what the exact posterior says.

use crate::example::Folder;
use crate::picture::labels;
use crate::{TRUE_NOISE, TRUTH, synthetic};

/// The numbers in the first row of a report that starts with `name`.
fn row(report: &str, name: &str) -> Vec<f64> {
    let line = report.lines().find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no row {name} in\n{report}"));
    (line.split_whitespace().skip(1))
        .filter_map(|cell| cell.trim_matches(['[', ']', ',']).parse().ok())
        .collect()
}

#[test]
fn recovers_the_coefficients_of_synthetic_data() {
    let folder = Folder::new("regression", "synthetic");
    folder.write("data.csv", synthetic());
    let arguments = "--data data.csv --target y --features a,b,a:b --raw";
    let report = folder.report(arguments);
    for (name, truth) in TRUTH {
        let values = row(&report, name);
        let [mean, sd, low, high, exact_mean, marginal, conditional] = values[..] else {
            panic!("{name}: {values:?}");
        };
        // Four standard deviations: 1 in 16 000 for a coefficient, and the seed is fixed.
        assert!((mean - truth).abs() < 4.0 * marginal, "{name}: {mean} for {truth}");
        assert!((mean - exact_mean).abs() < 0.05 * conditional, "{name}: {mean}, {exact_mean}");
        assert!((sd / conditional - 1.0).abs() < 0.03, "{name}: {sd}, {conditional}");
        assert!(marginal >= conditional, "{name}");
        // The 5 % point of a standard Normal is -1.6449.
        for (end, expected) in [(low, mean - 1.6449 * sd), (high, mean + 1.6449 * sd)] {
            assert!((end - expected).abs() < 0.01 * sd, "{name}: {end}, {expected}");
        }
    }
    // The columns are correlated, so fixing the others must matter.
    let slope = row(&report, "a");
    assert!(slope[5] > 1.15 * slope[6], "{slope:?}");
    let noise = row(&report, "σ");
    // The standard deviation of σ given n rows is close to σ/√(2n).
    let expected = TRUE_NOISE / 800_f64.sqrt();
    assert!((noise[0] - TRUE_NOISE).abs() < 4.0 * expected, "{noise:?}");
    assert!((noise[1] / expected - 1.0).abs() < 0.1, "{noise:?}");
    let short = format!("{arguments} --steps 200 --seed");
    let report_of = |seed: u64| folder.report(&format!("{short} {seed}"));
    assert_eq!(report_of(1), report_of(1), "the same seed gives the same report");
    assert_ne!(report_of(1), report_of(2), "the seed matters");

    let standardised = folder.report("--data data.csv --target y --features a,b,a:b");
    assert!(standardised.contains("Every column is standardised"));
    let units = standardised.split_once("In the units of the file").expect("there is a table").1;
    for (name, truth) in &TRUTH[1..] {
        let (values, marginal) = (row(units, name), row(&report, name)[5]);
        assert!((values[0] - truth).abs() < 4.0 * marginal, "{name}: {values:?}");
    }
}

#[test]
fn bundled_data_are_fitted_as_the_exact_posterior_says() {
    let folder = Folder::new("regression", "bundled");
    let report = folder.report("");
    assert!(report.contains("progression explained in 442 rows."), "{report}");
    let names = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"];
    for name in names {
        let values = row(&report, name);
        assert!((values[0] - values[4]).abs() < 0.1 * values[6], "{name}: {values:?}");
        assert!((values[1] / values[6] - 1.0).abs() < 0.03, "{name}: {values:?}");
    }
    let held = report.split("hold ").nth(1).and_then(|rest| rest.split(' ').next());
    let held: f64 = held.and_then(|count| count.parse().ok()).expect("the report counts");
    // Of 442 observations a 90 % interval holds 398, give or take 6.3.
    assert!((held - 397.8).abs() < 4.0 * 6.3, "{held}");
    let picture = folder.read("regression.svg");
    let labels = labels(&picture);
    for name in names.iter().chain(&["intercept", "σ", "predicted mean", "observed"]) {
        assert!(labels.iter().any(|label| label == name), "{name} in {labels:?}");
    }
}

#[test]
fn both_processor_backends_agree() {
    let folder = Folder::new("regression", "backends");
    folder.write("data.csv", synthetic());
    let arguments = "--data data.csv --target y --steps 500 --device";
    let flex = folder.report(&format!("{arguments} flex"));
    let ndarray = folder.report(&format!("{arguments} ndarray"));
    assert!(flex.contains("Left out, being text: place."), "{flex}");
    for name in ["intercept", "a", "b", "σ"] {
        let (flex, ndarray) = (row(&flex, name), row(&ndarray, name));
        for (a, b) in flex.iter().zip(&ndarray) {
            assert!((a - b).abs() <= 0.02 * flex[1], "{name}: {flex:?}, {ndarray:?}");
        }
    }
}
