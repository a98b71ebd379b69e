//! The flow example, run as its users run it.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The example's binary, which `cargo test` builds beside the tests.
fn example() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let profile = own.ancestors().nth(2).expect("tests lie in deps/");
    let example = profile.join("examples").join(format!("flow{}", std::env::consts::EXE_SUFFIX));
    assert!(
        example.exists(),
        "{} is missing: `cargo test` builds it, and so does `cargo build --example flow`",
        example.display()
    );
    example
}

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!("pushforward-flow-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Self(folder)
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.0.join(name), content).expect("the folder is writable");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("the example wrote the file")
    }

    /// Runs the example here; arguments are separated by single spaces.
    fn run(&self, arguments: &str) -> Output {
        Command::new(example())
            .args(arguments.split(' '))
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

    /// Runs the example, which must fail with one sentence and exit code 2.
    fn complaint(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        let text = String::from_utf8(output.stderr).expect("the complaint is UTF-8");
        assert_eq!(text.trim_end().lines().count(), 1, "{arguments}: {text}");
        assert!(text.trim_end().ends_with('.'), "{arguments}: {text}");
        text
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The nats of a model in a report.
fn nats(report: &str, model: &str) -> f64 {
    let line = report.lines().find(|line| line.starts_with(model)).expect("a line for the model");
    let number = line.split_whitespace().nth(1).expect("a column of nats");
    number.replace('−', "-").parse().expect("a number")
}

/// A banana: b is the square of a, and a little noise; c counts the rows, d is text.
fn banana(rows: usize) -> String {
    let mut text = String::from("a,b,c,d\n");
    let noise = |at: usize, step: usize| ((at * step % 9973) as f64 / 9973.0 - 0.5) * 2.0;
    for at in 0..rows {
        let a = 2.0 * noise(at + 1, 7919);
        let b = a * a + 0.2 * noise(at + 1, 104_729 % 9973);
        writeln!(text, "{a},{b},{at},text").unwrap();
    }
    text
}

#[test]
fn targets_are_learnt_and_drawn() {
    let folder = Folder::new("targets");
    for target in ["two-moons", "checkerboard", "spirals"] {
        let report = folder.report(&format!("--target {target} --steps 60 --output {target}.svg"));
        assert!(report.contains("Picture:"), "{report}");
        assert!(nats(&report, "NSF") > nats(&report, "Gaussian"), "{report}");
        let picture = folder.read(&format!("{target}.svg"));
        assert!(picture.starts_with("<svg") && picture.contains("density of the flow"));
    }
}

#[test]
fn tables_are_learnt() {
    let folder = Folder::new("tables");
    folder.write("banana.csv", &banana(1500));
    let arguments = "--data banana.csv --columns a,b --steps 150 --seed 3";
    let report = folder.report(arguments);
    for model in ["RealNVP", "MAF", "NSF"] {
        assert!(nats(&report, model) > nats(&report, "Gaussian"), "{report}");
    }
    assert!(folder.read("flow.svg").starts_with("<svg"));
    assert_eq!(report, folder.report(arguments), "the seed fixes every number");
}

/// The bundled data are read where no file is named, and their rounded columns found.
#[test]
fn the_bundled_data_are_read() {
    let folder = Folder::new("bundled");
    let report = folder.report("--steps 1 --data");
    assert!(report.contains("temp, dewp, wind_speed, pressure"), "{report}");
    assert!(report.contains("uniform noise on rounded columns: temp"), "{report}");
}

#[test]
fn bad_input_gets_one_sentence() {
    let folder = Folder::new("bad");
    folder.write("banana.csv", &banana(300));
    folder.write("short.csv", &banana(20));
    folder.write("hole.csv", &banana(300).replacen(",7,text", ",,text", 1));
    folder.write("constant.csv", &format!("a,b\n{}", "1.5,2.5\n".repeat(300)));
    for (arguments, expected) in [
        ("--data none.csv", "none.csv: the file cannot be read"),
        ("--data banana.csv --columns a,e", "there is no column `e`"),
        ("--data banana.csv --columns a,a", "column `a`: --columns names it again"),
        ("--data banana.csv --columns a", "needs two numeric columns"),
        ("--data banana.csv --columns a,d", "line 2, column `d`: `text` is not a number"),
        ("--data short.csv", "20 rows are too few"),
        ("--data hole.csv", "hole.csv, line 9, column `c`: the cell is empty"),
        ("--data constant.csv", "column `a`: every number is 1.5"),
        ("--steps 1 --output none/flow.svg", "none/flow.svg: the picture cannot be written"),
    ] {
        let complaint = folder.complaint(arguments);
        assert!(complaint.contains(expected), "{arguments}: {complaint}");
    }
}
