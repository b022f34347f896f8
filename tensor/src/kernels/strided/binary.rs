//! Operations on two views, and their gradients.

use tensor_ops::Binary;

use super::loops::row_major_step;
use super::{Loops, Source};
use crate::kernels::Real;
use crate::kernels::simd::{Tier, tiered};
use crate::threads::{Shared, parallel_pieces};

/// Elements a task.
const PIECE: usize = 1 << 14;

/// `out = a op b`, broadcast by strides of 0.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
pub fn binary<T: Real>(
    op: Binary,
    sizes: &[usize],
    a: Source<'_, T>,
    b: Source<'_, T>,
    out: &mut [T],
) {
    // The third operand is not read: the first stands in for it.
    walk(Compute::Value(op), sizes, [a, b, a], out);
}

/// The gradients of `a op b`, in the broadcast size and row-major order: summing them to the operands' own shapes is [`super::super::reduce`]'s.
///
/// `d_a = d_out * d(a op b)/da`, `d_b` likewise. Either may be left out.
///
/// # Panics
/// As [`binary`].
pub fn binary_backward<T: Real>(
    op: Binary,
    sizes: &[usize],
    a: Source<'_, T>,
    b: Source<'_, T>,
    d_out: Source<'_, T>,
    d_a: Option<&mut [T]>,
    d_b: Option<&mut [T]>,
) {
    if let Some(d_a) = d_a {
        walk(Compute::GradOfFirst(op), sizes, [a, b, d_out], d_a);
    }
    if let Some(d_b) = d_b {
        walk(Compute::GradOfSecond(op), sizes, [a, b, d_out], d_b);
    }
}

#[derive(Clone, Copy)]
enum Compute {
    Value(Binary),
    GradOfFirst(Binary),
    GradOfSecond(Binary),
}

fn walk<T: Real>(compute: Compute, sizes: &[usize], operands: [Source<'_, T>; 3], out: &mut [T]) {
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    operands.iter().for_each(|operand| operand.check(sizes));
    let shared = Shared::new(out);
    let axes = |axis: usize| {
        let [a, b, d] = operands.map(|operand| operand.strides[axis]);
        (sizes[axis], [a, b, d, row_major_step(sizes, axis)])
    };
    Loops::over(sizes.len(), &axes, &mut |base: [isize; 4], loops| {
        let (length, [a, b, d, _]) = (loops.row_length(), loops.row_steps());
        let start = |operand: usize, offsets: [isize; 4]| {
            (operands[operand].offset as isize + base[operand] + offsets[operand]) as usize
        };
        let row = |offsets: [isize; 4], first: usize, count: usize| {
            let operand = |number: usize, step: isize| Row {
                data: operands[number].data,
                first: start(number, offsets).wrapping_add_signed(first as isize * step),
                step,
            };
            // SAFETY: rows and their pieces are disjoint.
            let out = unsafe { shared.part((base[3] + offsets[3]) as usize + first, count) };
            compute_row(compute, operand(0, a), operand(1, b), operand(2, d), out);
        };
        if loops.row_count() == 1 {
            parallel_pieces(length, PIECE, |first, count| row([0; 4], first, count));
        } else {
            parallel_pieces(
                loops.row_count(),
                (PIECE / length).max(1),
                |first, count| {
                    loops.rows(first, count, |offsets| row(offsets, 0, length));
                },
            );
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
            let (a, b) = (
                &a.data[a.first..a.first + count],
                &b.data[b.first..b.first + count],
            );
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

/// `out[i] = out[i] * f(a[i], b[i])`-like: `f` sees what is there.
#[inline(always)]
fn each_with<T: Real>(a: Row<'_, T>, b: Row<'_, T>, out: &mut [T], f: impl Fn(T, T, T) -> T) {
    let count = out.len();
    if (a.step, b.step) == (1, 1) {
        let (a, b) = (
            &a.data[a.first..a.first + count],
            &b.data[b.first..b.first + count],
        );
        out.iter_mut()
            .zip(a.iter().zip(b))
            .for_each(|(out, (&a, &b))| *out = f(*out, a, b));
    } else {
        out.iter_mut()
            .enumerate()
            .for_each(|(i, out)| *out = f(*out, a.at(i), b.at(i)));
    }
}

tiered! {
    fn compute_row<S, T>(compute: Compute, a: Row<'_, T>, b: Row<'_, T>, d: Row<'_, T>, out: &mut [T]) {
        let (op, first) = match compute {
            Compute::Value(op) => return value(op, a, b, out),
            Compute::GradOfFirst(op) => (op, true),
            Compute::GradOfSecond(op) => (op, false),
        };
        each(d, d, out, |d, _| d);
        if first {
            grad_of_first(op, a, b, out);
        } else {
            grad_of_second::<S, T>(op, a, b, out);
        }
    }
}

#[inline(always)]
fn value<T: Real>(op: Binary, a: Row<'_, T>, b: Row<'_, T>, out: &mut [T]) {
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

/// What passes at a tie: half.
#[inline(always)]
fn share<T: Real>(d: T, mine: T, other: T, mine_loses: bool) -> T {
    let whole = if mine_loses { T::ZERO } else { d };
    if mine == other {
        d * T::from_f64(0.5)
    } else {
        whole
    }
}

#[inline(always)]
fn grad_of_first<T: Real>(op: Binary, a: Row<'_, T>, b: Row<'_, T>, d: &mut [T]) {
    match op {
        Binary::Add | Binary::Sub => {}
        Binary::Mul => each_with(a, b, d, |d, _, b| d * b),
        Binary::Div => each_with(a, b, d, |d, _, b| d / b),
        Binary::Pow => each_with(a, b, d, |d, a, b| {
            if b == T::ZERO {
                T::ZERO
            } else {
                d * (b * a.powf(b - T::ONE))
            }
        }),
        Binary::Maximum => each_with(a, b, d, |d, a, b| share(d, a, b, a < b)),
        Binary::Minimum => each_with(a, b, d, |d, a, b| share(d, a, b, a > b)),
    }
}

#[inline(always)]
fn grad_of_second<S: Tier, T: Real>(op: Binary, a: Row<'_, T>, b: Row<'_, T>, d: &mut [T]) {
    match op {
        Binary::Add => {}
        Binary::Sub => d.iter_mut().for_each(|d| *d = -*d),
        Binary::Mul => each_with(a, b, d, |d, a, _| d * a),
        Binary::Div => each_with(a, b, d, |d, a, b| -d * ((a / b) / b)),
        Binary::Pow => each_with(a, b, d, |d, a, b| {
            // 0 to any power that is not negative is constant in the exponent.
            if a == T::ZERO && b >= T::ZERO {
                T::ZERO
            } else {
                d * (a.powf(b) * a.ln::<S>())
            }
        }),
        Binary::Maximum => each_with(a, b, d, |d, a, b| share(d, b, a, b < a)),
        Binary::Minimum => each_with(a, b, d, |d, a, b| share(d, b, a, b > a)),
    }
}
