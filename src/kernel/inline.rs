//! A formula inside a device kernel: its tape becomes straight-line code of the kernel, so that a
//! kernel with a loop of its own computes what tensors compute, from one source.

use burn_cubecl::cubecl;
use burn_cubecl::cubecl::prelude::*;

use super::formula::Kernel;
use super::tape::{Binary, Comparison, Instruction, Slot, Unary};

/// The value in `f32` of a formula of one number.
#[cube]
pub(crate) fn inline_1(a: f32, #[comptime] formula: Kernel) -> f32 {
    intrinsic!(|scope| straight_line(scope, formula, &[a]))
}

/// The value in `f32` of a formula of three numbers.
#[cube]
pub(crate) fn inline_3(a: f32, b: f32, c: f32, #[comptime] formula: Kernel) -> f32 {
    intrinsic!(|scope| straight_line(scope, formula, &[a, b, c]))
}

/// A number or truth value of the kernel being written.
#[derive(Clone, Copy)]
enum Value {
    Number(NativeExpand<f32>),
    Truth(NativeExpand<bool>),
}

/// Writes the instructions of the first result of `formula` into the kernel.
fn straight_line(
    scope: &Scope,
    formula: Kernel,
    inputs: &[NativeExpand<f32>],
) -> NativeExpand<f32> {
    let program = formula.program(false);
    let mut values: Vec<Value> = Vec::with_capacity(program.instructions.len());
    for instruction in &program.instructions {
        let value = {
            let number = |slot: Slot| match values[slot as usize] {
                Value::Number(number) => number,
                Value::Truth(_) => unreachable!("a truth value used as a number"),
            };
            let truth = |slot: Slot| match values[slot as usize] {
                Value::Truth(truth) => truth,
                Value::Number(_) => unreachable!("a number used as a truth value"),
            };
            match *instruction {
                Instruction::Input(input) => Value::Number(inputs[input as usize]),
                Instruction::Constant(bits) => {
                    let constant = f64::from_bits(bits) as f32;
                    // Shading languages have no literals for these.
                    assert!(
                        constant.is_finite(),
                        "{}: a kernel holds no {constant}",
                        formula.name()
                    );
                    Value::Number(NativeExpand::from_lit(scope, constant))
                }
                Instruction::Unary(op, a) => Value::Number(unary(scope, op, number(a))),
                Instruction::Binary(op, a, b) => {
                    Value::Number(binary(scope, op, number(a), number(b)))
                }
                Instruction::Compare(op, a, b) => {
                    Value::Truth(compare(scope, op, number(a), number(b)))
                }
                Instruction::IsNan(a) => Value::Truth(nan::expand(scope, number(a))),
                Instruction::And(a, b) => Value::Truth(both::expand(scope, truth(a), truth(b))),
                Instruction::Or(a, b) => Value::Truth(either::expand(scope, truth(a), truth(b))),
                Instruction::Not(a) => Value::Truth(opposite::expand(scope, truth(a))),
                Instruction::Select(mask, a, b) => {
                    Value::Number(select::expand(scope, truth(mask), number(a), number(b)))
                }
            }
        };
        values.push(value);
    }
    match values[program.outputs[0] as usize] {
        Value::Number(number) => number,
        Value::Truth(_) => unreachable!("results are numbers"),
    }
}

fn unary(scope: &Scope, op: Unary, a: NativeExpand<f32>) -> NativeExpand<f32> {
    match op {
        Unary::Neg => negative::expand(scope, a),
        Unary::Abs => magnitude::expand(scope, a),
        Unary::Sqrt => square_root::expand(scope, a),
        Unary::Recip => reciprocal::expand(scope, a),
        Unary::Floor => floor::expand(scope, a),
        Unary::Exp | Unary::ExpOfTerm => exponential::expand(scope, a),
        Unary::Ln => logarithm::expand(scope, a),
    }
}

fn binary(
    scope: &Scope,
    op: Binary,
    a: NativeExpand<f32>,
    b: NativeExpand<f32>,
) -> NativeExpand<f32> {
    match op {
        Binary::Add => sum::expand(scope, a, b),
        Binary::Sub => difference::expand(scope, a, b),
        Binary::Mul => product::expand(scope, a, b),
        Binary::Div => quotient::expand(scope, a, b),
    }
}

fn compare(
    scope: &Scope,
    op: Comparison,
    a: NativeExpand<f32>,
    b: NativeExpand<f32>,
) -> NativeExpand<bool> {
    match op {
        Comparison::Less => less::expand(scope, a, b),
        Comparison::LessEqual => less_equal::expand(scope, a, b),
        Comparison::Equal => equal::expand(scope, a, b),
    }
}

#[cube]
fn negative(a: f32) -> f32 {
    -a
}

#[cube]
fn magnitude(a: f32) -> f32 {
    a.abs()
}

#[cube]
fn square_root(a: f32) -> f32 {
    a.sqrt()
}

#[cube]
fn reciprocal(a: f32) -> f32 {
    a.recip()
}

#[cube]
fn floor(a: f32) -> f32 {
    a.floor()
}

#[cube]
fn exponential(a: f32) -> f32 {
    a.exp()
}

#[cube]
fn logarithm(a: f32) -> f32 {
    a.ln()
}

#[cube]
fn sum(a: f32, b: f32) -> f32 {
    a + b
}

#[cube]
fn difference(a: f32, b: f32) -> f32 {
    a - b
}

#[cube]
fn product(a: f32, b: f32) -> f32 {
    a * b
}

#[cube]
fn quotient(a: f32, b: f32) -> f32 {
    a / b
}

#[cube]
fn less(a: f32, b: f32) -> bool {
    a < b
}

#[cube]
fn less_equal(a: f32, b: f32) -> bool {
    a <= b
}

#[cube]
fn equal(a: f32, b: f32) -> bool {
    a == b
}

#[cube]
fn nan(a: f32) -> bool {
    a.is_nan()
}

#[cube]
fn both(a: bool, b: bool) -> bool {
    a && b
}

#[cube]
fn either(a: bool, b: bool) -> bool {
    a || b
}

#[cube]
fn opposite(a: bool) -> bool {
    !a
}
