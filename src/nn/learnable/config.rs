//! Which parameters are trained, and through which bijectors.

use burn::config::Config;

use super::Learnable;
use super::slot::Slot;
use crate::parameter::Parametric;

/// How a positive number is made of any real one.
#[derive(Config, Debug, Copy, PartialEq, Eq)]
#[expect(clippy::expl_impl_clone_on_copy, reason = "Config writes out Clone")]
pub enum Positivity {
    /// y = ln(1 + eˣ): steps are relative to y while it is small, and absolute where it is large.
    Softplus,
    /// y = eˣ: steps are relative to y everywhere.
    Exp,
}

/// Configuration to create a [`Learnable`] distribution using the [init function](Self::init).
#[derive(Config, Debug)]
pub struct LearnableConfig {
    /// How parameters, diagonals of matrices and distances from a bound are made positive.
    #[config(default = "Positivity::Softplus")]
    pub positivity: Positivity,
    /// Parameters, by their names, that are made positive in another way.
    #[config(default = "Vec::new()")]
    pub exceptions: Vec<(String, Positivity)>,
    /// The names of the parameters that are held as they are given.
    #[config(default = "Vec::new()")]
    pub held: Vec<String>,
}

impl LearnableConfig {
    /// Makes one parameter positive in a way of its own.
    #[must_use]
    pub fn with_parameter(mut self, name: &str, positivity: Positivity) -> Self {
        self.exceptions.push((name.to_string(), positivity));
        self
    }

    /// Holds one parameter as it is given: it is saved, but not trained.
    #[must_use]
    pub fn hold(mut self, name: &str) -> Self {
        self.held.push(name.to_string());
        self
    }

    /// Initialize a new [`Learnable`] distribution that starts at `start`, on its device. Reads the
    /// parameters back once.
    ///
    /// # Panics
    ///
    /// If the family has no parameter of a name given.
    #[must_use]
    pub fn init<F, const D: usize>(&self, start: F) -> Learnable<F, D>
    where
        F: Parametric<D, WithRank<D> = F> + Clone,
    {
        let template = start.detach();
        let mut slots: Vec<Slot<D>> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        for parameter in template.parameters() {
            // Parts of a combination may have parameters of one name.
            let name = match names.iter().filter(|name| **name == parameter.name).count() {
                0 => parameter.name.to_string(),
                before => format!("{}_{}", parameter.name, before + 1),
            };
            names.push(parameter.name);
            let positivity = self.positivity_of(&name);
            let held = self.held.contains(&name);
            slots.push(Slot::new(name, parameter, positivity, held));
        }
        let asked = self.exceptions.iter().map(|(name, _)| name).chain(&self.held);
        for name in asked {
            assert!(
                slots.iter().any(|slot| slot.name == *name),
                "{} has no parameter `{name}`: its parameters are `{}`",
                F::NAME,
                slots.iter().map(|slot| slot.name.as_str()).collect::<Vec<_>>().join("`, `"),
            );
        }
        Learnable { template, slots }
    }

    fn positivity_of(&self, name: &str) -> Positivity {
        let exception = self.exceptions.iter().rev().find(|(other, _)| other == name);
        exception.map_or(self.positivity, |(_, positivity)| *positivity)
    }
}
