//! The two ways to give the weights of a discrete distribution.

/// How the weights were given; they are kept so, and converted where the other form is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Logarithms of odds or of weights.
    Logits,
    /// Probabilities.
    Probs,
}

impl Given {
    /// The name of the parameter.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Logits => "logits",
            Self::Probs => "probs",
        }
    }
}
