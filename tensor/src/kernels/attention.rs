//! Attention of queries, keys and values that lie side by side, `[batch, seq, 3, heads, size]`, to `[batch, seq, heads, size]`.
//!
//! The matrix of weights is never there: a weight is `exp(q k scale - kept)`, where `kept` is the logarithm of the sum of a query's row, and is
//! worked out again where it is needed. Heads are cut among threads. Dao et al., *FlashAttention*, 2022, has the recipe.

use crate::kernels::Real;
use crate::threads::{Shared, parallel_pieces};

/// The sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// The samples.
    pub images: usize,
    /// The elements of a sequence.
    pub seq: usize,
    /// The heads.
    pub heads: usize,
    /// The features of a head.
    pub size: usize,
    /// Whether an element sees those before it and itself alone.
    pub causal: bool,
}

/// Queries, keys, or values.
#[derive(Clone, Copy)]
enum Part {
    Query,
    Key,
    Value,
}

impl Heads {
    fn at(&self, part: Part, image: usize, element: usize, head: usize) -> usize {
        (((image * self.seq + element) * 3 + part as usize) * self.heads + head) * self.size
    }

    fn out(&self, image: usize, element: usize, head: usize) -> usize {
        ((image * self.seq + element) * self.heads + head) * self.size
    }

    fn scale<T: Real>(&self) -> T {
        T::from_f64(1.0 / (self.size as f64).sqrt())
    }

    /// How many elements the one at this place sees.
    fn seen(&self, element: usize) -> usize {
        if self.causal { element + 1 } else { self.seq }
    }

    /// Calls `each` with every head of every sample.
    fn parallel(&self, each: impl Fn(usize, usize) + Sync) {
        let piece = (1_usize << 15).div_ceil((self.seq * self.seq * self.size).max(1));
        parallel_pieces(self.images * self.heads, piece, |first, count| {
            (first..first + count).for_each(|index| each(index / self.heads, index % self.heads));
        });
    }

    fn kept(&self, image: usize, head: usize) -> usize {
        (image * self.heads + head) * self.seq
    }
}

fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    a.iter().zip(b).fold(T::ZERO, |sum, (&a, &b)| sum + a * b)
}

fn exp<T: Real>(x: T) -> T {
    T::from_f64(x.to_f64().exp())
}

fn add_multiple<T: Real>(factor: T, x: &[T], y: &mut [T]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y += factor * x);
}

/// `softmax(q k^T / sqrt(size)) v` for each head; `kept` takes the logarithms of the sums, `[batch, heads, seq]`.
///
/// # Panics
/// If a slice has another size.
pub fn forward<T: Real>(heads: &Heads, x: &[T], kept: Option<&mut [T]>, out: &mut [T]) {
    let (out, kept) = (Shared::new(out), kept.map(Shared::new));
    let (size, scale) = (heads.size, heads.scale::<T>());
    heads.parallel(|image, head| {
        for element in 0..heads.seq {
            let query = &x[heads.at(Part::Query, image, element, head)..][..size];
            // SAFETY: each head of each element has a place of its own.
            let out = unsafe { out.part(heads.out(image, element, head), size) };
            out.fill(T::ZERO);
            let (mut largest, mut sum) = (T::NEG_INFINITY, T::ZERO);
            for other in 0..heads.seen(element) {
                let score = dot(query, &x[heads.at(Part::Key, image, other, head)..][..size]) * scale;
                if score > largest {
                    // What was summed so far was meant for a smaller largest.
                    let shrink = exp(largest - score);
                    sum *= shrink;
                    out.iter_mut().for_each(|out| *out *= shrink);
                    largest = score;
                }
                let weight = exp(score - largest);
                sum += weight;
                add_multiple(weight, &x[heads.at(Part::Value, image, other, head)..][..size], out);
            }
            out.iter_mut().for_each(|out| *out = *out / sum);
            if let Some(kept) = &kept {
                // SAFETY: as above.
                unsafe { kept.part(heads.kept(image, head) + element, 1) }
                    .fill(largest + T::from_f64(sum.to_f64().ln()));
            }
        }
    });
}

/// `d_x`. With weights `p`, `d_v = p^T d`, and of the scores `d_s = p (d v^T - sum(d out))`.
///
/// # Panics
/// If a slice has another size.
pub fn gradient<T: Real>(heads: &Heads, x: &[T], out: &[T], kept: &[T], d: &[T], d_x: &mut [T]) {
    let d_x = Shared::new(d_x);
    let (size, scale) = (heads.size, heads.scale::<T>());
    heads.parallel(|image, head| {
        // SAFETY: each head of each element has three places of its own, and no two of them are out at once.
        let place = |part, element| unsafe { d_x.part(heads.at(part, image, element, head), size) };
        for element in 0..heads.seq {
            for part in [Part::Query, Part::Key, Part::Value] {
                place(part, element).fill(T::ZERO);
            }
        }
        for element in 0..heads.seq {
            let query = &x[heads.at(Part::Query, image, element, head)..][..size];
            let row = heads.out(image, element, head);
            let (d, out) = (&d[row..][..size], &out[row..][..size]);
            let (whole, sum) = (dot(d, out), kept[heads.kept(image, head) + element]);
            for other in 0..heads.seen(element) {
                let key = &x[heads.at(Part::Key, image, other, head)..][..size];
                let value = &x[heads.at(Part::Value, image, other, head)..][..size];
                let weight = exp(dot(query, key) * scale - sum);
                add_multiple(weight, d, place(Part::Value, other));
                let d_score = weight * (dot(d, value) - whole) * scale;
                add_multiple(d_score, key, place(Part::Query, element));
                add_multiple(d_score, query, place(Part::Key, other));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the matrix of weights.
    fn naive(heads: &Heads, x: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; heads.images * heads.seq * heads.heads * heads.size];
        for image in 0..heads.images {
            for head in 0..heads.heads {
                for element in 0..heads.seq {
                    let row = |part, element| &x[heads.at(part, image, element, head)..][..heads.size];
                    let score =
                        |other| (dot(row(Part::Query, element), row(Part::Key, other)) * heads.scale::<f64>()).exp();
                    let weights: Vec<f64> = (0..heads.seen(element)).map(score).collect();
                    let sum: f64 = weights.iter().sum();
                    for (other, weight) in weights.iter().enumerate() {
                        let out = &mut out[heads.out(image, element, head)..][..heads.size];
                        add_multiple(weight / sum, row(Part::Value, other), out);
                    }
                }
            }
        }
        out
    }

    #[test]
    fn each_is_what_it_is_defined_as() {
        for causal in [false, true] {
            for (images, seq, count, size) in [(2, 4, 2, 3), (1, 1, 1, 2), (0, 3, 2, 2), (2, 0, 1, 1)] {
                let heads = Heads {
                    images,
                    seq,
                    heads: count,
                    size,
                    causal,
                };
                let number = |index: usize| ((index * 37 + 11) % 19) as f64 / 7.0 - 1.0;
                let x: Vec<f64> = (0..images * seq * 3 * count * size).map(number).collect();
                let expected = naive(&heads, &x);
                let mut out = vec![f64::NAN; expected.len()];
                let mut kept = vec![f64::NAN; images * seq * count];
                forward(&heads, &x, Some(&mut kept), &mut out);
                for (out, expected) in out.iter().zip(&expected) {
                    assert!((out - expected).abs() < 1e-12);
                }
                let d: Vec<f64> = (0..out.len()).map(|index| number(index + 5)).collect();
                let mut d_x = vec![f64::NAN; x.len()];
                gradient(&heads, &x, &out, &kept, &d, &mut d_x);
                for index in 0..x.len() {
                    let moved = |by: f64| {
                        let mut x = x.clone();
                        x[index] += by;
                        dot(&naive(&heads, &x), &d)
                    };
                    let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                    assert!((slope - d_x[index]).abs() < 1e-7, "{slope} is not {}", d_x[index]);
                }
            }
        }
    }
}
