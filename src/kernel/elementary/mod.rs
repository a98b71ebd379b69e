//! Elementary functions of one scalar, written so that a plain loop over a slice vectorises.
//!
//! Every function is a straight line: no branch, no table, no call. A choice is a select between
//! two values that were both computed, so an arm may overflow or hold a NaN as long as it is not
//! chosen. Rounding to an integer and the exponent of a float go through bit patterns, because
//! AVX2 has no conversion between `i64` and `f64` and no arithmetic shift of 64-bit lanes.
//!
//! The results are the same bits on every CPU: [`f32::mul_add`] is one instruction where the
//! target has it and a slow but exact call where it has not.
//!
//! Each polynomial was fitted for this crate: interpolation at the Chebyshev nodes of the stated
//! interval in 40 to 70 digits, then rounding of the coefficients. The stated fit error is the
//! maximum over the interval of the rounded polynomial, relative to the function's value.

pub(crate) mod double;
pub(crate) mod single;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
