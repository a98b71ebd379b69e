//! The posterior of one weight tensor, and how those of a module are found.

use core::fmt::{self, Debug};

use burn::module::{Flag, Module, ModuleVisitor, Param, ParamId, Reparameterization};
use burn::tensor::Tensor;

use super::formulas::{LOG_STD_DEV, WEIGHT};
use super::handle::{Place, Shared, noise_of_draw};
use super::mean_field::GaussianWeight;
use crate::kernel::rows::sum_rows;
use crate::random::Key;
use crate::special::softplus;

/// ½ ln 2πe, the entropy of a Normal of standard deviation 1.
const STANDARD_ENTROPY: f64 = 1.418_938_533_204_672_7;

/// The posterior N(μ, softplus(ρ)²) of one weight tensor, flat.
#[derive(Clone)]
pub struct WeightPosterior {
    path: String,
    shape: Vec<usize>,
    mean: Tensor<1>,
    rho: Tensor<1>,
    noise: Noise,
}

/// Where the noise of the draw comes from; it is made only when a prior asks for it.
#[derive(Clone)]
enum Noise {
    Shared(Shared, ParamId),
    Key(Key),
}

impl WeightPosterior {
    /// The posterior of a weight tensor that is not a [`MeanField`](super::MeanField)'s, whose draw
    /// is that of `key`.
    pub fn new<const D: usize>(path: &str, mean: Tensor<D>, rho: Tensor<D>, key: Key) -> Self {
        Self {
            path: path.to_owned(),
            shape: mean.dims().to_vec(),
            mean: mean.reshape([-1]),
            rho: rho.reshape([-1]),
            noise: Noise::Key(key),
        }
    }

    /// The path of the parameter in the module.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The shape of the parameter.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// How many weights there are.
    #[must_use]
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// The means, flat.
    #[must_use]
    pub fn mean(&self) -> Tensor<1> {
        self.mean.clone()
    }

    /// What the softplus turns into standard deviations, flat.
    #[must_use]
    pub fn rho(&self) -> Tensor<1> {
        self.rho.clone()
    }

    /// The standard deviations, flat.
    #[must_use]
    pub fn std_dev(&self) -> Tensor<1> {
        softplus(self.rho())
    }

    /// The noise of the draw that the module reads, flat.
    #[must_use]
    pub fn noise(&self) -> Tensor<1> {
        let place = Place::of(&self.rho);
        match &self.noise {
            Noise::Shared(shared, parameter) => shared.noise(*parameter, &place),
            Noise::Key(key) => noise_of_draw(*key, 0, &place),
        }
    }

    /// The weights of the draw that the module reads, flat, with their pathwise gradient.
    #[must_use]
    pub fn draw(&self) -> Tensor<1> {
        WEIGHT.apply([self.mean(), self.rho(), self.noise()])
    }

    /// The entropy of all weights together, in nats.
    ///
    /// # Shapes
    ///
    /// - output: `[1]`
    #[must_use]
    pub fn entropy(&self) -> Tensor<1> {
        sum_rows(LOG_STD_DEV.apply([self.rho()])) + STANDARD_ENTROPY * self.elements() as f64
    }
}

impl Debug for WeightPosterior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WeightPosterior({}: {:?})", self.path, self.shape)
    }
}

/// Shows the posterior of each parameter of `model` that `shared` governs.
pub(super) fn visit_weights<M: Module>(
    model: &M,
    shared: &Shared,
    take: impl FnMut(WeightPosterior),
) {
    model.visit(&mut Visitor { shared, take, path: Vec::new(), base: None, rho: None });
}

/// A parameter shows itself in three steps: its stored value, then, inside, ρ and the flag.
struct Visitor<'a, F> {
    shared: &'a Shared,
    take: F,
    /// Names, and whether each is that of an attached module rather than a field of that name.
    path: Vec<(String, bool)>,
    base: Option<(Vec<usize>, Tensor<1>)>,
    rho: Option<Tensor<1>>,
}

impl<F> Visitor<'_, F> {
    /// Where in the path the attached module begins, if the visit is inside one.
    fn attached(&self) -> Option<usize> {
        self.path.iter().position(|(_, attached)| *attached)
    }
}

impl<F: FnMut(WeightPosterior)> ModuleVisitor for Visitor<'_, F> {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        let attached = container_type == "Reparameterization" && name == GaussianWeight::NAME;
        self.path.push((name.to_owned(), attached));
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // A `Param` here has been detached from its reparameterisation: `val` is what is stored.
        if self.attached().is_some() {
            self.rho = Some(param.val().reshape([-1]));
        } else {
            let value = param.val();
            self.base = Some((value.dims().to_vec(), value.reshape([-1])));
        }
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        let Some(depth) = self.attached() else { return };
        if !self.shared.owns(flag.id) {
            return;
        }
        if let (Some((shape, mean)), Some(rho)) = (self.base.take(), self.rho.take()) {
            let names: Vec<&str> = self.path[..depth].iter().map(|(name, _)| &**name).collect();
            let path = names.join(".");
            let noise = Noise::Shared(self.shared.clone(), flag.id);
            (self.take)(WeightPosterior { path, shape, mean, rho, noise });
        }
    }
}
