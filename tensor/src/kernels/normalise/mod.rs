//! Normalisation of `[images, channels, positions]` by means and variances of many elements, and of rows by their root mean square.
//!
//! A statistic is of one channel over all images, or of one image over a group of channels. Whoever has a statistic in hand writes all that is
//! made of it; sums run plane by plane in the order in which they lie.

mod rms;

use crate::kernels::Real;
use crate::kernels::rows::{sum_by, sum_by_two};
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

pub use rms::{rms, rms_gradients};

/// What is normalised, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Normalisation {
    /// The samples.
    pub images: usize,
    /// The channels.
    pub channels: usize,
    /// The elements of a plane.
    pub positions: usize,
    /// Into how many groups the channels of an image fall; nothing where a statistic is of a channel over all images.
    pub groups: Option<usize>,
}

/// Where the statistics come from.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a, T> {
    /// From what is normalised.
    Nothing,
    /// Mean and variance of each channel, from earlier.
    Known(&'a [T], &'a [T]),
}

/// Where the statistics go.
#[derive(Debug)]
pub struct Notes<'a, T> {
    /// Mean and `1 / sqrt(variance + eps)` of each, one after the other, for backward.
    pub kept: Option<&'a mut [T]>,
    /// The means, and the variances.
    pub moments: Option<[&'a mut [T]; 2]>,
}

impl Normalisation {
    /// The number of statistics.
    pub fn statistics(&self) -> usize {
        self.groups.map_or(self.channels, |groups| self.images * groups)
    }

    /// The elements of a statistic.
    pub fn count(&self) -> usize {
        match self.groups {
            None => self.images * self.positions,
            Some(groups) => self.channels / groups.max(1) * self.positions,
        }
    }

    /// The planes of a statistic: the number of each among all, and its channel.
    fn planes(self, statistic: usize) -> impl Iterator<Item = (usize, usize)> {
        let (first, step, count) = match self.groups {
            None => (statistic, self.channels, self.images),
            Some(groups) => {
                let each = self.channels / groups;
                (statistic * each, 1, each)
            }
        };
        (0..count).map(move |index| {
            let plane = first + index * step;
            (plane, plane % self.channels)
        })
    }

    fn plane<'a, T>(&self, x: &'a [T], plane: usize) -> &'a [T] {
        &x[plane * self.positions..][..self.positions]
    }

    /// Calls `each` with every statistic, a few a task.
    fn parallel(&self, each: impl Fn(usize) + Sync) {
        let piece = (1_usize << 14).div_ceil(self.count().max(1));
        parallel_pieces(self.statistics(), piece, |first, count| {
            (first..first + count).for_each(&each)
        });
    }

    /// Mean and (biased) variance.
    fn moments<T: Real>(&self, statistic: usize, x: &[T]) -> (T, T) {
        let count = T::from_usize(self.count());
        let planes = || self.planes(statistic).map(|(plane, _)| self.plane(x, plane));
        let mean = planes().fold(T::ZERO, |total, plane| total + sum(plane)) / count;
        let var = planes().fold(T::ZERO, |total, plane| total + squares(plane, mean)) / count;
        (mean, var)
    }

    /// The sum of what comes back to a statistic, and of that times its distance from the mean: plane by plane, with the channel of each.
    fn sums<'a, T: Real>(
        &'a self,
        statistic: usize,
        mean: T,
        x: &'a [T],
        d: &'a [T],
    ) -> impl Iterator<Item = (usize, [T; 2])> + 'a {
        self.planes(statistic)
            .map(move |(plane, channel)| (channel, sums(self.plane(x, plane), self.plane(d, plane), mean)))
    }
}

tiered! {
    fn sum<S, T>(x: &[T]) -> T {
        sum_by(x, |x| x)
    }
}

tiered! {
    /// The sum of squared distances.
    fn squares<S, T>(x: &[T], mean: T) -> T {
        sum_by(x, |x| (x - mean) * (x - mean))
    }
}

tiered! {
    /// The sums of `d` and of `d (x - mean)`.
    fn sums<S, T>(x: &[T], d: &[T], mean: T) -> [T; 2] {
        [sum_by(d, |d| d), sum_by_two(x, d, |x, d| d * (x - mean))]
    }
}

tiered! {
    /// `out = (x - mean) factor + shift`.
    fn stretch<S, T>(x: &[T], mean: T, factor: T, shift: T, out: &mut [T]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = (x - mean) * factor + shift;
        }
    }
}

tiered! {
    /// `d_x = scale (d factor - sum - (x - mean) along)`.
    fn send<S, T>(x: &[T], d: &[T], numbers: [T; 5], d_x: &mut [T]) {
        let [mean, scale, factor, sum, along] = numbers;
        for (d_x, (&x, &d)) in d_x.iter_mut().zip(x.iter().zip(d)) {
            *d_x = scale * (d * factor - sum - (x - mean) * along);
        }
    }
}

fn by_channel<T: Real>(given: Option<&[T]>, channel: usize, or: T) -> T {
    given.map_or(or, |given| given[channel])
}

/// `(x - mean) / sqrt(variance + eps) * weight + bias`. The statistics are noted.
///
/// # Panics
/// If a slice has another size.
pub fn forward<T: Real>(
    over: &Normalisation,
    given: Given<'_, T>,
    eps: f64,
    x: &[T],
    [weight, bias]: [Option<&[T]>; 2],
    notes: Notes<'_, T>,
    out: &mut [T],
) {
    let (out, kept) = (Shared::new(out), notes.kept.map(Shared::new));
    let moments = notes.moments.map(|moments| moments.map(Shared::new));
    over.parallel(|statistic| {
        let (mean, var) = match given {
            Given::Nothing => over.moments(statistic, x),
            Given::Known(mean, var) => (mean[statistic], var[statistic]),
        };
        let scale = T::ONE / (var + T::from_f64(eps)).sqrt();
        for (moments, number) in moments.iter().flatten().zip([mean, var]) {
            // SAFETY: each statistic has a place of its own.
            unsafe { moments.part(statistic, 1) }.fill(number);
        }
        if let Some(kept) = &kept {
            // SAFETY: each statistic has two numbers of its own.
            unsafe { kept.part(2 * statistic, 2) }.copy_from_slice(&[mean, scale]);
        }
        for (plane, channel) in over.planes(statistic) {
            let factor = scale * by_channel(weight, channel, T::ONE);
            let shift = by_channel(bias, channel, T::ZERO);
            // SAFETY: each plane is of one statistic.
            let out = unsafe { out.part(plane * over.positions, over.positions) };
            stretch(over.plane(x, plane), mean, factor, shift, out);
        }
    });
}

/// `d_x`; with `fixed` the statistics do not depend on `x`. With `n` elements, `h` the normalised ones and `g = d weight`: `d_x = scale (g -
/// sum(g) / n - h sum(g h) / n)`.
///
/// # Panics
/// If a slice has another size.
pub fn input_gradient<T: Real>(
    over: &Normalisation,
    fixed: bool,
    x: &[T],
    weight: Option<&[T]>,
    kept: &[T],
    d: &[T],
    d_x: &mut [T],
) {
    let d_x = Shared::new(d_x);
    over.parallel(|statistic| {
        let [mean, scale] = [kept[2 * statistic], kept[2 * statistic + 1]];
        let (mut sum, mut along) = (T::ZERO, T::ZERO);
        if !fixed {
            for (channel, [of_plane, along_plane]) in over.sums(statistic, mean, x, d) {
                let factor = by_channel(weight, channel, T::ONE);
                sum += of_plane * factor;
                along += along_plane * factor * scale;
            }
        }
        let count = T::from_usize(over.count());
        let (sum, along) = (sum / count, along / count);
        for (plane, channel) in over.planes(statistic) {
            let factor = by_channel(weight, channel, T::ONE);
            // SAFETY: each plane is of one statistic.
            let d_x = unsafe { d_x.part(plane * over.positions, over.positions) };
            let numbers = [mean, scale, factor, sum, scale * along];
            send(over.plane(x, plane), over.plane(d, plane), numbers, d_x);
        }
    });
}

/// `d_weight (+)= sum of d h` and `d_bias (+)= sum of d` of each channel, as far as they are wanted.
///
/// # Panics
/// If a slice has another size.
pub fn parameter_gradients<T: Real>(
    over: &Normalisation,
    x: &[T],
    kept: &[T],
    d: &[T],
    d_weight: Option<(&mut [T], bool)>,
    d_bias: Option<(&mut [T], bool)>,
) {
    if d_weight.is_none() && d_bias.is_none() {
        return;
    }
    let [d_weight, d_bias] = [d_weight, d_bias].map(|wanted| wanted.map(|(to, adds)| (Shared::new(to), adds)));
    let piece = (1_usize << 14).div_ceil((over.images * over.positions).max(1));
    parallel_pieces(over.channels, piece, |first, count| {
        for channel in first..first + count {
            let (mut of_weight, mut of_bias) = (T::ZERO, T::ZERO);
            // Statistics of nothing are no numbers.
            let images = if over.positions == 0 { 0 } else { over.images };
            for image in 0..images {
                let plane = image * over.channels + channel;
                let statistic = over
                    .groups
                    .map_or(channel, |groups| image * groups + channel / (over.channels / groups));
                let [mean, scale] = [kept[2 * statistic], kept[2 * statistic + 1]];
                let [sum, along] = sums(over.plane(x, plane), over.plane(d, plane), mean);
                of_weight += along * scale;
                of_bias += sum;
            }
            for (wanted, sum) in [(&d_weight, of_weight), (&d_bias, of_bias)] {
                if let Some((to, adds)) = wanted {
                    // SAFETY: each channel is of one task.
                    let to = unsafe { to.part(channel, 1) };
                    to[0] = if *adds { to[0] + sum } else { sum };
                }
            }
        }
    });
}

/// Running statistics of each channel after a batch of `count` elements each: `(1 - momentum) old + momentum new` in the place of the new
/// ones, of which the variance becomes the unbiased one.
///
/// # Panics
/// If a slice has another size.
pub fn mix<T: Real>(count: usize, momentum: f64, old: [&[T]; 2], new: [&mut [T]; 2]) {
    let (keeps, takes) = (T::from_f64(1.0 - momentum), T::from_f64(momentum));
    let unbiased = T::from_f64(count as f64 / (count as f64 - 1.0));
    for ((old, new), factor) in old.into_iter().zip(new).zip([T::ONE, unbiased]) {
        assert_eq!(old.len(), new.len(), "statistics of other channels");
        new.iter_mut()
            .zip(old)
            .for_each(|(new, &old)| *new = keeps * old + takes * (*new * factor));
    }
}

#[cfg(test)]
mod tests;
