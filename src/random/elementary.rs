//! The logarithms used by the samplers: the single place that names where they come from.

pub(super) mod single {
    #[inline(always)]
    pub(crate) fn ln(x: f32) -> f32 {
        x.ln()
    }
}
pub(super) mod double {
    #[inline(always)]
    pub(crate) fn ln(x: f64) -> f64 {
        x.ln()
    }
}
