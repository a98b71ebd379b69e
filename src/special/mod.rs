//! Special functions on tensors, differentiable in every argument.
//!
//! # Shapes
//!
//! All functions are elementwise; several arguments broadcast against each other as Burn
//! broadcasts, sizes equal or 1, and the result has the common shape. [`logsumexp`] reduces the
//! last dimension and keeps it with size 1.
//!
//! # Panics
//!
//! If the shapes do not broadcast, with the names of the arguments and the rule.
//!
//! # Accuracy
//!
//! `docs/accuracy.md` has the largest error of each function and each derivative, interval by
//! interval. A value outside the domain is NaN, NaN in gives NaN out, and poles are infinite. `f32`
//! and `f64` are computed in their own precision, `f16` and `bf16` in `f32`.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use pushforward::special::{gammainc, lgamma};
//!
//! let a = Tensor::<1>::from_floats([0.5, 3.0], &Device::flex());
//! let x = Tensor::<1>::from_floats([1.0], &Device::flex());
//! assert_eq!(gammainc(a.clone(), x).dims(), [2]);
//! assert_eq!(lgamma(a).dims(), [2]);
//! ```

/// A function on tensors from its formula on numbers. A macro, because every formula is a type of
/// its own with a handle of its own.
macro_rules! function {
    ($(#[$doc:meta])* $name:ident($($input:ident),+) = $value:expr) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name<const D: usize>(
            $($input: ::burn::tensor::Tensor<D>),+
        ) -> ::burn::tensor::Tensor<D> {
            const INPUTS: [&str; [$(stringify!($input)),+].len()] = [$(stringify!($input)),+];
            struct Function;
            impl $crate::kernel::Formula<{ INPUTS.len() }> for Function {
                const NAME: &'static str = stringify!($name);
                const INPUTS: [&'static str; INPUTS.len()] = INPUTS;

                #[inline(always)]
                fn evaluate<R: $crate::kernel::Real>([$($input),+]: [R; INPUTS.len()]) -> R {
                    $value
                }
            }
            static FUNCTION: $crate::kernel::Op<{ INPUTS.len() }> =
                $crate::kernel::Op::new::<Function>();
            FUNCTION.apply([$($input),+])
        }
    };
}

mod bessel;
mod elementary;
mod error;
mod gamma;
mod incomplete_beta;
mod incomplete_gamma;
mod logarithms;

pub use bessel::{i0e, i1e, log_i0};
pub use elementary::{expm1, log1mexp, log1p, log1pexp, logit, softplus, softplus_inverse};
pub use error::{erf, erfc, erfcx, erfinv, log_ndtr, ndtr, ndtri, ndtri_exp};
pub use gamma::{
    LARGEST_ORDER, digamma, lbeta, lgamma, log_binomial, log_gamma_difference, mvlgamma, polygamma,
    trigamma,
};
pub use incomplete_beta::{betainc, betaincc, betainccinv, betaincinv, log_betainc, log_betaincc};
pub use incomplete_gamma::{
    gammainc, gammaincc, gammainccinv, gammaincinv, log_gammainc, log_gammaincc,
};
pub use logarithms::{log_sigmoid, logaddexp, logsumexp, xlog1py, xlogy};
