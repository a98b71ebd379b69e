//! Formulas, and the handles through which the engine runs them.

use core::any::TypeId;
use core::fmt::{self, Debug};
use core::marker::PhantomData;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::dual::Dual;
use super::grid::{Readers, Sink};
use super::lanes::{HostFloat, Lane};
use super::real::Real;
use super::simd;
use super::tape::{Node, Program};

/// An elementwise function of `N` numbers, written once for every backend.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use pushforward::kernel::{Formula, Op, Real};
///
/// /// x e^(-x²/2), elementwise.
/// struct Ricker;
///
/// impl Formula<2> for Ricker {
///     const NAME: &'static str = "ricker";
///     const INPUTS: [&'static str; 2] = ["x", "width"];
///
///     fn evaluate<R: Real>([x, width]: [R; 2]) -> R {
///         let z = x / width;
///         z * (z.square() * -0.5).exp()
///     }
/// }
///
/// static RICKER: Op<2> = Op::new::<Ricker>();
///
/// let device = Device::flex();
/// let x = Tensor::<1>::from_floats([0.0, 1.0, 2.0], &device);
/// let width = Tensor::<1>::from_floats([2.0], &device);
/// let y = RICKER.apply([x, width]);
/// assert_eq!(y.dims(), [3]);
/// ```
///
/// The formula runs as one pass over memory on the host, as one fused kernel on a GPU with fusion,
/// and under autodiff as one graph node that keeps only its inputs. Gradients come from dual
/// numbers, or from [`partials`](Formula::partials) where the formula overrides it.
pub trait Formula<const N: usize>: Send + Sync + 'static {
    /// The name shown in errors, in `snake_case`.
    const NAME: &'static str;
    /// The names of the inputs, shown in shape errors.
    const INPUTS: [&'static str; N];

    /// The value.
    fn evaluate<R: Real>(inputs: [R; N]) -> R;

    /// The partial derivatives, one for each input.
    ///
    /// Override this where the derivative is known better than the value's steps tell: an implicit
    /// function, or a value found by iteration.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; N]) -> [R; N] {
        Self::evaluate(Dual::inputs(inputs)).derivatives
    }
}

/// A formula with `M` results computed in the same pass.
///
/// Every [`Formula`] is one with `M = 1`.
pub trait MultiFormula<const N: usize, const M: usize>: Send + Sync + 'static {
    /// The name shown in errors, in `snake_case`.
    const NAME: &'static str;
    /// The names of the inputs, shown in shape errors.
    const INPUTS: [&'static str; N];

    /// The values.
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; M];

    /// The partial derivatives of every result with respect to every input.
    #[inline(always)]
    fn partials<R: Real>(inputs: [R; N]) -> [[R; N]; M] {
        let results = Self::evaluate(Dual::inputs(inputs));
        let mut partials = [inputs; M];
        for result in 0..M {
            partials[result] = results[result].derivatives;
        }
        partials
    }
}

impl<const N: usize, F: Formula<N>> MultiFormula<N, 1> for F {
    const NAME: &'static str = F::NAME;
    const INPUTS: [&'static str; N] = F::INPUTS;

    #[inline(always)]
    fn evaluate<R: Real>(inputs: [R; N]) -> [R; 1] {
        [F::evaluate(inputs)]
    }

    #[inline(always)]
    fn partials<R: Real>(inputs: [R; N]) -> [[R; N]; 1] {
        [F::partials(inputs)]
    }
}

/// The host loops of a formula in one precision.
pub(crate) trait Loops<E>: Sync {
    /// Writes every result at the positions of `readers` from `start` on.
    fn values(&self, readers: &Readers<'_, E>, start: usize, outputs: &mut [&mut [E]]);
    /// Hands the partial derivatives of one result, times the gradient that arrives at it (the
    /// last reader), to the sinks, over `length` positions.
    fn partials(
        &self,
        result: usize,
        readers: &Readers<'_, E>,
        start: usize,
        length: usize,
        sinks: &mut [Sink<'_, E>],
    );
}

/// A formula whose type has been forgotten.
trait Erased: Send + Sync {
    fn id(&self) -> TypeId;
    fn name(&self) -> &'static str;
    fn inputs(&self) -> &'static [&'static str];
    fn results(&self) -> usize;
    fn single(&self) -> &dyn Loops<f32>;
    fn double(&self) -> &dyn Loops<f64>;
    fn record(&self, recording: Recording) -> Program;
}

/// What a recorded program computes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Recording {
    double: bool,
    /// The result to differentiate, or nothing for the values of all.
    partials_of: Option<usize>,
}

struct Handle<F, const N: usize, const M: usize>(PhantomData<fn() -> F>);

impl<F: MultiFormula<N, M>, const N: usize, const M: usize> Erased for Handle<F, N, M> {
    fn id(&self) -> TypeId {
        // Not of the formula alone: one type may be a formula of several arities.
        TypeId::of::<Self>()
    }
    fn name(&self) -> &'static str {
        F::NAME
    }
    fn inputs(&self) -> &'static [&'static str] {
        const { &F::INPUTS }
    }
    fn results(&self) -> usize {
        M
    }
    fn single(&self) -> &dyn Loops<f32> {
        self
    }
    fn double(&self) -> &dyn Loops<f64> {
        self
    }
    fn record(&self, recording: Recording) -> Program {
        Program::record(N, recording.double, &|inputs| {
            let inputs: [Node; N] = inputs.try_into().expect("one node for each input");
            match recording.partials_of {
                None => F::evaluate(inputs).to_vec(),
                Some(result) => F::partials(inputs)[result].to_vec(),
            }
        })
    }
}

/// Elements computed into local arrays, on which the vectoriser has no aliasing to disprove, before
/// these are copied out. Long enough not to be unrolled into scalar code, short enough for the
/// first-level cache.
const STRIP: usize = 128;

/// The elements of every input that one pass of the inner loop reads.
type Strips<'a, E, const N: usize> = [&'a [E; STRIP]; N];

/// The inputs at one position. A loop, because `array::from_fn` is not inlined into SIMD code.
#[inline(always)]
fn point<E: HostFloat, const N: usize>(inputs: Strips<'_, E, N>, index: usize) -> [Lane<E>; N] {
    let mut point = [Lane(E::zero()); N];
    for input in 0..N {
        point[input] = Lane(inputs[input][index]);
    }
    point
}

struct Values<'a, 'b, 'c, F, E, const N: usize, const M: usize> {
    readers: &'a Readers<'c, E>,
    start: usize,
    outputs: &'a mut [&'b mut [E]],
    formula: PhantomData<F>,
}

impl<F, E: HostFloat, const N: usize, const M: usize> pulp::WithSimd
    for Values<'_, '_, '_, F, E, N, M>
where
    F: MultiFormula<N, M>,
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) {
        let length = self.outputs[0].len();
        let zeros = [E::zero(); STRIP];
        let mut buffers = [zeros; N];
        let mut results = [zeros; M];
        for at in (0..length).step_by(STRIP) {
            let strip = STRIP.min(length - at);
            let mut inputs = [&zeros; N];
            for (index, (input, buffer)) in inputs.iter_mut().zip(&mut buffers).enumerate() {
                *input = self.readers.strip(index, self.start + at, at == 0, buffer, strip);
            }
            for index in 0..strip {
                let values = F::evaluate(point(inputs, index));
                for result in 0..M {
                    results[result][index] = values[result].0;
                }
            }
            for (output, result) in self.outputs.iter_mut().zip(&results) {
                output[at..at + strip].copy_from_slice(&result[..strip]);
            }
        }
    }
}

struct Partials<'a, 'b, 'c, F, E, const N: usize, const M: usize> {
    result: usize,
    readers: &'a Readers<'c, E>,
    start: usize,
    length: usize,
    sinks: &'a mut [Sink<'b, E>],
    formula: PhantomData<F>,
}

impl<F, E: HostFloat, const N: usize, const M: usize> Partials<'_, '_, '_, F, E, N, M>
where
    F: MultiFormula<N, M>,
{
    #[inline(always)]
    fn of(self, result: usize) {
        let zeros = [E::zero(); STRIP];
        let mut buffers = [zeros; N];
        let mut upstream = zeros;
        let mut partials = [zeros; N];
        for at in (0..self.length).step_by(STRIP) {
            let strip = STRIP.min(self.length - at);
            let (start, first) = (self.start + at, at == 0);
            let mut inputs = [&zeros; N];
            for (index, (input, buffer)) in inputs.iter_mut().zip(&mut buffers).enumerate() {
                *input = self.readers.strip(index, start, first, buffer, strip);
            }
            let upstream = self.readers.strip(N, start, first, &mut upstream, strip);
            for index in 0..strip {
                let values = F::partials(point(inputs, index))[result];
                let gradient = Lane(upstream[index]);
                for input in 0..N {
                    // A gradient of zero says the element does not matter: not even 0 * inf.
                    partials[input][index] = values[input].chain(gradient).0;
                }
            }
            for (sink, partial) in self.sinks.iter_mut().zip(&partials) {
                sink.take(self.readers.grid(), start, at, &partial[..strip]);
            }
        }
    }
}

impl<F, E: HostFloat, const N: usize, const M: usize> pulp::WithSimd
    for Partials<'_, '_, '_, F, E, N, M>
where
    F: MultiFormula<N, M>,
{
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) {
        // A constant index lets the compiler drop the derivatives of the other results.
        if M == 1 || self.result == 0 {
            self.of(0);
        } else {
            let result = self.result;
            self.of(result);
        }
    }
}

impl<F, E: HostFloat, const N: usize, const M: usize> Loops<E> for Handle<F, N, M>
where
    F: MultiFormula<N, M>,
{
    fn values(&self, readers: &Readers<'_, E>, start: usize, outputs: &mut [&mut [E]]) {
        let formula = PhantomData::<F>;
        simd::run::<E, _>(Values::<F, E, N, M> { readers, start, outputs, formula });
    }

    fn partials(
        &self,
        result: usize,
        readers: &Readers<'_, E>,
        start: usize,
        length: usize,
        sinks: &mut [Sink<'_, E>],
    ) {
        let formula = PhantomData;
        simd::run::<E, _>(Partials::<F, E, N, M> {
            result,
            readers,
            start,
            length,
            sinks,
            formula,
        });
    }
}

/// A formula as the backends see it: a pointer, whatever its arity.
#[derive(Clone, Copy)]
pub struct Kernel(&'static dyn Erased);

impl Kernel {
    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }

    pub(crate) fn inputs(self) -> &'static [&'static str] {
        self.0.inputs()
    }

    pub(crate) fn results(self) -> usize {
        self.0.results()
    }

    pub(crate) fn single(self) -> &'static dyn Loops<f32> {
        self.0.single()
    }

    pub(crate) fn double(self) -> &'static dyn Loops<f64> {
        self.0.double()
    }

    /// The first result at plain numbers.
    pub(crate) fn number(self, inputs: &[f64]) -> f64 {
        self.program(true).number(inputs)
    }

    /// The recorded values of all results.
    pub(crate) fn program(self, double: bool) -> &'static Program {
        self.recorded(Recording { double, partials_of: None })
    }

    /// The recorded partial derivatives of one result.
    pub(crate) fn partials_program(self, double: bool, result: usize) -> &'static Program {
        self.recorded(Recording { double, partials_of: Some(result) })
    }

    fn recorded(self, recording: Recording) -> &'static Program {
        static PROGRAMS: RwLock<Option<HashMap<(TypeId, Recording), &'static Program>>> =
            RwLock::new(None);
        let key = (self.0.id(), recording);
        let known = PROGRAMS.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = known.as_ref().and_then(|programs| programs.get(&key)) {
            return program;
        }
        drop(known);
        // Programs live as long as the process: there is one for each formula that is used.
        let program = Box::leak(Box::new(self.0.record(recording)));
        let mut known = PROGRAMS.write().unwrap_or_else(PoisonError::into_inner);
        known.get_or_insert_default().entry(key).or_insert(program)
    }
}

impl Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kernel({})", self.name())
    }
}

/// A handle on a formula of `N` inputs and `M` results, made once in a `static` and applied to
/// tensors of any rank on any backend.
#[derive(Clone, Copy, Debug)]
pub struct Op<const N: usize, const M: usize = 1> {
    pub(super) kernel: Kernel,
}

impl<const N: usize, const M: usize> Op<N, M> {
    /// The handle of a formula.
    #[must_use]
    pub const fn new<F: MultiFormula<N, M>>() -> Self {
        Self { kernel: Kernel(const { &Handle::<F, N, M>(PhantomData) }) }
    }

    /// The formula as backends see it.
    pub(crate) const fn kernel(self) -> Kernel {
        self.kernel
    }
}
