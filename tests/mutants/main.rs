//! The laws notice mistakes: a correct instance broken in one place at a time breaks some law.

#[path = "../common/mod.rs"]
mod common;

mod bijector;
mod discrete;
mod distribution;

use core::fmt::Debug;

use pushforward::testing::LawError;

/// Fails for a mistake that breaks no law, and shows which law the others break.
fn notices<M: Debug + Copy>(mistakes: &[M], broken_law: impl Fn(M) -> Option<LawError>) {
    for mistake in mistakes {
        let error = broken_law(*mistake);
        assert!(error.is_some(), "{mistake:?} breaks no law");
        println!("{mistake:?}: {}", error.map(|error| error.to_string()).unwrap_or_default());
    }
}
