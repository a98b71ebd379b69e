//! Flows: a base distribution and layers, as a distribution and a module.

use core::fmt::Debug;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{DType, Device, Float, Tensor};
use rand::Rng;

use super::base::{Base, StandardNormal};
use super::layer::{FlowLayer, Layer};
use crate::distribution::{Distribution, Reparameterized};
use crate::support::Support;

/// A base distribution pushed forward through layers: a distribution over rows `[N, features]`, and
/// a Burn module whose parameters are those of the base and of the layers.
///
/// The first layer is the first after the base when sampling. A flow whose layers take a context is
/// a distribution only once it is [given](Self::given) one.
///
/// # Notes
///
/// [`rsample_and_log_prob`](Reparameterized::rsample_and_log_prob) evaluates the density of draws
/// on their way out, without inverting any layer.
///
/// Draws have the precision of the layers' parameters, densities that of the values, which must be
/// the same: a flow whose parameters are cast is a flow in the other precision.
#[derive(Module, Debug)]
pub struct Flow<B: Base = StandardNormal, L: FlowLayer = Layer> {
    base: B,
    layers: Vec<L>,
}

impl<L: FlowLayer> Flow<StandardNormal, L> {
    /// A flow from standard normal noise.
    ///
    /// # Panics
    ///
    /// As [`new`](Self::new).
    #[must_use]
    pub fn standard(layers: Vec<L>, device: &Device) -> Self {
        let features = layers.first().map_or(0, FlowLayer::features);
        Self::new(StandardNormal::new(features, device), layers)
    }
}

impl<B: Base, L: FlowLayer> Flow<B, L> {
    /// The flow from `base` through `layers`.
    ///
    /// # Panics
    ///
    /// If there is no layer, or the layers are not of one number of features.
    #[must_use]
    pub fn new(base: B, layers: Vec<L>) -> Self {
        let features: Vec<usize> = layers.iter().map(FlowLayer::features).collect();
        assert!(!features.is_empty(), "a flow needs a layer");
        assert!(
            features.iter().all(|own| *own == features[0]),
            "the layers of a flow have different numbers of features: {features:?}",
        );
        Self { base, layers }
    }

    /// The base distribution.
    pub fn base(&self) -> &B {
        &self.base
    }

    /// The layers, in the order of sampling.
    pub fn layers(&self) -> &[L] {
        &self.layers
    }

    /// The distribution given a context.
    ///
    /// # Shapes
    ///
    /// - `context`: `[N, context]`, or `[1, context]` for all rows
    #[must_use]
    pub fn given(&self, context: Tensor<2>) -> ConditionalFlow<B, L> {
        ConditionalFlow { flow: self.clone(), context }
    }

    /// From data to noise: the noise of each row and ln |det| of the map to it.
    ///
    /// # Shapes
    ///
    /// - `x`: `[N, features]`
    /// - output: `[N, features]` and `[N, 1]`
    ///
    /// # Panics
    ///
    /// If the shapes are not those that the layers were made for.
    pub fn normalise(&self, x: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        chain(x, self.layers.iter().rev().map(|layer| |x| layer.inverse(x, context)))
    }

    /// From noise to data; shapes and panics as for [`normalise`](Self::normalise).
    ///
    /// # Panics
    ///
    /// If the shapes are not those that the layers were made for.
    pub fn generate(&self, z: Tensor<2>, context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        chain(z, self.layers.iter().map(|layer| |z| layer.forward(z, context)))
    }

    /// The precision of the layers' parameters; none without parameters.
    fn dtype(&self) -> Option<DType> {
        let mut found = Precision(None);
        self.layers.iter().find_map(|layer| {
            layer.visit(&mut found);
            found.0
        })
    }

    fn own_shape(&self, context: Option<&Tensor<2>>) -> [usize; 2] {
        let [rows, features] = self.base.law(None, context).shape();
        [rows.max(context.map_or(1, |context| context.dims()[0])), features]
    }

    fn density(&self, value: Tensor<2>, context: Option<&Tensor<2>>) -> Tensor<2> {
        let [rows, features] = value.dims();
        let own = self.own_shape(context);
        let names = ["value", "flow"];
        let whole = crate::parameter::common_shape("Flow", &names, &[[rows, features], own]);
        let value = if whole == [rows, features] { value } else { value.expand(whole) };
        let (noise, log_det) = self.normalise(value, context);
        self.base.law(Some(noise.dtype()), context).log_prob(noise) + log_det
    }

    fn draw(
        &self,
        shape: [usize; 2],
        context: Option<&Tensor<2>>,
        rng: &mut dyn Rng,
    ) -> (Tensor<2>, Tensor<2>) {
        crate::parameter::check_sample_shape("Flow", self.own_shape(context), shape);
        let law = self.base.law(self.dtype(), context);
        let (noise, log_prob) = law.rsample_and_log_prob(shape, rng);
        let (value, log_det) = self.generate(noise, context);
        (value, log_prob - log_det)
    }
}

/// The precision of the first parameter that is visited.
struct Precision(Option<DType>);

impl ModuleVisitor for Precision {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        // What is stored: the value might be drawn anew for a Bayesian weight.
        self.0.get_or_insert_with(|| parameter.base().dtype());
    }
}

/// Steps one after another, with the sum of their log-determinants.
fn chain<S>(x: Tensor<2>, steps: impl Iterator<Item = S>) -> (Tensor<2>, Tensor<2>)
where
    S: FnOnce(Tensor<2>) -> (Tensor<2>, Tensor<2>),
{
    let (x, total) = steps.fold((x, None), |(x, total): (_, Option<Tensor<2>>), step| {
        let (x, log_det) = step(x);
        let total = match total {
            Some(total) => total + log_det,
            None => log_det,
        };
        (x, Some(total))
    });
    (x, total.expect("a flow has a layer"))
}

impl<B: Base, L: FlowLayer> Distribution<2> for Flow<B, L> {
    type Kind = Float;

    fn shape(&self) -> [usize; 2] {
        self.own_shape(None)
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, shape: [usize; 2], rng: &mut dyn Rng) -> Tensor<2> {
        self.draw(shape, None, rng).0.detach()
    }

    fn log_prob(&self, value: Tensor<2>) -> Tensor<2> {
        self.density(value, None)
    }
}

impl<B: Base, L: FlowLayer> Reparameterized<2> for Flow<B, L> {
    fn rsample(&self, shape: [usize; 2], rng: &mut dyn Rng) -> Tensor<2> {
        self.draw(shape, None, rng).0
    }

    fn rsample_and_log_prob(&self, shape: [usize; 2], rng: &mut dyn Rng) -> (Tensor<2>, Tensor<2>) {
        self.draw(shape, None, rng)
    }
}

/// A flow given a context, made by [`Flow::given`]: a distribution for each row of the context.
#[derive(Clone, Debug)]
pub struct ConditionalFlow<B: Base = StandardNormal, L: FlowLayer = Layer> {
    flow: Flow<B, L>,
    context: Tensor<2>,
}

impl<B: Base, L: FlowLayer> Distribution<2> for ConditionalFlow<B, L> {
    type Kind = Float;

    fn shape(&self) -> [usize; 2] {
        self.flow.own_shape(Some(&self.context))
    }

    fn event_dims(&self) -> usize {
        1
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn sample(&self, shape: [usize; 2], rng: &mut dyn Rng) -> Tensor<2> {
        self.flow.draw(shape, Some(&self.context), rng).0.detach()
    }

    fn log_prob(&self, value: Tensor<2>) -> Tensor<2> {
        self.flow.density(value, Some(&self.context))
    }
}

impl<B: Base, L: FlowLayer> Reparameterized<2> for ConditionalFlow<B, L> {
    fn rsample(&self, shape: [usize; 2], rng: &mut dyn Rng) -> Tensor<2> {
        self.flow.draw(shape, Some(&self.context), rng).0
    }

    fn rsample_and_log_prob(&self, shape: [usize; 2], rng: &mut dyn Rng) -> (Tensor<2>, Tensor<2>) {
        self.flow.draw(shape, Some(&self.context), rng)
    }
}
