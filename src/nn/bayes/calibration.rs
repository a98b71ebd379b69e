//! Whether predicted probabilities are what they say.

use burn::tensor::{Int, Tensor};

/// One interval of confidence and what came of the predictions in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConfidenceBin {
    /// How many predictions fell into it.
    pub count: usize,
    /// Their mean confidence; 0 without any.
    pub confidence: f64,
    /// The fraction that was right; 0 without any.
    pub accuracy: f64,
}

/// The confidence of predictions, the probability of the class they chose, beside how often they
/// were right.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The intervals, equally wide, from 0 to 1; one at a common edge belongs to the lower.
    pub bins: Vec<ConfidenceBin>,
}

impl Calibration {
    /// Compares predictions with the true classes. Reads both back.
    ///
    /// # Shapes
    ///
    /// - probabilities: `[examples, classes]`
    /// - labels: `[examples]`
    ///
    /// # Panics
    ///
    /// If there is no bin, or the numbers of examples differ.
    #[must_use]
    pub fn new(probabilities: Tensor<2>, labels: Tensor<1, Int>, bins: usize) -> Self {
        let [examples, classes] = probabilities.dims();
        assert!(bins > 0, "Calibration: there must be a bin");
        assert!(
            labels.dims() == [examples],
            "Calibration: {examples} predictions but {} labels",
            labels.dims()[0]
        );
        let probabilities: Vec<f64> = probabilities.into_data().iter::<f64>().collect();
        let labels: Vec<i64> = labels.into_data().iter::<i64>().collect();
        let mut sums = vec![ConfidenceBin::default(); bins];
        for (row, label) in probabilities.chunks(classes.max(1)).zip(labels) {
            let (chosen, confidence) = largest(row);
            // Intervals are open below: ⌈c·bins⌉ − 1, with 0 in the first.
            let bin = ((confidence * bins as f64).ceil() as usize).clamp(1, bins) - 1;
            let sum = &mut sums[bin];
            sum.count += 1;
            sum.confidence += confidence;
            sum.accuracy += f64::from(u8::from(chosen as i64 == label));
        }
        for sum in sums.iter_mut().filter(|sum| sum.count > 0) {
            sum.confidence /= sum.count as f64;
            sum.accuracy /= sum.count as f64;
        }
        Self { bins: sums }
    }

    /// How many predictions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bins.iter().map(|bin| bin.count).sum()
    }

    /// The expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean distance of
    /// accuracy to confidence, each bin weighted by its predictions.
    #[must_use]
    pub fn expected_error(&self) -> f64 {
        let distances =
            self.bins.iter().map(|bin| bin.count as f64 * (bin.accuracy - bin.confidence).abs());
        distances.sum::<f64>() / self.count() as f64
    }

    /// The largest distance of accuracy to confidence in a bin.
    #[must_use]
    pub fn largest_error(&self) -> f64 {
        let distances = self.bins.iter().map(|bin| (bin.accuracy - bin.confidence).abs());
        distances.fold(0.0, f64::max)
    }
}

/// The expected calibration error of predictions, in `bins` equally wide intervals of confidence;
/// shapes and panics as for [`Calibration::new`].
#[must_use]
pub fn expected_calibration_error(
    probabilities: Tensor<2>,
    labels: Tensor<1, Int>,
    bins: usize,
) -> f64 {
    Calibration::new(probabilities, labels, bins).expected_error()
}

/// The position and size of the largest number, the first of several.
fn largest(row: &[f64]) -> (usize, f64) {
    let first = (0, f64::NEG_INFINITY);
    (row.iter().enumerate())
        .fold(first, |best, (at, value)| if *value > best.1 { (at, *value) } else { best })
}
