//! The flow example, run as its users run it.

#[path = "../common/example.rs"]
mod example;

use std::fmt::Write;

use example::Folder;

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
    let folder = Folder::new("flow", "targets");
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
    let folder = Folder::new("flow", "tables");
    folder.write("banana.csv", banana(1500));
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
    let folder = Folder::new("flow", "bundled");
    let report = folder.report("--steps 1 --data");
    assert!(report.contains("temp, dewp, wind_speed, pressure"), "{report}");
    assert!(report.contains("uniform noise on rounded columns: temp"), "{report}");
}

#[test]
fn bad_input_gets_one_sentence() {
    let folder = Folder::new("flow", "bad");
    folder.write("banana.csv", banana(300));
    folder.write("short.csv", banana(20));
    folder.write("hole.csv", banana(300).replacen(",7,text", ",,text", 1));
    folder.write("constant.csv", format!("a,b\n{}", "1.5,2.5\n".repeat(300)));
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
