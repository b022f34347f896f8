//! Any function of the elements of one, two or three views, broadcast by strides of 0.

use super::Source;
use super::loops::row_major_step;
use super::room::{Room, Run, each, result_rows};
use super::tiles::{self, Writing};
use crate::threads::Shared;

/// Calls `row` with what is read for each row of the result, and that row.
///
/// # Panics
/// If a view reaches outside its data, or `out` has another number of elements.
#[inline(always)]
pub(super) fn rows<A, O>(sizes: &[usize], x: Source<'_, A>, out: &mut [O], row: impl Fn(Run<'_, A>, &mut [O]) + Sync)
where
    A: Copy + Sync,
    O: Copy + Default + Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    x.check(sizes);
    let writing = Writing::of::<O>(out.len());
    let axes = |axis: usize| (sizes[axis], [x.strides[axis], row_major_step(sizes, axis)]);
    let shared = Shared::new(out);
    tiles::over(sizes.len(), &axes, [x.offset, 0], writing, &|unit| {
        let (mut room, mut results) = (Room::new(), Room::new());
        unit.tiles(|tile| {
            // SAFETY: the view lies inside its data by the check, as below; tiles are disjoint.
            unsafe {
                let x = room.read(&tile, 0, x.data);
                results.write(&tile, &shared, writing, x.is_whole(), |index, out| {
                    row(x.row(index, out.len()), out);
                });
            }
        });
    });
}

/// The same of two views.
///
/// # Panics
/// As [`rows`].
#[inline(always)]
pub(super) fn rows_of_two<A, B, O>(
    sizes: &[usize],
    a: Source<'_, A>,
    b: Source<'_, B>,
    out: &mut [O],
    row: impl Fn(Run<'_, A>, Run<'_, B>, &mut [O]) + Sync,
) where
    A: Copy + Sync,
    B: Copy + Sync,
    O: Copy + Default + Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    a.check(sizes);
    b.check(sizes);
    let writing = Writing::of::<O>(out.len());
    let axes = |axis: usize| {
        let steps = [a.strides[axis], b.strides[axis], row_major_step(sizes, axis)];
        (sizes[axis], steps)
    };
    let shared = Shared::new(out);
    tiles::over(sizes.len(), &axes, [a.offset, b.offset, 0], writing, &|unit| {
        let (mut a_room, mut b_room, mut results) = (Room::new(), Room::new(), Room::new());
        unit.tiles(|tile| {
            // SAFETY: as in `rows`.
            unsafe {
                let (a, b) = (a_room.read(&tile, 0, a.data), b_room.read(&tile, 1, b.data));
                let is_whole = a.is_whole() && b.is_whole();
                results.write(&tile, &shared, writing, is_whole, |index, out| {
                    row(a.row(index, out.len()), b.row(index, out.len()), out);
                });
            }
        });
    });
}

/// `out = f(x)`.
///
/// # Panics
/// As [`rows`].
pub fn map<A, O>(sizes: &[usize], x: Source<'_, A>, out: &mut [O], f: impl Fn(A) -> O + Sync)
where
    A: Copy + Sync,
    O: Copy + Default + Send,
{
    rows(sizes, x, out, |x, out| match x {
        Run { data: [x], step: 0 } => out.fill(f(*x)),
        x => out.iter_mut().zip(x.data).for_each(|(out, &x)| *out = f(x)),
    });
}

/// `out = f(out, x)`.
///
/// # Panics
/// As [`rows`].
pub fn update<A, O>(sizes: &[usize], x: Source<'_, A>, out: &mut [O], f: impl Fn(O, A) -> O + Sync)
where
    A: Copy + Sync,
    O: Copy + Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    x.check(sizes);
    let axes = |axis: usize| (sizes[axis], [x.strides[axis], row_major_step(sizes, axis)]);
    let shared = Shared::new(out);
    tiles::over(sizes.len(), &axes, [x.offset, 0], Writing::IN_CACHE, &|unit| {
        let mut room = Room::new();
        unit.tiles(|tile| {
            // SAFETY: as in `rows`.
            let x = unsafe { room.read(&tile, 0, x.data) };
            for (row, first, length) in result_rows(&tile, x.is_whole()) {
                // SAFETY: tiles are disjoint.
                let out = unsafe { shared.part(first, length) };
                match x.row(row, length) {
                    Run { data: [x], step: 0 } => out.iter_mut().for_each(|out| *out = f(*out, *x)),
                    x => out.iter_mut().zip(x.data).for_each(|(out, &x)| *out = f(*out, x)),
                }
            }
        });
    });
}

/// `out = f(a, b)`.
///
/// # Panics
/// As [`rows`].
pub fn zip<A, B, O>(sizes: &[usize], a: Source<'_, A>, b: Source<'_, B>, out: &mut [O], f: impl Fn(A, B) -> O + Sync)
where
    A: Copy + Sync,
    B: Copy + Sync,
    O: Copy + Default + Send,
{
    rows_of_two(sizes, a, b, out, |a, b, out| each(a, b, out, &f));
}

/// `out = f(a, b, c)`.
///
/// # Panics
/// As [`rows`].
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
    O: Copy + Default + Send,
{
    assert_eq!(sizes.iter().product::<usize>(), out.len());
    a.check(sizes);
    b.check(sizes);
    c.check(sizes);
    let writing = Writing::of::<O>(out.len());
    let axes = |axis: usize| {
        let steps = [a.strides[axis], b.strides[axis], c.strides[axis]];
        (sizes[axis], [steps[0], steps[1], steps[2], row_major_step(sizes, axis)])
    };
    let shared = Shared::new(out);
    tiles::over(
        sizes.len(),
        &axes,
        [a.offset, b.offset, c.offset, 0],
        writing,
        &|unit| {
            let (mut a_room, mut b_room, mut c_room) = (Room::new(), Room::new(), Room::new());
            let mut results = Room::new();
            unit.tiles(|tile| {
                // SAFETY: as in `rows`.
                unsafe {
                    let (a, b) = (a_room.read(&tile, 0, a.data), b_room.read(&tile, 1, b.data));
                    let c = c_room.read(&tile, 2, c.data);
                    let is_whole = a.is_whole() && b.is_whole() && c.is_whole();
                    results.write(&tile, &shared, writing, is_whole, |row, out| {
                        let (a, b) = (a.row(row, out.len()), b.row(row, out.len()));
                        let c = c.row(row, out.len());
                        if [a.step, b.step, c.step] == [1; 3] {
                            let operands = a.data.iter().zip(b.data).zip(c.data);
                            let each = out.iter_mut().zip(operands);
                            return each.for_each(|(out, ((&a, &b), &c))| *out = f(a, b, c));
                        }
                        for (i, out) in out.iter_mut().enumerate() {
                            *out = f(a.data[i * a.step], b.data[i * b.step], c.data[i * c.step]);
                        }
                    });
                }
            });
        },
    );
}
