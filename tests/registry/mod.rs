//! The registry of families and bijectors, with what each can do.

pub(crate) mod capabilities;
pub(crate) mod entry;
pub(crate) mod families;
pub(crate) mod multivariate;
mod readme;
