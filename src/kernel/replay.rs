//! Replaying a tape over the primitives of a backend: the interpreter that runs anywhere.

mod exponential;

use std::rc::Rc;

use burn::backend::tensor::{BoolTensor, FloatTensor};
use burn::backend::{Backend, Scalar, TensorMetadata, get_device_settings};
use burn::tensor::{BoolDType, FloatDType, Shape};

use super::tape::{Binary, Comparison, Instruction, Program, Slot, Unary};

/// A number or truth value during the replay. Constants stay scalars as long as they can.
enum Value<B: Backend> {
    Constant(f64),
    Float(FloatTensor<B>),
    Truth(Rc<Truth<B>>),
}

/// A truth value. Logical operations wait for the choices made by them, which are nested instead:
/// fusion in Burn 0.22.1 merges comparisons and choices into one kernel, but ends the kernel at a
/// logical operation.
enum Truth<B: Backend> {
    Compared(BoolTensor<B>),
    Not(Rc<Truth<B>>),
    And(Rc<Truth<B>>, Rc<Truth<B>>),
    Or(Rc<Truth<B>>, Rc<Truth<B>>),
}

impl<B: Backend> Clone for Value<B> {
    fn clone(&self) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(*value),
            Self::Float(tensor) => Self::Float(tensor.clone()),
            Self::Truth(truth) => Self::Truth(truth.clone()),
        }
    }
}

/// The outputs of `program`, each of shape `shape`.
pub(crate) fn replay<B: Backend>(
    program: &Program,
    inputs: &[FloatTensor<B>],
    shape: &Shape,
) -> Vec<FloatTensor<B>> {
    let mut replay: Replay<'_, B> = Replay {
        program,
        inputs,
        values: Vec::new(),
        shape,
        truth: truth::<B>(&inputs[0]),
        coarse_exp: exponential::is_coarse::<B>(&inputs[0]),
    };
    for (index, instruction) in program.instructions.iter().enumerate() {
        let value = replay.step(index, *instruction);
        replay.values.push(Some(value));
    }
    program.outputs.iter().map(|slot| replay.output(*slot)).collect()
}

struct Replay<'a, B: Backend> {
    program: &'a Program,
    inputs: &'a [FloatTensor<B>],
    values: Vec<Option<Value<B>>>,
    shape: &'a Shape,
    truth: BoolDType,
    /// Whether the device's exponential is not to be used as it is.
    coarse_exp: bool,
}

/// How the device of a tensor stores truth values.
pub(crate) fn truth<B: Backend>(tensor: &FloatTensor<B>) -> BoolDType {
    get_device_settings::<B>(&tensor.device()).bool_dtype
}

impl<B: Backend> Replay<'_, B> {
    /// Reads a slot, giving it up at its last use so that the backend can work in place.
    fn take(&mut self, slot: Slot, index: usize) -> Value<B> {
        let value = &mut self.values[slot as usize];
        let value = if self.program.last_use[slot as usize] == index {
            value.take()
        } else {
            value.clone()
        };
        value.expect("a slot is read at or before its last use")
    }

    fn truth(&mut self, slot: Slot, index: usize) -> Rc<Truth<B>> {
        match self.take(slot, index) {
            Value::Truth(truth) => truth,
            Value::Constant(_) | Value::Float(_) => unreachable!("a number used as a truth value"),
        }
    }

    fn step(&mut self, index: usize, instruction: Instruction) -> Value<B> {
        match instruction {
            Instruction::Input(input) => Value::Float(self.inputs[input as usize].clone()),
            Instruction::Constant(bits) => Value::Constant(f64::from_bits(bits)),
            Instruction::Unary(Unary::Exp, a) if self.coarse_exp => {
                let a = self.take(a, index);
                Value::Float(exponential::exponential::<B>(self.float(a)))
            }
            Instruction::Unary(op, a) => {
                let a = self.take(a, index);
                Value::Float(unary::<B>(op, self.float(a)))
            }
            Instruction::Binary(op, a, b) if a == b => {
                // Both operands are the same slot: take it once.
                let a = self.take(a, index);
                let a = self.float(a);
                Value::Float(binary::<B>(op, Value::Float(a.clone()), Value::Float(a)))
            }
            Instruction::Binary(op, a, b) => {
                let (a, b) = (self.take(a, index), self.take(b, index));
                Value::Float(binary::<B>(op, a, b))
            }
            Instruction::Compare(op, a, b) => self.compare(op, a, b, index),
            Instruction::IsNan(a) => {
                let a = self.take(a, index);
                compared(B::float_is_nan(self.float(a), self.truth))
            }
            Instruction::And(a, b) => {
                let (a, b) = self.truths(a, b, index);
                Value::Truth(Rc::new(Truth::And(a, b)))
            }
            Instruction::Or(a, b) => {
                let (a, b) = self.truths(a, b, index);
                Value::Truth(Rc::new(Truth::Or(a, b)))
            }
            Instruction::Not(a) => Value::Truth(Rc::new(Truth::Not(self.truth(a, index)))),
            Instruction::Select(mask, a, b) => {
                let mask = self.truth(mask, index);
                let (a, b) = if a == b {
                    let a = self.take(a, index);
                    (a.clone(), a)
                } else {
                    (self.take(a, index), self.take(b, index))
                };
                self.choose(&mask, a, b)
            }
        }
    }

    fn compare(&mut self, op: Comparison, a: Slot, b: Slot, index: usize) -> Value<B> {
        let truth = self.truth;
        let (a, b) = (self.take(a, index), self.take(b, index));
        compared(match (op, a, b) {
            (Comparison::Less, Value::Float(a), Value::Constant(b)) => {
                B::float_lower_elem(a, b.into(), truth)
            }
            (Comparison::Less, Value::Constant(a), Value::Float(b)) => {
                B::float_greater_elem(b, a.into(), truth)
            }
            (Comparison::LessEqual, Value::Float(a), Value::Constant(b)) => {
                B::float_lower_equal_elem(a, b.into(), truth)
            }
            (Comparison::LessEqual, Value::Constant(a), Value::Float(b)) => {
                B::float_greater_equal_elem(b, a.into(), truth)
            }
            (Comparison::Equal, Value::Float(a), Value::Constant(b))
            | (Comparison::Equal, Value::Constant(b), Value::Float(a)) => {
                B::float_equal_elem(a, b.into(), truth)
            }
            (op, a, b) => {
                let (a, b) = (self.float(a), self.float(b));
                let (a, b) = aligned::<B>(a, b);
                match op {
                    Comparison::Less => B::float_lower(a, b, truth),
                    Comparison::LessEqual => B::float_lower_equal(a, b, truth),
                    Comparison::Equal => B::float_equal(a, b, truth),
                }
            }
        })
    }

    fn truths(&mut self, a: Slot, b: Slot, index: usize) -> (Rc<Truth<B>>, Rc<Truth<B>>) {
        if a == b {
            let a = self.truth(a, index);
            (a.clone(), a)
        } else {
            (self.truth(a, index), self.truth(b, index))
        }
    }

    /// `a` where `mask` holds, `b` elsewhere.
    fn choose(&self, mask: &Truth<B>, a: Value<B>, b: Value<B>) -> Value<B> {
        match mask {
            Truth::Compared(mask) => self.select(mask.clone(), a, b),
            Truth::Not(mask) => self.choose(mask, b, a),
            Truth::And(first, second) => {
                let inner = self.choose(second, a, b.clone());
                self.choose(first, inner, b)
            }
            Truth::Or(first, second) => {
                let inner = self.choose(second, a.clone(), b);
                self.choose(first, a, inner)
            }
        }
    }

    fn select(&self, mask: BoolTensor<B>, a: Value<B>, b: Value<B>) -> Value<B> {
        Value::Float(match (a, b) {
            (Value::Constant(a), b) => {
                let b = self.filled(b, &mask);
                let (mask, b) = expand_with::<B>(mask, b);
                B::float_mask_fill(b, mask, a.into())
            }
            (a, b) => {
                let (a, b) = (self.filled(a, &mask), self.filled(b, &mask));
                let (a, b) = aligned::<B>(a, b);
                let (mask, a) = expand_with::<B>(mask, a);
                let shape = a.shape();
                B::float_mask_where(expand::<B>(b, &shape), mask, a)
            }
        })
    }

    /// A tensor from any number, with the shape of `mask` where it was a constant.
    fn filled(&self, value: Value<B>, mask: &BoolTensor<B>) -> FloatTensor<B> {
        match value {
            Value::Constant(value) => self.full(value, mask.shape()),
            other => self.float(other),
        }
    }

    fn float(&self, value: Value<B>) -> FloatTensor<B> {
        match value {
            Value::Float(tensor) => tensor,
            Value::Constant(value) => self.full(value, ones(self.shape)),
            Value::Truth(_) => unreachable!("a truth value used as a number"),
        }
    }

    fn full(&self, value: f64, shape: Shape) -> FloatTensor<B> {
        let like = &self.inputs[0];
        let dtype: FloatDType = like.dtype().into();
        B::float_full(shape, value.into(), &like.device(), dtype)
    }

    fn output(&mut self, slot: Slot) -> FloatTensor<B> {
        let value = self.values[slot as usize].clone();
        let tensor = self.float(value.expect("outputs are never given up"));
        expand::<B>(tensor, self.shape)
    }
}

fn compared<B: Backend>(mask: BoolTensor<B>) -> Value<B> {
    Value::Truth(Rc::new(Truth::Compared(mask)))
}

fn unary<B: Backend>(op: Unary, a: FloatTensor<B>) -> FloatTensor<B> {
    match op {
        Unary::Neg => B::float_neg(a),
        Unary::Abs => B::float_abs(a),
        Unary::Sqrt => B::float_sqrt(a),
        Unary::Recip => B::float_recip(a),
        Unary::Floor => B::float_floor(a),
        Unary::Exp | Unary::ExpOfTerm => B::float_exp(a),
        Unary::Ln => B::float_log(a),
    }
}

fn binary<B: Backend>(op: Binary, a: Value<B>, b: Value<B>) -> FloatTensor<B> {
    let scalar = |value: f64| -> Scalar { value.into() };
    match (op, a, b) {
        (Binary::Add, Value::Float(a), Value::Float(b)) => B::float_add(a, b),
        (Binary::Sub, Value::Float(a), Value::Float(b)) => B::float_sub(a, b),
        (Binary::Mul, Value::Float(a), Value::Float(b)) => B::float_mul(a, b),
        (Binary::Div, Value::Float(a), Value::Float(b)) => B::float_div(a, b),
        (Binary::Add, Value::Float(a), Value::Constant(c))
        | (Binary::Add, Value::Constant(c), Value::Float(a)) => B::float_add_scalar(a, scalar(c)),
        (Binary::Sub, Value::Float(a), Value::Constant(c)) => B::float_sub_scalar(a, scalar(c)),
        (Binary::Sub, Value::Constant(c), Value::Float(a)) => {
            B::float_add_scalar(B::float_neg(a), scalar(c))
        }
        (Binary::Mul, Value::Float(a), Value::Constant(c))
        | (Binary::Mul, Value::Constant(c), Value::Float(a)) => B::float_mul_scalar(a, scalar(c)),
        (Binary::Div, Value::Float(a), Value::Constant(c)) => B::float_div_scalar(a, scalar(c)),
        (Binary::Div, Value::Constant(c), Value::Float(a)) => {
            B::float_mul_scalar(B::float_recip(a), scalar(c))
        }
        _ => unreachable!("constants fold while recording, truth values are not numbers"),
    }
}

/// The shape both shapes broadcast to.
pub(crate) fn broadcast(a: &Shape, b: &Shape) -> Shape {
    a.iter().zip(b.iter()).map(|(a, b)| if *a == 1 { *b } else { *a }).collect()
}

fn ones(shape: &Shape) -> Shape {
    Shape::from(vec![1; shape.num_dims()])
}

fn expand<B: Backend>(tensor: FloatTensor<B>, shape: &Shape) -> FloatTensor<B> {
    if tensor.shape() == *shape { tensor } else { B::float_expand(tensor, shape.clone()) }
}

fn expand_bool<B: Backend>(tensor: BoolTensor<B>, shape: &Shape) -> BoolTensor<B> {
    if tensor.shape() == *shape { tensor } else { B::bool_expand(tensor, shape.clone()) }
}

/// Both tensors with their common shape.
fn aligned<B: Backend>(a: FloatTensor<B>, b: FloatTensor<B>) -> (FloatTensor<B>, FloatTensor<B>) {
    let shape = broadcast(&a.shape(), &b.shape());
    (expand::<B>(a, &shape), expand::<B>(b, &shape))
}

fn expand_with<B: Backend>(
    mask: BoolTensor<B>,
    tensor: FloatTensor<B>,
) -> (BoolTensor<B>, FloatTensor<B>) {
    let shape = broadcast(&mask.shape(), &tensor.shape());
    (expand_bool::<B>(mask, &shape), expand::<B>(tensor, &shape))
}
