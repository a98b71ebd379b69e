//! The regression example, run as its users run it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use burn::tensor::{Device, Tensor};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// The example's binary, which `cargo test` builds beside the tests.
fn example() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let profile = own.ancestors().nth(2).expect("tests lie in deps/");
    let name = format!("regression{}", std::env::consts::EXE_SUFFIX);
    let example = profile.join("examples").join(name);
    assert!(
        example.exists(),
        "{} is missing: `cargo test` builds it, and so does `cargo build --example regression`",
        example.display()
    );
    example
}

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!("pushforward-regression-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Self(folder)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), content).expect("the folder is writable");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("the example wrote the file")
    }

    /// Runs the example here; arguments are separated by single spaces.
    fn run(&self, arguments: &str) -> Output {
        Command::new(example())
            .args(arguments.split(' ').filter(|argument| !argument.is_empty()))
            .current_dir(&self.0)
            .output()
            .expect("the example runs")
    }

    /// Runs the example, which must succeed, and gives its report.
    fn report(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments}: {errors}");
        assert_eq!(errors, "", "{arguments}: no bar where there is no terminal");
        String::from_utf8(output.stdout).expect("the report is UTF-8")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn bad_input_gets_one_sentence() {
    let folder = Folder::new("bad-input");
    let cases: &[(&str, &str, &str)] = &[
        (
            "",
            "--features a",
            "bad.csv, line 1: the file is empty; it needs a line of column names.",
        ),
        (
            "a,y\n",
            "",
            "bad.csv, line 1: no row follows the column names.",
        ),
        (
            "a,y\n1,2\n",
            "",
            "bad.csv, line 2: this is the only row; a regression needs several.",
        ),
        (
            "a,y\n1,2\n3,5\n",
            "",
            "bad.csv, lines 2 to 3, column `y`: 2 rows cannot determine 1 slope, an intercept \
             and σ; at least 3 are needed.",
        ),
        (
            "a,y\n1,2\nx,3\n2,1\n",
            "",
            "bad.csv, line 3, column `a`: `x` is not a number.",
        ),
        // Blank lines and carriage returns must not shift the count.
        (
            "a,y\r\n1,2\r\n\r\n3,4,\r\n",
            "",
            "bad.csv, line 4: the row has 3 cells, but line 1 names 2 columns.",
        ),
        (
            "a,y\r\n1,2\r\n\r\n3,4\r\n2,x\r\n",
            "",
            "bad.csv, line 5, column `y`: `x` is not a number.",
        ),
        (
            "\u{feff}a,y\n\n1,2\n3,x\n",
            "",
            "bad.csv, line 4, column `y`: `x` is not a number.",
        ),
        (
            "a,y\n1,2\n3\n",
            "",
            "bad.csv, line 3: the row has 1 cell, but line 1 names 2 columns.",
        ),
        (
            "a,y\n1,2\n,3\n2,1\n",
            "",
            "bad.csv, line 3, column `a`: the cell is empty.",
        ),
        (
            "a,y\n1,2\nNaN,3\n2,1\n",
            "",
            "bad.csv, line 3, column `a`: `NaN` is not a finite number.",
        ),
        (
            "a,y\n1,2\n2,inf\n2,1\n",
            "",
            "bad.csv, line 3, column `y`: `inf` is not a finite number.",
        ),
        (
            "a,y\n1,2\n1e300,3\n2,1\n",
            "",
            "bad.csv, line 3, column `a`: `1e300` is too large for single precision; choose \
             another unit.",
        ),
        (
            "a,b,a,y\n1,2,3,4\n2,3,4,5\n",
            "",
            "bad.csv, line 1: two columns are named `a`: the 1st and the 3rd.",
        ),
        (
            "a,y\n7,2\n7,3\n7,1\n",
            "",
            "bad.csv, lines 2 to 4, column `a`: every number is 7; a constant column tells \
             nothing.",
        ),
        (
            "a,y\n1,7\n2,7\n4,7\n",
            "",
            "bad.csv, lines 2 to 4, column `y`: every number is 7; a constant column tells \
             nothing.",
        ),
        (
            "a,b,y\n1,2,3\n2,1,4\n3,3,1\n",
            "--features a,c",
            "bad.csv, line 1: there is no column `c`; the columns are `a`, `b`, `y`.",
        ),
        (
            "a,b,y\n1,2,3\n2,1,4\n3,3,1\n",
            "--features a:c",
            "bad.csv, line 1: there is no column `c`; the columns are `a`, `b`, `y`.",
        ),
        (
            "a,b,y\n1,2,3\n2,1,4\n3,3,1\n",
            "--features a,y",
            "bad.csv, line 1, column `y`: the target cannot explain itself; take it out of \
             --features.",
        ),
        (
            "a,b,y\n1,2,3\n2,1,4\n3,3,1\n",
            "--features a:y",
            "bad.csv, line 1, column `y`: the target cannot explain itself; take it out of \
             --features.",
        ),
        (
            "a,b,y\n1,2,3\n2,1,4\n3,3,1\n",
            "--features a,b,a",
            "--features: `a` is named twice.",
        ),
        (
            "a,y\nx,3\nz,4\n",
            "",
            "bad.csv, line 1: no numeric column is left to explain `y`.",
        ),
        (
            "a,b,c,y\n1,2,7,3\n2,1,5,4\n3,3,12,1\n4,1,7,2\n5,2,11,4\n",
            "",
            "bad.csv, lines 2 to 6, column `c`: it is a linear combination of `a`, `b`, so leave \
             one of them out.",
        ),
        (
            "a,y\n1,3\n2,5\n3,7\n5,11\n",
            "",
            "bad.csv, lines 2 to 5, column `y`: it is a linear combination of `a`, which leaves \
             no noise to learn.",
        ),
        (
            "year,y\n1000001,3\n1000002,5\n1000003,6\n1000005,9\n",
            "--raw",
            "bad.csv, lines 2 to 5, column `year`: numbers around 1.000e6 that differ by 1.5e0 \
             are too alike for single precision; subtract a constant, or leave --raw out.",
        ),
    ];
    for (content, arguments, sentence) in cases {
        folder.write("bad.csv", content);
        let arguments = format!("--data bad.csv --target y {arguments}");
        refused(&folder, &arguments, sentence);
    }
    folder.write("bad.csv", b"a,y\n1,2\n3,\xff\n2,1\n");
    let sentence = "bad.csv, line 3, 2nd column: the text is not UTF-8.";
    refused(&folder, "--data bad.csv --target y", sentence);
    folder.write("bad.csv", "a,y\n1,2\n2,1\n3,5\n");
    let sentence = "bad.csv, line 1: there is no column `z`; the columns are `a`, `y`.";
    refused(&folder, "--data bad.csv --target z", sentence);
}

/// Runs the example, which must say `sentence` and nothing else, and exit with 2.
fn refused(folder: &Folder, arguments: &str, sentence: &str) {
    let output = folder.run(arguments);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("{sentence}\n"),
        "{arguments}"
    );
    assert_eq!(output.status.code(), Some(2), "{arguments}");
    assert!(output.stdout.is_empty(), "{arguments}");
    assert!(
        !folder.0.join("regression.svg").exists(),
        "{arguments}: no picture"
    );
}

#[test]
fn missing_files_and_backends_get_one_sentence() {
    let folder = Folder::new("missing");
    let starts = |arguments: &str, start: &str| {
        let output = folder.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.starts_with(start), "{arguments}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
        assert_eq!(output.status.code(), Some(2), "{arguments}");
    };
    starts(
        "--data absent.csv --target y",
        "absent.csv: the file cannot be read: ",
    );
    starts("--data . --target y", ".: the file cannot be read: ");
    let unwritable = Path::new("absent").join("picture.svg");
    let sentence = format!("{}: the picture cannot be written: ", unwritable.display());
    starts(&format!("--output {}", unwritable.display()), &sentence);
    for (device, compiled_in) in [
        ("wgpu", cfg!(feature = "wgpu")),
        ("cuda", cfg!(feature = "cuda")),
    ] {
        if !compiled_in {
            let sentence = format!(
                "--device {device}: this build lacks the backend; add `--features {device}` to \
                 the cargo command."
            );
            starts(&format!("--device {device}"), &sentence);
        }
    }
}

/// The coefficients and the noise scale of the data that [`synthetic`] makes.
const TRUTH: [(&str, f64); 4] = [("intercept", 2.0), ("a", 1.5), ("b", -0.7), ("a:b", 0.4)];
const TRUE_NOISE: f64 = 0.5;

/// Correlated columns `a` and `b`, a target that follows [`TRUTH`], and a column of text.
fn synthetic() -> String {
    let draws = Normal::<2>::standard(&Device::flex());
    let draws: Tensor<2> = draws.sample([400, 3], &mut StdRng::seed_from_u64(11));
    let draws: Vec<f64> = draws.into_data().iter::<f64>().collect();
    let [intercept, slope_a, slope_b, slope_ab] = TRUTH.map(|(_, value)| value);
    let mut text = String::from("place,a,b,y\n");
    for draw in draws.chunks(3) {
        let (a, b) = (draw[0] + 0.5, 0.6 * draw[0] + 0.8 * draw[1]);
        let mean = intercept + slope_a * a + slope_b * b + slope_ab * a * b;
        writeln!(text, "here,{a},{b},{}", mean + TRUE_NOISE * draw[2]).unwrap();
    }
    text
}

/// The numbers in the first row of a report that starts with `name`.
fn row(report: &str, name: &str) -> Vec<f64> {
    let line = report
        .lines()
        .find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no row {name} in\n{report}"));
    (line.split_whitespace().skip(1))
        .filter_map(|cell| cell.trim_matches(['[', ']', ',']).parse().ok())
        .collect()
}

#[test]
fn recovers_the_coefficients_of_synthetic_data() {
    let folder = Folder::new("synthetic");
    folder.write("data.csv", synthetic());
    let arguments = "--data data.csv --target y --features a,b,a:b --raw";
    let report = folder.report(arguments);
    for (name, truth) in TRUTH {
        let values = row(&report, name);
        let [mean, sd, low, high, exact_mean, marginal, conditional] = values[..] else {
            panic!("{name}: {values:?}");
        };
        // Four standard deviations: 1 in 16 000 for a coefficient, and the seed is fixed.
        assert!(
            (mean - truth).abs() < 4.0 * marginal,
            "{name}: {mean} for {truth}"
        );
        assert!(
            (mean - exact_mean).abs() < 0.05 * conditional,
            "{name}: {mean}, {exact_mean}"
        );
        assert!(
            (sd / conditional - 1.0).abs() < 0.03,
            "{name}: {sd}, {conditional}"
        );
        assert!(marginal >= conditional, "{name}");
        // The 5 % point of a standard Normal is -1.6449.
        for (end, expected) in [(low, mean - 1.6449 * sd), (high, mean + 1.6449 * sd)] {
            assert!(
                (end - expected).abs() < 0.01 * sd,
                "{name}: {end}, {expected}"
            );
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
    assert_eq!(
        report_of(1),
        report_of(1),
        "the same seed gives the same report"
    );
    assert_ne!(report_of(1), report_of(2), "the seed matters");

    let standardised = folder.report("--data data.csv --target y --features a,b,a:b");
    assert!(standardised.contains("Every column is standardised"));
    let units = standardised
        .split_once("In the units of the file")
        .expect("there is a table")
        .1;
    for (name, truth) in &TRUTH[1..] {
        let (values, marginal) = (row(units, name), row(&report, name)[5]);
        assert!(
            (values[0] - truth).abs() < 4.0 * marginal,
            "{name}: {values:?}"
        );
    }
}

#[test]
fn bundled_data_are_fitted_as_the_exact_posterior_says() {
    let folder = Folder::new("bundled");
    let report = folder.report("");
    assert!(
        report.contains("progression explained in 442 rows."),
        "{report}"
    );
    let names = [
        "age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6",
    ];
    for name in names {
        let values = row(&report, name);
        assert!(
            (values[0] - values[4]).abs() < 0.1 * values[6],
            "{name}: {values:?}"
        );
        assert!(
            (values[1] / values[6] - 1.0).abs() < 0.03,
            "{name}: {values:?}"
        );
    }
    let held = report
        .split("hold ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let held: f64 = held
        .and_then(|count| count.parse().ok())
        .expect("the report counts");
    // Of 442 observations a 90 % interval holds 398, give or take 6.3.
    assert!((held - 397.8).abs() < 4.0 * 6.3, "{held}");
    let picture = folder.read("regression.svg");
    let labels = labels(&picture);
    for name in names
        .iter()
        .chain(&["intercept", "σ", "predicted mean", "observed"])
    {
        assert!(
            labels.iter().any(|label| label == name),
            "{name} in {labels:?}"
        );
    }
}

#[test]
fn both_processor_backends_agree() {
    let folder = Folder::new("backends");
    folder.write("data.csv", synthetic());
    let arguments = "--data data.csv --target y --steps 500 --device";
    let flex = folder.report(&format!("{arguments} flex"));
    let ndarray = folder.report(&format!("{arguments} ndarray"));
    assert!(flex.contains("Left out, being text: place."), "{flex}");
    for name in ["intercept", "a", "b", "σ"] {
        let (flex, ndarray) = (row(&flex, name), row(&ndarray, name));
        for (a, b) in flex.iter().zip(&ndarray) {
            assert!(
                (a - b).abs() <= 0.02 * flex[1],
                "{name}: {flex:?}, {ndarray:?}"
            );
        }
    }
}

#[test]
fn the_picture_is_well_formed() {
    let folder = Folder::new("picture");
    let data = synthetic().replacen(
        "place,a,b,y",
        "place,a<b>&c,\"long, long, long, long name\",y",
        1,
    );
    folder.write("data.csv", data);
    folder.report("--data data.csv --target y --steps 200 --output picture.svg");
    let labels = labels(&folder.read("picture.svg"));
    for label in [
        "a&lt;b&gt;&amp;c",
        "long, long, long, long name",
        "observed = mean",
    ] {
        assert!(
            labels.iter().any(|found| found == label),
            "{label} in {labels:?}"
        );
    }
    assert!(
        labels
            .iter()
            .all(|label| !label.contains("NaN") && !label.contains("inf"))
    );
}

/// Checks that the picture is one SVG element whose tags close in order, and gives its texts.
fn labels(picture: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut labels = Vec::new();
    let mut tags = 0;
    for piece in picture.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("every tag ends");
        tags += 1;
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/', '\n'])
            .next()
            .unwrap_or_default();
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "<{tag}>");
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "</{name}> closes what is open");
        } else if !tag.ends_with('/') && !tag.starts_with(['?', '!']) {
            assert!(
                !open.is_empty() || name == "svg",
                "<{name}> is outside <svg>"
            );
            open.push(name);
        }
        if name == "text" && !tag.starts_with('/') {
            labels.push(text.trim().to_owned());
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "every tag is closed");
    assert!(tags > 100, "a picture with {tags} tags is empty");
    labels
}
