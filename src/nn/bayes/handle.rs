//! Which weights a mean-field network reads: the state its parameters share with their handle.

use core::cell::Cell;
use core::fmt::{self, Debug};
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

/// What the parameters of the state at this address give.
type Forced = Option<(usize, Weights)>;

thread_local! {
    /// What parameters read on this thread give, whatever their handle says.
    static FORCED: Cell<Forced> = const { Cell::new(None) };
}

/// Puts the former state back also when what runs meanwhile panics.
struct Restore(Forced);

impl Drop for Restore {
    fn drop(&mut self) {
        FORCED.set(self.0);
    }
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
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<State>>);

/// Short, because every parameter of a network shows it.
impl Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.weights().fmt(f)
    }
}

impl Shared {
    pub(super) fn new(each_read: bool) -> Self {
        let state = State { mean: false, draw: 0, each_read, slots: HashMap::new() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// The state is valid between any two statements, so that a panic elsewhere does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `read`, during which this state's parameters, read on this thread, give `weights`.
    pub(super) fn with_weights<T>(&self, weights: Weights, read: impl FnOnce() -> T) -> T {
        let _restore = Restore(FORCED.replace(Some((self.address(), weights))));
        read()
    }

    /// What is forced on this thread.
    pub(super) fn forced(&self) -> Option<Weights> {
        let forced = FORCED.get().filter(|(address, _)| *address == self.address());
        forced.map(|(_, weights)| weights)
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
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
