//! The regularised incomplete gamma functions.

function! {
    /// P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt for a > 0; 0 for x ≤ 0.
    gammainc(a, x) = a.gamma_p(x)
}

function! {
    /// Q(a, x) = 1 − P(a, x) with relative accuracy in the upper tail; 1 for x ≤ 0.
    gammaincc(a, x) = a.gamma_q(x)
}

function! {
    /// ln P(a, x), also where P underflows.
    log_gammainc(a, x) = a.log_gamma_p(x)
}

function! {
    /// ln Q(a, x), also where Q underflows.
    log_gammaincc(a, x) = a.log_gamma_q(x)
}
