//! Bad input gets one sentence that names file, line and column, and exit code 2.

use std::path::Path;

use crate::example::Folder;

#[test]
fn bad_input_gets_one_sentence() {
    let folder = Folder::new("regression", "bad-input");
    let cases: &[(&str, &str, &str)] = &[
        (
            "",
            "--features a",
            "bad.csv, line 1: the file is empty; it needs a line of column names.",
        ),
        ("a,y\n", "", "bad.csv, line 1: no row follows the column names."),
        ("a,y\n1,2\n", "", "bad.csv, line 2: this is the only row; at least two are needed."),
        (
            "a,y\n1,2\n3,5\n",
            "",
            "bad.csv, lines 2 to 3, column `y`: 2 rows cannot determine 1 slope, an intercept \
             and σ; at least 3 are needed.",
        ),
        ("a,y\n1,2\nx,3\n2,1\n", "", "bad.csv, line 3, column `a`: `x` is not a number."),
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
        ("\u{feff}a,y\n\n1,2\n3,x\n", "", "bad.csv, line 4, column `y`: `x` is not a number."),
        ("a,y\n1,2\n3\n", "", "bad.csv, line 3: the row has 1 cell, but line 1 names 2 columns."),
        ("a,y\n1,2\n,3\n2,1\n", "", "bad.csv, line 3, column `a`: the cell is empty."),
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
        ("a,b,y\n1,2,3\n2,1,4\n3,3,1\n", "--features a,b,a", "--features: `a` is named twice."),
        (
            "a,b,y\n1,2,3\n2,1,4\n3,3,1\n",
            "--features a,b:",
            "--features: a name is missing in `b:`.",
        ),
        ("a,y\nx,3\nz,4\n", "", "bad.csv, line 1: no numeric column is left to explain `y`."),
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
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{sentence}\n"), "{arguments}");
    assert_eq!(output.status.code(), Some(2), "{arguments}");
    assert!(output.stdout.is_empty(), "{arguments}");
    assert!(!folder.path.join("regression.svg").exists(), "{arguments}: no picture");
}

#[test]
fn missing_files_and_backends_get_one_sentence() {
    let folder = Folder::new("regression", "missing");
    let starts = |arguments: &str, start: &str| {
        let output = folder.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.starts_with(start), "{arguments}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
        assert_eq!(output.status.code(), Some(2), "{arguments}");
    };
    starts("--data absent.csv --target y", "absent.csv: the file cannot be read: ");
    starts("--data . --target y", ".: the file cannot be read: ");
    let unwritable = Path::new("absent").join("picture.svg");
    let sentence = format!("{}: the picture cannot be written: ", unwritable.display());
    starts(&format!("--output {}", unwritable.display()), &sentence);
    for (device, compiled_in) in
        [("wgpu", cfg!(feature = "wgpu")), ("cuda", cfg!(feature = "cuda"))]
    {
        if !compiled_in {
            let sentence = format!(
                "--device {device}: this build lacks the backend; add `--features {device}` to \
                 the cargo command."
            );
            starts(&format!("--device {device}"), &sentence);
        }
    }
}
