//! Every family and bijector, with the instances that all laws are run on.
//!
//! A new family adds one line here; `tests/laws.rs` fails until it does.

use burn::tensor::Tensor;
use pushforward::prelude::*;

use super::entry::{Entry, bijector, distribution, spread};
use super::multivariate;
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
    ($entries:ident, $file:literal, $name:expr, $type:ty, $rank:literal, $numbers:expr, $build:expr) => {
        $entries.push(distribution($file, $name, $numbers, capabilities!($type, $rank), $build));
    };
}

macro_rules! map {
    ($entries:ident, $file:literal, $name:literal, $values:expr, $build:expr) => {
        $entries.push(bijector($file, $name, spread::<1>(&$values), [1], $build));
        $entries.push(bijector($file, $name, spread::<2>(&$values), [1, 4], $build));
        $entries.push(bijector($file, $name, spread::<3>(&$values), [1, 2, 2], $build));
    };
}

fn pair<const D: usize>(parameters: &[Tensor<D>]) -> [Tensor<D>; 2] {
    [parameters[0].clone(), parameters[1].clone()]
}

/// The inverse at the rank of the parameters, which `Bijector::inverted` cannot tell by itself.
fn inverted<const D: usize, B: Bijector<D>>(_: &[Tensor<D>], bijector: B) -> Inverted<B> {
    bijector.inverted()
}

const LOCS: &[f64] = &[0.0, -1.5, 3.0, 50.0];
const SCALES: &[f64] = &[1.0, 0.5, 2.0, 8.0];

type TanhNormal<const D: usize> = Transformed<Normal<D>, Tanh>;
type SoftplusNormal<const D: usize> = Transformed<Normal<D>, Softplus>;
type AffineLogistic<const D: usize> = Transformed<Logistic<D>, Affine<D>>;

/// The distributions.
pub(crate) fn distributions() -> Vec<Entry> {
    let mut entries = Vec::new();
    macro_rules! located {
        ($file:literal, $type:ident) => {
            family!(entries, $file, stringify!($type), $type, [LOCS, SCALES], |p| {
                let [loc, scale] = pair(p);
                $type::new(loc, scale)
            });
        };
    }
    located!("normal", Normal);
    located!("laplace", Laplace);
    located!("cauchy", Cauchy);
    located!("logistic", Logistic);
    let near: &[f64] = &[0.0, -1.5, 0.5, 1.0];
    let scales: &[f64] = &[0.5, 0.25, 1.0, 0.75];
    family!(entries, "log_normal", "LogNormal", LogNormal, [near, scales], |p| {
        let [loc, scale] = pair(p);
        LogNormal::new(loc, scale)
    });
    family!(entries, "half_normal", "HalfNormal", HalfNormal, [SCALES], |p| HalfNormal::new(
        p[0].clone()
    ));
    let (concentrations, gamma_rates): (&[f64], &[f64]) =
        (&[1.0, 2.5, 30.0, 1.3], &[1.0, 0.5, 4.0, 10.0]);
    family!(entries, "gamma", "Gamma", Gamma, [concentrations, gamma_rates], |p| {
        let [concentration, rate] = pair(p);
        Gamma::new(concentration, rate)
    });
    located!("gumbel", Gumbel);
    family!(entries, "rayleigh", "Rayleigh", Rayleigh, [SCALES], |p| Rayleigh::new(p[0].clone()));
    family!(entries, "half_cauchy", "HalfCauchy", HalfCauchy, [SCALES], |p| HalfCauchy::new(
        p[0].clone()
    ));
    let (powers, others): (&[f64], &[f64]) = (&[1.0, 2.5, 0.75, 8.0], &[1.0, 1.5, 3.0, 20.0]);
    family!(entries, "kumaraswamy", "Kumaraswamy", Kumaraswamy, [powers, others], |p| {
        let [concentration1, concentration0] = pair(p);
        Kumaraswamy::new(concentration1, concentration0)
    });
    // Of the second even the mean is infinite, of the third the variance.
    let alphas: &[f64] = &[5.0, 1.0, 2.0, 30.0];
    family!(entries, "pareto", "Pareto", Pareto, [SCALES, alphas], |p| {
        let [scale, alpha] = pair(p);
        Pareto::new(scale, alpha)
    });
    // Of the second even the mean is infinite, of the third the variance.
    family!(entries, "log_logistic", "LogLogistic", LogLogistic, [SCALES, alphas], |p| {
        let [scale, concentration] = pair(p);
        LogLogistic::new(scale, concentration)
    });
    family!(entries, "frechet", "Frechet", Frechet, [SCALES, alphas], |p| {
        let [scale, concentration] = pair(p);
        Frechet::new(scale, concentration)
    });
    // Around the mean, beside it, far out, and narrow.
    let ends: [&[f64]; 4] = [
        &[0.0, -1.5, -40.0, 3.0],
        &[1.0, 0.5, 2.0, 8.0],
        &[-1.0, 0.5, 0.0, 10.0],
        &[2.0, 4.0, 3.0, 12.0],
    ];
    family!(entries, "truncated_normal", "TruncatedNormal", TruncatedNormal, ends, |p| {
        TruncatedNormal::new(p[0].clone(), p[1].clone(), p[2].clone(), p[3].clone())
    });
    family!(entries, "weibull", "Weibull", Weibull, [SCALES, powers], |p| {
        let [scale, concentration] = pair(p);
        Weibull::new(scale, concentration)
    });
    let degrees: &[f64] = &[2.0, 3.0, 50.0, 7.5];
    family!(entries, "chi2", "Chi2", Chi2, [degrees], |p| Chi2::new(p[0].clone()));
    let (shapes, scales_of_inverse): (&[f64], &[f64]) =
        (&[5.0, 3.5, 30.0, 8.0], &[1.0, 0.5, 40.0, 10.0]);
    family!(
        entries,
        "inverse_gamma",
        "InverseGamma",
        InverseGamma,
        [shapes, scales_of_inverse],
        |p| {
            let [concentration, rate] = pair(p);
            InverseGamma::new(concentration, rate)
        }
    );
    let (ones, zeros): (&[f64], &[f64]) = (&[2.5, 1.0, 30.0, 1.3], &[1.5, 4.0, 8.0, 1.0]);
    family!(entries, "beta", "Beta", Beta, [ones, zeros], |p| {
        let [one, zero] = pair(p);
        Beta::new(one, zero)
    });
    // Two entries each, which is what quadrature can follow.
    combination!(
        entries,
        "dirichlet",
        "Dirichlet",
        Dirichlet<2>,
        2,
        vec![(vec![2.5, 1.5], [1, 2])],
        |p| Dirichlet::new(p[0].clone())
    );
    combination!(
        entries,
        "dirichlet",
        "Dirichlet",
        Dirichlet<3>,
        3,
        vec![(vec![1.0, 4.0, 30.0, 8.0], [1, 2, 2])],
        |p| Dirichlet::new(p[0].clone())
    );
    let freedoms: &[f64] = &[3.0, 6.0, 30.0, 5.0];
    family!(entries, "student_t", "StudentT", StudentT, [freedoms, LOCS, SCALES], |p| {
        StudentT::new(p[0].clone(), p[1].clone(), p[2].clone())
    });
    // The gradient of a draw in `loc` turns it; that of the quantile, which the law asks for, agrees
    // where next to nothing is beyond the antipode.
    let angles: &[f64] = &[0.125, -0.5, 0.25, 1.0];
    let concentrations: &[f64] = &[60.0, 80.0, 100.0, 200.0];
    family!(entries, "von_mises", "VonMises", VonMises, [angles, concentrations], |p| {
        let [loc, concentration] = pair(p);
        VonMises::new(loc, concentration)
    });
    combination!(
        entries,
        "von_mises",
        "Independent VonMises",
        Independent<VonMises<2>>,
        2,
        vec![(vec![2.5, -0.5], [1, 2]), (vec![0.5, 3.0], [1, 2])],
        |p| {
            let [loc, concentration] = pair(p);
            VonMises::new(loc, concentration).independent(1)
        }
    );
    let rates: &[f64] = &[1.0, 0.01, 3.0, 40.0];
    family!(entries, "exponential", "Exponential", Exponential, [rates], |p| Exponential::new(
        p[0].clone()
    ));
    let (lows, highs): (&[f64], &[f64]) = (&[0.0, -3.0, 10.0, -1e-3], &[1.0, 0.5, 12.0, 1e-3]);
    family!(entries, "uniform", "Uniform", Uniform, [lows, highs], |p| {
        let [low, high] = pair(p);
        Uniform::new(low, high)
    });
    let (lows, highs): (&[f64], &[f64]) = (&[0.5, 0.01, 10.0, 1e-3], &[2.0, 1.5, 12.0, 40.0]);
    family!(entries, "log_uniform", "LogUniform", LogUniform, [lows, highs], |p| {
        let [low, high] = pair(p);
        LogUniform::new(low, high)
    });
    let logits: &[f64] = &[0.3, -2.0, 0.0, 5.0];
    family!(entries, "bernoulli", "Bernoulli of logits", Bernoulli, [logits], |p| {
        Bernoulli::from_logits(p[0].clone())
    });
    let probs: &[f64] = &[0.3, 0.01, 0.5, 0.9];
    family!(entries, "bernoulli", "Bernoulli of probabilities", Bernoulli, [probs], |p| {
        Bernoulli::from_probs(p[0].clone())
    });
    let logits: &[f64] = &[0.3, -2.0, 0.0, 4.0];
    family!(entries, "geometric", "Geometric of logits", Geometric, [logits], |p| {
        Geometric::from_logits(p[0].clone())
    });
    let probs: &[f64] = &[0.3, 0.05, 0.5, 0.9];
    family!(entries, "geometric", "Geometric of probabilities", Geometric, [probs], |p| {
        Geometric::from_probs(p[0].clone())
    });
    let rates: &[f64] = &[3.5, 0.3, 12.0, 80.0];
    family!(entries, "poisson", "Poisson", Poisson, [rates], |p| Poisson::new(p[0].clone()));
    let (counts, logits): (&[f64], &[f64]) = (&[3.5, 0.4, 1.0, 60.0], &[0.3, 1.5, -2.0, -1.0]);
    let probs: &[f64] = &[0.5, 0.8, 0.1, 0.3];
    family!(
        entries,
        "negative_binomial",
        "NegativeBinomial of logits",
        NegativeBinomial,
        [counts, logits],
        |p| {
            let [total_count, logits] = pair(p);
            NegativeBinomial::from_logits(total_count, logits)
        }
    );
    family!(
        entries,
        "negative_binomial",
        "NegativeBinomial of probabilities",
        NegativeBinomial,
        [counts, probs],
        |p| {
            let [total_count, probs] = pair(p);
            NegativeBinomial::from_probs(total_count, probs)
        }
    );
    // The number of trials is no parameter to move: it is whole, and no gradient flows to it.
    let logits: &[f64] = &[0.3, 1.5, -2.0, -1.0];
    family!(entries, "binomial", "Binomial of logits", Binomial, [logits], |p| {
        Binomial::from_logits(40.0, p[0].clone())
    });
    family!(entries, "binomial", "Binomial of probabilities", Binomial, [probs], |p| {
        Binomial::from_probs(5.0, p[0].clone())
    });
    // The last dimension holds the categories, so points run along another one.
    let logits = || vec![0.5, -1.0, 2.0, 0.0, -3.0, 1.5];
    let probs = || vec![0.25, 0.125, 0.625, 0.5, 0.3, 0.2];
    macro_rules! categories {
        ($file:literal, $type:ident) => {
            combination!(
                entries,
                $file,
                concat!(stringify!($type), " of logits"),
                $type<2>,
                2,
                vec![(logits(), [1, 6])],
                |p| $type::from_logits(p[0].clone())
            );
            combination!(
                entries,
                $file,
                concat!(stringify!($type), " of logits"),
                $type<3>,
                3,
                vec![(logits(), [1, 2, 3])],
                |p| $type::from_logits(p[0].clone())
            );
            combination!(
                entries,
                $file,
                concat!(stringify!($type), " of probabilities"),
                $type<3>,
                3,
                vec![(probs(), [1, 2, 3])],
                |p| $type::from_probs(p[0].clone())
            );
        };
    }
    categories!("categorical", Categorical);
    categories!("one_hot_categorical", OneHotCategorical);
    family!(entries, "transformed", "Normal through Tanh", TanhNormal, [near, scales], |p| {
        let [loc, scale] = pair(p);
        Normal::new(loc, scale).pushforward(Tanh)
    });
    family!(
        entries,
        "transformed",
        "Normal through Softplus",
        SoftplusNormal,
        [near, scales],
        |p| {
            let [loc, scale] = pair(p);
            Normal::new(loc, scale).pushforward(Softplus)
        }
    );
    family!(
        entries,
        "transformed",
        "Logistic through Affine",
        AffineLogistic,
        [near, scales],
        |p| {
            let [loc, scale] = pair(p);
            Logistic::new(loc, scale).pushforward(Affine::new(2.0, -0.5))
        }
    );
    combination!(
        entries,
        "independent",
        "Independent Normal",
        Independent<Normal<2>>,
        2,
        vec![(vec![0.0, 1.0], [1, 2]), (vec![1.0, 0.5], [1, 2])],
        |p| {
            let [loc, scale] = pair(p);
            Normal::new(loc, scale).independent(1)
        }
    );
    combination!(
        entries,
        "independent",
        "Independent Normal",
        Independent<Normal<3>>,
        3,
        vec![(vec![0.0, 1.0], [1, 2, 1]), (vec![1.0, 0.5], [1, 1, 2])],
        |p| {
            let [loc, scale] = pair(p);
            Normal::new(loc, scale).independent(1)
        }
    );
    combination!(
        entries,
        "independent",
        "Independent Bernoulli",
        Independent<Bernoulli<2>>,
        2,
        vec![(vec![0.3, 0.9], [1, 2])],
        |p| { Bernoulli::from_probs(p[0].clone()).independent(1) }
    );
    combination!(
        entries,
        "mixture",
        "Mixture of Normals",
        Mixture<Normal<2>, 2>,
        2,
        vec![
            (vec![0.5, -1.0, 0.0], [1, 3]),
            (vec![-3.0, 0.0, 2.0], [1, 3]),
            (vec![0.5, 1.0, 0.75], [1, 3]),
        ],
        |p| {
            let components = Normal::new(p[1].clone(), p[2].clone());
            Mixture::new(Categorical::from_logits(p[0].clone()), components)
        }
    );
    combination!(
        entries,
        "mixture",
        "Mixture of Normals",
        Mixture<Normal<3>, 3>,
        3,
        vec![
            (vec![0.5, -1.0, 0.0, 1.0], [1, 2, 2]),
            (vec![-2.0, 2.0], [1, 1, 2]),
            (vec![0.5, 1.5], [1, 2, 1]),
        ],
        |p| {
            let components = Normal::new(p[1].clone(), p[2].clone());
            Mixture::new(Categorical::from_logits(p[0].clone()), components)
        }
    );
    multivariate::add(&mut entries);
    entries
}

/// The bijectors.
pub(crate) fn bijectors() -> Vec<Entry> {
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
    map!(entries, "log", "Log", [], |_| Log);
    map!(entries, "softplus", "Softplus", [], |_| Softplus);
    let exponents: &[f64] = &[2.0, -1.0, 0.5, 3.0];
    map!(entries, "power", "Power", [exponents], |p| Power::new(p[0].clone()));
    map!(entries, "inverted", "Inverted Sigmoid", [], |p| inverted(p, Sigmoid));
    map!(entries, "composed", "Affine then Tanh", [LOCS, slopes], |p| {
        let [loc, scale] = pair(p);
        Affine::new(loc * 0.01, scale * 0.5).then(Tanh)
    });
    map!(entries, "sequential", "Sequential of Affine and Exp", [slopes], |p| {
        Sequential::new(vec![Box::new(Affine::new(0.5, p[0].clone())), Box::new(Exp)])
    });
    entries
}
