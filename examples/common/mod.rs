//! What several examples have in common: the choice of the device, errors in one sentence, progress
//! and the file of the picture.
#![allow(dead_code, reason = "not every example needs all of it")]

use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use burn::tensor::Device;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

pub mod chart;
pub mod table;

/// What went wrong, in one sentence.
#[derive(Debug)]
pub struct Problem(pub String);

impl Problem {
    /// A file that cannot be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self(format!("{}: the file cannot be read: {error}.", path.display()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 0, or 2 after a sentence on what went wrong.
pub fn exit_code(outcome: Result<(), Problem>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Where to compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The processor
    Flex,
    /// The processor, through the ndarray crate
    Ndarray,
    /// A graphics card, through Vulkan or Metal
    Wgpu,
    /// An NVIDIA graphics card
    Cuda,
}

impl Backend {
    /// The device, if its backend was compiled in.
    pub fn open(self) -> Result<Device, Problem> {
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => Ok(Device::flex()),
            #[cfg(feature = "ndarray")]
            #[expect(deprecated, reason = "Burn is to drop this backend; until then it is offered")]
            Self::Ndarray => Ok(Device::ndarray()),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
            #[cfg(feature = "cuda")]
            Self::Cuda => Ok(Device::cuda(0)),
            #[allow(unreachable_patterns, reason = "with every backend compiled in, none is left")]
            missing => {
                let name = missing.to_possible_value().expect("no backend is hidden");
                let name = name.get_name();
                Err(Problem(format!(
                    "--device {name}: this build lacks the backend; add `--features {name}` to \
                     the cargo command."
                )))
            }
        }
    }
}

/// A bar with a message, on standard error; nothing where that is not a terminal.
pub fn progress_bar(steps: usize, unit: &str) -> ProgressBar {
    let template =
        format!("{{prefix}} {{wide_bar:.cyan/238}} {{pos}}/{{len}} {unit}, {{msg}}, {{eta}} left");
    let style = ProgressStyle::with_template(&template)
        .expect("the template is valid")
        .progress_chars("━╸─");
    ProgressBar::new(steps as u64).with_style(style).with_message("…")
}

/// Fails, with a sentence, where no picture could be written to `path`; leaves an old one alone.
pub fn check_writable(path: &Path) -> Result<(), Problem> {
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.map(drop).map_err(|error| unwritable(path, &error))
}

/// Writes the picture.
pub fn write(path: &Path, picture: &str) -> Result<(), Problem> {
    std::fs::write(path, picture).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    Problem(format!("{}: the picture cannot be written: {error}.", path.display()))
}
