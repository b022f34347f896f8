//! Normalisation of `[images, channels, positions]` by means and variances of many elements, and of rows by their root mean square.
//!
//! A statistic is of one channel over all images, or of one image over a group of channels. Whoever has a statistic in hand writes all that is
//! made of it; sums run plane by plane in the order in which they lie.

use crate::kernels::Real;
use crate::threads::{Shared, parallel_pieces};

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
        let planes = |of: &dyn Fn(T) -> T| {
            self.planes(statistic).fold(T::ZERO, |sum, (plane, _)| {
                sum + self.plane(x, plane).iter().fold(T::ZERO, |sum, &x| sum + of(x))
            })
        };
        let mean = planes(&|x| x) / count;
        let var = planes(&|x| (x - mean) * (x - mean)) / count;
        (mean, var)
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
            for (out, &x) in out.iter_mut().zip(over.plane(x, plane)) {
                *out = (x - mean) * factor + shift;
            }
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
        for (plane, channel) in over.planes(statistic).filter(|_| !fixed) {
            let factor = by_channel(weight, channel, T::ONE);
            let (mut of_plane, mut along_plane) = (T::ZERO, T::ZERO);
            for (&x, &d) in over.plane(x, plane).iter().zip(over.plane(d, plane)) {
                of_plane += d;
                along_plane += d * (x - mean);
            }
            sum += of_plane * factor;
            along += along_plane * factor * scale;
        }
        let count = T::from_usize(over.count());
        let (sum, along) = (sum / count, along / count);
        for (plane, channel) in over.planes(statistic) {
            let factor = by_channel(weight, channel, T::ONE);
            // SAFETY: each plane is of one statistic.
            let d_x = unsafe { d_x.part(plane * over.positions, over.positions) };
            let pairs = over.plane(x, plane).iter().zip(over.plane(d, plane));
            for (d_x, (&x, &d)) in d_x.iter_mut().zip(pairs) {
                *d_x = scale * (d * factor - sum - (x - mean) * scale * along);
            }
        }
    });
}

/// `d_weight (+)= sum of d h` and `d_bias (+)= sum of d` of each channel.
///
/// # Panics
/// If a slice has another size.
pub fn parameter_gradients<T: Real>(
    over: &Normalisation,
    x: &[T],
    kept: &[T],
    d: &[T],
    (d_weight, adds_weight): (&mut [T], bool),
    (d_bias, adds_bias): (&mut [T], bool),
) {
    for channel in 0..over.channels {
        let (mut of_weight, mut of_bias) = (T::ZERO, T::ZERO);
        for image in 0..over.images {
            let plane = image * over.channels + channel;
            let statistic = over
                .groups
                .map_or(channel, |groups| image * groups + channel / (over.channels / groups));
            let [mean, scale] = [kept[2 * statistic], kept[2 * statistic + 1]];
            let (mut sum, mut along) = (T::ZERO, T::ZERO);
            for (&x, &d) in over.plane(x, plane).iter().zip(over.plane(d, plane)) {
                sum += d;
                along += d * (x - mean);
            }
            of_weight += along * scale;
            of_bias += sum;
        }
        let add = |to: &mut T, sum, adds| *to = if adds { *to + sum } else { sum };
        add(&mut d_weight[channel], of_weight, adds_weight);
        add(&mut d_bias[channel], of_bias, adds_bias);
    }
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

/// `x / sqrt(mean of x^2 + eps) * weight` for each row; `kept` takes `1 / sqrt(mean of x^2 + eps)`.
///
/// # Panics
/// If a slice has another size.
pub fn rms<T: Real>(columns: usize, eps: f64, x: &[T], weight: Option<&[T]>, kept: Option<&mut [T]>, out: &mut [T]) {
    let (out, kept) = (Shared::new(out), kept.map(Shared::new));
    let rows = x.len().checked_div(columns).unwrap_or(0);
    parallel_pieces(rows, (1_usize << 14).div_ceil(columns.max(1)), |first, count| {
        for row in first..first + count {
            let x = &x[row * columns..][..columns];
            let squares = x.iter().fold(T::ZERO, |sum, &x| sum + x * x);
            let scale = T::ONE / (squares / T::from_usize(columns) + T::from_f64(eps)).sqrt();
            if let Some(kept) = &kept {
                // SAFETY: each row has a number of its own.
                unsafe { kept.part(row, 1) }.fill(scale);
            }
            // SAFETY: each task has rows of its own.
            let out = unsafe { out.part(row * columns, columns) };
            for (column, (out, &x)) in out.iter_mut().zip(x).enumerate() {
                *out = x * scale * by_channel(weight, column, T::ONE);
            }
        }
    });
}

/// Its gradients: with `g = d weight`, `d_x = scale (g - x scale^2 mean of g x)` and `d_weight (+)= sum of d x scale`.
///
/// # Panics
/// If a slice has another size.
pub fn rms_gradients<T: Real>(
    x: &[T],
    weight: Option<&[T]>,
    kept: &[T],
    d: &[T],
    d_x: Option<&mut [T]>,
    d_weight: Option<(&mut [T], bool)>,
) {
    let columns = x.len().checked_div(kept.len()).unwrap_or(0);
    let rows = || kept.iter().enumerate().map(|(row, &scale)| (row * columns, scale));
    if let Some(d_x) = d_x {
        for (at, scale) in rows() {
            let (x, d) = (&x[at..][..columns], &d[at..][..columns]);
            let along = x.iter().zip(d).enumerate().fold(T::ZERO, |sum, (column, (&x, &d))| {
                sum + x * d * by_channel(weight, column, T::ONE)
            });
            let along = along / T::from_usize(columns) * scale * scale;
            for (column, d_x) in d_x[at..][..columns].iter_mut().enumerate() {
                *d_x = scale * (d[column] * by_channel(weight, column, T::ONE) - x[column] * along);
            }
        }
    }
    if let Some((d_weight, adds)) = d_weight {
        if !adds {
            d_weight.fill(T::ZERO);
        }
        for (at, scale) in rows() {
            for (column, d_weight) in d_weight.iter_mut().enumerate() {
                *d_weight += d[at + column] * x[at + column] * scale;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statistic_is_normalised() {
        let x: Vec<f64> = (0..24).map(|index| f64::from(index * index % 17)).collect();
        for groups in [None, Some(1), Some(2), Some(4)] {
            let over = Normalisation {
                images: 2,
                channels: 4,
                positions: 3,
                groups,
            };
            let (mut out, mut kept) = (vec![0.0; 24], vec![0.0; 2 * over.statistics()]);
            let (weight, bias) = ([1.0, 2.0, 3.0, 4.0], [0.5, 0.25, 0.0, -1.0]);
            let affine = [Some(&weight[..]), Some(&bias[..])];
            let notes = Notes {
                kept: Some(&mut kept[..]),
                moments: None,
            };
            forward(&over, Given::Nothing, 1e-3, &x, affine, notes, &mut out);
            for statistic in 0..over.statistics() {
                let places = |of: usize| {
                    let (plane, place) = (of / 3, of % 3);
                    let (image, channel) = (plane / 4, plane % 4);
                    let its = groups.map_or(channel, |groups| image * groups + channel / (4 / groups));
                    (its == statistic).then_some((channel, plane * 3 + place))
                };
                let all: Vec<(usize, usize)> = (0..24).filter_map(places).collect();
                assert_eq!(all.len(), over.count());
                let mean = all.iter().map(|&(_, at)| x[at]).sum::<f64>() / all.len() as f64;
                let var = all.iter().map(|&(_, at)| (x[at] - mean).powi(2)).sum::<f64>() / all.len() as f64;
                assert!((kept[2 * statistic] - mean).abs() < 1e-12);
                for (channel, at) in all {
                    let expected = (x[at] - mean) / (var + 1e-3).sqrt() * weight[channel] + bias[channel];
                    assert!((out[at] - expected).abs() < 1e-12, "{groups:?} {at}");
                }
            }
        }
    }

    #[test]
    fn known_statistics_serve_as_they_are() {
        let over = Normalisation {
            images: 1,
            channels: 2,
            positions: 1,
            groups: None,
        };
        let (mut out, mut kept) = ([0.0; 2], [0.0; 4]);
        let given = Given::Known(&[1.0, 2.0], &[4.0, 0.25]);
        let notes = Notes {
            kept: Some(&mut kept[..]),
            moments: None,
        };
        forward(&over, given, 0.0, &[3.0, 3.0], [None, None], notes, &mut out);
        assert_eq!(out, [1.0, 2.0]);
        let mut d_x = [0.0; 2];
        input_gradient(&over, true, &[3.0, 3.0], None, &kept, &[1.0, 1.0], &mut d_x);
        assert_eq!(d_x, [0.5, 2.0]);
    }

    #[test]
    fn running_statistics_take_the_unbiased_variance() {
        let over = Normalisation {
            images: 2,
            channels: 1,
            positions: 1,
            groups: None,
        };
        let (mut mean, mut var, mut out) = ([0.0], [0.0], [0.0; 2]);
        let notes = Notes {
            kept: None,
            moments: Some([&mut mean[..], &mut var[..]]),
        };
        forward(&over, Given::Nothing, 0.0, &[-1.0, 1.0], [None, None], notes, &mut out);
        assert_eq!((mean, var), ([0.0], [1.0]));
        mix(over.count(), 0.5, [&[2.0], &[4.0]], [&mut mean, &mut var]);
        assert_eq!((mean, var), ([1.0], [3.0]));
    }

    #[test]
    fn rows_have_a_mean_square_of_1() {
        let (mut out, mut kept) = ([0.0; 4], [0.0; 2]);
        rms(
            2,
            0.0,
            &[3.0, -3.0, 0.5, 0.5],
            Some(&[1.0, 2.0]),
            Some(&mut kept),
            &mut out,
        );
        assert_eq!(out, [1.0, -2.0, 1.0, 2.0]);
        assert_eq!(kept, [1.0 / 3.0, 2.0]);
        rms::<f64>(3, 1.0, &[], None, None, &mut []);
    }
}
