//! The regression example, run as its users run it.

mod bad_input;
mod fits;
mod picture;

use std::fmt::Write;
use std::path::PathBuf;
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
