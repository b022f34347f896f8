//! Laws of random numbers, an element at a time. Each element has words of its own, so that it is the same whichever thread makes it.

use crate::kernels::random::Stream;
use crate::kernels::real::Real;
use crate::kernels::special::gamma::lgamma;
use crate::threads::{Shared, parallel_pieces};

/// Elements of a stream: each has 2^24 blocks of four words.
const ELEMENT_BITS: u32 = 40;
/// Elements a task makes.
const PIECE: usize = 1 << 12;

/// The words of one element, one after the other.
pub struct Words {
    stream: Stream,
    block: u64,
    words: [u32; 4],
    used: usize,
}

impl Words {
    /// Those of element `index` of a stream.
    pub fn new(stream: Stream, index: usize) -> Self {
        Self {
            stream,
            block: index as u64,
            words: [0; 4],
            used: 4,
        }
    }

    /// Two words as one.
    pub fn whole(&mut self) -> u64 {
        let [high, low] = self.pair();
        u64::from(high) << 32 | u64::from(low)
    }

    fn pair(&mut self) -> [u32; 2] {
        if self.used == 4 {
            self.words = self.stream.words_of_block(self.block);
            self.block = self.block.wrapping_add(1 << ELEMENT_BITS);
            self.used = 0;
        }
        self.used += 2;
        [self.words[self.used - 2], self.words[self.used - 1]]
    }

    /// Uniform in `[0, 1)`, of 53 bits.
    pub fn unit(&mut self) -> f64 {
        let [high, low] = self.pair();
        f64::uniform(high, low)
    }

    /// Uniform in `(0, 1]`, where the logarithm is finite.
    fn positive(&mut self) -> f64 {
        1.0 - self.unit()
    }

    /// Exponential of rate 1.
    pub fn exponential(&mut self) -> f64 {
        -self.positive().ln()
    }

    /// Normal, of mean 0 and variance 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.positive().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A whole number below `range`, every one as likely to within `range / 2^64`; of 0, any.
    pub fn below(&mut self, range: u64) -> u64 {
        match range {
            0 => self.whole(),
            range => ((u128::from(self.whole()) * u128::from(range)) >> 64) as u64,
        }
    }

    /// Gamma of a shape and scale 1 (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let power = self.positive().powf(shape.recip());
            return (self.gamma(shape + 1.0) * power).max(f64::MIN_POSITIVE);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.positive().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Poisson of a rate, which is finite and not negative.
    pub fn poisson(&mut self, rate: f64) -> f64 {
        if rate >= 10.0 {
            return self.poisson_by_rejection(rate);
        }
        // How many uniform numbers can be multiplied before the product is below e^-rate.
        let limit = (-rate).exp();
        let (mut count, mut product) = (0.0, self.positive());
        while product > limit {
            count += 1.0;
            product *= self.positive();
        }
        count
    }

    /// The method PTRS (Hörmann, "The transformed rejection method for generating Poisson random variables", 1993), with his names.
    fn poisson_by_rejection(&mut self, mu: f64) -> f64 {
        let b = 0.931 + 2.53 * mu.sqrt();
        let a = -0.059 + 0.02483 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let v_r = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let (u, v) = (self.unit() - 0.5, self.positive());
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mu + 0.43).floor();
            if us >= 0.07 && v <= v_r {
                return k;
            }
            if k < 0.0 || us < 0.013 && v > us {
                continue;
            }
            let hat = (v * inverse_alpha / (a / (us * us) + b)).ln();
            if hat <= k * mu.ln() - mu - lgamma(k + 1.0) {
                return k;
            }
        }
    }
}

/// `count` elements of a stream, each made of its own words.
pub fn elements<T: Copy + Default + Send>(
    count: usize,
    stream: Stream,
    make: impl Fn(usize, &mut Words) -> T + Sync,
) -> Vec<T> {
    let mut out = vec![T::default(); count];
    let shared = Shared::new(&mut out);
    parallel_pieces(count, PIECE, |first, length| {
        // SAFETY: pieces are disjoint.
        let out = unsafe { shared.part(first, length) };
        for (index, out) in (first..).zip(out) {
            *out = make(index, &mut Words::new(stream, index));
        }
    });
    out
}
