//! The tape: a formula recorded once as a list of instructions, to be replayed on any backend.

use core::cell::RefCell;
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Not, Sub};
use std::collections::HashMap;

use super::order::depth_first;
use super::real::Real;

/// Where an instruction keeps its result.
pub(crate) type Slot = u32;

/// One step of a [`Program`]. Operands are slots of earlier steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Instruction {
    Input(u8),
    /// The bits of an `f64`, so that instructions can be hashed.
    Constant(u64),
    Unary(Unary, Slot),
    Binary(Binary, Slot, Slot),
    Compare(Comparison, Slot, Slot),
    IsNan(Slot),
    And(Slot, Slot),
    Or(Slot, Slot),
    Not(Slot),
    Select(Slot, Slot, Slot),
}

/// Functions of one number that every backend has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unary {
    Neg,
    Abs,
    Sqrt,
    Recip,
    Floor,
    Exp,
    /// The same, where the device's own will do.
    ExpOfTerm,
    Ln,
}

impl Unary {
    /// What it makes of a plain number.
    fn number(self, x: f64) -> f64 {
        match self {
            Self::Neg => -x,
            Self::Abs => x.abs(),
            Self::Sqrt => x.sqrt(),
            Self::Recip => x.recip(),
            Self::Floor => x.floor(),
            Self::Exp | Self::ExpOfTerm => x.exp(),
            Self::Ln => x.ln(),
        }
    }
}

/// Functions of two numbers that every backend has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
}

impl Binary {
    /// What it makes of plain numbers.
    fn number(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
        }
    }
}

/// Order relations that every backend has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Less,
    LessEqual,
    Equal,
}

impl Instruction {
    /// The slots read by this instruction.
    pub(crate) fn operands(self) -> impl Iterator<Item = Slot> {
        let slots = match self {
            Self::Input(_) | Self::Constant(_) => [None; 3],
            Self::Unary(_, a) | Self::IsNan(a) | Self::Not(a) => [Some(a), None, None],
            Self::Binary(_, a, b) | Self::Compare(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::Select(mask, a, b) => [Some(mask), Some(a), Some(b)],
        };
        slots.into_iter().flatten()
    }
}

/// A recorded formula: instructions without repetition, and the slots of its results.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) instructions: Vec<Instruction>,
    pub(crate) outputs: Vec<Slot>,
    /// The last instruction that reads each slot; its own index for one never read.
    pub(crate) last_use: Vec<usize>,
}

impl Program {
    /// Records what `formula` does to `arity` inputs, in the arithmetic of the given precision.
    pub(crate) fn record(
        arity: usize,
        double: bool,
        formula: &dyn Fn(&[Node]) -> Vec<Node>,
    ) -> Self {
        let previous = TAPE.replace(Some(Recorder { double, ..Recorder::default() }));
        let inputs: Vec<Node> =
            (0..arity).map(|index| push(Instruction::Input(index as u8))).collect();
        let outputs = formula(&inputs).iter().map(|node| node.0).collect();
        let recorder = TAPE.replace(previous).expect("the recorder set above");
        Self::ordered(&recorder.instructions, outputs)
    }

    /// The first output at plain numbers. A truth value is 1 or 0 here.
    pub(crate) fn number(&self, inputs: &[f64]) -> f64 {
        let mut values: Vec<f64> = Vec::with_capacity(self.instructions.len());
        for instruction in &self.instructions {
            let at = |slot: Slot| values[slot as usize];
            let holds = |slot: Slot| at(slot) != 0.0;
            let truth = |holds: bool| f64::from(u8::from(holds));
            values.push(match *instruction {
                Instruction::Input(input) => inputs[input as usize],
                Instruction::Constant(bits) => f64::from_bits(bits),
                Instruction::Unary(op, a) => op.number(at(a)),
                Instruction::Binary(op, a, b) => op.number(at(a), at(b)),
                Instruction::Compare(Comparison::Less, a, b) => truth(at(a) < at(b)),
                Instruction::Compare(Comparison::LessEqual, a, b) => truth(at(a) <= at(b)),
                Instruction::Compare(Comparison::Equal, a, b) => truth(at(a) == at(b)),
                Instruction::IsNan(a) => truth(at(a).is_nan()),
                Instruction::And(a, b) => truth(holds(a) && holds(b)),
                Instruction::Or(a, b) => truth(holds(a) || holds(b)),
                Instruction::Not(a) => truth(!holds(a)),
                Instruction::Select(mask, a, b) => at(if holds(mask) { a } else { b }),
            });
        }
        values[self.outputs[0] as usize]
    }

    /// Drops the instructions on which no output depends, and puts the others in order.
    fn ordered(recorded: &[Instruction], outputs: Vec<Slot>) -> Self {
        let mut moved = vec![0; recorded.len()];
        let mut instructions = Vec::new();
        for index in depth_first(recorded, &outputs) {
            moved[index] = instructions.len() as Slot;
            instructions.push(recorded[index].renumbered(&moved));
        }
        let outputs: Vec<Slot> = outputs.iter().map(|slot| moved[*slot as usize]).collect();
        let mut last_use: Vec<usize> = (0..instructions.len()).collect();
        for (index, instruction) in instructions.iter().enumerate() {
            instruction.operands().for_each(|slot| last_use[slot as usize] = index);
        }
        for output in &outputs {
            last_use[*output as usize] = usize::MAX;
        }
        Self { instructions, outputs, last_use }
    }
}

impl Instruction {
    fn renumbered(self, to: &[Slot]) -> Self {
        let at = |slot: Slot| to[slot as usize];
        match self {
            Self::Input(_) | Self::Constant(_) => self,
            Self::Unary(op, a) => Self::Unary(op, at(a)),
            Self::Binary(op, a, b) => Self::Binary(op, at(a), at(b)),
            Self::Compare(op, a, b) => Self::Compare(op, at(a), at(b)),
            Self::IsNan(a) => Self::IsNan(at(a)),
            Self::And(a, b) => Self::And(at(a), at(b)),
            Self::Or(a, b) => Self::Or(at(a), at(b)),
            Self::Not(a) => Self::Not(at(a)),
            Self::Select(mask, a, b) => Self::Select(at(mask), at(a), at(b)),
        }
    }
}

#[derive(Default)]
struct Recorder {
    double: bool,
    instructions: Vec<Instruction>,
    known: HashMap<Instruction, Slot>,
}

thread_local! {
    static TAPE: RefCell<Option<Recorder>> = const { RefCell::new(None) };
}

fn with_tape<T>(action: impl FnOnce(&mut Recorder) -> T) -> T {
    TAPE.with_borrow_mut(|tape| {
        action(tape.as_mut().expect("a Node exists only while a formula is being recorded"))
    })
}

/// A handle on a number (or truth value) of the tape being recorded on this thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node(Slot);

/// Appends an instruction, or finds the same one recorded before.
fn push(instruction: Instruction) -> Node {
    with_tape(|tape| {
        let Recorder { instructions, known, .. } = tape;
        Node(*known.entry(instruction).or_insert_with(|| {
            instructions.push(instruction);
            (instructions.len() - 1) as Slot
        }))
    })
}

impl Node {
    fn value(self) -> Option<f64> {
        with_tape(|tape| match tape.instructions[self.0 as usize] {
            Instruction::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        })
    }

    fn unary(self, op: Unary) -> Self {
        if let Some(x) = self.value() {
            return Self::constant(op.number(x));
        }
        push(Instruction::Unary(op, self.0))
    }

    fn binary(self, op: Binary, other: Self) -> Self {
        match (op, self.value(), other.value()) {
            (_, Some(a), Some(b)) => Self::constant(op.number(a, b)),
            // Zero and one seeds of derivatives fold away here.
            (Binary::Add, Some(0.0), _) | (Binary::Mul, Some(1.0), _) => other,
            (Binary::Add | Binary::Sub, _, Some(0.0))
            | (Binary::Mul | Binary::Div, _, Some(1.0)) => self,
            (Binary::Sub, Some(0.0), _) | (Binary::Mul, Some(-1.0), _) => -other,
            (Binary::Mul, _, Some(-1.0)) => -self,
            (Binary::Mul | Binary::Div, Some(0.0), _) | (Binary::Mul, _, Some(0.0)) => {
                Self::constant(0.0)
            }
            (Binary::Div, _, Some(b)) => self.binary(Binary::Mul, Self::constant(b.recip())),
            // a + b and b + a are one instruction.
            (Binary::Add | Binary::Mul, _, _) if self.0 > other.0 => {
                push(Instruction::Binary(op, other.0, self.0))
            }
            _ => push(Instruction::Binary(op, self.0, other.0)),
        }
    }

    fn compare(self, op: Comparison, other: Self) -> Self {
        push(Instruction::Compare(op, self.0, other.0))
    }
}

impl Neg for Node {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(Unary::Neg)
    }
}

impl Add for Node {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.binary(Binary::Add, other)
    }
}

impl Sub for Node {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.binary(Binary::Sub, other)
    }
}

impl Mul for Node {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.binary(Binary::Mul, other)
    }
}

impl Div for Node {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.binary(Binary::Div, other)
    }
}

impl Add<f64> for Node {
    type Output = Self;
    fn add(self, constant: f64) -> Self {
        self + Self::constant(constant)
    }
}

impl Sub<f64> for Node {
    type Output = Self;
    fn sub(self, constant: f64) -> Self {
        self - Self::constant(constant)
    }
}

impl Mul<f64> for Node {
    type Output = Self;
    fn mul(self, constant: f64) -> Self {
        self * Self::constant(constant)
    }
}

impl Div<f64> for Node {
    type Output = Self;
    fn div(self, constant: f64) -> Self {
        self / Self::constant(constant)
    }
}

impl BitAnd for Node {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        push(Instruction::And(self.0, other.0))
    }
}

impl BitOr for Node {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        push(Instruction::Or(self.0, other.0))
    }
}

impl Not for Node {
    type Output = Self;
    fn not(self) -> Self {
        push(Instruction::Not(self.0))
    }
}

impl Real for Node {
    type Mask = Self;

    fn constant(value: f64) -> Self {
        push(Instruction::Constant(value.to_bits()))
    }
    fn double() -> bool {
        with_tape(|tape| tape.double)
    }
    fn lt(self, other: Self) -> Self {
        self.compare(Comparison::Less, other)
    }
    fn le(self, other: Self) -> Self {
        self.compare(Comparison::LessEqual, other)
    }
    fn equal(self, other: Self) -> Self {
        self.compare(Comparison::Equal, other)
    }
    fn is_nan(self) -> Self {
        push(Instruction::IsNan(self.0))
    }
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        if then.0 == otherwise.0 {
            return then;
        }
        push(Instruction::Select(mask.0, then.0, otherwise.0))
    }
    fn abs(self) -> Self {
        self.unary(Unary::Abs)
    }
    fn sqrt(self) -> Self {
        self.unary(Unary::Sqrt)
    }
    fn recip(self) -> Self {
        self.unary(Unary::Recip)
    }
    fn floor(self) -> Self {
        self.unary(Unary::Floor)
    }
    fn exp(self) -> Self {
        self.unary(Unary::Exp)
    }
    fn exp_of_term(self) -> Self {
        self.unary(Unary::ExpOfTerm)
    }
    fn ln(self) -> Self {
        self.unary(Unary::Ln)
    }
    fn detach(self) -> Self {
        self
    }
    fn chain(self, derivative: Self) -> Self {
        if derivative.value().is_some() {
            // A seed, which folds away.
            return self * derivative;
        }
        // As on the host: what does not move is not moved by an infinite slope. 0 · ∞ would be NaN.
        let zero = Self::constant(0.0);
        Self::select(derivative.equal(zero), zero, self * derivative)
    }
    #[inline(never)]
    fn outlined<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_fold_and_repetitions_are_shared() {
        let program = Program::record(2, false, &|x| {
            let sum = x[0] + x[1];
            let same = x[1] + x[0];
            vec![sum * same * (Node::constant(2.0) * 0.5) + Node::constant(0.0) * x[0]]
        });
        // Two inputs, one sum, one product.
        assert_eq!(program.instructions.len(), 4, "{program:?}");
    }

    #[test]
    fn what_no_output_needs_is_dropped() {
        let program = Program::record(1, false, &|x| {
            let _unused = x[0].exp();
            vec![x[0].ln()]
        });
        assert_eq!(program.instructions.len(), 2, "{program:?}");
    }
}
