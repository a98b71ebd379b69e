//! Tests of the random streams: known answers, accuracy, invariances and statistics.

mod accuracy;
mod counts;
mod goldens;
mod invariance;
mod log_gamma;
mod reference;
mod statistics;
mod tensors;
