//! A convolution or the adjoint of one as products of packed weights with copies of the images, which are read where they lie.
//!
//! For an element of the kernel and a channel, what all places of a row see lies side by side in the copy ([`Axis`]); and so does what a whole
//! plane of places sees, but for a few numbers between its rows, which are multiplied with the rest and left out when results are
//! written. So there is no matrix of columns: a copy is about as large as the image.

use super::axis::Axis;
use super::copy::{Copies, Cut};
use super::tile::{SLACK, TileRow, tile_row};
use crate::kernels::Real;
use crate::kernels::gemm::{Panel, Shape, pack};
use crate::kernels::scratch::with_slice;
use crate::kernels::simd::{Level, level, tiered};
use crate::threads::{Shared, parallel_pieces};

/// The most numbers of a copy: they stay in the second cache.
const COPY: usize = 1 << 16;
/// The most columns of a piece.
const COLUMNS: usize = 2048;
/// Multiply-adds a task.
const TASK: usize = 1 << 17;
/// Numbers of packed weights a task.
const PACK: usize = 1 << 14;
/// So many weights stay in the cache from one image to the next.
const WEIGHTS: usize = 1 << 17;
/// Fewer pieces than this have their rows parted, too.
const FEW: usize = 8;

/// One of them.
pub(super) struct Sweep<'a, T> {
    pub images: usize,
    pub groups: usize,
    /// What is summed over, of a group.
    pub channels: usize,
    /// The results of a group.
    pub rows: usize,
    pub axes: [Axis; 3],
    /// The sizes of the kernel.
    pub sizes: [usize; 3],
    pub x: &'a [T],
    pub weights: Weights<'a, T>,
    pub bias: Option<&'a [T]>,
}

/// The weights, `[groups, ..]`.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a, T> {
    pub data: &'a [T],
    /// From a group to the next.
    pub group: usize,
    /// From the weights of a result to those of the next.
    pub row: usize,
    /// From those of a channel to those of the next.
    pub channel: usize,
}

/// How the columns of a piece are multiplied: `count` runs of `columns`.
#[derive(Clone, Copy)]
struct Runs {
    count: usize,
    columns: usize,
    step: usize,
    /// Where rows of places begin in what is multiplied, and planes.
    between: [usize; 2],
}

impl Runs {
    /// Row by row, plane by plane, or all at once: what takes the fewest registers.
    fn new<T>(places: [usize; 3], [plane, row, _]: [usize; 3]) -> Self {
        let lanes = match level() {
            Level::Avx512 => 64,
            Level::Avx2 => 32,
            Level::Portable => 16,
        } / size_of::<T>();
        let [z, y, x] = places;
        let of_plane = (y - 1) * row + x;
        let rows = Self {
            count: z * y,
            columns: x,
            step: row,
            between: [y * x, x],
        };
        let planes = Self {
            count: z,
            columns: of_plane,
            step: plane,
            between: [of_plane, row],
        };
        let whole = Self {
            count: 1,
            columns: Self::most(places, [plane, row, 1]),
            step: 0,
            between: [plane, row],
        };
        let registers = |runs: &Self| runs.count * runs.columns.div_ceil(lanes);
        let all = [whole, planes, rows];
        // Rows of two planes are not evenly apart in the copy.
        let possible = if z > 1 && y > 1 { &all[..2] } else { &all[..] };
        *possible.iter().min_by_key(|runs| registers(runs)).unwrap_or(&whole)
    }

    fn columns(&self) -> usize {
        self.count * self.columns
    }

    /// At most so many columns.
    fn most([z, y, x]: [usize; 3], [plane, row, _]: [usize; 3]) -> usize {
        (z - 1) * plane + (y - 1) * row + x
    }
}

impl<T: Real> Sweep<'_, T> {
    /// Writes the places that the axes name.
    pub fn run(&self, out: &Shared<'_, T>) {
        let cut = Cut::new(&self.axes, self.channels, COPY, COLUMNS);
        let copies = Copies::new(self.axes, cut.most());
        let k = self.channels * copies.taps();
        let shape = Shape::new::<T>(self.rows.max(1));
        let panels = self.rows.div_ceil(shape.rows);
        let at_once = self.at_once(&copies, cut.pieces, k);
        let units = self.images.div_ceil(at_once) * self.groups * cut.pieces;
        if units == 0 || panels == 0 || self.axes.iter().any(|axis| axis.places == 0) {
            return;
        }
        let places: usize = cut.most().iter().product();
        let work = self.rows * k * places * at_once;
        let parts = if units < FEW {
            (work / TASK).clamp(1, FEW.div_ceil(units).min(panels))
        } else {
            1
        };
        let per_task = (TASK * parts).div_ceil(work.max(1));
        let panel = shape.padded_rows * k;
        let columns = Runs::most(cut.most(), copies.steps());
        let image = self.channels * copies.channel + SLACK;
        with_slice::<T, _>(self.groups * panels * panel, |packed| {
            self.pack(&copies, shape, packed);
            with_slice::<usize, _>(k, |offsets| {
                let mut each = offsets.iter_mut();
                for channel in 0..self.channels {
                    copies.each_tap(self.sizes, |_, at| {
                        if let Some(offset) = each.next() {
                            *offset = channel * copies.channel + at;
                        }
                    });
                }
                let (packed, offsets) = (&*packed, &*offsets);
                parallel_pieces(units * parts, per_task, |first, count| {
                    with_slice::<T, _>(at_once * image + shape.rows * (columns + SLACK), |space| {
                        let (copied, sums) = space.split_at_mut(at_once * image);
                        for task in first..first + count {
                            let (unit, part) = (task / parts, task % parts);
                            let (piece, unit) = (unit % cut.pieces, unit / cut.pieces);
                            let (group, block) = (unit % self.groups, unit / self.groups);
                            let (start, places) = cut.piece(piece);
                            let images = block * at_once..self.images.min((block + 1) * at_once);
                            if part == 0 || task == first {
                                for (to, number) in copied.chunks_exact_mut(image).zip(images.clone()) {
                                    self.copy(&copies, number * self.groups + group, start, places, to);
                                }
                            }
                            for number in part * panels / parts..(part + 1) * panels / parts {
                                let row = number * shape.rows;
                                let product = Product {
                                    k,
                                    rows: shape.rows.min(self.rows - row),
                                    a: &packed[(group * panels + number) * panel..][..panel],
                                    a_step: shape.padded_rows,
                                    offsets,
                                    runs: Runs::new::<T>(places, copies.steps()),
                                };
                                for (copied, image) in copied.chunks_exact(image).zip(images.clone()) {
                                    product.run(copied, sums);
                                    let feature = group * self.rows + row;
                                    let first = image * self.groups * self.rows + feature;
                                    self.write(&product, sums, first, feature, start, places, out);
                                }
                            }
                        }
                    });
                });
            });
        });
    }

    /// How many images are copied together, so that weights that no cache keeps are read once for all of them.
    fn at_once(&self, copies: &Copies, pieces: usize, k: usize) -> usize {
        if pieces > 1 || self.rows * k < WEIGHTS {
            return 1;
        }
        let most = (2 * COPY / (self.channels * copies.channel).max(1)).min(self.images / FEW);
        most.max(1)
    }

    /// Packs all weights: panels of rows, in which the rows lie side by side.
    fn pack(&self, copies: &Copies, shape: Shape, packed: &mut [T]) {
        let (taps, panels) = (copies.taps(), self.rows.div_ceil(shape.rows));
        let k = self.channels * taps;
        let panel = shape.padded_rows * k;
        if panel == 0 {
            return;
        }
        let whole: usize = self.sizes.iter().product();
        let packed = Shared::new(packed);
        parallel_pieces(self.groups * panels, PACK.div_ceil(panel), |first, count| {
            for number in first..first + count {
                let row = number % panels * shape.rows;
                let rows = shape.rows.min(self.rows - row);
                let from = &self.weights.data[number / panels * self.weights.group + row * self.weights.row..];
                // SAFETY: each panel is of one task.
                let to = unsafe { packed.part(number * panel, panel) };
                if self.weights.channel == whole && taps == whole {
                    // The weights of a row lie as they are multiplied.
                    assert!(from.len() >= (rows - 1) * self.weights.row + k);
                    // The caller's promise of `pack`: as just seen, the rows lie inside; there is room for a panel.
                    pack(Panel {
                        from: from.as_ptr(),
                        across_step: self.weights.row,
                        along_step: 1,
                        count: rows,
                        width: shape.padded_rows,
                        k,
                        to: to.as_mut_ptr(),
                    });
                    continue;
                }
                let mut to = to.chunks_exact_mut(shape.padded_rows);
                for channel in 0..self.channels {
                    copies.each_tap(self.sizes, |tap, _| {
                        let from = &from[channel * self.weights.channel + tap..];
                        for (to, &from) in to
                            .next()
                            .into_iter()
                            .flatten()
                            .zip(from.iter().step_by(self.weights.row))
                            .take(rows)
                        {
                            *to = from;
                        }
                    });
                }
            }
        });
    }

    /// Copies the channels of a group of an image.
    fn copy(&self, copies: &Copies, plane: usize, start: [usize; 3], places: [usize; 3], copied: &mut [T]) {
        let source: usize = self.axes.iter().map(|axis| axis.source).product();
        for (channel, to) in copied.chunks_exact_mut(copies.channel).enumerate().take(self.channels) {
            let x = &self.x[(plane * self.channels + channel) * source..][..source];
            copies.fill(x, start, places, to);
        }
        // What is read behind, and not used, are numbers.
        let end = self.channels * copies.channel;
        copied[end..].fill(T::ZERO);
    }

    /// Writes what was multiplied to where it goes, with its bias.
    #[allow(clippy::too_many_arguments)]
    fn write(
        &self,
        product: &Product<'_, T>,
        sums: &[T],
        first: usize,
        feature: usize,
        start: [usize; 3],
        places: [usize; 3],
        out: &Shared<'_, T>,
    ) {
        let sizes = self.axes.map(|axis| axis.out);
        let steps = [sizes[1] * sizes[2], sizes[2], 1];
        let at = |axis: usize| (self.axes[axis].out_first + start[axis] * self.axes[axis].out_step) * steps[axis];
        let at: usize = (0..3).map(at).sum();
        let (columns, size) = (product.runs.columns(), sizes.iter().product::<usize>());
        for i in 0..product.rows {
            let place = Place {
                bias: self.bias.map_or(T::ZERO, |bias| bias[feature + i]),
                places,
                between: product.runs.between,
                out: (first + i) * size + at,
                steps: std::array::from_fn(|axis| steps[axis] * self.axes[axis].out_step),
            };
            put(place, &sums[i * columns..][..columns], out);
        }
    }
}

/// Where the sums of one feature go.
#[derive(Clone, Copy)]
struct Place<T> {
    bias: T,
    places: [usize; 3],
    /// Between the rows of sums, and between their planes.
    between: [usize; 2],
    /// The first place.
    out: usize,
    /// From a plane, a row, a place to the next.
    steps: [usize; 3],
}

tiered! {
    fn put<S, T>(place: Place<T>, sums: &[T], out: &Shared<'_, T>) {
        let Place { bias, places, between, out: first, steps } = place;
        for z in 0..places[0] {
            for y in 0..places[1] {
                let sums = &sums[z * between[0] + y * between[1]..][..places[2]];
                let at = first + z * steps[0] + y * steps[1];
                // SAFETY: the places of a piece are written by one task, and those of two sweeps lie between each other.
                let out = unsafe { out.part(at, (places[2] - 1) * steps[2] + 1) };
                if steps[2] == 1 {
                    out.iter_mut().zip(sums).for_each(|(out, &sum)| *out = sum + bias);
                } else {
                    out.iter_mut().step_by(steps[2]).zip(sums).for_each(|(out, &sum)| *out = sum + bias);
                }
            }
        }
    }
}

/// A panel of weights times a piece of an image.
struct Product<'a, T> {
    k: usize,
    rows: usize,
    a: &'a [T],
    a_step: usize,
    offsets: &'a [usize],
    runs: Runs,
}

impl<T: Real> Product<'_, T> {
    /// `sums` takes the rows, each with the columns of all runs.
    fn run(&self, copied: &[T], sums: &mut [T]) {
        let columns = self.runs.columns();
        assert!(sums.len() >= self.rows * columns && self.a.len() >= self.k * self.a_step);
        assert_eq!(self.offsets.len(), self.k);
        for run in 0..self.runs.count {
            let first = run * self.runs.step;
            debug_assert!(
                self.offsets
                    .iter()
                    .all(|at| at + first + self.runs.columns + SLACK <= copied.len())
            );
            // SAFETY: the runs lie inside the copies, as `conv/copy.rs` lays them out, with the slack behind; `sums` has room for all, as
            // just seen.
            tile_row(TileRow {
                k: self.k,
                rows: self.rows,
                a: self.a.as_ptr(),
                a_step: self.a_step,
                b: copied[first..].as_ptr(),
                offsets: self.offsets.as_ptr(),
                c: sums[run * self.runs.columns..].as_mut_ptr(),
                c_row: columns,
                columns: self.runs.columns,
            });
        }
    }
}
