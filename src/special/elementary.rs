//! Exponentials and logarithms near 0 and near 1.

function! {
    /// eˣ − 1, without cancellation near 0.
    expm1(x) = x.exp_m1()
}

function! {
    /// ln(1 + x), without cancellation near 0; NaN below −1.
    log1p(x) = x.ln_1p()
}

function! {
    /// ln(1 − e⁻ˣ) for x ≥ 0, without cancellation at either end (Mächler 2012); −∞ at 0.
    log1mexp(x) = x.log1mexp()
}

function! {
    /// ln(1 + eˣ), which neither overflows nor rounds to 0 or x too early.
    softplus(x) = x.softplus()
}

function! {
    /// ln(1 + eˣ), the [`softplus`].
    log1pexp(x) = x.softplus()
}

function! {
    /// ln(eˣ − 1) for x > 0, the inverse of the [`softplus`]; −∞ at 0.
    softplus_inverse(x) = x.softplus_inverse()
}

function! {
    /// ln(p/(1 − p)) for p in \[0, 1\], with relative accuracy at ½; ±∞ at the ends.
    logit(p) = p.logit()
}
