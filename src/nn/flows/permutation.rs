//! Permutations of the features.

use burn::config::Config;
use burn::module::{Module, Param, ParamId};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::layer::{FlowLayer, no_change};
use super::made::Order;
use crate::random::Key;

/// Configuration of a [`Permutation`].
#[derive(Config, Debug)]
pub struct PermutationConfig {
    /// The features of a row.
    pub features: usize,
    /// The order: reversed, or random by the seed.
    #[config(default = "Order::Reversed")]
    pub order: Order,
    /// The seed of a random order.
    #[config(default = 0)]
    pub seed: u64,
}

impl PermutationConfig {
    /// Creates the layer on `device`.
    pub fn init(&self, device: &Device) -> Permutation {
        let ranks = self.order.ranks(self.features, Key::new(self.seed));
        Permutation::new(&ranks.into_iter().map(|rank| rank - 1).collect::<Vec<_>>(), device)
    }
}

/// A layer that changes the order of the features.
///
/// It accepts a context like every layer, and is not changed by it.
#[derive(Module, Debug)]
pub struct Permutation {
    /// Where each feature of the output comes from. Recorded, because the layers around it were
    /// trained with it.
    sources: Param<Tensor<1, Int>>,
    /// Where each feature of the input goes.
    targets: Param<Tensor<1, Int>>,
    features: usize,
}

impl Permutation {
    /// The layer whose output has feature `sources[i]` at place i.
    ///
    /// # Panics
    ///
    /// If `sources` is not a permutation of 0, 1, ….
    pub fn new(sources: &[usize], device: &Device) -> Self {
        let mut targets = vec![usize::MAX; sources.len()];
        for (place, source) in sources.iter().enumerate() {
            let target = targets.get_mut(*source).filter(|target| **target == usize::MAX);
            *target.unwrap_or_else(|| panic!("{sources:?} is not a permutation")) = place;
        }
        let parameter = |places: &[usize]| {
            let places: Vec<i64> = places.iter().map(|place| *place as i64).collect();
            let data = TensorData::new(places, [sources.len()]);
            Param::initialized(ParamId::new(), Tensor::from_data(data, device))
        };
        Self { sources: parameter(sources), targets: parameter(&targets), features: sources.len() }
    }
}

impl FlowLayer for Permutation {
    fn features(&self) -> usize {
        self.features
    }

    fn forward(&self, x: Tensor<2>, _context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let y = x.select(1, self.sources.val());
        let log_det = no_change(&y);
        (y, log_det)
    }

    fn inverse(&self, y: Tensor<2>, _context: Option<&Tensor<2>>) -> (Tensor<2>, Tensor<2>) {
        let x = y.select(1, self.targets.val());
        let log_det = no_change(&x);
        (x, log_det)
    }

    fn is_constant_jacobian(&self) -> bool {
        true
    }
}

/// 0, 1, … in a random order (Fisher and Yates 1938).
pub(super) fn shuffled(count: usize, key: Key) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let [low, high] = key.fold_in(last as u64).words();
        let number = u64::from(low) | u64::from(high) << 32;
        // Of 64 bits the remainder is uniform but for one part in 2^50 and less.
        places.swap(last, (number % (last as u64 + 1)) as usize);
    }
    places
}
