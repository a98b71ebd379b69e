//! The regression example, run as its users run it.

mod bad_input;
#[path = "../common/example.rs"]
mod example;
mod fits;
mod picture;

use std::fmt::Write;

use burn::tensor::{Device, Tensor};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// The coefficients and the noise scale of the data that [`synthetic`] makes.
const TRUTH: [(&str, f64); 4] = [("intercept", 2.0), ("a", 1.5), ("b", -0.7), ("a:b", 0.4)];
const TRUE_NOISE: f64 = 0.5;

/// Correlated columns `a` and `b`, a target that follows [`TRUTH`], and a column of text.
fn synthetic() -> String {
    let draws = Normal::<2>::standard(&Device::flex());
    let draws: Tensor<2> = draws.sample([400, 3], &mut StdRng::seed_from_u64(11));
    let draws: Vec<f64> = draws.into_data().iter::<f64>().collect();
    let [intercept, slope_a, slope_b, slope_ab] = TRUTH.map(|(_, value)| value);
    let mut text = String::from("place,a,b,y\n");
    for draw in draws.chunks(3) {
        let (a, b) = (draw[0] + 0.5, 0.6 * draw[0] + 0.8 * draw[1]);
        let mean = intercept + slope_a * a + slope_b * b + slope_ab * a * b;
        writeln!(text, "here,{a},{b},{}", mean + TRUE_NOISE * draw[2]).unwrap();
    }
    text
}
