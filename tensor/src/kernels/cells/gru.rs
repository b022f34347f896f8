//! The step of a GRU. It keeps `r`, `z`, `n` and what the state gave to `n`.

use crate::kernels::math::sigmoid;
use crate::kernels::simd::tiered;

tiered! {
    /// The state from the gates and the state before.
    pub(super) fn forward<S, T>(
        features: usize,
        input: &[T],
        hidden: &[T],
        before: &[T],
        kept: &mut [T],
        out: &mut [T],
    ) {
        for row in 0..out.len() / features.max(1) {
            let at = row * features..(row + 1) * features;
            let gates = row * 3 * features..(row + 1) * 3 * features;
            let (a, b) = (&input[gates.clone()], &hidden[gates]);
            let kept = &mut kept[row * 4 * features..(row + 1) * 4 * features];
            let (both, rest) = kept.split_at_mut(2 * features);
            for ((gate, &a), &b) in both.iter_mut().zip(a).zip(b) {
                *gate = sigmoid::<S, T>(a + b);
            }
            let (r, z) = both.split_at(features);
            let (n, given) = rest.split_at_mut(features);
            given.copy_from_slice(&b[2 * features..]);
            for (((n, &a), &given), &r) in n.iter_mut().zip(&a[2 * features..]).zip(&*given).zip(r) {
                *n = S::mul_add(r, given, a).tanh::<S>();
            }
            for (((out, &before), &z), &n) in out[at.clone()].iter_mut().zip(&before[at]).zip(z).zip(&*n) {
                *out = S::mul_add(z, before - n, n);
            }
        }
    }
}

tiered! {
    /// The gradients of the gates before their functions, on both sides, and what of the gradient goes straight to the state before.
    pub(super) fn backward<S, T>(
        features: usize,
        kept: &[T],
        before: &[T],
        d_out: (&[T], Option<&[T]>),
        d_input: &mut [T],
        d_hidden: &mut [T],
        d_before: &mut [T],
    ) {
        for row in 0..before.len() / features.max(1) {
            let first = row * features;
            let wide = row * 3 * features..(row + 1) * 3 * features;
            let (d_input, d_hidden) = (&mut d_input[wide.clone()], &mut d_hidden[wide]);
            let kept = &kept[row * 4 * features..(row + 1) * 4 * features];
            for j in 0..features {
                let (r, z) = (kept[j], kept[features + j]);
                let (n, given) = (kept[2 * features + j], kept[3 * features + j]);
                let mut d = d_out.0[first + j];
                if let Some(more) = d_out.1 {
                    d += more[first + j];
                }
                let d_n = d * (T::ONE - z) * (T::ONE - n * n);
                let d_r = d_n * given * r * (T::ONE - r);
                let d_z = d * (before[first + j] - n) * z * (T::ONE - z);
                d_input[j] = d_r;
                d_input[features + j] = d_z;
                d_input[2 * features + j] = d_n;
                d_hidden[j] = d_r;
                d_hidden[features + j] = d_z;
                d_hidden[2 * features + j] = d_n * r;
                d_before[first + j] = d * z;
            }
        }
    }
}
