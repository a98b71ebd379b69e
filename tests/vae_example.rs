//! The bounds of the autoencoder example, against the likelihood by quadrature.

#[path = "../examples/common/mod.rs"]
mod common;
#[allow(dead_code, reason = "the rest of the example is not tested here")]
#[path = "../examples/vae/data.rs"]
mod data;
#[allow(dead_code, reason = "the rest of the example is not tested here")]
#[path = "../examples/vae/model.rs"]
mod model;

use std::path::Path;

use burn::tensor::{Device, Int, Tensor};
use pushforward::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use data::{Images, PIXELS};
use model::VaeConfig;

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().iter::<f64>().collect()
}

/// Some images in black and white.
fn images(count: usize, device: &Device, rng: &mut StdRng) -> Tensor<2, Int> {
    Bernoulli::from_probs(Tensor::<2>::full([1, PIXELS], 0.4, device)).sample([count, PIXELS], rng)
}

/// With one hidden number, ln p(x) is an integral over a line: both bounds lie below it, and the
/// importance-weighted one of many draws close.
#[test]
fn bounds_are_below_the_likelihood_and_in_order() {
    let (device, mut rng) = (Device::flex(), StdRng::seed_from_u64(3));
    device.seed(5);
    let model = VaeConfig::new().with_latent(1).with_width(16).init(&device);
    let count = 4;
    let images = images(count, &device, &mut rng);

    // The trapezoidal rule on a density that is 0 at both ends is exact to rounding.
    let (points, reach) = (2001, 10.0);
    let width = 2.0 * reach / (points - 1) as f64;
    let z = Tensor::<1>::from_floats(
        (0..points).map(|at| (at as f64 * width - reach) as f32).collect::<Vec<_>>().as_slice(),
        &device,
    );
    let z = z.reshape([points, 1, 1]);
    let log_prior = Normal::standard(&device).log_prob(z.clone());
    let log_joint = model.likelihood(z).log_prob(images.clone().unsqueeze()) + log_prior;
    let log_joint = numbers(log_joint);
    let exact: Vec<f64> = (0..count)
        .map(|image| {
            let terms = log_joint.iter().skip(image).step_by(count);
            (terms.map(|term| term.exp()).sum::<f64>() * width).ln()
        })
        .collect();

    let average = |draws: usize, rng: &mut StdRng| {
        let repeats = (4000 / draws).max(1);
        let mut total = vec![0.0; count];
        for _ in 0..repeats {
            let bound = numbers(model.importance_weighted(images.clone(), draws, rng));
            total.iter_mut().zip(bound).for_each(|(total, bound)| *total += bound / repeats as f64);
        }
        total
    };
    let (one, ten, many) = (average(1, &mut rng), average(10, &mut rng), average(20_000, &mut rng));
    let mut elbo = vec![0.0; count];
    for _ in 0..4000 {
        let bound = numbers(model.elbo(images.clone(), &mut rng));
        elbo.iter_mut().zip(bound).for_each(|(total, bound)| *total += bound / 4000.0);
    }
    for image in 0..count {
        let bounds = [elbo[image], one[image], ten[image], many[image], exact[image]];
        let [elbo, one, ten, many, exact] = bounds;
        assert!(elbo < ten && ten < exact + 1e-2, "image {image}: {bounds:?}");
        // The standard error of ln of an average of 20 000 weights, whose spread is about 1, is 0.007.
        assert!((many - exact).abs() < 3e-2, "image {image}: {bounds:?}");
        // One draw is the evidence lower bound itself, with a noisy divergence.
        assert!((one - elbo).abs() < 0.1, "image {image}: {bounds:?}");
    }
}

#[test]
fn the_bundled_digits_are_read_and_split() {
    let (device, mut rng) = (Device::flex(), StdRng::seed_from_u64(0));
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv"));
    let images =
        Images::read(path, &device, &mut rng).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((images.train.dims(), images.held_out.dims()), ([1498, 64], [299, 64]));
    let ink = numbers(images.train.mean())[0];
    assert!((0.25..0.35).contains(&ink), "{ink}");
}

#[test]
fn bad_input_is_named_in_one_sentence() {
    let (device, mut rng) = (Device::flex(), StdRng::seed_from_u64(0));
    let folder = std::env::temp_dir().join(format!("vae_example_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a writable folder");
    let mut problem = |name: &str, content: &str| {
        let path = folder.join(name);
        std::fs::write(&path, content).expect("a writable file");
        Images::read(&path, &device, &mut rng).map(|_| ()).expect_err("a problem").0
    };
    let short = problem("short.csv", "a,b\n1,2\n");
    assert!(
        short.contains("short.csv: line 2 does not begin with 64 pixels from 0 to 16."),
        "{short}"
    );
    let row = ["17"; 64].join(",");
    let bright = problem("bright.csv", &format!("{row}\n{row}\n"));
    assert!(bright.contains("line 2"), "{bright}");
    let few = problem("few.csv", &format!("{row}\n{}\n", ["1"; 64].join(",")));
    assert!(few.contains("1 images are too few"), "{few}");
    std::fs::remove_dir_all(&folder).expect("the folder can go");
}
