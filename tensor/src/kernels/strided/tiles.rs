//! [`over`]: a pass over several operands, cut into tiles that stay in the first cache.

use super::Loops;
use crate::kernels::simd::stream;
use crate::threads::parallel_pieces;

/// The most elements of a tile.
pub(super) const TILE: usize = 2048;
/// Columns of a tile of which an operand lies across.
const COLUMNS: usize = 128;
/// The same where there are no more of them.
const FEW: usize = 64;
/// Columns of a tile whose result goes past the caches: reading and writing alternate the faster.
const STREAMED: usize = 512;
/// Rows shorter than this come to a tile together.
const SHORT: usize = 256;
/// Elements of a unit.
const UNIT: usize = 1 << 15;

/// How a result is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    /// Elements in a line of the cache, where that is how wide a tile is to be.
    line: Option<usize>,
    /// Whether they go past the caches.
    pub streams: bool,
}

impl Writing {
    /// Within the caches.
    pub const IN_CACHE: Self = Self {
        line: None,
        streams: false,
    };

    /// As so many elements are.
    pub fn of<T>(count: usize) -> Self {
        Self {
            line: None,
            streams: stream::pays(count * size_of::<T>()),
        }
    }

    /// The same where nothing is computed: line by line.
    pub fn of_copies<T>(count: usize) -> Self {
        let writing = Self::of::<T>(count);
        Self {
            line: writing.streams.then_some((64 / size_of::<T>().max(1)).max(1)),
            ..writing
        }
    }
}

/// `rows` by `columns` elements of each of `N` operands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tile<const N: usize> {
    pub rows: usize,
    pub columns: usize,
    /// Where each operand begins.
    pub starts: [isize; N],
    /// Its steps from row to row and from column to column.
    pub steps: [[isize; 2]; N],
}

impl<const N: usize> Tile<N> {
    pub fn len(&self) -> usize {
        self.rows * self.columns
    }

    /// A part, from a row and a column on.
    #[inline(always)]
    fn part(&self, [row, column]: [usize; 2], [rows, columns]: [usize; 2]) -> Self {
        Self {
            rows: rows.min(self.rows - row),
            columns: columns.min(self.columns - column),
            starts: std::array::from_fn(|operand| {
                let [row_step, column_step] = self.steps[operand];
                self.starts[operand] + row as isize * row_step + column as isize * column_step
            }),
            steps: self.steps,
        }
    }
}

/// What is done at a time: a tile that is too large, to be cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<const N: usize> {
    all: Tile<N>,
    cut: [usize; 2],
    goes_down: bool,
}

impl<const N: usize> Unit<N> {
    /// Calls `use_tile` with the tiles, one after the other.
    #[inline(always)]
    pub fn tiles(&self, mut use_tile: impl FnMut(Tile<N>)) {
        let (mut row, mut column) = (0, 0);
        while row < self.all.rows && column < self.all.columns {
            use_tile(self.all.part([row, column], self.cut));
            if self.goes_down {
                row += self.cut[0];
                if row >= self.all.rows {
                    (row, column) = (0, column + self.cut[1]);
                }
            } else {
                column += self.cut[1];
                if column >= self.all.columns {
                    (row, column) = (row + self.cut[0], 0);
                }
            }
        }
    }
}

/// Calls `use_unit` with every unit of `N` operands, in parallel where that pays. `axes(axis)` gives an axis's size and the operands'
/// steps along it, `offsets` where they begin; the last one is the result, with steps of 1 along the last axis. The cut depends on all
/// of these alone.
///
/// Columns run along the last axis. Where an operand steps over more than one element there and over fewer along another axis, it
/// lies across: the rows run along that axis, and a unit goes down a strip of columns, so that each line of the cache is read once.
pub(super) fn over<const N: usize>(
    rank: usize,
    axes: &dyn Fn(usize) -> (usize, [isize; N]),
    offsets: [usize; N],
    writing: Writing,
    use_unit: &(dyn Fn(&Unit<N>) + Sync),
) {
    Loops::over(rank, axes, &mut |base: [isize; N], loops| {
        let starts = std::array::from_fn(|operand| base[operand] + offsets[operand] as isize);
        units(loops, starts, writing, use_unit);
    });
}

fn units<const N: usize>(loops: &Loops<N>, starts: [isize; N], writing: Writing, use_unit: &(dyn Fn(&Unit<N>) + Sync)) {
    let (columns, column_steps) = loops.axis(loops.rank() - 1);
    let across = across(loops);
    let row_axis = across.or(loops.rank().checked_sub(2));
    let (rows, row_steps) = row_axis.map_or((1, [0; N]), |axis| loops.axis(axis));
    let plane = Tile {
        rows,
        columns,
        starts,
        steps: std::array::from_fn(|operand| [row_steps[operand], column_steps[operand]]),
    };
    let [unit, cut] = match across {
        Some(_) => shape_across(&plane, writing),
        None => shape_along(&plane, writing),
    };
    let rest = loops.without(row_axis);
    let (bands, strips) = (rows.div_ceil(unit[0]), columns.div_ceil(unit[1]));
    let per_task = (UNIT / (unit[0] * unit[1])).max(1);
    parallel_pieces(rest.element_count() * bands * strips, per_task, |first, count| {
        for index in first..first + count {
            let base = rest.offsets(index / (bands * strips));
            let corner = [index / strips % bands * unit[0], index % strips * unit[1]];
            let mut all = plane.part(corner, unit);
            all.starts.iter_mut().zip(base).for_each(|(start, base)| *start += base);
            use_unit(&Unit {
                all,
                cut,
                goes_down: across.is_some(),
            });
        }
        if writing.streams {
            stream::fence();
        }
    });
}

/// The axis along which to go, if an operand lies across the last one.
fn across<const N: usize>(loops: &Loops<N>) -> Option<usize> {
    let last = loops.rank() - 1;
    let step = |axis: usize, operand: usize| loops.axis(axis).1[operand].unsigned_abs();
    (0..N).filter(|&operand| step(last, operand) > 1).find_map(|operand| {
        (0..last)
            .filter(|&axis| (1..step(last, operand)).contains(&step(axis, operand)))
            .min_by_key(|&axis| step(axis, operand))
    })
}

/// Rows and columns of a unit and of a tile, where nothing lies across.
fn shape_along<const N: usize>(plane: &Tile<N>, writing: Writing) -> [[usize; 2]; 2] {
    let (rows, columns) = (plane.rows, plane.columns);
    let tile = if columns < SHORT {
        [(TILE / columns).min(rows), columns]
    } else {
        [1, columns.min(if writing.streams { STREAMED } else { TILE })]
    };
    let height = if columns > UNIT { 1 } else { UNIT / columns };
    [[height.next_multiple_of(tile[0]).min(rows), columns.min(UNIT)], tile]
}

/// The same, where an operand lies across. A tile of a copy is as narrow as a line of the cache, so that as few lines as can be are read
/// at a time, unless the rows are so short that all of them are dense.
fn shape_across<const N: usize>(plane: &Tile<N>, writing: Writing) -> [[usize; 2]; 2] {
    let (rows, columns) = (plane.rows, plane.columns);
    let [strip, width] = match writing.line {
        _ if columns <= FEW => [columns, columns],
        Some(line) => [line, FEW.max(line)],
        None => [COLUMNS, COLUMNS],
    };
    // Of few rows, longer ones.
    let strip = strip.max(TILE / rows.min(TILE)).min(columns).min(TILE);
    let tile = [(TILE / strip).min(rows), strip];
    let width = width.next_multiple_of(strip).min(columns);
    let height = (2 * UNIT / width).next_multiple_of(tile[0]).min(rows);
    [[height, width], tile]
}
