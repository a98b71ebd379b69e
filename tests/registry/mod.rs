//! The registry of families and bijectors, with what each can do.
#![allow(dead_code, reason = "the laws use all of it, the capability table a part")]

pub(crate) mod capabilities;
pub(crate) mod entry;
pub(crate) mod families;
pub(crate) mod multivariate;
