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

function! {
    /// The x with P(a, x) = p, the inverse of [`gammainc`] in x; its derivatives are those of the
    /// implicit function.
    gammaincinv(a, p) = a.gamma_p_inverse(p)
}

function! {
    /// The x with Q(a, x) = q, the inverse of [`gammaincc`] in x, also for tiny q.
    gammainccinv(a, q) = a.gamma_q_inverse(q)
}
