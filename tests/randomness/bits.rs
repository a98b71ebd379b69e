//! The checks of words, bit by bit.

use crate::battery::{Reading, frequency, pairs, stream};

/// Of pairs among draws that are equal, each with the given probability: nearly Poisson, and
/// P(count beyond k) ≤ exp(−k ln(k/λ) + k − λ).
pub(crate) fn ties(check: &'static str, mut values: Vec<u64>, probability: f64) -> Reading {
    let draws = values.len() as f64;
    values.sort_unstable();
    let (mut run, mut equal) = (0_u64, 0_u64);
    for pair in values.windows(2) {
        run = if pair[0] == pair[1] { run + 1 } else { 0 };
        equal += run;
    }
    let (seen, expected) = (equal as f64, draws * (draws - 1.0) / 2.0 * probability);
    let term = if seen == 0.0 { 0.0 } else { seen * (seen / expected).ln() };
    let evidence = term - seen + expected;
    Reading::new(check, format!("{seen} instead of {expected:.1}"), evidence)
}

/// Every check of the bits of numbers of so many bits: each alone, beside its neighbour, and in two
/// numbers that follow each other. Exclusive ors of fair bits are fair bits.
pub(crate) fn bits(words: &[u64], width: usize) -> Vec<Reading> {
    let beside: Vec<u64> = words.iter().map(|word| word ^ word >> 1).collect();
    let after: Vec<u64> = words.windows(2).map(|pair| pair[0] ^ pair[1]).collect();
    let mut readings = balance("bits", words, width);
    readings.extend(balance("neighbouring bits", &beside, width - 1));
    readings.extend(balance("bits of successors", &after, width));
    readings
}

fn balance(check: &'static str, words: &[u64], width: usize) -> Vec<Reading> {
    let mut ones = vec![0_u64; width];
    for word in words {
        for bit in 0..width {
            ones[bit] += word >> bit & 1;
        }
    }
    let draws = words.len() as f64;
    let reading = |(bit, ones): (usize, &u64)| {
        frequency(check, format!("bit {bit} of {width}"), *ones as f64, draws, 0.5)
    };
    ones.iter().enumerate().map(reading).collect()
}

/// Every check of raw words of 32 bits.
pub(crate) fn words(words: &[u32], columns: usize) -> Vec<Reading> {
    let single: Vec<u64> = words.iter().map(|word| u64::from(*word)).collect();
    let double: Vec<u64> = single.chunks_exact(2).map(|pair| pair[1] << 32 | pair[0]).collect();
    let uniforms: Vec<f64> =
        words.iter().map(|word| (f64::from(*word) + 0.5) / 4_294_967_296.0).collect();
    let low: Vec<f64> = words.iter().map(|word| f64::from(word & 15) / 16.0).collect();
    let mut readings = stream(&uniforms, columns);
    readings.extend([1, 2, 3, 4, columns].map(|apart| pairs("pairs of low bits", &low, apart)));
    readings.extend(bits(&single, 32));
    readings.extend(bits(&double, 64));
    readings.push(ties("ties", single, 2f64.powi(-32)));
    readings
}
