//! [`gather`] and [`line`]: elements that lie apart into neighbouring places.

use crate::kernels::Real;
use crate::kernels::simd::stream::stream_aligned;
use crate::kernels::simd::{Lanes, tiered};

/// So few rows are taken one by one, however they lie.
const FEW: usize = 4;

/// `to[i * to_step + j] = from[i * row_step + j * column_step]` for `rows` by `columns` elements.
///
/// # Safety
/// All of these places lie inside live memory, those written apart from those read.
pub(super) unsafe fn gather<T: Copy>(
    [rows, columns]: [usize; 2],
    from: *const T,
    [row_step, column_step]: [isize; 2],
    to: *mut T,
    to_step: isize,
) {
    if column_step == 1 {
        for i in 0..rows as isize {
            // SAFETY: the caller's promise, as below.
            unsafe {
                from.offset(i * row_step)
                    .copy_to_nonoverlapping(to.offset(i * to_step), columns);
            }
        }
    } else if row_step == 1 && rows > FEW && to_step >= 0 {
        // A number is as good as any other element of its size and alignment: it is moved and not looked at.
        match (size_of::<T>(), align_of::<T>()) {
            // SAFETY: as above.
            (4, 4) => unsafe { transpose::<f32>([rows, columns], from.cast(), column_step, to.cast(), to_step) },
            // SAFETY: as above.
            (8, 8) => unsafe { transpose::<f64>([rows, columns], from.cast(), column_step, to.cast(), to_step) },
            // SAFETY: as above.
            _ => unsafe { down([rows, columns], from, [1, column_step], to, to_step) },
        }
    } else if row_step.unsigned_abs() < column_step.unsigned_abs() && rows > FEW {
        // SAFETY: as above.
        unsafe { down([rows, columns], from, [row_step, column_step], to, to_step) }
    } else {
        for i in 0..rows as isize {
            // SAFETY: as above.
            unsafe { along(columns, from.offset(i * row_step), column_step, to.offset(i * to_step)) }
        }
    }
}

/// Column by column.
unsafe fn down<T: Copy>(
    [rows, columns]: [usize; 2],
    from: *const T,
    [row_step, column_step]: [isize; 2],
    to: *mut T,
    to_step: isize,
) {
    for j in 0..columns as isize {
        for i in 0..rows as isize {
            // SAFETY: the caller's promise.
            unsafe { *to.offset(i * to_step + j) = *from.offset(i * row_step + j * column_step) };
        }
    }
}

/// One row; common steps by themselves, so that their loops are compiled for them.
#[inline(always)]
unsafe fn along<T: Copy>(count: usize, from: *const T, step: isize, to: *mut T) {
    let walk = |step: isize| {
        for j in 0..count as isize {
            // SAFETY: the caller's promise.
            unsafe { *to.offset(j) = *from.offset(j * step) };
        }
    };
    match step {
        0 => walk(0),
        -1 => walk(-1),
        2 => walk(2),
        3 => walk(3),
        4 => walk(4),
        _ => walk(step),
    }
}

/// `to[i] = data[start + i * step]`.
///
/// # Panics
/// If that reaches outside the data.
#[inline(always)]
pub(crate) fn line<T: Copy>(data: &[T], start: usize, step: isize, to: &mut [T]) {
    let Some(last) = to.len().checked_sub(1) else {
        return;
    };
    let end = start.checked_add_signed(last as isize * step);
    assert!(start < data.len() && end.is_some_and(|end| end < data.len()));
    // SAFETY: both ends lie inside the data, and with them what is between.
    unsafe { along(to.len(), data.as_ptr().add(start), step, to.as_mut_ptr()) }
}

/// [`gather`] past the caches, where that goes by blocks of registers alone; gives whether it does, and does nothing where not.
///
/// # Safety
/// As [`gather`].
pub(super) unsafe fn stream_across<T: Copy>(
    [rows, columns]: [usize; 2],
    from: *const T,
    [row_step, column_step]: [isize; 2],
    to: *mut T,
    to_step: isize,
) -> bool {
    let line = to_step * size_of::<T>() as isize;
    let is_whole = rows.is_multiple_of(BLOCK) && columns.is_multiple_of(BLOCK);
    if row_step != 1 || column_step == 1 || !is_whole || line <= 0 || line % 64 != 0 || !to.addr().is_multiple_of(64) {
        return false;
    }
    match (size_of::<T>(), align_of::<T>()) {
        (4, 4) => transpose_blocks::<f32>(rows, columns, from.cast(), column_step, to.cast(), to_step, true),
        (8, 8) => transpose_blocks::<f64>(rows, columns, from.cast(), column_step, to.cast(), to_step, true),
        _ => return false,
    };
    true
}

/// As [`gather`] with a row step of 1: blocks of registers, and what is left by itself.
unsafe fn transpose<T: Real>(
    [rows, columns]: [usize; 2],
    from: *const T,
    column_step: isize,
    to: *mut T,
    to_step: isize,
) {
    let [done_rows, done_columns] = transpose_blocks(rows, columns, from, column_step, to, to_step, false);
    // SAFETY: the caller's promise.
    unsafe {
        let right = done_columns as isize;
        let (from_right, to_right) = (from.offset(right * column_step), to.offset(right));
        down(
            [done_rows, columns - done_columns],
            from_right,
            [1, column_step],
            to_right,
            to_step,
        );
        let below = done_rows as isize;
        let (from_below, to_below) = (from.offset(below), to.offset(below * to_step));
        down(
            [rows - done_rows, columns],
            from_below,
            [1, column_step],
            to_below,
            to_step,
        );
    }
}

/// Rows and columns of a block: a register of the widest, or several.
const BLOCK: usize = 16;

tiered! {
    /// All pieces of 16 bytes of rows by a register of columns; gives how many rows and columns that were. With `streams` they go past
    /// the caches, and lines of the result begin at multiples of 64 bytes. For the two above alone, under whose promise it follows the
    /// pointers.
    fn transpose_blocks<S, T>(
        rows: usize,
        columns: usize,
        from: *const T,
        column_step: isize,
        to: *mut T,
        to_step: isize,
        streams: bool,
    ) -> [usize; 2] {
        let (piece, width) = (<T::Vector<S> as Lanes<T>>::PIECE, <T::Vector<S> as Lanes<T>>::COUNT);
        let [rows, columns] = [rows / piece * piece, columns / width * width];
        // As many rows at a time as share a cache line.
        for top in (0..rows).step_by(BLOCK) {
            let mut j = 0;
            while j < columns {
                let lines: [*const T; 16] = std::array::from_fn(|k| from.wrapping_offset((j + k) as isize * column_step));
                let strip = if streams { BLOCK } else { width };
                let mut i = top;
                while i < rows.min(top + BLOCK) {
                    // SAFETY: the first lines, and the rows `i..i + piece` of them, lie inside what the callers promise; `tiered` has
                    // seen that the instructions are there.
                    unsafe {
                        let to = to.offset(i as isize * to_step + j as isize);
                        if streams {
                            let mut block = Block([T::ZERO; 4 * BLOCK]);
                            for half in (0..BLOCK).step_by(width) {
                                let mut lines = lines;
                                lines.rotate_left(half);
                                T::Vector::<S>::transpose(&lines, i, block.0.as_mut_ptr().add(half), BLOCK);
                            }
                            for (row, line) in block.0.chunks_exact(BLOCK).take(piece).enumerate() {
                                stream_aligned(line, to.offset(row as isize * to_step));
                            }
                        } else {
                            T::Vector::<S>::transpose(&lines, i, to, to_step as usize);
                        }
                    }
                    i += piece;
                }
                j += strip;
            }
        }
        [rows, columns]
    }
}

/// A line of the result for each row of a piece.
#[repr(align(64))]
struct Block<T>([T; 4 * BLOCK]);
