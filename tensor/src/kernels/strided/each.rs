//! Any function of the elements of one, two or three views, broadcast by strides of 0.

use super::Loops;
use super::Source;
use super::loops::row_major_step;
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;

/// A piece of a row: where its elements are in each operand and in the result.
struct Row {
    starts: [usize; 3],
    steps: [isize; 3],
    out: usize,
    length: usize,
}

/// Calls `use_row` for every row of the views, in parallel where that pays.
fn rows<const N: usize>(sizes: &[usize], offsets: [usize; N], strides: [&[isize]; N], use_row: &(dyn Fn(Row) + Sync)) {
    let axes = |axis: usize| {
        let mut steps = [0; 4];
        for (step, strides) in steps.iter_mut().zip(strides) {
            *step = strides[axis];
        }
        steps[3] = row_major_step(sizes, axis);
        (sizes[axis], steps)
    };
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 4], loops| {
        let (length, [a, b, c, _]) = (loops.row_length(), loops.row_steps());
        let steps = [a, b, c];
        let row = |at: [isize; 4], first: usize, count: usize| {
            let start = |operand: usize| {
                let offset = offsets.get(operand).copied().unwrap_or(0) as isize;
                (offset + base[operand] + at[operand] + first as isize * steps[operand]) as usize
            };
            use_row(Row {
                starts: [start(0), start(1), start(2)],
                steps,
                out: (base[3] + at[3]) as usize + first,
                length: count,
            });
        };
        if loops.row_count() == 1 {
            parallel_pieces(length, PIECE, |first, count| row([0; 4], first, count));
        } else {
            parallel_pieces(loops.row_count(), (PIECE / length).max(1), |first, count| {
                loops.rows(first, count, |at| row(at, 0, length));
            });
        }
    });
}

/// One operand of a row.
struct Operand<'a, T> {
    data: &'a [T],
    start: usize,
    step: isize,
}

impl Row {
    /// The part of a view that is its `index`-th operand.
    #[inline(always)]
    fn operand<'a, T>(&self, index: usize, view: Source<'a, T>) -> Operand<'a, T> {
        Operand {
            data: view.data,
            start: self.starts[index],
            step: self.steps[index],
        }
    }
}

impl<T: Copy> Operand<'_, T> {
    #[inline(always)]
    fn at(&self, i: usize) -> T {
        self.data[self.start.wrapping_add_signed(i as isize * self.step)]
    }

    /// The row as a slice, where it is one.
    #[inline(always)]
    fn slice(&self, length: usize) -> Option<&[T]> {
        (self.step == 1).then(|| &self.data[self.start..self.start + length])
    }
}

/// `out = f(x)`.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn map<A, O>(sizes: &[usize], x: Source<'_, A>, out: &mut [O], f: impl Fn(A) -> O + Sync)
where
    A: Copy + Sync,
    O: Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    x.check(sizes);
    let shared = Shared::new(out);
    rows(sizes, [x.offset], [x.strides], &|row| {
        // SAFETY: rows and their pieces are disjoint.
        let out = unsafe { shared.part(row.out, row.length) };
        let x = row.operand(0, x);
        match x.slice(out.len()) {
            Some(x) => out.iter_mut().zip(x).for_each(|(out, &x)| *out = f(x)),
            None => out.iter_mut().enumerate().for_each(|(i, out)| *out = f(x.at(i))),
        }
    });
}

/// `out = f(out, x)`.
///
/// # Panics
/// As [`map`].
pub fn update<A, O>(sizes: &[usize], x: Source<'_, A>, out: &mut [O], f: impl Fn(O, A) -> O + Sync)
where
    A: Copy + Sync,
    O: Copy + Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    x.check(sizes);
    let shared = Shared::new(out);
    rows(sizes, [x.offset], [x.strides], &|row| {
        // SAFETY: rows and their pieces are disjoint.
        let out = unsafe { shared.part(row.out, row.length) };
        let x = row.operand(0, x);
        match x.slice(out.len()) {
            Some(x) => out.iter_mut().zip(x).for_each(|(out, &x)| *out = f(*out, x)),
            None if x.step == 0 => {
                let x = x.at(0);
                out.iter_mut().for_each(|out| *out = f(*out, x));
            }
            None => out.iter_mut().enumerate().for_each(|(i, out)| *out = f(*out, x.at(i))),
        }
    });
}

/// `out = f(a, b)`.
///
/// # Panics
/// As [`map`].
pub fn zip<A, B, O>(sizes: &[usize], a: Source<'_, A>, b: Source<'_, B>, out: &mut [O], f: impl Fn(A, B) -> O + Sync)
where
    A: Copy + Sync,
    B: Copy + Sync,
    O: Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    a.check(sizes);
    b.check(sizes);
    let shared = Shared::new(out);
    rows(sizes, [a.offset, b.offset], [a.strides, b.strides], &|row| {
        // SAFETY: rows and their pieces are disjoint.
        let out = unsafe { shared.part(row.out, row.length) };
        let a = row.operand(0, a);
        let b = row.operand(1, b);
        match (a.slice(out.len()), b.slice(out.len())) {
            (Some(a), Some(b)) => out
                .iter_mut()
                .zip(a.iter().zip(b))
                .for_each(|(out, (&a, &b))| *out = f(a, b)),
            (Some(a), None) if b.step == 0 => {
                let b = b.at(0);
                out.iter_mut().zip(a).for_each(|(out, &a)| *out = f(a, b));
            }
            _ => out
                .iter_mut()
                .enumerate()
                .for_each(|(i, out)| *out = f(a.at(i), b.at(i))),
        }
    });
}

/// `out = f(a, b, c)`.
///
/// # Panics
/// As [`map`].
pub fn zip3<A, B, C, O>(
    sizes: &[usize],
    a: Source<'_, A>,
    b: Source<'_, B>,
    c: Source<'_, C>,
    out: &mut [O],
    f: impl Fn(A, B, C) -> O + Sync,
) where
    A: Copy + Sync,
    B: Copy + Sync,
    C: Copy + Sync,
    O: Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    a.check(sizes);
    b.check(sizes);
    c.check(sizes);
    let shared = Shared::new(out);
    let strides = [a.strides, b.strides, c.strides];
    rows(sizes, [a.offset, b.offset, c.offset], strides, &|row| {
        // SAFETY: rows and their pieces are disjoint.
        let out = unsafe { shared.part(row.out, row.length) };
        let a = row.operand(0, a);
        let b = row.operand(1, b);
        let c = row.operand(2, c);
        match (a.slice(out.len()), b.slice(out.len()), c.slice(out.len())) {
            (Some(a), Some(b), Some(c)) => {
                let operands = a.iter().zip(b).zip(c);
                out.iter_mut()
                    .zip(operands)
                    .for_each(|(out, ((&a, &b), &c))| *out = f(a, b, c));
            }
            _ => out
                .iter_mut()
                .enumerate()
                .for_each(|(i, out)| *out = f(a.at(i), b.at(i), c.at(i))),
        }
    });
}
