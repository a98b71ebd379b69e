#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    x.exp()
}
#[inline(always)]
pub(crate) fn exp_m1(x: f64) -> f64 {
    x.exp_m1()
}
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    x.ln()
}
#[inline(always)]
pub(crate) fn ln_1p(x: f64) -> f64 {
    x.ln_1p()
}
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    x.tanh()
}
#[inline(always)]
pub(crate) fn atan(x: f64) -> f64 {
    x.atan()
}
#[inline(always)]
pub(crate) fn sin_pi(x: f64) -> f64 {
    (x * core::f64::consts::PI).sin()
}
#[inline(always)]
pub(crate) fn cos_pi(x: f64) -> f64 {
    (x * core::f64::consts::PI).cos()
}
#[inline(always)]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}
#[inline(always)]
pub(crate) fn erf(x: f64) -> f64 {
    x
}
#[inline(always)]
pub(crate) fn erfc(x: f64) -> f64 {
    x
}
