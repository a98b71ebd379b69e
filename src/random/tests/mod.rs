//! Tests of the random streams: known answers, accuracy, invariances and statistics.

mod accuracy;
mod goldens;
mod invariance;
mod log_gamma;
mod poisson;
mod reference;
mod statistics;
mod tensors;
