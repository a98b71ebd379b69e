//! Probability distributions and bijectors for Burn.

#[allow(dead_code)]
pub mod random;
