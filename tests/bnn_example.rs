//! The example of Bayesian networks, run as its users run it.

#[path = "common/example.rs"]
mod example;

use example::Folder;

/// Writes IDX files of `count` images of 4 × 4 pixels, whose label says which row is bright.
fn write_idx(folder: &Folder, part: &str, count: u8) {
    let labels: Vec<u8> = (0..count).map(|index| index % 4).collect();
    let mut images = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 4, 0, 0, 0, 4];
    for label in &labels {
        for pixel in 0..16 {
            images.push(if pixel / 4 == *label { 250 } else { 10 + pixel });
        }
    }
    let mut file = vec![0, 0, 8, 1, 0, 0, 0, count];
    file.extend(labels);
    folder.write(&format!("{part}-images-idx3-ubyte"), &images);
    folder.write(&format!("{part}-labels-idx1-ubyte"), &file);
}

/// The numbers of a version in the first table: accuracy, −ln p, calibration error.
fn scores(report: &str, version: &str) -> [f64; 3] {
    let line = report.lines().find(|line| line.trim_start().starts_with(version)).unwrap();
    let numbers: Vec<f64> = (line.trim_start()[version.len()..].split_whitespace())
        .filter_map(|word| word.parse().ok())
        .collect();
    [numbers[0], numbers[1], numbers[2]]
}

/// On few digits the Bayesian version is the more honest one, and the report is the same each time.
#[test]
fn the_bayesian_version_is_more_honest() {
    let folder = Folder::new("bnn", "digits");
    let arguments = "--train 100 --hidden 32 --steps 600 --seeds 1 --draws 16 --output a.svg";
    let report = folder.report(arguments);
    let [deterministic, bayesian] =
        ["deterministic", "Bayesian"].map(|version| scores(&report, version));
    assert!(deterministic[0] > 80.0 && bayesian[0] > 80.0, "{report}");
    assert!(bayesian[1] < deterministic[1], "{report}");
    assert!(report.contains("Bayesian better than deterministic: 1 of 1 in likelihood"));
    let picture = std::fs::read_to_string(folder.path.join("a.svg")).unwrap();
    assert!(picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>"));
    assert!(!picture.contains("NaN") && !picture.contains("inf"));
    assert_eq!(report, folder.report(arguments));
}

/// The standard files are read, and what they hold is learnt.
#[test]
fn idx_files() {
    let folder = Folder::new("bnn", "idx");
    write_idx(&folder, "train", 40);
    write_idx(&folder, "t10k", 20);
    let report = folder.report("--mnist . --train 40 --hidden 8 --steps 150 --seeds 1 --draws 4");
    assert!(report.contains("Digits of 4 × 4 pixels from .: 40 to learn from, 20 held out"));
    assert_eq!(scores(&report, "deterministic")[0], 100.0, "{report}");
    assert_eq!(scores(&report, "Bayesian")[0], 100.0, "{report}");
    let report = folder
        .report("--mnist . --train 40 --validation 30 --hidden 8 --steps 1 --seeds 1 --draws 1");
    assert!(report.contains(": 10 to learn from, 30 held out"), "{report}");
}

#[test]
fn bad_input_gets_one_sentence() {
    let folder = Folder::new("bnn", "bad");
    let quick = "--mnist . --steps 1 --seeds 1";
    let missing = folder.complaint(quick);
    let start = "./train-images-idx3-ubyte: the file cannot be read: ";
    assert!(missing.starts_with(start) && missing.lines().count() == 1, "{missing}");
    write_idx(&folder, "train", 40);
    write_idx(&folder, "t10k", 20);
    let images = "train-images-idx3-ubyte";
    let whole = std::fs::read(folder.path.join(images)).unwrap();
    let labels = std::fs::read(folder.path.join("t10k-labels-idx1-ubyte")).unwrap();
    let cases: [(&str, Vec<u8>, &str); 6] = [
        (images, whole[..7].to_vec(), "byte 7: the file ends inside its header."),
        (images, vec![0x1f, 0x8b, 8, 0], "byte 0: the file is compressed; unpack it with gunzip."),
        (images, labels.clone(), "byte 0: this is no IDX file of bytes in 3 dimensions."),
        (
            images,
            whole[..whole.len() - 1].to_vec(),
            "byte 4: the header says 40 × 4 × 4 bytes, but 639 follow.",
        ),
        (
            "t10k-labels-idx1-ubyte",
            [&[0, 0, 8, 1, 0, 0, 0, 1], &[3_u8][..]].concat(),
            "byte 4: there are 1 labels for 20 images.",
        ),
        (
            "t10k-labels-idx1-ubyte",
            [&labels[..labels.len() - 1], &[12_u8][..]].concat(),
            "byte 27: the label 12 is no digit.",
        ),
    ];
    for (name, content, sentence) in cases {
        let good = std::fs::read(folder.path.join(name)).unwrap();
        folder.write(name, &content);
        assert_eq!(folder.complaint(quick), format!("./{name}, {sentence}\n"));
        folder.write(name, &good);
    }
    assert_eq!(
        folder.complaint("--train 1797 --steps 1"),
        "--train: the bundled set has 1797 images to learn from, so that at most 1796 can be \
         taken, not 1797.\n"
    );
    assert_eq!(
        folder.complaint("--train 20 --validation 20 --steps 1"),
        "--validation: of 20 images to learn from at most 19 can be tested on, not 20.\n"
    );
    let unwritable = folder.complaint("--steps 1 --output nowhere/picture.svg");
    assert!(unwritable.starts_with("nowhere/picture.svg: the picture cannot be written: "));
}
