//! The regularised incomplete beta functions.

function! {
    /// I_x(a, b) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt for a, b > 0 and x in \[0, 1\].
    betainc(a, b, x) = a.beta_p(b, x, -x + 1.0)
}

function! {
    /// 1 − I_x(a, b), with relative accuracy where it is small.
    betaincc(a, b, x) = a.beta_q(b, x, -x + 1.0)
}

function! {
    /// ln I_x(a, b), also where I_x(a, b) underflows.
    log_betainc(a, b, x) = a.log_beta_p(b, x, -x + 1.0)
}

function! {
    /// ln(1 − I_x(a, b)), also where 1 − I_x(a, b) underflows.
    log_betaincc(a, b, x) = a.log_beta_q(b, x, -x + 1.0)
}

function! {
    /// The x with I_x(a, b) = p, the inverse of [`betainc`] in x; its derivatives are those of the
    /// implicit function.
    betaincinv(a, b, p) = a.beta_quantile(b, p, -p + 1.0)
}

function! {
    /// The x with 1 − I_x(a, b) = q, the inverse of [`betaincc`] in x, also for tiny q.
    betainccinv(a, b, q) = a.beta_quantile(b, -q + 1.0, q)
}
