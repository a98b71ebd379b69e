//! The error function and the standard normal distribution.

function! {
    /// 2/√π ∫₀ˣ e^(−t²) dt, the error function.
    erf(x) = x.erf()
}

function! {
    /// 1 − erf(x), with relative accuracy in the upper tail.
    erfc(x) = x.erfc()
}

function! {
    /// e^(x²) erfc(x), the scaled complementary error function, about 1/(x √π) for large x.
    erfcx(x) = x.erfcx()
}

function! {
    /// The x with erf(x) = p, for p in \[−1, 1\]; ±∞ at the ends.
    erfinv(p) = p.erfinv()
}

function! {
    /// Φ(x), the distribution function of the standard normal, with relative accuracy in the lower
    /// tail.
    ndtr(x) = x.ndtr()
}

function! {
    /// ln Φ(x), with relative accuracy in both tails, also where Φ underflows.
    log_ndtr(x) = x.log_ndtr()
}

function! {
    /// Φ⁻¹(p), the quantile of the standard normal (Wichura 1988 in `f64`); ±∞ at 0 and 1.
    ndtri(p) = p.ndtri()
}

function! {
    /// The x with ln Φ(x) = y, for y ≤ 0: the quantile of a log-probability.
    ndtri_exp(y) = y.ndtri_exp()
}
