//! The gamma function's logarithm and its derivatives.

function! {
    /// ln Γ(x) for x ≥ 0, with relative accuracy through the roots 1 and 2; +∞ at 0.
    lgamma(x) = x.ln_gamma()
}

function! {
    /// ψ(x) = d ln Γ(x)/dx for x > 0.
    digamma(x) = x.digamma()
}

function! {
    /// ψ₁(x) = dψ(x)/dx for x > 0.
    trigamma(x) = x.trigamma()
}
