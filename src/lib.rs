//! Probability distributions and bijectors for Burn.
pub mod kernel;
