//! The IDX files of MNIST: a big-endian header, then one byte for each pixel or label.

use std::path::Path;

use crate::common::Problem;
use crate::digits::{Images, Source};

/// Reads the four standard files of a directory.
pub fn read_directory(directory: &Path) -> Result<Source, Problem> {
    let part = |name: &str| {
        let images = directory.join(format!("{name}-images-idx3-ubyte"));
        let labels = directory.join(format!("{name}-labels-idx1-ubyte"));
        read_pair(&images, &labels)
    };
    let (images, held_out) = (part("train")?, part("t10k")?);
    if images.side != held_out.side {
        return Err(Problem(format!(
            "{}: the images to learn from have {} pixels a side, the others {}.",
            directory.display(),
            images.side,
            held_out.side
        )));
    }
    Ok(Source { name: directory.display().to_string(), images, held_out: Some(held_out) })
}

fn read_pair(images: &Path, labels: &Path) -> Result<Images, Problem> {
    let (sizes, pixels) = read::<3>(images)?;
    let [count, rows, columns] = sizes;
    if rows != columns || rows == 0 {
        let images = images.display();
        return Err(Problem(format!(
            "{images}, byte 8: images of {rows} by {columns} pixels are not square."
        )));
    }
    let ([label_count], label_bytes) = read::<1>(labels)?;
    if label_count != count {
        return Err(Problem(format!(
            "{}, byte 4: there are {label_count} labels for {count} images.",
            labels.display()
        )));
    }
    if let Some(at) = label_bytes.iter().position(|label| *label > 9) {
        return Err(Problem(format!(
            "{}, byte {}: the label {} is no digit.",
            labels.display(),
            at + 8,
            label_bytes[at]
        )));
    }
    let pixels = pixels.iter().map(|pixel| f32::from(*pixel) / 255.0).collect();
    Ok(Images { side: rows, pixels, labels: label_bytes })
}

/// The sizes of `D` dimensions and the bytes that follow.
fn read<const D: usize>(path: &Path) -> Result<([usize; D], Vec<u8>), Problem> {
    let bytes = std::fs::read(path).map_err(|error| Problem::unreadable(path, &error))?;
    let wrong = |at: usize, what: &str| Problem(format!("{}, byte {at}: {what}.", path.display()));
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(wrong(0, "the file is compressed; unpack it with gunzip"));
    }
    let header = 4 + 4 * D;
    if bytes.len() < header {
        return Err(wrong(bytes.len(), "the file ends inside its header"));
    }
    // Two zeros, the type of unsigned bytes, the number of dimensions.
    if bytes[..4] != [0, 0, 8, D as u8] {
        return Err(wrong(0, &format!("this is no IDX file of bytes in {D} dimensions")));
    }
    let sizes: [usize; D] = core::array::from_fn(|dimension| {
        let at = 4 + 4 * dimension;
        bytes[at..at + 4].iter().fold(0, |size, byte| size << 8 | usize::from(*byte))
    });
    let expected = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
    if expected != Some(bytes.len() - header) {
        let named = sizes.map(|size| size.to_string()).join(" × ");
        let found = bytes.len() - header;
        return Err(wrong(4, &format!("the header says {named} bytes, but {found} follow")));
    }
    Ok((sizes, bytes[header..].to_vec()))
}
