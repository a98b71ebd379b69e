//! Reading broadcast and strided operands in place, block by block.

use super::lanes::HostFloat;

/// The largest rank the host loops take.
pub(crate) const MAX_RANK: usize = 12;

/// Memory steps between neighbours along each dimension, in elements; 0 where an operand repeats.
pub(crate) type Strides = [isize; MAX_RANK];

/// A tensor to be read in the order of a larger shape that it broadcasts to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operand<'a, E> {
    data: &'a [E],
    offset: usize,
    strides: Strides,
}

impl<'a, E> Operand<'a, E> {
    /// An operand of shape `dims` with the given strides into `data`, seen with shape `shape`.
    pub(crate) fn new(
        data: &'a [E],
        offset: usize,
        dims: &[usize],
        strides: &[isize],
        shape: &[usize],
    ) -> Self {
        let mut seen = [0; MAX_RANK];
        for axis in 0..shape.len() {
            seen[axis] = if dims[axis] == 1 { 0 } else { strides[axis] };
        }
        Self { data, offset, strides: seen }
    }
}

/// Strides of a row-major tensor of shape `dims`; 0 along dimensions of size 1.
pub(crate) fn contiguous(dims: &[usize]) -> Strides {
    let mut strides = [0; MAX_RANK];
    let mut step = 1;
    for axis in (0..dims.len()).rev() {
        strides[axis] = if dims[axis] == 1 { 0 } else { step };
        step *= dims[axis] as isize;
    }
    strides
}

/// A shape reduced to as few dimensions as its operands allow.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    dims: [usize; MAX_RANK],
    rank: usize,
}

impl Grid {
    /// Merges neighbouring dimensions along which every operand, and every sum, moves evenly, and
    /// rewrites their strides to match.
    fn collapse<E>(
        shape: &[usize],
        operands: &mut [(Operand<'_, E>, Access)],
        sums: &mut [Strides],
    ) -> Self {
        let mut dims = [1; MAX_RANK];
        let mut rank = 0;
        for axis in 0..shape.len() {
            if shape[axis] == 1 {
                continue;
            }
            let even = |s: &Strides| s[rank - 1] == s[axis] * shape[axis] as isize;
            let merges = rank > 0
                && operands.iter().all(|(operand, _)| even(&operand.strides))
                && sums.iter().all(even);
            if merges {
                dims[rank - 1] *= shape[axis];
            } else {
                dims[rank] = shape[axis];
                rank += 1;
            }
            let strides = operands.iter_mut().map(|(operand, _)| &mut operand.strides);
            for strides in strides.chain(sums.iter_mut()) {
                strides[rank - 1] = strides[axis];
            }
        }
        Self { dims, rank: rank.max(1) }
    }

    /// Calls `run(position, offset, length)` for each stretch of `start..start + length` that lies
    /// along the innermost dimension: its place in the stretch, and the operand's offset there.
    fn runs(
        &self,
        strides: &Strides,
        start: usize,
        length: usize,
        mut run: impl FnMut(usize, isize, usize),
    ) {
        let inner = self.rank - 1;
        let mut index = [0; MAX_RANK];
        let mut rest = start;
        for axis in (0..self.rank).rev() {
            index[axis] = rest % self.dims[axis];
            rest /= self.dims[axis];
        }
        let mut offset: isize = (0..self.rank).map(|a| index[a] as isize * strides[a]).sum();
        let mut position = 0;
        while position < length {
            let steps = (self.dims[inner] - index[inner]).min(length - position);
            run(position, offset, steps);
            position += steps;
            // To the start of the next row: carry as in counting.
            offset -= index[inner] as isize * strides[inner];
            index[inner] = 0;
            for axis in (0..inner).rev() {
                index[axis] += 1;
                offset += strides[axis];
                if index[axis] < self.dims[axis] {
                    break;
                }
                offset -= index[axis] as isize * strides[axis];
                index[axis] = 0;
            }
        }
    }
}

/// How stretches of an operand are obtained.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Access {
    /// In the order of the shape: a slice of memory.
    Direct,
    /// The same element everywhere.
    Constant,
    /// Collected run by run.
    Gathered,
}

/// The operands of a formula, seen with one shape.
#[derive(Clone, Debug)]
pub(crate) struct Readers<'a, E> {
    grid: Grid,
    operands: Vec<(Operand<'a, E>, Access)>,
}

impl<'a, E: HostFloat> Readers<'a, E> {
    /// Lays `operands` out over `shape`. `sums` are the strides of gradients to be summed over the
    /// same shape, rewritten to match.
    pub(crate) fn new(
        shape: &[usize],
        operands: impl IntoIterator<Item = Operand<'a, E>>,
        sums: &mut [Strides],
    ) -> Self {
        let unknown = |operand| (operand, Access::Gathered);
        let mut operands: Vec<_> = operands.into_iter().map(unknown).collect();
        let grid = Grid::collapse(shape, &mut operands, sums);
        let dense = contiguous(&grid.dims[..grid.rank]);
        for (operand, access) in &mut operands {
            let own = &operand.strides[..grid.rank];
            if own.iter().all(|stride| *stride == 0) {
                *access = Access::Constant;
            } else if own == &dense[..grid.rank] {
                *access = Access::Direct;
            }
        }
        Self { grid, operands }
    }

    pub(crate) fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The elements `start..start + length` of an operand, followed by any others: its own memory
    /// where it lies in the order of the shape, `buffer` otherwise, which must be the same one at
    /// every call; see [`read`](Self::read).
    #[inline(always)]
    pub(crate) fn strip<'s, const L: usize>(
        &'s self,
        index: usize,
        start: usize,
        first: bool,
        buffer: &'s mut [E; L],
        length: usize,
    ) -> &'s [E; L] {
        let (operand, access) = &self.operands[index];
        if *access == Access::Direct
            && let Some(elements) = operand.data[operand.offset + start..].first_chunk()
        {
            return elements;
        }
        self.read(index, start, first, buffer, length);
        buffer
    }

    /// Copies the elements `start..start + length` of an operand to the front of `buffer`. A
    /// constant fills the whole buffer the first time and is then left alone.
    pub(crate) fn read(
        &self,
        index: usize,
        start: usize,
        first: bool,
        buffer: &mut [E],
        length: usize,
    ) {
        let (Operand { data, offset, strides }, access) = &self.operands[index];
        match access {
            Access::Direct => {
                let from = offset + start;
                buffer[..length].copy_from_slice(&data[from..from + length]);
            }
            Access::Constant if first => buffer.fill(data[*offset]),
            Access::Constant => {}
            Access::Gathered => {
                let stride = strides[self.grid.rank - 1];
                self.grid.runs(strides, start, length, |position, at, steps| {
                    let at = *offset as isize + at;
                    let run = &mut buffer[position..position + steps];
                    match stride {
                        0 => run.fill(data[at as usize]),
                        1 => run.copy_from_slice(&data[at as usize..at as usize + steps]),
                        _ => run.iter_mut().enumerate().for_each(|(step, element)| {
                            *element = data[(at + step as isize * stride) as usize];
                        }),
                    }
                });
            }
        }
    }
}

/// Where a gradient goes.
#[derive(Debug)]
pub(crate) enum Sink<'a, E> {
    /// Nobody asked for it.
    Skipped,
    /// One element for each position.
    Dense(&'a mut [E]),
    /// Summed over the dimensions along which the operand was broadcast. Sums are `f64`: a million
    /// terms added in `f32` would lose three digits.
    Summed(&'a mut [f64], Strides),
}

impl<E: HostFloat> Sink<'_, E> {
    /// Takes the gradients of the positions from `start` on, which is `at` within a dense sink.
    pub(crate) fn take(&mut self, grid: &Grid, start: usize, at: usize, gradients: &[E]) {
        match self {
            Self::Skipped => {}
            Self::Dense(output) => output[at..at + gradients.len()].copy_from_slice(gradients),
            Self::Summed(sums, strides) => {
                let stride = strides[grid.rank - 1];
                grid.runs(strides, start, gradients.len(), |position, at, steps| {
                    let run = &gradients[position..position + steps];
                    if stride == 0 {
                        sums[at as usize] += sum(run);
                        return;
                    }
                    for (step, element) in run.iter().enumerate() {
                        sums[(at + step as isize * stride) as usize] += HostFloat::to_f64(*element);
                    }
                });
            }
        }
    }
}

/// The sum of a run, in eight interleaved parts so that it becomes SIMD code.
pub(crate) fn sum<E: HostFloat>(run: &[E]) -> f64 {
    let mut parts = [0.0; 8];
    let mut chunks = run.chunks_exact(8);
    for chunk in &mut chunks {
        for (part, element) in parts.iter_mut().zip(chunk) {
            *part += HostFloat::to_f64(*element);
        }
    }
    let rest: f64 = chunks.remainder().iter().map(|element| HostFloat::to_f64(*element)).sum();
    parts.iter().sum::<f64>() + rest
}
