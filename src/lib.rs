//! Probability distributions and bijectors for Burn.
