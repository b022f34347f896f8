//! Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
//!
//! The key is the seed, the counter's high half the stream, its low half the number of a block of four words.
//! Element `i` of a stream is the same whatever piece of it is made.

use crate::kernels::real::Real;
use crate::kernels::simd::tiered;
use crate::threads::{Shared, parallel_pieces};

/// A sequence of random words: that of `stream` under `seed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    /// The key.
    pub seed: u64,
    /// Which of the seed's sequences.
    pub stream: u64,
}

/// Words made at a time: 16 blocks of four.
const BATCH: usize = 64;
/// Elements a task fills.
const PIECE: usize = 1 << 15;

/// Ten rounds of Philox on one counter.
#[inline(always)]
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    let mut round = 0;
    while round < 10 {
        let (a, b) = (0xd251_1f53 * c0 as u64, 0xcd9e_8d57 * c2 as u64);
        (c0, c1, c2, c3) = (
            (b >> 32) as u32 ^ c1 ^ k0,
            b as u32,
            (a >> 32) as u32 ^ c3 ^ k1,
            a as u32,
        );
        k0 = k0.wrapping_add(0x9e37_79b9);
        k1 = k1.wrapping_add(0xbb67_ae85);
        round += 1;
    }
    [c0, c1, c2, c3]
}

impl Stream {
    /// The stream `stream` of `seed`.
    pub const fn new(seed: u64, stream: u64) -> Self {
        Self { seed, stream }
    }

    /// The four words of a block.
    #[inline]
    pub fn words_of_block(self, block: u64) -> [u32; 4] {
        self.block(block)
    }

    /// The four words of block `block`.
    #[inline(always)]
    fn block(self, block: u64) -> [u32; 4] {
        philox(
            [
                block as u32,
                (block >> 32) as u32,
                self.stream as u32,
                (self.stream >> 32) as u32,
            ],
            [self.seed as u32, (self.seed >> 32) as u32],
        )
    }

    /// Word `index`.
    #[cfg(test)]
    pub fn u32_at(self, index: u64) -> u32 {
        self.block(index / 4)[(index % 4) as usize]
    }

    /// Number `index` of [`fill_uniform`] in `f32`: uniform in `[0, 1)`.
    #[cfg(test)]
    pub fn uniform_f32(self, index: u64) -> f32 {
        f32::uniform(self.u32_at(index), 0)
    }

    /// Sixteen blocks of words from block `first` on.
    #[inline(always)]
    pub(crate) fn batch(self, first: u64) -> [u32; BATCH] {
        let mut words = [0; BATCH];
        for i in 0..BATCH / 4 {
            let [w0, w1, w2, w3] = self.block(first.wrapping_add(i as u64));
            words[4 * i] = w0;
            words[4 * i + 1] = w1;
            words[4 * i + 2] = w2;
            words[4 * i + 3] = w3;
        }
        words
    }

    /// Calls `use_words(position, words)` for the words `first..first + count`, in runs of at most 64; `position` counts from 0.
    #[inline(always)]
    pub(crate) fn words(self, first: u64, count: usize, mut use_words: impl FnMut(usize, &[u32])) {
        let mut position = 0;
        while position < count {
            let word = first + position as u64;
            let skipped = (word % 4) as usize;
            let words = self.batch(word / 4);
            let length = (BATCH - skipped).min(count - position);
            use_words(position, &words[skipped..skipped + length]);
            position += length;
        }
    }
}

tiered! {
    /// Numbers `first..` of the stream.
    fn fill_piece<S, T>(out: &mut [T], first: u64, low: T, high: T, stream: Stream) {
        let width = high - low;
        // Rounding may reach `high` from below; it is excluded.
        let place = |unit: T| {
            let value = S::mul_add(unit, width, low);
            if value < high || width <= T::ZERO { value } else { low }
        };
        if size_of::<T>() == 4 {
            stream.words(first, out.len(), |position, words| {
                let out = &mut out[position..position + words.len()];
                for (out, &word) in out.iter_mut().zip(words) {
                    *out = place(T::uniform(word, 0));
                }
            });
        } else {
            // Two words a number; `first` is in numbers, so every run has an even number of words.
            stream.words(2 * first, 2 * out.len(), |position, words| {
                let out = &mut out[position / 2..(position + words.len()) / 2];
                for (out, words) in out.iter_mut().zip(words.chunks_exact(2)) {
                    *out = place(T::uniform(words[0], words[1]));
                }
            });
        }
    }
}

tiered! {
    /// Pairs of normal numbers by Box and Muller: `sqrt(-2 log(u)) (cos, sin)(2 pi v)`. `first` is even.
    fn normal_piece<S, T>(out: &mut [T], first: u64, mean: T, deviation: T, stream: Stream) {
        for (pair, out) in (first / 2..).zip(out.chunks_mut(2)) {
            // Four words a pair: 53 bits each in double precision.
            let [u_high, u_low, v_high, v_low] = stream.block(pair);
            // In (0, 1], where the logarithm is finite.
            let u = T::ONE - T::uniform(u_high, u_low);
            let radius = (u.ln::<S>() * T::from_f64(-2.0)).sqrt() * deviation;
            let angle = T::uniform(v_high, v_low) * T::from_f64(std::f64::consts::TAU);
            out[0] = mean + radius * angle.cos();
            if let Some(second) = out.get_mut(1) {
                *second = mean + radius * angle.sin();
            }
        }
    }
}

/// Fills with numbers uniform in `[low, high)`.
pub fn fill_uniform<T: Real>(out: &mut [T], low: T, high: T, stream: Stream) {
    let length = out.len();
    let shared = Shared::new(out);
    parallel_pieces(length, PIECE, |first, length| {
        // SAFETY: pieces are disjoint.
        fill_piece(unsafe { shared.part(first, length) }, first as u64, low, high, stream);
    });
}

/// Fills with numbers of the normal distribution.
pub fn fill_normal<T: Real>(out: &mut [T], mean: T, deviation: T, stream: Stream) {
    let length = out.len();
    let shared = Shared::new(out);
    parallel_pieces(length, PIECE, |first, length| {
        // SAFETY: pieces are disjoint.
        normal_piece(
            unsafe { shared.part(first, length) },
            first as u64,
            mean,
            deviation,
            stream,
        );
    });
}

/// The numbers below `n` in random order, every order as likely (Fisher and Yates; unbiased by rejection).
pub fn permutation(n: usize, stream: Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut block = 0;
    let mut next = || {
        let [w0, w1, ..] = stream.block(block);
        block += 1;
        (w1 as u64) << 32 | w0 as u64
    };
    for i in (1..n).rev() {
        let range = i as u64 + 1;
        // The words below `2^64 mod range` would make small numbers likelier.
        let reject_below = range.wrapping_neg() % range;
        let word = loop {
            let word = next();
            if word >= reject_below {
                break word;
            }
        };
        order.swap(i, (word % range) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn an_element_does_not_depend_on_the_piece() {
        let stream = Stream::new(7, 3 << 32 | 9);
        for first in [0u64, 1, 2, 3, 4, 63, 64, 65] {
            for count in [0usize, 1, 3, 5, 64, 200] {
                let mut seen = Vec::new();
                stream.words(first, count, |position, words| {
                    assert_eq!(position, seen.len());
                    seen.extend_from_slice(words);
                });
                let expected: Vec<u32> = (0..count as u64).map(|i| stream.u32_at(first + i)).collect();
                assert_eq!(seen, expected);
            }
        }
    }

    #[test]
    fn uniform_numbers() {
        let stream = Stream::new(1, 2);
        let mut single = vec![0f32; 100_000];
        fill_uniform(&mut single, 0.0, 1.0, stream);
        assert!(
            single
                .iter()
                .enumerate()
                .all(|(i, &x)| x == stream.uniform_f32(i as u64))
        );
        let mut double = vec![0f64; 100_000];
        fill_uniform(&mut double, -3.0, 5.0, stream);
        assert!(double.iter().all(|x| (-3.0..5.0).contains(x)));
        let mean = double.iter().sum::<f64>() / 1e5;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        let mut short = vec![0f64; 1001];
        fill_uniform(&mut short, -3.0, 5.0, stream);
        assert_eq!(short, double[..1001]);
        fill_uniform::<f32>(&mut [], 0.0, 1.0, stream);
    }

    #[test]
    fn normal_numbers() {
        let mut x = vec![0f64; 200_001];
        fill_normal(&mut x, 2.0, 3.0, Stream::new(5, 0));
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let inside = x.iter().filter(|x| (*x - 2.0).abs() < 3.0).count() as f64 / n;
        assert!((mean - 2.0).abs() < 0.03 && (variance - 9.0).abs() < 0.1 && (inside - 0.6827).abs() < 0.005);
        assert!(x.iter().all(|x| x.is_finite()));
    }

    #[test]
    fn permutations() {
        for n in [0, 1, 2, 5, 1000] {
            let mut order = permutation(n, Stream::new(3, 1));
            order.sort_unstable();
            assert!(order.into_iter().eq(0..n));
        }
        assert_ne!(permutation(100, Stream::new(3, 1)), permutation(100, Stream::new(3, 2)));
        // Every order of three is about as likely.
        let mut seen = std::collections::HashMap::new();
        for stream in 0..6000 {
            *seen.entry(permutation(3, Stream::new(3, stream))).or_insert(0) += 1;
        }
        assert!(seen.len() == 6 && seen.values().all(|&count| (850..1150).contains(&count)));
    }
}
