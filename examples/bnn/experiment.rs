//! One experiment: the three versions, trained on the same images and tested on the same others.

use burn::tensor::{Device, Tensor};
use indicatif::ProgressBar;
use pushforward::random::Key;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::common::Problem;
use crate::digits::{Images, Source};
use crate::evaluate::{Score, corrupted};
use crate::train::{Trained, Training, Version, train};

/// The standard deviation of the noise on corrupted images; pixels lie in [0, 1].
pub const NOISE: f64 = 0.4;
/// The levels of noise of the sweep.
const LEVELS: [f64; 9] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
/// How many digits the picture shows.
const SHOWN: usize = 5;

/// What all experiments share.
#[derive(Clone, Debug)]
pub struct Setting {
    /// How to train.
    pub training: Training,
    /// Draws of the posterior that are averaged.
    pub draws: usize,
    /// Images to learn from, those for validation included.
    pub count: usize,
    /// How many of them are tested on instead of the images held out.
    pub validation: usize,
}

/// A version after training.
pub struct Outcome {
    /// The network.
    pub trained: Trained,
    /// On the images held out.
    pub clean: Score,
    /// On the same under noise.
    pub noisy: Score,
}

/// The three versions.
pub struct Experiment {
    /// The images held out.
    pub test: Images,
    /// The same under noise.
    pub noisy: Images,
    /// In the order of [`Version::ALL`].
    pub outcomes: Vec<Outcome>,
}

/// Trains and tests the three versions.
pub fn run(
    source: &Source,
    setting: &Setting,
    seed: u64,
    device: &Device,
    bar: &ProgressBar,
) -> Result<Experiment, Problem> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (data, test) = source.split(setting.count, &mut rng)?;
    let (data, test) = match setting.validation {
        0 => (data, test),
        count => data.without_last(count)?,
    };
    let noisy = corrupted(&test, NOISE, Key::from_rng(&mut rng), device);
    let outcomes = Version::ALL.map(|version| {
        // The same generator for each: the same minibatches and first weights.
        let mut rng = StdRng::seed_from_u64(seed);
        let trained = train(version, &data, &setting.training, device, &mut rng, |_, loss| {
            bar.inc(1);
            if let Some(loss) = loss {
                bar.set_message(format!("{}, loss {loss:.3} nats", version.name()));
            }
        });
        let clean = Score::new(&trained, &test, setting.draws, device);
        let under_noise = Score::new(&trained, &noisy, setting.draws, device);
        Outcome { trained, clean, noisy: under_noise }
    });
    Ok(Experiment { test, noisy, outcomes: outcomes.into() })
}

/// One image and the probabilities that each version gives to each digit.
pub struct Shown {
    /// Pixels along a side.
    pub side: usize,
    /// The image.
    pub pixels: Vec<f32>,
    /// What it shows.
    pub label: u8,
    /// In the order of [`Version::ALL`].
    pub probabilities: Vec<Vec<f64>>,
}

/// What happens as images are corrupted more and more.
pub struct Sweep {
    /// The standard deviations of the noise.
    pub levels: Vec<f64>,
    /// The scores at each level, in the order of [`Version::ALL`].
    pub scores: Vec<Vec<Score>>,
    /// A few digits, clean and under noise: the first held out of as many kinds.
    pub shown: Vec<[Shown; 2]>,
}

/// Asks the trained versions about more and more noise.
pub fn sweep(experiment: &Experiment, draws: usize, device: &Device) -> Sweep {
    let Experiment { test, noisy, outcomes } = experiment;
    let scores = (outcomes.iter())
        .map(|outcome| {
            let at = |level: f64| {
                let images = corrupted(test, level, Key::new(0), device);
                Score::new(&outcome.trained, &images, draws, device)
            };
            LEVELS.into_iter().map(at).collect()
        })
        .collect();
    let firsts = (0..10).filter_map(|digit| test.labels.iter().position(|label| *label == digit));
    let mut places: Vec<usize> = firsts.collect();
    places.sort_unstable();
    places.truncate(SHOWN);
    let [clean, noisy] =
        [test, noisy].map(|images| show(&images.select(&places), outcomes, draws, device));
    let shown = clean.into_iter().zip(noisy).map(|(clean, noisy)| [clean, noisy]).collect();
    Sweep { levels: LEVELS.into(), scores, shown }
}

fn show(images: &Images, outcomes: &[Outcome], draws: usize, device: &Device) -> Vec<Shown> {
    let of_version: Vec<Vec<Vec<f64>>> = (outcomes.iter())
        .map(|outcome| rows(outcome.trained.predict(images, draws, device).mean_probabilities()))
        .collect();
    (0..images.len())
        .map(|index| Shown {
            side: images.side,
            pixels: images.image(index).to_vec(),
            label: images.labels[index],
            probabilities: of_version.iter().map(|rows| rows[index].clone()).collect(),
        })
        .collect()
}

/// The rows of a tensor.
fn rows(tensor: Tensor<2>) -> Vec<Vec<f64>> {
    let [_, columns] = tensor.dims();
    let values: Vec<f64> = tensor.into_data().iter::<f64>().collect();
    values.chunks(columns).map(<[f64]>::to_vec).collect()
}
