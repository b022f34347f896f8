//! The gradient of the weights: for each result and each weight of it, the dot product of the gradient with what the weight saw.
//!
//! What a weight saw lies side by side in a copy of the images ([`Axis`](super::axis::Axis)); the gradient is copied with zeros where rows of the
//! copy go on. Images and channels are cut among tasks by size alone, and what comes of the images is summed in their order.

use super::copy::{Copies, Cut};
use super::tile::{Dots, Runs, WHOLE, dots};
use super::{Axis, Geometry};
use crate::kernels::Real;
use crate::kernels::gemm::equal_pieces;
use crate::kernels::scratch::with_slice;
use crate::threads::{Shared, parallel_pieces};

/// The most numbers of a copy of the images.
const COPY: usize = 1 << 16;
/// The most columns of a piece, or of the images that are copied at once.
const COLUMNS: usize = 2048;
/// The most results of a task.
const ROWS: usize = 64;
/// Multiply-adds a task.
const TASK: usize = 1 << 18;
/// The most parts that the images fall into.
const BLOCKS: usize = 16;
/// The most numbers of all sums of parts.
const SUMS: usize = 1 << 20;
/// As many tasks are wanted, if there is work for them.
const TASKS: usize = 16;

/// How the work is cut.
struct Plan<'a> {
    geometry: &'a Geometry,
    cut: Cut,
    copies: Copies,
    /// Channels of a task.
    channels: usize,
    /// Results of a task.
    rows: usize,
    /// Images, or pieces of images, of a part.
    each: usize,
    blocks: usize,
    /// Images that are copied at once.
    at_once: usize,
    /// The numbers of a row of a copied gradient.
    length: usize,
}

/// The numbers from the first place to the last, and zeros behind.
fn length(places: [usize; 3], steps: [usize; 3]) -> usize {
    let last: usize = places
        .iter()
        .zip(steps)
        .map(|(places, step)| places.saturating_sub(1) * step)
        .sum();
    (last + 1).next_multiple_of(WHOLE)
}

impl<'a> Plan<'a> {
    fn new(geometry: &'a Geometry) -> Self {
        let axes = geometry.axes.each_ref().map(Axis::forward);
        let cut = Cut::new(&axes, 1, COPY, COLUMNS);
        let copies = Copies::new(axes, cut.most());
        let (taps, steps) = (geometry.taps(), copies.steps());
        let length = length(cut.most(), steps);
        let units = geometry.images * cut.pieces;
        let rows = equal_pieces(geometry.outputs.max(1), ROWS, 1);
        let weights = geometry.groups * geometry.outputs * geometry.inputs * taps;
        let work = weights * geometry.output() * geometry.images;
        let wanted = (work / TASK).clamp(1, TASKS);
        let blocks = (SUMS / weights.max(1)).clamp(1, BLOCKS).min(wanted).min(units.max(1));
        let each = units.div_ceil(blocks).max(1);
        let blocks = units.div_ceil(each);
        // As many images are copied together as make rows long enough.
        let at_once = if cut.pieces == 1 {
            (COLUMNS / length).clamp(1, each)
        } else {
            1
        };
        let most = (COPY / (copies.channel * at_once)).max(1);
        let ranges = wanted.div_ceil(blocks.max(1) * geometry.groups * geometry.outputs.div_ceil(rows).max(1));
        let most = most.min(geometry.inputs.div_ceil(ranges)).max(1);
        Self {
            geometry,
            cut,
            copies,
            channels: equal_pieces(geometry.inputs.max(1), most, 1),
            rows,
            each,
            blocks,
            at_once,
            length,
        }
    }

    /// Calls `task` with each cut: part of the images, group, first result, first channel.
    fn tasks(&self, task: impl Fn(usize, usize, usize, usize) + Sync) {
        let (ranges, parts) = (
            self.geometry.inputs.div_ceil(self.channels),
            self.geometry.outputs.div_ceil(self.rows),
        );
        let work = self.each * self.rows * self.channels * self.geometry.taps() * self.length;
        let tasks = self.blocks * self.geometry.groups * parts * ranges;
        parallel_pieces(tasks, TASK.div_ceil(work.max(1)), |first, count| {
            for number in first..first + count {
                let (range, number) = (number % ranges, number / ranges);
                let (part, number) = (number % parts, number / parts);
                let (group, block) = (number % self.geometry.groups, number / self.geometry.groups);
                task(block, group, part * self.rows, range * self.channels);
            }
        });
    }
}

/// `d_w (+)= ..`, from `d = d_y`; all sizes were checked.
pub(super) fn run<T: Real>(geometry: &Geometry, d: &[T], x: &[T], d_w: &mut [T], accumulate: bool) {
    let plan = Plan::new(geometry);
    let weights = d_w.len();
    if plan.blocks == 0 || geometry.output() == 0 {
        if !accumulate {
            d_w.fill(T::ZERO);
        }
        return;
    }
    let columns = geometry.inputs * geometry.taps();
    with_slice::<T, _>(plan.blocks * weights, |sums| {
        with_slice::<usize, _>(plan.channels * geometry.taps(), |offsets| {
            let mut each = offsets.iter_mut();
            for channel in 0..plan.channels {
                plan.copies.each_tap(geometry.axes.map(|axis| axis.size), |_, at| {
                    if let Some(offset) = each.next() {
                        *offset = channel * plan.copies.channel + at;
                    }
                });
            }
            let (shared, offsets) = (Shared::new(&mut *sums), &*offsets);
            plan.tasks(|block, group, row, channel| {
                let first = block * weights + (group * geometry.outputs + row) * columns + channel * geometry.taps();
                let rows = plan.rows.min(geometry.outputs - row);
                // The last row ends where the channels end.
                let channels = plan.channels.min(geometry.inputs - channel);
                let length = (rows - 1) * columns + channels * geometry.taps();
                assert!(first + length <= plan.blocks * weights);
                let task = Task {
                    plan: &plan,
                    offsets: &offsets[..channels * geometry.taps()],
                    group,
                    row,
                    rows,
                    channel,
                    channels,
                    to: shared.pointer().wrapping_add(first),
                };
                task.run(block, d, x);
            });
        });
        add(weights, sums, d_w, accumulate);
    });
}

/// The sum of all parts, in their order.
fn add<T: Real>(weights: usize, sums: &[T], d_w: &mut [T], accumulate: bool) {
    let shared = Shared::new(d_w);
    parallel_pieces(weights, 1 << 15, |first, count| {
        // SAFETY: each task has weights of its own.
        let d_w = unsafe { shared.part(first, count) };
        for (block, sums) in sums.chunks_exact(weights).enumerate() {
            let sums = &sums[first..][..count];
            if block == 0 && !accumulate {
                d_w.copy_from_slice(sums);
            } else {
                d_w.iter_mut().zip(sums).for_each(|(d_w, &sum)| *d_w += sum);
            }
        }
    });
}

struct Task<'a, T> {
    plan: &'a Plan<'a>,
    offsets: &'a [usize],
    group: usize,
    row: usize,
    rows: usize,
    channel: usize,
    channels: usize,
    /// Its first sum; those of a row lie side by side.
    to: *mut T,
}

impl<T: Real> Task<'_, T> {
    fn run(&self, block: usize, d: &[T], x: &[T]) {
        let Plan {
            geometry,
            cut,
            copies,
            each,
            at_once,
            length,
            ..
        } = *self.plan;
        let units = geometry.images * cut.pieces;
        let (first, end) = (block * each, units.min((block + 1) * each));
        let (image, gradient) = (self.channels * copies.channel, self.rows * length);
        with_slice::<T, _>(at_once * (image + gradient), |space| {
            let (images, gradients) = space.split_at_mut(at_once * image);
            for start in (first..end).step_by(at_once) {
                let count = at_once.min(end - start);
                let mut run = 0;
                for unit in 0..count {
                    let (number, piece) = ((start + unit) / cut.pieces, (start + unit) % cut.pieces);
                    let (place, places) = cut.piece(piece);
                    run = self::length(places, copies.steps());
                    let plane = number * geometry.groups + self.group;
                    for channel in 0..self.channels {
                        let x = &x[(plane * geometry.inputs + self.channel + channel) * geometry.input()..];
                        let to = &mut images[unit * image + channel * copies.channel..][..copies.channel];
                        copies.fill(&x[..geometry.input()], place, places, to);
                    }
                    for row in 0..self.rows {
                        let d = &d[(plane * geometry.outputs + self.row + row) * geometry.output()..];
                        let to = &mut gradients[unit * gradient + row * length..][..length];
                        self.spread(&d[..geometry.output()], place, places, to);
                    }
                }
                let runs = Runs {
                    count,
                    length: run,
                    a_step: gradient,
                    b_step: image,
                };
                // The promise: runs lie inside the copies, as `conv/copy.rs` lays them out; the sums are this task's.
                dots(Dots {
                    runs,
                    rows: self.rows,
                    a: gradients.as_ptr(),
                    a_row: length,
                    columns: self.offsets.len(),
                    b: images.as_ptr(),
                    offsets: self.offsets.as_ptr(),
                    c: self.to,
                    c_row: geometry.inputs * geometry.taps(),
                    accumulate: start > first,
                });
            }
        });
    }

    /// Copies the gradient of a plane with zeros where the copies of the images have more than there are places.
    fn spread(&self, d: &[T], place: [usize; 3], places: [usize; 3], to: &mut [T]) {
        let axes = &self.plan.geometry.axes;
        let [plane, row, _] = self.plan.copies.steps();
        if row != places[2] || plane != row * places[1] {
            to.fill(T::ZERO);
        } else {
            to[places.iter().product()..].fill(T::ZERO);
        }
        for z in 0..places[0] {
            for y in 0..places[1] {
                let from = ((place[0] + z) * axes[1].output + place[1] + y) * axes[2].output + place[2];
                to[z * plane + y * row..][..places[2]].copy_from_slice(&d[from..][..places[2]]);
            }
        }
    }
}
