//! Every family and bijector, with the instances that all laws are run on.
//!
//! A new family adds one line here; `tests/laws.rs` fails until it does.

use burn::tensor::Tensor;
use pushforward::prelude::*;

use super::entry::{Entry, bijector, distribution, spread};
use crate::capabilities;

/// A family at ranks 1 to 3, from the values that each parameter takes. A macro, because the type
/// differs from rank to rank and its capabilities are looked up by the compiler.
macro_rules! family {
    ($entries:ident, $file:literal, $name:expr, $type:ident, $values:expr, $build:expr) => {
        family!($entries, $file, $name, $type, $values, $build, [1, 2, 3]);
    };
    ($entries:ident, $file:literal, $name:expr, $type:ident, $values:expr, $build:expr, [$($rank:literal),*]) => {
        $($entries.push(distribution(
            $file,
            $name,
            spread::<$rank>(&$values),
            capabilities!($type<$rank>, $rank),
            $build,
        ));)*
    };
}

/// A type without a rank of its own, at one rank.
macro_rules! combination {
    ($entries:ident, $file:literal, $name:literal, $type:ty, $rank:literal, $numbers:expr, $build:expr) => {
        $entries.push(distribution(
            $file,
            $name,
            $numbers,
            capabilities!($type, $rank),
            $build,
        ));
    };
}

macro_rules! map {
    ($entries:ident, $file:literal, $name:literal, $values:expr, $build:expr) => {
        $entries.push(bijector($file, $name, spread::<1>(&$values), [1], $build));
        $entries.push(bijector(
            $file,
            $name,
            spread::<2>(&$values),
            [1, 4],
            $build,
        ));
        $entries.push(bijector(
            $file,
            $name,
            spread::<3>(&$values),
            [1, 2, 2],
            $build,
        ));
    };
}

fn pair<const D: usize>(parameters: &[Tensor<D>]) -> [Tensor<D>; 2] {
    [parameters[0].clone(), parameters[1].clone()]
}

const LOCS: &[f64] = &[0.0, -1.5, 3.0, 50.0];
const SCALES: &[f64] = &[1.0, 0.5, 2.0, 8.0];

/// The distributions.
pub fn distributions() -> Vec<Entry> {
    let mut entries = Vec::new();
    macro_rules! located {
        ($file:literal, $type:ident) => {
            family!(
                entries,
                $file,
                stringify!($type),
                $type,
                [LOCS, SCALES],
                |p| {
                    let [loc, scale] = pair(p);
                    $type::new(loc, scale)
                }
            );
        };
    }
    located!("normal", Normal);
    located!("laplace", Laplace);
    located!("cauchy", Cauchy);
    located!("logistic", Logistic);
    let scales: &[f64] = &[0.5, 0.25, 1.0, 0.75];
    family!(
        entries,
        "log_normal",
        "LogNormal",
        LogNormal,
        [LOCS, scales],
        |p| {
            let [loc, scale] = pair(p);
            LogNormal::new(loc, scale)
        }
    );
    family!(
        entries,
        "half_normal",
        "HalfNormal",
        HalfNormal,
        [SCALES],
        |p| HalfNormal::new(p[0].clone())
    );
    let rates: &[f64] = &[1.0, 0.01, 3.0, 40.0];
    family!(
        entries,
        "exponential",
        "Exponential",
        Exponential,
        [rates],
        |p| Exponential::new(p[0].clone())
    );
    let (lows, highs): (&[f64], &[f64]) = (&[0.0, -3.0, 10.0, -1e-3], &[1.0, 0.5, 12.0, 1e-3]);
    family!(entries, "uniform", "Uniform", Uniform, [lows, highs], |p| {
        let [low, high] = pair(p);
        Uniform::new(low, high)
    });
    entries
}

/// The bijectors.
pub fn bijectors() -> Vec<Entry> {
    let mut entries = Vec::new();
    let slopes: &[f64] = &[1.5, -0.5, 3.0, 0.125];
    map!(entries, "affine", "Affine", [LOCS, slopes], |p| {
        let [loc, scale] = pair(p);
        Affine::new(loc, scale)
    });
    map!(entries, "exp", "Exp", [], |_| Exp);
    map!(entries, "identity", "Identity", [], |_| Identity);
    map!(entries, "sigmoid", "Sigmoid", [], |_| Sigmoid);
    map!(entries, "tanh", "Tanh", [], |_| Tanh);
    entries
}
