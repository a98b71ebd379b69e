//! Densities over the plane whose draws a flow learns from.

use std::f64::consts::PI;

use clap::ValueEnum;
use rand::{Rng, RngExt};

/// A density over the plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Two half circles, one inside the other
    TwoMoons,
    /// Every other square of a board
    Checkerboard,
    /// Two spirals around each other
    Spirals,
}

impl Target {
    /// What a title says.
    pub fn title(self) -> &'static str {
        match self {
            Self::TwoMoons => "Two moons",
            Self::Checkerboard => "A checkerboard",
            Self::Spirals => "Two spirals",
        }
    }

    /// Half the width of the square that holds nearly all draws.
    pub fn reach(self) -> f64 {
        match self {
            Self::TwoMoons => 2.6,
            Self::Checkerboard => 4.4,
            Self::Spirals => 4.2,
        }
    }

    /// One draw.
    pub fn draw(self, rng: &mut dyn Rng) -> [f64; 2] {
        let side = rng.random_bool(0.5);
        match self {
            Self::TwoMoons => {
                let angle = PI * rng.random::<f64>();
                let [x, y] = [angle.cos(), angle.sin()];
                let [x, y] = if side { [x - 0.5, y - 0.25] } else { [0.5 - x, 0.25 - y] };
                let [a, b] = normal_pair(rng);
                [1.4 * x + 0.1 * a, 1.4 * y + 0.1 * b]
            }
            Self::Checkerboard => {
                let x = 8.0 * rng.random::<f64>() - 4.0;
                let odd = (x / 2.0).floor() as i64 & 1;
                let row = 2 * i64::from(side) + odd - 2;
                [x, 2.0 * (row as f64 + rng.random::<f64>())]
            }
            Self::Spirals => {
                let turn = 3.0 * PI * rng.random::<f64>().sqrt();
                let sign = if side { 1.0 } else { -1.0 };
                let radius = sign * turn / (0.8 * PI);
                let [a, b] = normal_pair(rng);
                [radius * turn.cos() + 0.1 * a, radius * turn.sin() + 0.1 * b]
            }
        }
    }
}

/// Two independent standard normal numbers (Box and Muller 1958).
fn normal_pair(rng: &mut dyn Rng) -> [f64; 2] {
    // 1 - u is never 0, whose logarithm is infinite.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let angle = 2.0 * PI * rng.random::<f64>();
    [radius * angle.cos(), radius * angle.sin()]
}
