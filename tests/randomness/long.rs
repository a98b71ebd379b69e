//! Four moments against their exact standard errors, and counts of the tails against the exact
//! probabilities: of a few draws, and of 5·10⁷ in the ignored tests.

use core::fmt::Write;

use crate::battery::{Reading, frequency, standard};
use crate::laws::{Law, Sides};
use crate::samplers::{Sampler, Seed, Setting, of_families, of_keys};

/// What is kept of the draws.
pub(crate) struct Totals<'a> {
    law: &'a Law,
    degree: usize,
    draws: f64,
    /// Of powers of the standardised draws.
    sums: [f64; 4],
    /// From the middle outwards.
    tails: Vec<Tail>,
}

/// The draws below the first and above the second of two numbers.
struct Tail {
    cuts: [f64; 2],
    counts: [u64; 2],
}

impl<'a> Totals<'a> {
    /// For the moments up to `degree`, at most 4.
    pub(crate) fn new(law: &'a Law, degree: usize) -> Self {
        Self { law, degree, draws: 0.0, sums: [0.0; 4], tails: Vec::new() }
    }

    /// Counts the tails as well: beyond `limits` on both sides, and where these probabilities lie
    /// beyond.
    pub(crate) fn with_tails(mut self, limits: &[f64]) -> Self {
        let levels = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7];
        let mut cuts = levels.map(|level| self.law.quantiles(level)).to_vec();
        if !limits.is_empty() {
            cuts = limits.iter().map(|limit| [-limit, *limit]).collect();
        }
        self.tails = cuts.into_iter().map(|cuts| Tail { cuts, counts: [0; 2] }).collect();
        self
    }

    pub(crate) fn add(&mut self, draw: f64) {
        self.draws += 1.0;
        if let Some(moments) = &self.law.moments {
            let z = (draw - moments.mean) / moments.deviation;
            let mut power = 1.0;
            for sum in &mut self.sums {
                power *= z;
                *sum += power;
            }
        }
        for Tail { cuts, counts } in &mut self.tails {
            let [low, high] = [draw < cuts[0], draw > cuts[1]];
            if !low && !high {
                break;
            }
            counts[0] += u64::from(low);
            counts[1] += u64::from(high);
        }
    }

    /// How far each mean power is from its expectation in standard errors, less what it may move
    /// where every draw is off by a rounding of this size.
    fn errors(&self, rounding: f64) -> Vec<f64> {
        let Some(moments) = &self.law.moments else { return Vec::new() };
        let powers = &moments.powers;
        // E|z|ᵏ is at most the root of E z²ᵏ.
        let size = |k: usize| powers[2 * k].sqrt();
        (1..=self.degree)
            .map(|k| {
                let error = ((powers[2 * k] - powers[k] * powers[k]) / self.draws).sqrt();
                let of_rounding = rounding
                    * k as f64
                    * (size(k) + size(k - 1) * moments.mean.abs() / moments.deviation);
                let gap = self.sums[k - 1] / self.draws - powers[k];
                gap.signum() * (gap.abs() - of_rounding).max(0.0) / error
            })
            .collect()
    }

    /// The readings of the moments, for draws that are rounded to `epsilon`.
    pub(crate) fn moments(&self, epsilon: f64) -> Vec<Reading> {
        let rounding = if self.law.is_discrete() { 0.0 } else { epsilon };
        let errors = self.errors(rounding).into_iter().enumerate();
        errors.map(|(k, z)| standard("own moments", format!("moment {}", k + 1), z)).collect()
    }

    /// The readings of the tails, for draws that are rounded to `epsilon` and to `resolution`, which
    /// moves them across a limit; each side alone, then both together.
    pub(crate) fn tails(&self, epsilon: f64, resolution: f64) -> Vec<Reading> {
        let mut readings = Vec::new();
        for Tail { cuts, counts } in &self.tails {
            let probabilities =
                [0, 1].map(|side| self.around(cuts[side], side, epsilon, resolution));
            for side in [0, 1] {
                let place = format!("{} {:.4}", ["below", "above"][side], cuts[side]);
                readings.push(self.tail(place, counts[side], probabilities[side]));
            }
            let both = core::array::from_fn(|end| probabilities[0][end] + probabilities[1][end]);
            let place = format!("outside {:.4} to {:.4}", cuts[0], cuts[1]);
            readings.push(self.tail(place, counts[0] + counts[1], both));
        }
        readings
    }

    /// The least and the largest probability of one side of a number that is off by a rounding.
    fn around(&self, cut: f64, side: usize, epsilon: f64, resolution: f64) -> [f64; 2] {
        let rounding = if self.law.is_discrete() { 0.0 } else { epsilon * cut.abs() + resolution };
        let mut ends = [cut - rounding, cut + rounding].map(|cut| {
            let Sides { below, above } = self.law.sides(cut);
            [below, above][side]
        });
        ends.sort_by(f64::total_cmp);
        ends
    }

    fn tail(&self, place: String, seen: u64, [least, largest]: [f64; 2]) -> Reading {
        let seen = seen as f64;
        let probability = (seen / self.draws).clamp(least, largest);
        let place = format!("{place}: {seen} instead of {:.1}", probability * self.draws);
        frequency("tails", place, seen, self.draws, probability)
    }

    /// A line of the report.
    fn shown(&self) -> String {
        let mut line = String::from("moments");
        for z in self.errors(0.0) {
            write!(line, " {z:+.2}").expect("text");
        }
        line += " standard errors, tails";
        for Tail { cuts, counts } in &self.tails {
            let expected = [self.law.sides(cuts[0]).below, self.law.sides(cuts[1]).above];
            let [low, high] = expected.map(|probability| probability * self.draws);
            write!(line, " | {}/{low:.1} {}/{high:.1}", counts[0], counts[1]).expect("text");
        }
        line
    }
}

/// 48 · 2²⁰ numbers, which is 5.03·10⁷, of which few are in memory at a time.
const CHUNKS: u64 = 48;
const CHUNK: [usize; 2] = [1024, 1024];

fn run(samplers: &[Sampler]) {
    let mut failures = Vec::new();
    let mut seen = Vec::new();
    for setting in Setting::all() {
        // CPU backends draw the same numbers, which other tests compare to the bit.
        let place = format!("{:?}", setting.device);
        let place = if place.contains("Cpu") { String::from("the CPU") } else { place };
        if seen.contains(&(place.clone(), setting.dtype)) {
            continue;
        }
        seen.push((place.clone(), setting.dtype));
        for sampler in samplers {
            let totals = |law| Totals::new(law, 4).with_tails(sampler.tails);
            let mut all: Vec<Totals<'_>> = sampler.laws.iter().map(totals).collect();
            for item in 0..CHUNKS {
                let draws = (sampler.draw)(&setting, Seed { seed: 5_000_000, item }, CHUNK);
                for (place, totals) in all.iter_mut().enumerate() {
                    let draws = draws.iter().skip(place).step_by(sampler.laws.len());
                    draws.for_each(|draw| totals.add(*draw));
                }
            }
            let name = format!("{} on {place} in {:?}", sampler.name, setting.dtype);
            for totals in &all {
                println!("{name}: {}", totals.shown());
                let epsilon = setting.epsilon();
                let mut readings = totals.moments(epsilon);
                readings.extend(totals.tails(epsilon, sampler.resolution));
                failures.extend(crate::battery::failures(&name, &readings));
            }
        }
    }
    assert!(failures.is_empty(), "{} checks fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
#[ignore = "5e7 draws of each sampler: minutes, and only with --release"]
fn long_check_of_keys() {
    run(&of_keys());
}

#[test]
#[ignore = "5e7 draws of each sampler: minutes, and only with --release"]
fn long_check_of_families() {
    run(&of_families());
}
