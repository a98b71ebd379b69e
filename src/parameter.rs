//! The parameters of a family: how they are given, named, constrained, checked and moved.

use core::fmt::{self, Debug};

use burn::tensor::{Device, FloatDType, Tensor};
use thiserror::Error;

use crate::support::Support;

/// A parameter as it is passed to a constructor: a tensor, or a plain number that becomes a tensor
/// of ones' shape on the device of another.
#[derive(Clone, Debug)]
pub enum Argument<const D: usize> {
    /// A tensor.
    Tensor(Tensor<D>),
    /// The same number everywhere.
    Number(f64),
}

impl<const D: usize> From<Tensor<D>> for Argument<D> {
    fn from(tensor: Tensor<D>) -> Self {
        Self::Tensor(tensor)
    }
}

impl<const D: usize> From<f64> for Argument<D> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<const D: usize> Argument<D> {
    /// The shape of the tensor, `[1, ..]` for a number.
    pub(crate) fn dims(&self) -> [usize; D] {
        match self {
            Self::Tensor(tensor) => tensor.dims(),
            Self::Number(_) => [1; D],
        }
    }

    pub(crate) fn tensor(&self) -> Option<&Tensor<D>> {
        match self {
            Self::Tensor(tensor) => Some(tensor),
            Self::Number(_) => None,
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Tensor(_) => None,
            Self::Number(number) => Some(*number),
        }
    }

    /// The tensor transformed; a number stays what it is.
    pub(crate) fn map<const E: usize>(
        self,
        transform: impl FnOnce(Tensor<D>) -> Tensor<E>,
    ) -> Argument<E> {
        match self {
            Self::Tensor(tensor) => Argument::Tensor(transform(tensor)),
            Self::Number(number) => Argument::Number(number),
        }
    }

    /// The tensor, or the number as a tensor of shape `[1, ..]` on the device of `like`.
    pub(crate) fn like(&self, like: &Tensor<D>) -> Tensor<D> {
        match self {
            Self::Tensor(tensor) => tensor.clone(),
            Self::Number(number) => Tensor::full([1; D], *number, (&like.device(), like.dtype())),
        }
    }
}

/// Equal values; tensors, which must have equal shapes, are read back to compare them.
impl<const D: usize> PartialEq for Argument<D> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Tensor(a), Self::Tensor(b)) => {
                let same_shape = a.dims() == b.dims();
                let read = |tensor: &Tensor<D>| tensor.clone().detach().into_data();
                same_shape && read(a).iter::<f64>().eq(read(b).iter::<f64>())
            }
            (Self::Number(number), Self::Tensor(tensor))
            | (Self::Tensor(tensor), Self::Number(number)) => {
                let read = tensor.clone().detach().into_data();
                read.iter::<f64>().all(|element| element == *number)
            }
        }
    }
}

impl<const D: usize> fmt::Display for Argument<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tensor(tensor) => write!(f, "{:?}", tensor.dims()),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// Turns the arguments of the constructor of `family` into tensors of one device that broadcast.
///
/// # Panics
///
/// If all arguments are numbers, or the shapes do not broadcast.
#[must_use]
pub fn resolve<const D: usize, const P: usize>(
    family: &str,
    names: [&str; P],
    arguments: [Argument<D>; P],
) -> [Tensor<D>; P] {
    let first = arguments.iter().find_map(|argument| match argument {
        Argument::Tensor(tensor) => Some(tensor.clone()),
        Argument::Number(_) => None,
    });
    let Some(first) = first else {
        panic!(
            "{family}: `{}` are plain numbers, which have no device; pass at least one as a tensor",
            names.join("`, `"),
        );
    };
    let tensors = arguments.map(|argument| argument.like(&first));
    common_shape(family, &names, &tensors.each_ref().map(|tensor| tensor.dims()));
    tensors
}

/// The shape that all shapes broadcast to.
///
/// # Panics
///
/// If they do not broadcast, with the names, the shapes and the rule.
pub(crate) fn common_shape<const D: usize>(
    family: &str,
    names: &[&str],
    shapes: &[[usize; D]],
) -> [usize; D] {
    core::array::from_fn(|axis| {
        let sizes = || shapes.iter().map(|shape| shape[axis]);
        let size = sizes().find(|size| *size != 1).unwrap_or(1);
        if sizes().any(|other| other != 1 && other != size) {
            let named: Vec<String> =
                names.iter().zip(shapes).map(|(name, shape)| format!("{name} {shape:?}")).collect();
            panic!(
                "{family}: the shapes {} do not broadcast along dimension {axis}: \
                 sizes must be equal or 1",
                named.join(", "),
            );
        }
        size
    })
}

/// Checks that a distribution of shape `own` can be drawn with shape `shape`.
///
/// # Panics
///
/// If it cannot.
pub(crate) fn check_sample_shape<const D: usize>(family: &str, own: [usize; D], shape: [usize; D]) {
    assert!(
        own.iter().zip(&shape).all(|(own, size)| *own == 1 || own == size),
        "{family}: a distribution of shape {own:?} cannot be drawn with shape {shape:?}: \
         each size must equal the distribution's, or the distribution's must be 1",
    );
}

/// One parameter of a distribution.
#[derive(Clone, Debug)]
pub struct Parameter<const D: usize> {
    /// The name, as in the constructor.
    pub name: &'static str,
    /// The value.
    pub value: Tensor<D>,
    /// Where the value must lie.
    pub support: Support,
}

impl<const D: usize> Parameter<D> {
    /// A parameter and its constraint.
    #[must_use]
    pub fn new(name: &'static str, value: Tensor<D>, support: Support) -> Self {
        Self { name, value, support }
    }
}

/// A parameter outside its constraint.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{family}: `{parameter}`{index:?} is {value}, but must be {constraint}")]
pub struct ParameterError {
    /// The family.
    pub family: &'static str,
    /// The name of the parameter.
    pub parameter: &'static str,
    /// The index of the first offending element.
    pub index: Vec<usize>,
    /// Its value.
    pub value: f64,
    /// What it must be, in words.
    pub constraint: String,
}

/// A distribution that is a name and a list of parameters with their constraints.
///
/// From that list follow all the ways to move, reshape and check a distribution.
pub trait Parametric<const D: usize>: Sized {
    /// The same family at another rank.
    type WithRank<const E: usize>: Parametric<E>;

    /// The name of the family.
    const NAME: &'static str;

    /// The parameters, in the order of the constructor.
    fn parameters(&self) -> Vec<Parameter<D>>;

    /// The same family with every parameter transformed, in the order of the constructor.
    fn map<const E: usize>(
        self,
        transform: impl FnMut(Tensor<D>) -> Tensor<E>,
    ) -> Self::WithRank<E>;

    /// The same distribution with leading dimensions of size 1, up to rank `E`.
    fn unsqueeze<const E: usize>(self) -> Self::WithRank<E> {
        const { assert!(E >= D, "unsqueeze cannot lower the rank") }
        self.map(Tensor::unsqueeze)
    }

    /// The same distribution with every parameter expanded to `shape`.
    ///
    /// # Panics
    ///
    /// If a parameter does not broadcast to `shape`.
    fn expand(self, shape: [usize; D]) -> Self::WithRank<D> {
        self.map(|parameter| parameter.expand(shape))
    }

    /// The same distribution on another device.
    fn to_device(self, device: &Device) -> Self::WithRank<D> {
        self.map(|parameter| parameter.to_device(device))
    }

    /// The same distribution in another precision.
    fn cast(self, dtype: FloatDType) -> Self::WithRank<D> {
        self.map(|parameter| parameter.cast(dtype))
    }

    /// The same distribution without gradient to its parameters.
    fn detach(self) -> Self::WithRank<D> {
        self.map(Tensor::detach)
    }

    /// Reads the parameters back once and checks their values.
    ///
    /// # Errors
    ///
    /// The first element that breaks its constraint.
    fn validate(&self) -> Result<(), ParameterError> {
        (self.parameters().into_iter()).try_for_each(|Parameter { name, value, support }| {
            check_each(Self::NAME, name, value, &support)
        })
    }

    /// This distribution, if its parameters satisfy their constraints; reads them back once.
    ///
    /// # Errors
    ///
    /// As [`validate`](Self::validate).
    fn validated(self) -> Result<Self, ParameterError> {
        self.validate().map(|()| self)
    }

    /// Writes the name and the shapes of the parameters, without reading values back.
    ///
    /// # Errors
    ///
    /// If the formatter fails.
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let described: Vec<String> = (self.parameters().iter())
            .map(|parameter| format!("{}: {:?}", parameter.name, parameter.value.dims()))
            .collect();
        write!(f, "{}({})", Self::NAME, described.join(", "))
    }
}

/// Reads a parameter back and checks each element.
pub(crate) fn check_each<const D: usize>(
    family: &'static str,
    parameter: &'static str,
    value: Tensor<D>,
    support: &Support,
) -> Result<(), ParameterError> {
    let value = value.detach();
    let inside = support.contains(value.clone());
    // A constraint between two parameters has the common shape of both.
    let checked = inside.dims();
    let inside: Vec<bool> = inside.into_data().iter::<bool>().collect();
    let Some(position) = inside.iter().position(|inside| !inside) else {
        return Ok(());
    };
    let index = unravel(position, &checked);
    let at = ravel(&index, &value.dims());
    Err(ParameterError {
        family,
        parameter,
        index,
        value: value.into_data().iter::<f64>().nth(at).unwrap_or(f64::NAN),
        constraint: support.to_string(),
    })
}

/// The multi-dimensional index of a row-major position.
pub(crate) fn unravel(mut position: usize, shape: &[usize]) -> Vec<usize> {
    let mut index = vec![0; shape.len()];
    for axis in (0..shape.len()).rev() {
        index[axis] = position % shape[axis];
        position /= shape[axis];
    }
    index
}

/// The row-major position of an index in a shape that broadcasts to the index's.
fn ravel(index: &[usize], shape: &[usize]) -> usize {
    index.iter().zip(shape).fold(0, |at, (index, size)| at * size + index % size.max(&1))
}
