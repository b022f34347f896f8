//! A number for each channel of `[samples, channels, places]`.

use super::Real;

/// How many channels, and how many places each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// The channels of a sample.
    pub channels: usize,
    /// The places of a channel.
    pub places: usize,
}

impl Channels {
    /// The places of each channel of each sample, with the channel.
    fn each<'a, T>(&self, x: &'a [T]) -> impl Iterator<Item = (usize, &'a [T])> {
        let channels = self.channels.max(1);
        x.chunks_exact(self.places.max(1))
            .enumerate()
            .map(move |(index, places)| (index % channels, places))
    }
}

/// The weight of a channel: its own, or the only one.
fn of<T: Copy>(weights: &[T], channel: usize) -> T {
    weights[if weights.len() == 1 { 0 } else { channel }]
}

/// `x` where positive, `weight x` elsewhere.
pub fn prelu<T: Real>(channels: Channels, x: &[T], weights: &[T], out: &mut [T]) {
    let outs = out.chunks_exact_mut(channels.places.max(1));
    for ((channel, x), out) in channels.each(x).zip(outs) {
        let weight = of(weights, channel);
        for (out, &x) in out.iter_mut().zip(x) {
            *out = if x > T::ZERO { x } else { weight * x };
        }
    }
}

/// The gradient of [`prelu`] by `x`.
pub fn prelu_gradient<T: Real>(channels: Channels, x: &[T], weights: &[T], d_out: &[T], d_x: &mut [T]) {
    let others = channels.each(d_out).zip(d_x.chunks_exact_mut(channels.places.max(1)));
    for ((channel, x), ((_, d_out), d_x)) in channels.each(x).zip(others) {
        let weight = of(weights, channel);
        for ((d_x, &x), &d) in d_x.iter_mut().zip(x).zip(d_out) {
            *d_x = if x > T::ZERO { d } else { weight * d };
        }
    }
}

/// Its gradient by the weights, put there or added; sums are of 64 bits.
pub fn prelu_weight_gradient<T: Real>(channels: Channels, x: &[T], d_out: &[T], d_weights: &mut [T], adds: bool) {
    let is_one = d_weights.len() == 1;
    for (index, d_weight) in d_weights.iter_mut().enumerate() {
        let mut sum = 0.0;
        for ((channel, x), (_, d_out)) in channels.each(x).zip(channels.each(d_out)) {
            if is_one || channel == index {
                let below = |(x, d): (&T, &T)| if *x > T::ZERO { 0.0 } else { x.to_f64() * d.to_f64() };
                sum += x.iter().zip(d_out).map(below).sum::<f64>();
            }
        }
        let sum = T::from_f64(sum);
        *d_weight = if adds { *d_weight + sum } else { sum };
    }
}

/// `out = mask x`, with a number of `mask` for each channel of each sample.
pub fn masked<T: Real>(places: usize, x: &[T], mask: &[T], out: &mut [T]) {
    let each = x.chunks_exact(places.max(1)).zip(out.chunks_exact_mut(places.max(1)));
    for ((x, out), &mask) in each.zip(mask) {
        out.iter_mut().zip(x).for_each(|(out, &x)| *out = mask * x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::strided::tests::Dice;

    #[test]
    fn gradients_of_prelu_are_differences() {
        let mut dice = Dice::new(3);
        for (samples, channels, places) in [(2, 3, 4), (1, 1, 1), (3, 2, 1), (0, 2, 3), (2, 2, 0)] {
            let over = Channels { channels, places };
            for count in [1, channels] {
                let len = samples * channels * places;
                let (mut x, mut weights, d) = (dice.numbers(len), dice.numbers(count), dice.numbers(len));
                let loss = |x: &[f64], weights: &[f64]| {
                    let mut out = vec![9.0; len];
                    prelu(over, x, weights, &mut out);
                    out.iter().zip(&d).map(|(out, d)| out * d).sum::<f64>()
                };
                let (mut d_x, mut d_weights) = (vec![9.0; len], vec![1.0; count]);
                prelu_gradient(over, &x, &weights, &d, &mut d_x);
                prelu_weight_gradient(over, &x, &d, &mut d_weights, true);
                for at in 0..len {
                    x[at] += 1e-6;
                    let above = loss(&x, &weights);
                    x[at] -= 2e-6;
                    assert!(((above - loss(&x, &weights)) / 2e-6 - d_x[at]).abs() < 1e-8);
                    x[at] += 1e-6;
                }
                for at in 0..count {
                    weights[at] += 1e-6;
                    let above = loss(&x, &weights);
                    weights[at] -= 2e-6;
                    assert!(((above - loss(&x, &weights)) / 2e-6 - (d_weights[at] - 1.0)).abs() < 1e-8);
                    weights[at] += 1e-6;
                }
            }
        }
    }

    #[test]
    fn a_mask_is_of_channels() {
        let mut out = [9.0; 6];
        masked(3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[0.0, 2.0], &mut out);
        assert_eq!(out, [0.0, 0.0, 0.0, 8.0, 10.0, 12.0]);
    }
}
