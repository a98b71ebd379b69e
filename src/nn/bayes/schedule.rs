//! How the divergence is shared among minibatches and brought in during training.

use core::f64::consts::LN_2;

/// How the divergence of one pass over the data is shared among its minibatches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinibatchWeights {
    /// 1/M for each of M minibatches.
    Uniform,
    /// 2^(M−i)/(2^M − 1) for minibatch i = 1, …, M (Blundell and others 2015): the prior speaks
    /// early in a pass, the data later.
    Halving,
}

impl MinibatchWeights {
    /// The weight of minibatch `index`, counted from 0, of `batches`. They sum to 1.
    ///
    /// # Panics
    ///
    /// If there is no such minibatch.
    #[must_use]
    pub fn of(self, index: usize, batches: usize) -> f64 {
        assert!(index < batches, "minibatch {index} of {batches}: they are counted from 0");
        match self {
            Self::Uniform => 1.0 / batches as f64,
            Self::Halving => {
                // 2^−i/(1 − 2^−M): the powers as they are usually written overflow above M = 1023.
                let halvings = -((index + 1) as f64);
                halvings.exp2() / -(-LN_2 * batches as f64).exp_m1()
            }
        }
    }
}

/// A factor on the divergence that depends on the step of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annealing {
    /// Always 1.
    None,
    /// From 0 to 1 in equal steps over the first `steps`, then 1.
    Linear {
        /// After how many steps the factor is 1.
        steps: usize,
    },
    /// Linear again and again (Fu and others 2019): in each cycle of `period` steps it grows from 0
    /// to 1 over the first `ramp`, then stays there.
    Cyclical {
        /// The steps of a cycle.
        period: usize,
        /// The steps of its growing part.
        ramp: usize,
    },
}

impl Annealing {
    /// The factor at `step`, counted from 0.
    #[must_use]
    pub fn at(self, step: usize) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Linear { steps } => ramp(step, steps),
            // A period of 0 is a cycle that never grows out of its first step.
            Self::Cyclical { period, ramp: steps } => ramp(step % period.max(1), steps),
        }
    }
}

/// `step`/`steps`, at most 1.
fn ramp(step: usize, steps: usize) -> f64 {
    if step >= steps { 1.0 } else { step as f64 / steps as f64 }
}
