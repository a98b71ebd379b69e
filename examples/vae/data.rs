//! The digits.

use std::path::Path;

use burn::tensor::{Device, Int, Tensor, TensorData};
use pushforward::prelude::*;
use rand::Rng;
use rand::seq::SliceRandom;

use crate::common::Problem;

/// Pixels of a side, and of an image.
pub const SIDE: usize = 8;
pub const PIXELS: usize = SIDE * SIDE;
/// The value of a pixel that is all ink.
const INK: f32 = 16.0;
/// One in this many images is held out.
const HELD_OUT: usize = 6;

/// How inked each pixel of each image is, from 0 to 1.
pub struct Images {
    pub train: Tensor<2>,
    pub held_out: Tensor<2>,
}

impl Images {
    /// Reads the images and splits them at random.
    ///
    /// # Errors
    ///
    /// If the file is not a table with 64 pixels from 0 to 16 in each row.
    pub fn read(path: &Path, device: &Device, rng: &mut dyn Rng) -> Result<Self, Problem> {
        let mut rows = read_rows(path)?;
        rows.shuffle(rng);
        let (held_out, train) = rows.split_at(rows.len() / HELD_OUT);
        if held_out.is_empty() {
            let name = path.display();
            return Err(Problem(format!("{name}: {} images are too few.", rows.len())));
        }
        let tensor = |rows: &[Vec<f32>]| {
            Tensor::from_data(TensorData::new(rows.concat(), [rows.len(), PIXELS]), device)
        };
        Ok(Self { train: tensor(train), held_out: tensor(held_out) })
    }
}

fn read_rows(path: &Path) -> Result<Vec<Vec<f32>>, Problem> {
    let problem = |what: String| Problem(format!("{}: {what}.", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(|error| problem(error.to_string()))?;
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|error| problem(error.to_string()))?;
        let line = record.position().map_or(0, |position| position.line());
        let pixel = |text: &str| {
            let value: f32 = text.trim().parse().ok()?;
            (0.0..=INK).contains(&value).then_some(value / INK)
        };
        let pixels: Option<Vec<f32>> = record.iter().take(PIXELS).map(pixel).collect();
        pixels.filter(|pixels| pixels.len() == PIXELS).ok_or_else(|| {
            problem(format!("line {line} does not begin with {PIXELS} pixels from 0 to {INK}"))
        })
    };
    reader.records().map(row).collect()
}

/// Black and white images, each pixel black with its inkedness as probability (Salakhutdinov and
/// Murray 2008): new ones at every call, which keeps a model from learning images by heart.
pub fn black_and_white(images: Tensor<2>, rng: &mut dyn Rng) -> Tensor<2, Int> {
    let shape = images.dims();
    Bernoulli::from_probs(images).sample(shape, rng)
}
