//! The registry of families and bijectors, with what each can do.

pub mod capabilities;
pub mod entry;
pub mod families;
