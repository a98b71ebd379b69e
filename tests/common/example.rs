//! An example, run as its users run it, in a folder of its own.
#![allow(dead_code, reason = "not every example needs all of it")]

use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of its own for one test of an example, removed at the end.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    example: PathBuf,
}

impl Folder {
    pub(crate) fn new(example: &str, test: &str) -> Self {
        let name = format!("pushforward-{example}-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the temporary folder is writable");
        Self { path, example: binary(example) }
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path.join(name), content).expect("the folder is writable");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path.join(name)).expect("the example wrote the file")
    }

    /// Runs the example here; arguments are separated by single spaces.
    pub(crate) fn run(&self, arguments: &str) -> Output {
        Command::new(&self.example)
            .args(arguments.split(' ').filter(|argument| !argument.is_empty()))
            .current_dir(&self.path)
            .output()
            .expect("the example runs")
    }

    /// Runs the example, which must succeed, and gives its report.
    pub(crate) fn report(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments}: {errors}");
        assert_eq!(errors, "", "{arguments}: no bar where there is no terminal");
        String::from_utf8(output.stdout).expect("the report is UTF-8")
    }

    /// Runs the example, which must fail with one sentence, no report and exit code 2.
    pub(crate) fn complaint(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(output.stdout.is_empty(), "{arguments}");
        let text = String::from_utf8(output.stderr).expect("the complaint is UTF-8");
        assert_eq!(text.trim_end().lines().count(), 1, "{arguments}: {text}");
        assert!(text.trim_end().ends_with('.'), "{arguments}: {text}");
        text
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// The example's binary, which `cargo test` builds beside the tests.
fn binary(example: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let profile = own.ancestors().nth(2).expect("tests lie in deps/");
    let binary =
        profile.join("examples").join(format!("{example}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        binary.exists(),
        "{} is missing: `cargo test` builds it, and so does `cargo build --example {example}`",
        binary.display()
    );
    binary
}
