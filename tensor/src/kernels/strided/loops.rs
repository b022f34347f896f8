//! [`Loops`]: the axes of several operands walked together, joined where all of them allow it.

/// Axes kept on the stack; views of more are peeled axis by axis.
pub(crate) const MOST_AXES: usize = 16;

/// Nested loops over `N` operands: rows along the last axis, and how to reach each row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loops<const N: usize> {
    rank: usize,
    sizes: [usize; MOST_AXES],
    strides: [[isize; N]; MOST_AXES],
}

impl<const N: usize> Loops<N> {
    /// The loops over `rank` axes; calls `use_loops(offsets, loops)` once, or once for each index of the axes that are too many.
    /// `axes(axis)` gives an axis's size and the operands' steps along it. Nothing is called for an empty view.
    pub fn over(
        rank: usize,
        axes: &dyn Fn(usize) -> (usize, [isize; N]),
        use_loops: &mut dyn FnMut([isize; N], &Self),
    ) {
        if (0..rank).all(|axis| axes(axis).0 > 0) {
            Self::peel(0, rank, axes, [0; N], use_loops);
        }
    }

    fn peel(
        first: usize,
        rank: usize,
        axes: &dyn Fn(usize) -> (usize, [isize; N]),
        offsets: [isize; N],
        use_loops: &mut dyn FnMut([isize; N], &Self),
    ) {
        if let Some(loops) = Self::joined(first, rank, axes) {
            return use_loops(offsets, &loops);
        }
        let (size, step) = axes(first);
        for i in 0..size {
            let offsets = std::array::from_fn(|operand| offsets[operand] + i as isize * step[operand]);
            Self::peel(first + 1, rank, axes, offsets, use_loops);
        }
    }

    /// The axes from `first` on, without those of size 1, neighbours joined where the outer steps over the whole inner.
    /// Nothing if there are too many.
    pub fn joined(first: usize, rank: usize, axes: &dyn Fn(usize) -> (usize, [isize; N])) -> Option<Self> {
        let mut loops = Self {
            rank: 0,
            sizes: [1; MOST_AXES],
            strides: [[0; N]; MOST_AXES],
        };
        for axis in first..rank {
            let (size, step) = axes(axis);
            if size == 1 {
                continue;
            }
            let last = loops.rank.wrapping_sub(1);
            if loops.rank > 0 && (0..N).all(|operand| loops.strides[last][operand] == step[operand] * size as isize) {
                loops.sizes[last] *= size;
                loops.strides[last] = step;
            } else if loops.rank == MOST_AXES {
                return None;
            } else {
                loops.sizes[loops.rank] = size;
                loops.strides[loops.rank] = step;
                loops.rank += 1;
            }
        }
        // A single element is a row of one.
        loops.rank = loops.rank.max(1);
        Some(loops)
    }

    /// Elements of a row.
    pub fn row_length(&self) -> usize {
        self.sizes[self.rank - 1]
    }

    /// The operands' steps within a row.
    pub fn row_steps(&self) -> [isize; N] {
        self.strides[self.rank - 1]
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.sizes[..self.rank - 1].iter().product()
    }

    /// How many axes there are: one at least.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Size and steps of an axis.
    pub fn axis(&self, axis: usize) -> (usize, [isize; N]) {
        (self.sizes[axis], self.strides[axis])
    }

    /// The same without the last axis and another one: as often as there are indices of the others.
    pub fn without(&self, axis: Option<usize>) -> Self {
        let mut rest = Self {
            rank: 0,
            sizes: [1; MOST_AXES],
            strides: [[0; N]; MOST_AXES],
        };
        for other in (0..self.rank - 1).filter(|&other| Some(other) != axis) {
            (rest.sizes[rest.rank], rest.strides[rest.rank]) = self.axis(other);
            rest.rank += 1;
        }
        rest
    }

    /// Calls `use_row` with the operands' offsets of the rows `first..first + count`.
    #[inline(always)]
    pub fn rows(&self, first: usize, count: usize, mut use_row: impl FnMut([isize; N])) {
        let outer = self.rank - 1;
        self.walk(outer, first, count, &mut use_row);
    }

    /// How many elements there are.
    pub fn element_count(&self) -> usize {
        self.sizes[..self.rank].iter().product()
    }

    /// Calls `use_element` with the operands' offsets of the elements `first..first + count`.
    #[inline(always)]
    pub fn elements(&self, first: usize, count: usize, mut use_element: impl FnMut([isize; N])) {
        self.walk(self.rank, first, count, &mut use_element);
    }

    /// The operands' offsets of an element.
    pub fn offsets(&self, index: usize) -> [isize; N] {
        let mut offsets = [0; N];
        self.elements(index, 1, |found| offsets = found);
        offsets
    }

    /// The indices `first..first + count` of the axes before `outer`, in row-major order.
    #[inline(always)]
    fn walk(&self, outer: usize, first: usize, count: usize, use_index: &mut impl FnMut([isize; N])) {
        let mut index = [0usize; MOST_AXES];
        let mut offsets = [0isize; N];
        let mut rest = first;
        for axis in (0..outer).rev() {
            index[axis] = rest % self.sizes[axis];
            rest /= self.sizes[axis];
            for (offset, step) in offsets.iter_mut().zip(self.strides[axis]) {
                *offset += index[axis] as isize * step;
            }
        }
        for _ in 0..count {
            use_index(offsets);
            let mut axis = outer;
            while axis > 0 {
                axis -= 1;
                index[axis] += 1;
                for (offset, step) in offsets.iter_mut().zip(self.strides[axis]) {
                    *offset += step;
                }
                if index[axis] < self.sizes[axis] {
                    break;
                }
                for (offset, step) in offsets.iter_mut().zip(self.strides[axis]) {
                    *offset -= self.sizes[axis] as isize * step;
                }
                index[axis] = 0;
            }
        }
    }
}

/// The steps of a row-major view, last axis first by products of sizes.
pub(crate) fn row_major_step(sizes: &[usize], axis: usize) -> isize {
    sizes[axis + 1..].iter().product::<usize>() as isize
}
