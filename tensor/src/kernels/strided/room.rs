//! [`Room`]: where a tile's elements stand side by side, and [`Rows`], the elements of a tile.

use std::mem::MaybeUninit;

use super::gather::gather;
use super::tiles::{TILE, Tile, Writing};
use crate::kernels::simd::stream::stream;
use crate::threads::Shared;

/// Columns from which rows are taken one by one rather than put side by side.
const LONG: usize = 64;

/// Room for a tile of one operand, in the first cache.
#[repr(align(64))]
pub(super) struct Room<T> {
    elements: [MaybeUninit<T>; TILE],
    /// How many of the first have been written.
    written: usize,
}

/// The elements of a tile, row by row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a, T> {
    data: &'a [T],
    first: isize,
    row_step: isize,
    /// 1 where those of a row are side by side, 0 where one stands for all.
    step: usize,
    /// Whether the rows follow each other in the same way.
    is_whole: bool,
}

/// Elements side by side, or, with a step of 0, one that stands for all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a, T> {
    pub data: &'a [T],
    pub step: usize,
}

impl<T: Copy> Room<T> {
    pub fn new() -> Self {
        Self {
            elements: [const { MaybeUninit::uninit() }; TILE],
            written: 0,
        }
    }

    /// The elements of an operand that is read: as they lie where those of a row are side by side, gathered here otherwise.
    ///
    /// # Safety
    /// The tile lies inside `data`.
    #[inline(always)]
    pub unsafe fn read<'a, const N: usize>(&'a mut self, tile: &Tile<N>, operand: usize, data: &'a [T]) -> Rows<'a, T> {
        let (first, steps) = (tile.starts[operand], tile.steps[operand]);
        let [row_step, column_step] = steps;
        let is_whole = tile.rows == 1 || row_step == tile.columns as isize * column_step;
        if (column_step == 0 || column_step == 1) && (is_whole || tile.columns >= LONG) {
            return Rows {
                data,
                first,
                row_step,
                step: column_step as usize,
                is_whole,
            };
        }
        let to = self.elements.as_mut_ptr().cast::<T>();
        // SAFETY: inside the data by the caller's promise; the room holds a tile, all of which is written.
        let gathered = unsafe {
            let from = data.as_ptr().offset(first);
            gather([tile.rows, tile.columns], from, steps, to, tile.columns as isize);
            std::slice::from_raw_parts(to, tile.len())
        };
        self.written = self.written.max(tile.len());
        Rows {
            data: gathered,
            first: 0,
            row_step: tile.columns as isize,
            step: 1,
            is_whole: true,
        }
    }

    /// The first elements, whatever they are.
    fn first(&mut self, length: usize) -> &mut [T]
    where
        T: Default,
    {
        for element in &mut self.elements[self.written.min(length)..length] {
            element.write(T::default());
        }
        self.written = self.written.max(length);
        // SAFETY: that many have been written.
        unsafe { std::slice::from_raw_parts_mut(self.elements.as_mut_ptr().cast(), length) }
    }

    /// Has `fill` write the tile of the result, the last operand, a row at a time or, where they follow each other there and in what is
    /// read (`is_whole`), all rows as one: to where it is, or here and from here past the caches.
    ///
    /// # Safety
    /// Nobody else takes this part of the result.
    #[inline(always)]
    pub unsafe fn write<const N: usize>(
        &mut self,
        tile: &Tile<N>,
        out: &Shared<'_, T>,
        writing: Writing,
        is_whole: bool,
        mut fill: impl FnMut(usize, &mut [T]),
    ) where
        T: Default,
    {
        for (row, first, length) in result_rows(tile, is_whole) {
            // SAFETY: the caller's promise.
            let out = unsafe { out.part(first, length) };
            if writing.streams {
                let made = self.first(length);
                fill(row, made);
                stream(made, out);
            } else {
                fill(row, out);
            }
        }
    }
}

/// The rows of a tile's result, or all of them as one: the number of each, where it begins, how long it is.
#[inline(always)]
pub(super) fn result_rows<const N: usize>(
    tile: &Tile<N>,
    is_whole: bool,
) -> impl Iterator<Item = (usize, usize, usize)> + use<N> {
    let (start, [row_step, _]) = (tile.starts[N - 1], tile.steps[N - 1]);
    let is_one = is_whole && (tile.rows == 1 || row_step == tile.columns as isize);
    let (rows, length) = if is_one {
        (1, tile.len())
    } else {
        (tile.rows, tile.columns)
    };
    (0..rows).map(move |row| (row, (start + row as isize * row_step) as usize, length))
}

impl<'a, T: Copy> Rows<'a, T> {
    /// Whether all rows can be had as one.
    #[inline(always)]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// So many elements of a row, or of it and those that follow.
    #[inline(always)]
    pub fn row(&self, row: usize, length: usize) -> Run<'a, T> {
        let first = (self.first + row as isize * self.row_step) as usize;
        let length = if self.step == 0 { 1 } else { length };
        Run {
            data: &self.data[first..first + length],
            step: self.step,
        }
    }
}

/// `out[i] = f(a[i], b[i])`.
#[inline(always)]
pub(super) fn each<A: Copy, B: Copy, O: Copy>(a: Run<'_, A>, b: Run<'_, B>, out: &mut [O], f: impl Fn(A, B) -> O) {
    match (a, b) {
        (Run { data: [a], step: 0 }, Run { data: [b], step: 0 }) => out.fill(f(*a, *b)),
        (Run { data: [a], step: 0 }, b) => out.iter_mut().zip(b.data).for_each(|(out, &b)| *out = f(*a, b)),
        (a, Run { data: [b], step: 0 }) => out.iter_mut().zip(a.data).for_each(|(out, &a)| *out = f(a, *b)),
        (a, b) => {
            let operands = a.data.iter().zip(b.data);
            out.iter_mut().zip(operands).for_each(|(out, (&a, &b))| *out = f(a, b));
        }
    }
}
