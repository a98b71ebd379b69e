//! Burn modules built on distributions and bijectors.

pub mod flows;
