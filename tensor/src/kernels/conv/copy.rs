//! Copies of planes with the zeros around them, laid out as [`Axis`] says.

use super::axis::Axis;
use super::tile::WHOLE;
use crate::kernels::Real;

/// How the copies of the channels of an image lie: `[channel, phases.., lengths..]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copies {
    axes: [Axis; 3],
    lengths: [usize; 3],
    /// From a channel to the next.
    pub channel: usize,
}

impl Copies {
    /// For so many places along each axis.
    pub fn new(axes: [Axis; 3], places: [usize; 3]) -> Self {
        let lengths: [usize; 3] = std::array::from_fn(|axis| places[axis] + axes[axis].reach);
        let phases: usize = axes.iter().map(|axis| axis.phases).product();
        // A register of zeros behind, so that nothing is read of the next channel. Whole cache lines, and an odd number of them: rows of
        // many channels must not meet in one set of the cache.
        let lines = (phases * lengths.iter().product::<usize>()).div_ceil(WHOLE) + 1;
        Self {
            axes,
            lengths,
            channel: (lines | 1) * WHOLE,
        }
    }

    /// The elements of the kernel that take part.
    pub fn taps(&self) -> usize {
        self.axes.iter().map(|axis| axis.taps).product()
    }

    /// From a row of places to the next, and from a plane of them to the next.
    pub fn steps(&self) -> [usize; 3] {
        [self.lengths[1] * self.lengths[2], self.lengths[2], 1]
    }

    /// Calls `tap` with each element of the kernel that takes part: its index in the kernel of `sizes`, and where it begins in a channel.
    pub fn each_tap(&self, sizes: [usize; 3], mut tap: impl FnMut(usize, usize)) {
        let ([depth, height, width], [plane, row, _]) = (self.axes, self.steps());
        let volume = self.lengths[0] * plane;
        for z in (0..depth.taps).map(|n| depth.tap(n)) {
            for y in (0..height.taps).map(|n| height.tap(n)) {
                for x in (0..width.taps).map(|n| width.tap(n)) {
                    let phase = (z.phase * height.phases + y.phase) * width.phases + x.phase;
                    let at = phase * volume + z.shift * plane + y.shift * row + x.shift;
                    tap((z.index * sizes[1] + y.index) * sizes[2] + x.index, at);
                }
            }
        }
    }

    /// Writes the copy of one channel for `places` places from `first` on.
    pub fn fill<T: Real>(&self, x: &[T], first: [usize; 3], places: [usize; 3], to: &mut [T]) {
        let ([depth, height, width], [plane, row, _]) = (self.axes, self.steps());
        let volume = self.lengths[0] * plane;
        let lengths: [usize; 3] = std::array::from_fn(|axis| places[axis] + self.axes[axis].reach);
        if lengths == self.lengths {
            let end = self.axes.iter().map(|axis| axis.phases).product::<usize>() * volume;
            to[end..].fill(T::ZERO);
        } else {
            // A last piece leaves rows that are not its own, of which the first numbers may be read.
            to.fill(T::ZERO);
        }
        let phases =
            |axis: Axis, of: usize| (0..axis.phases).map(move |phase| axis.inside(phase, first[of], places[of]));
        for (pz, z) in phases(depth, 0).enumerate() {
            for (py, y) in phases(height, 1).enumerate() {
                for (px, x_inside) in phases(width, 2).enumerate() {
                    let to = &mut to[((pz * height.phases + py) * width.phases + px) * volume..][..volume];
                    for plane_at in 0..lengths[0] {
                        let to = &mut to[plane_at * plane..][..plane];
                        let Some(from_z) = plane_at.checked_sub(z.before).filter(|&at| at < z.count) else {
                            to[..lengths[1] * row].fill(T::ZERO);
                            continue;
                        };
                        let from_z = z.first + from_z * z.step;
                        for row_at in 0..lengths[1] {
                            let to = &mut to[row_at * row..][..lengths[2]];
                            let Some(from_y) = row_at.checked_sub(y.before).filter(|&at| at < y.count) else {
                                to.fill(T::ZERO);
                                continue;
                            };
                            let from_y = y.first + from_y * y.step;
                            let from = &x[(from_z * height.source + from_y) * width.source..][..width.source];
                            to[..x_inside.before].fill(T::ZERO);
                            let (inside, behind) = to[x_inside.before..].split_at_mut(x_inside.count);
                            if x_inside.count > 0 {
                                copy(&from[x_inside.first..], x_inside.step, inside);
                            }
                            behind.fill(T::ZERO);
                        }
                    }
                }
            }
        }
    }
}

/// Every `step`-th number.
fn copy<T: Real>(from: &[T], step: usize, to: &mut [T]) {
    match step {
        1 => {
            let count = to.len();
            // Rows are often too short to be worth a call.
            if count < 32 {
                to.iter_mut().zip(from).for_each(|(to, &from)| *to = from);
            } else {
                to.copy_from_slice(&from[..count]);
            }
        }
        2 => to
            .iter_mut()
            .zip(from.iter().step_by(2))
            .for_each(|(to, &from)| *to = from),
        _ => to
            .iter_mut()
            .zip(from.iter().step_by(step))
            .for_each(|(to, &from)| *to = from),
    }
}

/// A cut of the places of an image into pieces, along one axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    axis: usize,
    /// The places of a piece along that axis; the last piece may have fewer.
    each: usize,
    /// The number of pieces.
    pub pieces: usize,
    places: [usize; 3],
}

impl Cut {
    /// Pieces whose copies of `channels` channels have at most `most` elements, and at most `columns` places with what lies between, where
    /// one row or plane of places is not more.
    pub fn new(axes: &[Axis; 3], channels: usize, most: usize, columns: usize) -> Self {
        let places = axes.map(|axis| axis.places);
        let axis = places.iter().position(|&places| places > 1).unwrap_or(2);
        let fits = |each: usize| {
            let mut piece = places;
            piece[axis] = each;
            let copies = Copies::new(*axes, piece);
            copies.channel.saturating_mul(channels) <= most && copies.steps()[axis].saturating_mul(each) <= columns
        };
        // The largest that fits.
        let (mut low, mut high) = (1, places[axis].max(1));
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(middle) { low = middle } else { high = middle - 1 }
        }
        let pieces = places[axis].div_ceil(low);
        let each = places[axis].div_ceil(pieces.max(1)).max(1);
        Self {
            axis,
            each,
            pieces: places[axis].div_ceil(each),
            places,
        }
    }

    /// The places of a whole piece.
    pub fn most(&self) -> [usize; 3] {
        let mut places = self.places;
        places[self.axis] = self.each.min(places[self.axis]);
        places
    }

    /// The first place of a piece, and its places.
    pub fn piece(&self, piece: usize) -> ([usize; 3], [usize; 3]) {
        let (mut first, mut places) = ([0; 3], self.places);
        first[self.axis] = piece * self.each;
        places[self.axis] = self.each.min(places[self.axis] - first[self.axis]);
        (first, places)
    }
}
