//! The samplers with the exact laws of their draws.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use pushforward::prelude::*;
use pushforward::random;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::{epsilon, settings};
use crate::densities::{
    beta_law, binomial_law, log_gamma_law, normal_law, poisson_law, student_law,
};
use crate::laws::Law;

/// A device and a type of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub device: Device,
    pub dtype: DType,
}

impl Setting {
    /// Every tested device with every type whose precision is promised there.
    pub(crate) fn all() -> Vec<Self> {
        settings().into_iter().map(|(device, dtype)| Self { device, dtype }).collect()
    }

    pub(crate) fn epsilon(&self) -> f64 {
        epsilon(self.dtype)
    }

    fn tensor<const D: usize>(&self, values: &[f64]) -> Tensor<D> {
        let mut shape = [1; D];
        shape[D - 1] = values.len();
        let data = TensorData::new(values.to_vec(), shape).convert_dtype(self.dtype);
        Tensor::from_data(data, (&self.device, self.dtype))
    }
}

/// What draws are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed {
    pub seed: u64,
    pub item: u64,
}

impl Seed {
    pub(crate) fn key(self) -> Key {
        Key::new(self.seed).fold_in(self.item)
    }

    /// A generator, for those who take one.
    fn rng(self) -> StdRng {
        StdRng::seed_from_u64(self.seed << 32 | self.item)
    }
}

type Draw = Box<dyn Fn(&Setting, Seed, [usize; 2]) -> Vec<f64> + Sync>;

/// A sampler, with the law of its draws.
pub(crate) struct Sampler {
    pub name: String,
    /// What each number of a row follows, in turn.
    pub laws: Vec<Law>,
    pub draw: Draw,
    /// The numbers above which tails are counted on both sides, besides those of fixed levels.
    pub tails: &'static [f64],
    /// How far apart neighbouring numbers near zero are in `f32`: 0 where this is as fine as floats.
    pub resolution: f64,
}

impl Sampler {
    fn new(
        name: impl ToString,
        law: Law,
        draw: impl Fn(&Setting, Seed, [usize; 2]) -> Vec<f64> + Sync + 'static,
    ) -> Self {
        let (name, draw) = (name.to_string(), Box::new(draw));
        Self { name, laws: vec![law], draw, tails: &[], resolution: 0.0 }
    }
}

pub(crate) fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().convert::<f64>().try_into_vec().expect("floats")
}

fn counts<const D: usize>(tensor: Tensor<D, Int>) -> Vec<f64> {
    tensor.into_data().iter::<i64>().map(|count| count as f64).collect()
}

/// Samplers that read a key: the stream, and the rejection samplers in log space.
pub(crate) fn of_keys() -> Vec<Sampler> {
    let normal = |setting: &Setting, seed: Seed, shape| {
        floats(random::normal(shape, seed.key(), &setting.device, setting.dtype))
    };
    let uniform = Sampler {
        resolution: 2f64.powi(-24),
        ..Sampler::new("uniform", Law::density(&[0.0, 1.0], |_| 0.0), |setting, seed, shape| {
            floats(random::uniform(shape, seed.key(), &setting.device, setting.dtype))
        })
    };
    let half_open = Sampler {
        resolution: 2f64.powi(-24),
        ..Sampler::new("half-open uniform", Law::density(&[0.0, 1.0], |_| 0.0), |s, seed, shape| {
            floats(random::uniform_half_open(shape, seed.key(), &s.device, s.dtype))
        })
    };
    let normal = Sampler {
        tails: &[2.0, 3.0, 4.0, 4.5, 5.0, 5.5, 6.0],
        ..Sampler::new("normal", normal_law(-12.0, 12.0), normal)
    };
    let exponential = Law::density(&[0.0, 60.0], |y| -y);
    let gumbel = Law::density(&[-5.0, 60.0], |y| -y - (-y).exp());
    let mut samplers = vec![
        uniform,
        half_open,
        normal,
        Sampler::new("exponential", exponential, |setting, seed, shape| {
            floats(random::exponential(shape, seed.key(), &setting.device, setting.dtype))
        }),
        Sampler::new("gumbel", gumbel, |setting, seed, shape| {
            floats(random::gumbel(shape, seed.key(), &setting.device, setting.dtype))
        }),
    ];
    for a in [1e-4, 1e-2, 0.3, 0.999, 1.0, 3.75, 40.0, 1e3, 1e6] {
        let draw = move |setting: &Setting, seed: Seed, shape| {
            floats(random::log_gamma(setting.tensor::<2>(&[a]), shape, seed.key()))
        };
        samplers.push(Sampler::new(format!("log-gamma of {a}"), log_gamma_law(a), draw));
    }
    samplers
}

/// Families, by `Distribution::sample`.
pub(crate) fn of_families() -> Vec<Sampler> {
    type Family = fn(&Setting) -> Box<dyn Distribution<2, Kind = burn::tensor::Float>>;
    let heavy = |law: Law| law.without_moments();
    let logistic = |y: f64| -y.abs() - 2.0 * (-y.abs()).exp().ln_1p();
    let von_mises = |kappa: f64| {
        let reach = (14.0 / kappa.sqrt()).min(core::f64::consts::PI);
        Law::density(&[-reach, reach], move |y| -2.0 * kappa * (y / 2.0).sin().powi(2))
    };
    let gamma =
        Law::in_coordinate(&[-40.0, 4.0], |y: f64| 2.5 * y - 3.0 * y.exp(), f64::ln, f64::exp);
    let families: [(&str, Law, Family); 16] = [
        ("laplace", Law::density(&[-60.0, 60.0], |y: f64| -y.abs()), |s| {
            Box::new(Laplace::new(s.tensor::<2>(&[0.0]), 1.0))
        }),
        ("logistic", Law::density(&[-60.0, 60.0], logistic), |s| {
            Box::new(Logistic::new(s.tensor::<2>(&[0.0]), 1.0))
        }),
        ("cauchy", heavy(student_law(1.0)), |s| Box::new(Cauchy::new(s.tensor::<2>(&[0.0]), 1.0))),
        ("student's t of 0.5", student_law(0.5), |s| {
            Box::new(StudentT::new(s.tensor::<2>(&[0.5]), 0.0, 2f64.sqrt()))
        }),
        ("student's t of 2.5", student_law(2.5), |s| {
            Box::new(StudentT::new(s.tensor::<2>(&[2.5]), 0.0, 2.5f64.sqrt().recip()))
        }),
        ("student's t of 30", student_law(30.0), |s| {
            Box::new(StudentT::new(s.tensor::<2>(&[30.0]), 0.0, 30f64.sqrt().recip()))
        }),
        ("gamma", gamma, |s| Box::new(Gamma::new(s.tensor::<2>(&[2.5]), 3.0))),
        ("beta of 0.3, 1.25", beta_law(0.3, 1.25, false), |s| {
            Box::new(Beta::new(s.tensor::<2>(&[0.3]), 1.25))
        }),
        ("beta of 30, 4", beta_law(30.0, 4.0, false), |s| {
            Box::new(Beta::new(s.tensor::<2>(&[30.0]), 4.0))
        }),
        ("beta of 1000, 1000", beta_law(1e3, 1e3, false), |s| {
            Box::new(Beta::new(s.tensor::<2>(&[1e3]), 1e3))
        }),
        ("truncated normal, middle", normal_law(-1.0, 2.0), |s| {
            Box::new(TruncatedNormal::new(s.tensor::<2>(&[0.0]), 1.0, -1.0, 2.0))
        }),
        ("truncated normal, upper tail", normal_law(8.0, 14.0), |s| {
            Box::new(TruncatedNormal::new(s.tensor::<2>(&[0.0]), 1.0, 8.0, f64::INFINITY))
        }),
        ("truncated normal, lower tail", normal_law(-13.0, -3.0), |s| {
            Box::new(TruncatedNormal::new(s.tensor::<2>(&[0.0]), 1.0, f64::NEG_INFINITY, -3.0))
        }),
        ("von mises of 0.01", von_mises(0.01), |s| {
            Box::new(VonMises::new(s.tensor::<2>(&[0.0]), 0.01))
        }),
        ("von mises of 2", von_mises(2.0), |s| Box::new(VonMises::new(s.tensor::<2>(&[0.0]), 2.0))),
        ("von mises of 500", von_mises(500.0), |s| {
            Box::new(VonMises::new(s.tensor::<2>(&[0.0]), 500.0))
        }),
    ];
    let sampler = |(name, law, family): (&str, Law, Family)| {
        Sampler::new(name, law, move |setting, seed, shape| {
            floats(family(setting).sample(shape, &mut seed.rng()))
        })
    };
    // What takes longest comes last.
    let families = families.map(sampler).into_iter();
    let others = [dirichlet()].into_iter().chain(of_counts());
    others.chain(families).collect()
}

/// Three shares that sum to one: the odds of the last and, independent of them, the ratio of the
/// first two, which together determine all.
fn dirichlet() -> Sampler {
    let [a, b, c] = [0.75, 2.0, 5.0];
    let draw = move |setting: &Setting, seed: Seed, [rows, columns]: [usize; 2]| {
        let shares = Dirichlet::new(setting.tensor::<3>(&[a, b, c]));
        let shares = floats(shares.sample([rows, columns / 2, 3], &mut seed.rng()));
        let odds =
            |share: &[f64]| [(share[2] / (share[0] + share[1])).ln(), (share[0] / share[1]).ln()];
        shares.chunks_exact(3).flat_map(odds).collect()
    };
    let mut sampler = Sampler::new("dirichlet", beta_law(c, a + b, true), draw);
    sampler.laws.push(beta_law(a, b, true));
    sampler
}

fn of_counts() -> Vec<Sampler> {
    let mut samplers = Vec::new();
    for rate in [0.3, 3.0, 9.75, 10.5, 57.0, 1e3, 1e6] {
        let draw = move |setting: &Setting, seed: Seed, shape| {
            counts(Poisson::new(setting.tensor::<2>(&[rate])).sample(shape, &mut seed.rng()))
        };
        samplers.push(Sampler::new(format!("poisson of {rate}"), poisson_law(rate), draw));
    }
    for (n, p) in [(7.0, 0.25), (40.0, 0.75), (1e3, 0.015_625), (1e6, 0.4375)] {
        let draw = move |setting: &Setting, seed: Seed, shape| {
            let binomial = Binomial::from_probs(setting.tensor::<2>(&[n]), p);
            counts(binomial.sample(shape, &mut seed.rng()))
        };
        samplers.push(Sampler::new(format!("binomial of {n}, {p}"), binomial_law(n, p), draw));
    }
    // The law gives the classes without weight no probability, and refuses a draw of them.
    let weights = [0.0, 3.0, 1.0, 0.0, 0.5, 20.0, 7.0, 7.0, 0.125, 1e-3, 0.0];
    let draw = move |setting: &Setting, seed: Seed, [rows, columns]: [usize; 2]| {
        let logits = setting.tensor::<3>(&weights.map(f64::ln));
        counts(Categorical::from_logits(logits).sample([rows, columns, 1], &mut seed.rng()))
    };
    let law = Law::weights(0.0, weights.to_vec());
    samplers.push(Sampler::new("categorical", law, draw));
    samplers
}
