//! The table of scores.

use crate::digits::Source;
use crate::evaluate::{BINS, Score};
use crate::experiment::{Experiment, NOISE, Outcome, Setting};
use crate::train::Version;

/// What was done, and what came of it.
pub fn report(source: &Source, setting: &Setting, experiments: &[Experiment]) -> String {
    let training = &setting.training;
    let first = &experiments[0];
    let mut text = format!(
        "Digits of {side} × {side} pixels from {name}: {count} to learn from, {held_out} held out; \
         {seeds}.\n\
         Two hidden layers of {hidden} units, {steps} steps of Adam on {batch} images, step size \
         {rate} falling to 0 along a cosine.\n\
         Dropout {dropout}. Bayesian: mean field, prior N(0, {gain}²/fan-in) for weights and \
         N(0, {vector}²) for biases, {divergence} of the divergence (a cold posterior) after a \
         linear rise over the first quarter, {draws} draws averaged.\n",
        side = first.test.side,
        name = source.name,
        count = setting.count - setting.validation,
        held_out = first.test.len(),
        seeds = match experiments.len() {
            1 => "one training".to_owned(),
            several => format!("means ± standard deviations over {several} trainings"),
        },
        hidden = training.hidden,
        steps = training.steps,
        batch = training.batch.min(setting.count - setting.validation),
        rate = training.rate,
        dropout = training.dropout,
        divergence = training.divergence,
        gain = training.prior.gain,
        vector = training.prior.vector,
        draws = setting.draws,
    );
    let parts: [(String, fn(&Outcome) -> &Score); 2] = [
        ("held out".into(), |outcome| &outcome.clean),
        (format!("the same under noise of standard deviation {NOISE}"), |outcome| &outcome.noisy),
    ];
    for (name, score) in parts {
        text += &format!("\n{name}\n{}", table(experiments, score));
        text += &comparison(experiments, score);
    }
    text
}

/// One line for each version.
fn table(experiments: &[Experiment], score: fn(&Outcome) -> &Score) -> String {
    let mut text = format!(
        "{:>13}  {:>14}  {:>19}  {:>17}  {:>15}  {:>15}\n",
        "", "accuracy, %", "− ln p of the truth", "calibration, %", "entropy", "disagreement",
    );
    for (index, version) in Version::ALL.into_iter().enumerate() {
        let of = |measure: fn(&Score) -> f64| -> Vec<f64> {
            experiments.iter().map(|one| measure(score(&one.outcomes[index]))).collect()
        };
        text += &format!(
            "{:>13}  {:>14}  {:>19}  {:>17}  {:>15}  {:>15}\n",
            version.name(),
            spread(&of(|score| 100.0 * score.accuracy), 1),
            spread(&of(|score| score.negative_log_likelihood), 4),
            spread(&of(|score| 100.0 * score.calibration.expected_error()), 2),
            spread(&of(|score| score.entropy), 3),
            spread(&of(|score| score.mutual_information), 3),
        );
    }
    text
}

/// In how many trainings the Bayesian version was better than the deterministic one.
fn comparison(experiments: &[Experiment], score: fn(&Outcome) -> &Score) -> String {
    let better = |measure: fn(&Score) -> f64| {
        let lower =
            |one: &&Experiment| measure(score(&one.outcomes[2])) < measure(score(&one.outcomes[0]));
        experiments.iter().filter(lower).count()
    };
    format!(
        "Bayesian better than deterministic: {} of {count} in likelihood, {} of {count} in \
         calibration (expected error over {BINS} intervals).\n",
        better(|score| score.negative_log_likelihood),
        better(|score| score.calibration.expected_error()),
        count = experiments.len(),
    )
}

/// Mean ± standard deviation.
fn spread(values: &[f64], decimals: usize) -> String {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    if values.len() == 1 {
        return format!("{mean:.decimals$}");
    }
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    format!("{mean:.decimals$} ± {:.decimals$}", (squares / (count - 1.0)).sqrt())
}
