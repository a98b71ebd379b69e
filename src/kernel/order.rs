//! The order in which the instructions of a tape are replayed.

use super::tape::{Instruction, Slot};

/// The instructions on which an output depends, depth first: each follows the operands made for it,
/// of which the one at the end of the longest chain comes first.
///
/// A formula is recorded with its derivatives side by side. Fusion in Burn 0.22.1 searches among a
/// few blocks of operations that have nothing in common yet; where recorded chains fill them all,
/// it finds blocks that depend on each other both ways, and runs hundreds of operations unfused.
/// One chain after the other leaves it fewer and longer blocks.
pub(super) fn depth_first(recorded: &[Instruction], outputs: &[Slot]) -> Vec<usize> {
    let mut chain = vec![0_usize; recorded.len()];
    for (index, instruction) in recorded.iter().enumerate() {
        let operands = instruction.operands().map(|slot| chain[slot as usize] + 1);
        chain[index] = operands.max().unwrap_or(0);
    }
    let mut order = Vec::new();
    let mut placed = vec![false; recorded.len()];
    // What is left to do, the next last, and whether its operands are placed: tapes of thousands of
    // instructions are too deep for a recursive function.
    let mut left: Vec<(Slot, bool)> = outputs.iter().rev().map(|slot| (*slot, false)).collect();
    while let Some((slot, ready)) = left.pop() {
        let index = slot as usize;
        if placed[index] {
            continue;
        }
        if ready {
            placed[index] = true;
            order.push(index);
            continue;
        }
        left.push((slot, true));
        let mut operands: Vec<Slot> = recorded[index].operands().collect();
        operands.sort_by_key(|operand| chain[*operand as usize]);
        left.extend(operands.into_iter().map(|operand| (operand, false)));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::tape::{Binary, Unary};

    #[test]
    fn longer_chains_come_first_and_what_no_output_needs_not_at_all() {
        let tape = [
            Instruction::Input(0),
            Instruction::Input(1),
            Instruction::Unary(Unary::Exp, 1),
            Instruction::Unary(Unary::Ln, 0),
            Instruction::Unary(Unary::Abs, 1),
            Instruction::Unary(Unary::Sqrt, 3),
            Instruction::Binary(Binary::Add, 2, 5),
            Instruction::Binary(Binary::Mul, 6, 3),
        ];
        // The shared logarithm once, before its first user; nothing between the two of a chain.
        assert_eq!(depth_first(&tape, &[6, 7]), [0, 3, 5, 1, 2, 6, 7]);
        assert_eq!(depth_first(&tape, &[1, 1]), [1]);
    }

    #[test]
    fn operands_come_before_their_users() {
        // Each the sum of two earlier ones, in a pattern with many shared operands.
        let sum = |index: Slot| Instruction::Binary(Binary::Add, index / 2, index - 1);
        let tape: Vec<Instruction> = (0..5000)
            .map(|index| if index == 0 { Instruction::Input(0) } else { sum(index) })
            .collect();
        let order = depth_first(&tape, &[4999]);
        let mut placed = vec![false; tape.len()];
        for index in order {
            assert!(tape[index].operands().all(|slot| placed[slot as usize]));
            assert!(!core::mem::replace(&mut placed[index], true), "{index} twice");
        }
        assert!(placed.into_iter().all(|placed| placed));
    }
}
