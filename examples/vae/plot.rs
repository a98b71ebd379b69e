//! The picture: held-out images with their reconstructions, and imagined ones.

use burn::tensor::Tensor;
use plotters::prelude::*;

use crate::common::Problem;
use crate::common::chart::{Area, Drawn, INK, QUIET, text};
use crate::data::{PIXELS, SIDE};

const ACROSS: usize = 16;
/// The size of a pixel, and the place of an image with its margin.
const DOT: i32 = 7;
const PLACE: i32 = DOT * SIDE as i32 + 12;
const LEFT: i32 = 24;
const IMAGINED_ROWS: usize = 6;

/// How many held-out images the picture shows.
pub const SHOWN: usize = ACROSS;
/// How many imagined ones.
pub const IMAGINED: usize = ACROSS * IMAGINED_ROWS;

/// The picture as SVG: each strip is a caption and images of `[count, PIXELS]` from 0 to 1.
pub fn draw(title: &str, strips: &[(&str, Tensor<2>)]) -> Result<String, Problem> {
    let mut picture = String::new();
    compose(&mut picture, title, strips)
        .map_err(|error| Problem(format!("The picture cannot be drawn: {error}.")))?;
    Ok(picture)
}

fn compose(picture: &mut String, title: &str, strips: &[(&str, Tensor<2>)]) -> Drawn {
    let rows = |images: &Tensor<2>| images.dims()[0].div_ceil(ACROSS) as i32;
    let height: i32 = 72 + strips.iter().map(|(_, images)| 34 + PLACE * rows(images)).sum::<i32>();
    let size = ((2 * LEFT + PLACE * ACROSS as i32) as u32, height as u32);
    let root = SVGBackend::with_string(picture, size).into_drawing_area();
    root.fill(&WHITE)?;
    text(&root, title, (LEFT, 30), 22, INK)?;
    let mut top = 66;
    for (caption, images) in strips {
        text(&root, caption, (LEFT, top), 15, QUIET)?;
        top += 16;
        let values: Vec<f64> = images.clone().detach().into_data().iter::<f64>().collect();
        for (at, image) in values.chunks(PIXELS).enumerate() {
            let left = LEFT + PLACE * (at % ACROSS) as i32;
            draw_image(&root, image, (left, top + PLACE * (at / ACROSS) as i32))?;
        }
        top += PLACE * rows(images) + 18;
    }
    root.present()?;
    Ok(())
}

/// White paper and blue-black ink.
fn draw_image(area: &Area, image: &[f64], (left, top): (i32, i32)) -> Drawn {
    let side = DOT * SIDE as i32;
    let frame = Rectangle::new([(left - 1, top - 1), (left + side, top + side)], QUIET.mix(0.35));
    area.draw(&frame)?;
    for (at, ink) in image.iter().enumerate().filter(|(_, ink)| **ink > 0.004) {
        let (x, y) = (left + DOT * (at % SIDE) as i32, top + DOT * (at / SIDE) as i32);
        let dot = Rectangle::new([(x, y), (x + DOT, y + DOT)], INK.mix(ink.min(1.0)).filled());
        area.draw(&dot)?;
    }
    Ok(())
}
