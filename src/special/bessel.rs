//! Modified Bessel functions, scaled so that they do not overflow.

function! {
    /// e^(−|x|) I₀(x), the scaled modified Bessel function of order 0.
    i0e(x) = x.abs().i0e()
}

function! {
    /// e^(−|x|) I₁(x), the scaled modified Bessel function of order 1.
    i1e(x) = x.sign_of(x.abs().i1e())
}

function! {
    /// ln I₀(x), relative also for small x.
    log_i0(x) = x.abs().log_i0()
}
