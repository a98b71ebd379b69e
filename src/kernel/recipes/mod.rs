//! Functions composed from the primitives of the algebra, for numbers that have nothing better.
use super::real::Real;
macro_rules! stub { ($($n:ident),*) => { $(#[inline(always)] pub(crate) fn $n<R: Real>(x: R) -> R { x })* } }
stub!(
    exp_m1,
    ln_1p,
    tanh,
    atan,
    sin_pi,
    cos_pi,
    erf,
    erfc,
    log_ndtr,
    ndtri,
    ln_gamma,
    digamma,
    trigamma,
    normal_hazard
);
#[inline(always)]
pub(crate) fn pow<R: Real>(x: R, y: R) -> R {
    (x.ln() * y).exp()
}
