pub(crate) mod double;
pub(crate) mod single;
