//! Operations on two views.

use tensor_ops::Binary;

use super::loops::row_major_step;
use super::{Loops, Source};
use crate::kernels::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;

/// `out = a op b`, broadcast by strides of 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn binary<T: Real>(op: Binary, sizes: &[usize], a: Source<'_, T>, b: Source<'_, T>, out: &mut [T]) {
    let operands = [a, b];
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    operands.iter().for_each(|operand| operand.check(sizes));
    let shared = Shared::new(out);
    let axes = |axis: usize| {
        let [a, b] = operands.map(|operand| operand.strides[axis]);
        (sizes[axis], [a, b, row_major_step(sizes, axis)])
    };
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 3], loops| {
        let (length, [a, b, _]) = (loops.row_length(), loops.row_steps());
        let start = |operand: usize, offsets: [isize; 3]| {
            (operands[operand].offset as isize + base[operand] + offsets[operand]) as usize
        };
        let row = |offsets: [isize; 3], first: usize, count: usize| {
            let operand = |number: usize, step: isize| Row {
                data: operands[number].data,
                first: start(number, offsets).wrapping_add_signed(first as isize * step),
                step,
            };
            // SAFETY: rows and their pieces are disjoint.
            let out = unsafe { shared.part((base[2] + offsets[2]) as usize + first, count) };
            compute_row(op, operand(0, a), operand(1, b), out);
        };
        if loops.row_count() == 1 {
            parallel_pieces(length, PIECE, |first, count| row([0; 3], first, count));
        } else {
            parallel_pieces(loops.row_count(), (PIECE / length).max(1), |first, count| {
                loops.rows(first, count, |offsets| row(offsets, 0, length));
            });
        }
    });
}

/// One operand of a row: as long as the result, by its step.
#[derive(Clone, Copy)]
struct Row<'a, T> {
    data: &'a [T],
    first: usize,
    step: isize,
}

impl<T: Real> Row<'_, T> {
    #[inline(always)]
    fn at(&self, i: usize) -> T {
        self.data[self.first.wrapping_add_signed(i as isize * self.step)]
    }
}

/// `out[i] = f(a[i], b[i])`, the loops that matter without index arithmetic.
#[inline(always)]
fn each<T: Real>(a: Row<'_, T>, b: Row<'_, T>, out: &mut [T], f: impl Fn(T, T) -> T) {
    let count = out.len();
    match (a.step, b.step) {
        (1, 1) => {
            let (a, b) = (&a.data[a.first..a.first + count], &b.data[b.first..b.first + count]);
            out.iter_mut()
                .zip(a.iter().zip(b))
                .for_each(|(out, (&a, &b))| *out = f(a, b));
        }
        (1, 0) => {
            let (a, b) = (&a.data[a.first..a.first + count], b.data[b.first]);
            out.iter_mut().zip(a).for_each(|(out, &a)| *out = f(a, b));
        }
        (0, 1) => {
            let (a, b) = (a.data[a.first], &b.data[b.first..b.first + count]);
            out.iter_mut().zip(b).for_each(|(out, &b)| *out = f(a, b));
        }
        _ => out
            .iter_mut()
            .enumerate()
            .for_each(|(i, out)| *out = f(a.at(i), b.at(i))),
    }
}

tiered! {
    fn compute_row<S, T>(op: Binary, a: Row<'_, T>, b: Row<'_, T>, out: &mut [T]) {
        match op {
            Binary::Add => each(a, b, out, |a, b| a + b),
            Binary::Sub => each(a, b, out, |a, b| a - b),
            Binary::Mul => each(a, b, out, |a, b| a * b),
            Binary::Div => each(a, b, out, |a, b| a / b),
            Binary::Pow => each(a, b, out, |a, b| a.powf(b)),
            Binary::Maximum => each(a, b, out, T::larger),
            Binary::Minimum => each(a, b, out, T::smaller),
        }
    }
}
