//! Which weights a mean-field network reads: the state its parameters share with their handle.

use core::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::module::ParamId;
use burn::tensor::{DType, Device, Tensor};

use crate::random::{self, Key};

/// What reading a parameter gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weights {
    /// The posterior mean.
    Mean,
    /// The draw of this number.
    Draw(u64),
}

thread_local! {
    /// What the parameters read on this thread give, whatever their handle says.
    static FORCED: Cell<Option<Weights>> = const { Cell::new(None) };
}

/// Runs `read`, during which the parameters read on this thread give `weights`.
pub(super) fn with_weights<T>(weights: Weights, read: impl FnOnce() -> T) -> T {
    /// Puts the former state back also when `read` panics.
    struct Restore(Option<Weights>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORCED.set(self.0);
        }
    }
    let _restore = Restore(FORCED.replace(Some(weights)));
    read()
}

/// What is forced on this thread.
pub(super) fn forced() -> Option<Weights> {
    FORCED.get()
}

/// The noise of one parameter.
#[derive(Debug)]
struct Slot {
    key: Key,
    /// How often the parameter was read since the draw began, where each reading draws anew.
    reads: u64,
    cached: Option<Cached>,
}

/// The noise last made, kept because the divergence needs the noise of the forward pass, and so
/// that a parameter read at each step of a sequence draws once.
#[derive(Debug)]
struct Cached {
    draw: u64,
    read: u64,
    place: Place,
    noise: Tensor<1>,
}

/// Where and in which precision noise is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) elements: usize,
    pub(super) device: Device,
    pub(super) dtype: DType,
    /// Devices compare equal with and without autodiff, tensors on them do not mix.
    pub(super) autodiff: bool,
}

impl Place {
    /// The place of a flat parameter.
    pub(super) fn of(flat: &Tensor<1>) -> Self {
        Self {
            elements: flat.dims()[0],
            device: flat.device(),
            dtype: flat.dtype(),
            autodiff: flat.is_autodiff(),
        }
    }

    fn noise(&self, key: Key) -> Tensor<1> {
        random::normal([self.elements], key, &self.device, self.dtype)
    }
}

#[derive(Debug)]
struct State {
    mean: bool,
    draw: u64,
    each_read: bool,
    slots: HashMap<ParamId, Slot>,
}

/// The state shared by a handle and all parameters it was attached to.
#[derive(Clone, Debug)]
pub(super) struct Shared(Arc<Mutex<State>>);

impl Shared {
    pub(super) fn new(each_read: bool) -> Self {
        let state = State { mean: false, draw: 0, each_read, slots: HashMap::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// The state is valid between any two statements, so that a panic elsewhere does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn register(&self, parameter: ParamId, key: Key) {
        self.state().slots.insert(parameter, Slot { key, reads: 0, cached: None });
    }

    pub(super) fn owns(&self, parameter: ParamId) -> bool {
        self.state().slots.contains_key(&parameter)
    }

    pub(super) fn weights(&self) -> Weights {
        let state = self.state();
        if state.mean { Weights::Mean } else { Weights::Draw(state.draw) }
    }

    pub(super) fn set_mean(&self) {
        self.state().mean = true;
    }

    /// Goes to a draw, or to the next one, and says which.
    pub(super) fn set_draw(&self, draw: Option<u64>) -> u64 {
        let mut state = self.state();
        state.mean = false;
        state.draw = draw.unwrap_or(state.draw.wrapping_add(1));
        for slot in state.slots.values_mut() {
            slot.reads = 0;
        }
        state.draw
    }

    /// The noise of a parameter that is read.
    pub(super) fn noise_of_reading(&self, parameter: ParamId, place: &Place) -> Tensor<1> {
        let mut state = self.state();
        if state.each_read
            && let Some(slot) = state.slots.get_mut(&parameter)
        {
            slot.reads += 1;
        }
        state.noise(parameter, place)
    }

    /// The noise of the last reading, or of the first where none was.
    pub(super) fn noise(&self, parameter: ParamId, place: &Place) -> Tensor<1> {
        self.state().noise(parameter, place)
    }
}

impl State {
    fn noise(&mut self, parameter: ParamId, place: &Place) -> Tensor<1> {
        let draw = self.draw;
        let slot = self.slots.get_mut(&parameter).expect("the parameter was registered");
        let read = slot.reads.saturating_sub(1);
        if let Some(cached) = &slot.cached
            && (cached.draw, cached.read) == (draw, read)
            && cached.place == *place
        {
            return cached.noise.clone();
        }
        let noise = place.noise(noise_key(slot.key, draw, read));
        let place = place.clone();
        slot.cached = Some(Cached { draw, read, place, noise: noise.clone() });
        noise
    }
}

/// The key of a parameter's noise: of its own stream, the draw and, past the first, the reading.
fn noise_key(parameter: Key, draw: u64, read: u64) -> Key {
    let key = parameter.fold_in(draw);
    if read == 0 { key } else { key.fold_in(read) }
}

/// The noise of a draw asked for by number, which disturbs nothing that is kept.
pub(super) fn noise_of_draw(parameter: Key, draw: u64, place: &Place) -> Tensor<1> {
    place.noise(noise_key(parameter, draw, 0))
}
