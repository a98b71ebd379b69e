//! Neural networks of distributions, as ordinary Burn modules.

pub mod bayes;
