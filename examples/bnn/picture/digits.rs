//! One digit, and the probability that each version gives to each answer.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, COLORS, Drawn, FAINT, INK, QUIET, write_text};
use crate::experiment::Shown;

const IMAGE: i32 = 84;
const TOP: i32 = 28;
/// The height of a bar of probability 1.
const FULL: f64 = 104.0;

/// Draws the image with its bars.
pub fn draw(area: &Area, shown: &Shown) -> Drawn {
    let (width, _) = area.dim_in_pixel();
    write_text(area, &format!("{}", shown.label), (0, 14), 16, INK, HPos::Left)?;
    let cell = f64::from(IMAGE) / shown.side as f64;
    for (at, pixel) in shown.pixels.iter().enumerate() {
        let (row, column) = (at / shown.side, at % shown.side);
        let shade = (255.0 * (1.0 - pixel)).round() as u8;
        let edge = |index: usize| (index as f64 * cell).round() as i32;
        let corners = [(edge(column), TOP + edge(row)), (edge(column + 1), TOP + edge(row + 1))];
        area.draw(&Rectangle::new(corners, RGBColor(shade, shade, shade).filled()))?;
    }
    let frame = Rectangle::new([(0, TOP), (IMAGE, TOP + IMAGE)], FAINT.stroke_width(1));
    area.draw(&frame)?;

    let left = IMAGE + 10;
    let step = (width as i32 - left - 14) / 10;
    let base = TOP + FULL as i32;
    let versions = shown.probabilities.len() as i32;
    let bar = ((step - 2) / versions).max(1);
    for digit in 0..10_usize {
        let start = left + step * digit as i32;
        for (version, probabilities) in shown.probabilities.iter().enumerate() {
            let x = start + bar * version as i32;
            let height = (FULL * probabilities[digit]).round() as i32;
            let corners = [(x, base - height), (x + bar, base)];
            area.draw(&Rectangle::new(corners, COLORS[version].filled()))?;
        }
        let middle = (start + bar * versions / 2) as u32;
        let color = if digit == usize::from(shown.label) { INK } else { QUIET };
        write_text(area, &digit.to_string(), (middle, base as u32 + 10), 11, color, HPos::Center)?;
    }
    let line = [(left, base), (left + step * 10, base)];
    area.draw(&PathElement::new(line, QUIET.stroke_width(1)))?;
    Ok(())
}
