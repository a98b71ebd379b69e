//! The gamma function's logarithm, its derivatives and its combinations.

use burn::tensor::Tensor;

use crate::kernel::{Formula, Op, Real};

function! {
    /// ln |Γ(x)|, with relative accuracy through the roots 1 and 2; +∞ at 0, −1, −2, …
    lgamma(x) = x.ln_abs_gamma()
}

function! {
    /// ψ(x) = d ln |Γ(x)|/dx; −∞ at 0, NaN at −1, −2, …
    digamma(x) = x.digamma_real()
}

function! {
    /// ψ₁(x) = dψ(x)/dx; +∞ at 0, −1, −2, …
    trigamma(x) = x.trigamma_real()
}

function! {
    /// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b) for a, b > 0, without the cancellation of that
    /// sum for large arguments.
    lbeta(a, b) = a.ln_beta(b)
}

function! {
    /// ln (n choose k) for real 0 ≤ k ≤ n; −∞ for k outside.
    log_binomial(n, k) = n.log_binomial(k)
}

function! {
    /// ln Γ(x + d) − ln Γ(x) for x > 0 and x + d > 0, without cancellation for small d or large x.
    log_gamma_difference(x, d) = x.log_gamma_difference(d)
}

/// The largest order of [`polygamma`].
pub const LARGEST_ORDER: usize = 8;

/// dⁿψ(x)/dxⁿ for x > 0 and n = `order`: the digamma function for 0, the trigamma for 1.
///
/// # Panics
///
/// If `order` exceeds [`LARGEST_ORDER`].
#[must_use]
pub fn polygamma<const D: usize>(order: usize, x: Tensor<D>) -> Tensor<D> {
    let Some(op) = POLYGAMMA.get(order) else {
        panic!("polygamma: order {order} is above {LARGEST_ORDER}, the largest with a formula")
    };
    op.apply([x])
}

static POLYGAMMA: [Op<1>; LARGEST_ORDER + 1] = [
    Op::new::<Polygamma<0>>(),
    Op::new::<Polygamma<1>>(),
    Op::new::<Polygamma<2>>(),
    Op::new::<Polygamma<3>>(),
    Op::new::<Polygamma<4>>(),
    Op::new::<Polygamma<5>>(),
    Op::new::<Polygamma<6>>(),
    Op::new::<Polygamma<7>>(),
    Op::new::<Polygamma<8>>(),
];

struct Polygamma<const ORDER: u32>;

impl<const ORDER: u32> Formula<1> for Polygamma<ORDER> {
    const NAME: &'static str = "polygamma";
    const INPUTS: [&'static str; 1] = ["x"];

    #[inline(always)]
    fn evaluate<R: Real>([x]: [R; 1]) -> R {
        x.polygamma(ORDER)
    }
}

function! {
    /// ln Γ(x) for x ≥ 0, NaN below; a part of [`mvlgamma`].
    positive_lgamma(x) = x.ln_gamma()
}

/// ln Γₚ(a), the logarithm of the multivariate gamma function of order p = `order`, for
/// a > (p − 1)/2: ¼ p (p − 1) ln π + Σ ln Γ(a − i/2) over i = 0, …, p − 1. NaN below.
///
/// # Panics
///
/// If `order` is 0.
#[must_use]
pub fn mvlgamma<const D: usize>(a: Tensor<D>, order: usize) -> Tensor<D> {
    assert!(order > 0, "mvlgamma: the order is the size of a matrix, at least 1");
    let p = order as f64;
    // From the least argument, where a pole is: ∞ there stays ∞.
    let terms = (0..order).rev().map(|i| positive_lgamma(a.clone() - 0.5 * i as f64));
    let sum = terms.reduce(|sum, term| sum + term).expect("an order above 0");
    sum + 0.25 * p * (p - 1.0) * core::f64::consts::PI.ln()
}
