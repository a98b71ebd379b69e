#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    x.exp()
}
#[inline(always)]
pub(crate) fn exp_m1(x: f32) -> f32 {
    x.exp_m1()
}
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    x.ln()
}
#[inline(always)]
pub(crate) fn ln_1p(x: f32) -> f32 {
    x.ln_1p()
}
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    x.tanh()
}
#[inline(always)]
pub(crate) fn atan(x: f32) -> f32 {
    x.atan()
}
#[inline(always)]
pub(crate) fn sin_pi(x: f32) -> f32 {
    (x * core::f32::consts::PI).sin()
}
#[inline(always)]
pub(crate) fn cos_pi(x: f32) -> f32 {
    (x * core::f32::consts::PI).cos()
}
#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    x.powf(y)
}
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    x
}
#[inline(always)]
pub(crate) fn erfc(x: f32) -> f32 {
    x
}
