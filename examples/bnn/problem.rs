//! What can go wrong, in words for the user.

use std::fmt;
use std::io;
use std::path::Path;

/// What is wrong with the input, in one sentence for the user.
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
        self.0.fmt(f)
    }
}
