//! Points that move with the ends of a support that are parameters.

use burn::tensor::Tensor;

use crate::bijector::ends;
use crate::support::{Bound, Support};

/// How points between the ends of a support move where these do: a half-line is shifted, an interval
/// stretched. It shows in gradients alone, as an integral at fixed points would lose those that its ends
/// bring.
#[derive(Debug)]
pub(crate) struct MovingEnds<const D: usize> {
    /// The ends, where at least one is a tensor.
    ends: Option<[Tensor<D>; 2]>,
}

impl<const D: usize> MovingEnds<D> {
    pub(crate) fn of(support: &Support, like: &Tensor<D>) -> Self {
        let moving = |ends: &[Bound; 2]| ends.iter().any(|end| matches!(end, Bound::Tensor(_)));
        let tensors = |ends: [Bound; 2]| ends.map(|end| end.argument::<D>().like(like));
        Self { ends: ends(support).filter(moving).map(tensors) }
    }

    /// How far the point has moved, which is 0, with the gradients of the ends.
    fn moved(&self, x: &Tensor<D>) -> Option<Tensor<D>> {
        let [low, high] = self.ends.as_ref()?;
        let infinite = |end: &Tensor<D>| end.clone().detach().is_finite().bool_not();
        let shift = |end: &Tensor<D>| {
            // ∞ − ∞ is not 0.
            (end.clone() - end.clone().detach()).mask_fill(infinite(end), 0.0)
        };
        let (start, end) = (low.clone().detach(), high.clone().detach());
        let share = (x.clone().detach() - start.clone()) / (end - start);
        // Where one end is infinite all points go with the other.
        let shape = share.dims();
        let share = share.mask_fill(infinite(low).expand(shape), 1.0);
        let share = share.mask_fill(infinite(high).expand(shape), 0.0);
        Some(shift(low) * (-share.clone() + 1.0) + shift(high) * share)
    }

    /// The point, moving.
    pub(crate) fn follow(&self, x: Tensor<D>) -> Tensor<D> {
        match self.moved(&x) {
            Some(moved) => x + moved,
            None => x,
        }
    }

    /// A point, the step that leads there and where it starts, all moving.
    pub(crate) fn follow_step(&self, [start, step, end]: [Tensor<D>; 3]) -> [Tensor<D>; 3] {
        match (self.moved(&start), self.moved(&end)) {
            (Some(first), Some(last)) => {
                let difference = last.clone() - first.clone();
                [start + first, step + difference, end + last]
            }
            _ => [start, step, end],
        }
    }
}
