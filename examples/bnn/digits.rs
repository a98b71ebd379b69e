//! Images of digits, and how they are divided into a part to learn from and one to be tested on.

use std::path::Path;

use rand::Rng;
use rand::seq::SliceRandom;

use crate::common::Problem;

/// Images, row after row of pixels in [0, 1], and what they show.
#[derive(Clone, Debug, Default)]
pub struct Images {
    /// Pixels along a side.
    pub side: usize,
    /// All pixels, image after image.
    pub pixels: Vec<f32>,
    /// The digits shown.
    pub labels: Vec<u8>,
}

impl Images {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// The pixels of one image.
    pub fn image(&self, index: usize) -> &[f32] {
        let size = self.side * self.side;
        &self.pixels[index * size..][..size]
    }

    /// The images at these places.
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            side: self.side,
            pixels: indices.iter().flat_map(|index| self.image(*index)).copied().collect(),
            labels: indices.iter().map(|index| self.labels[*index]).collect(),
        }
    }

    /// All but the last `count` images, and those.
    pub fn without_last(&self, count: usize) -> Result<(Self, Self), Problem> {
        let total = self.len();
        if count >= total {
            return Err(Problem(format!(
                "--validation: of {total} images to learn from at most {} can be tested on, not \
                 {count}.",
                total - 1
            )));
        }
        let places: Vec<usize> = (0..total).collect();
        let (first, last) = places.split_at(total - count);
        Ok((self.select(first), self.select(last)))
    }
}

/// Where the images come from.
pub struct Source {
    /// What they are called in the report.
    pub name: String,
    /// Those to learn from, or all there are.
    pub images: Images,
    /// Those to be tested on, if the source sets them apart.
    pub held_out: Option<Images>,
}

impl Source {
    /// Draws `count` images to learn from; the others, or those set apart, are to be tested on.
    pub fn split(&self, count: usize, rng: &mut dyn Rng) -> Result<(Images, Images), Problem> {
        let total = self.images.len();
        let largest = if self.held_out.is_some() { total } else { total.saturating_sub(1) };
        if count > largest {
            return Err(Problem(format!(
                "--train: {} has {total} images to learn from, so that at most {largest} can be \
                 taken, not {count}.",
                self.name
            )));
        }
        let mut order: Vec<usize> = (0..total).collect();
        order.shuffle(&mut &mut *rng);
        let test = match &self.held_out {
            Some(images) => images.clone(),
            None => self.images.select(&order[count..]),
        };
        Ok((self.images.select(&order[..count]), test))
    }
}

/// Pixels in the bundled file count the dark ones of 4 × 4.
const LARGEST_COUNT: u8 = 16;

/// Reads a CSV file of counts `p0, …, p63` from 0 to 16 and a `label` from 0 to 9.
pub fn read_csv(path: &Path) -> Result<Images, Problem> {
    let text = std::fs::read(path).map_err(|error| Problem::unreadable(path, &error))?;
    let text = String::from_utf8(text)
        .map_err(|_| Problem(format!("{}: the file is not text.", path.display())))?;
    let mut lines = text.lines().enumerate();
    let header: Vec<String> =
        (0..64).map(|pixel| format!("p{pixel}")).chain(["label".into()]).collect();
    if lines.next().is_none_or(|(_, line)| !line.split(',').eq(header.iter().map(String::as_str))) {
        let path = path.display();
        return Err(Problem(format!("{path}, line 1: the columns must be p0, …, p63, label.")));
    }
    let mut images = Images { side: 8, ..Images::default() };
    for (number, line) in lines {
        let wrong =
            |what: String| Problem(format!("{}, line {}: {what}.", path.display(), number + 1));
        let cells: Vec<&str> = line.split(',').collect();
        if cells.len() != header.len() {
            return Err(wrong(format!("the row has {} cells instead of 65", cells.len())));
        }
        let read = |column: usize, largest: u8| {
            let cell = cells[column].trim();
            cell.parse::<u8>().ok().filter(|value| *value <= largest).ok_or_else(|| {
                let name = &header[column];
                wrong(format!("`{cell}` in column {name} is no whole number from 0 to {largest}"))
            })
        };
        for column in 0..64 {
            images.pixels.push(f32::from(read(column, LARGEST_COUNT)?) / f32::from(LARGEST_COUNT));
        }
        images.labels.push(read(64, 9)?);
    }
    if images.len() < 2 {
        return Err(Problem(format!("{}: the file has fewer than two rows.", path.display())));
    }
    Ok(images)
}
