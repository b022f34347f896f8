//! The step of an LSTM.

use crate::kernels::Real;
use crate::kernels::math::sigmoid;
use crate::kernels::simd::tiered;

/// The four gates of a row.
#[inline(always)]
fn quarters<T>(row: &[T], features: usize) -> [&[T]; 4] {
    let (i, rest) = row.split_at(features);
    let (f, rest) = rest.split_at(features);
    let (g, o) = rest.split_at(features);
    [i, f, g, o]
}

/// The same, to write.
#[inline(always)]
fn quarters_mut<T>(row: &mut [T], features: usize) -> [&mut [T]; 4] {
    let (i, rest) = row.split_at_mut(features);
    let (f, rest) = rest.split_at_mut(features);
    let (g, o) = rest.split_at_mut(features);
    [i, f, g, o]
}

tiered! {
    /// Cell and state from the gates; keeps the gates.
    pub(super) fn forward<S, T>(
        features: usize,
        input: &[T],
        hidden: &[T],
        before: &[T],
        kept: &mut [T],
        cell: &mut [T],
        out: &mut [T],
    ) {
        let wide = 4 * features;
        for row in 0..out.len() / features.max(1) {
            let at = row * features..(row + 1) * features;
            let gates = row * wide..(row + 1) * wide;
            let kept = &mut kept[gates.clone()];
            for ((kept, &a), &b) in kept.iter_mut().zip(&input[gates.clone()]).zip(&hidden[gates]) {
                *kept = a + b;
            }
            let [i, f, g, o] = quarters_mut(kept, features);
            for gate in [&mut *i, &mut *f, &mut *o] {
                gate.iter_mut().for_each(|gate| *gate = sigmoid::<S, T>(*gate));
            }
            g.iter_mut().for_each(|gate| *gate = gate.tanh::<S>());
            let (before, cell, out) = (&before[at.clone()], &mut cell[at.clone()], &mut out[at]);
            for ((((cell, &before), &i), &f), &g) in cell.iter_mut().zip(before).zip(&*i).zip(&*f).zip(&*g) {
                *cell = S::mul_add(f, before, i * g);
            }
            for ((out, &cell), &o) in out.iter_mut().zip(&*cell).zip(&*o) {
                *out = o * cell.tanh::<S>();
            }
        }
    }
}

tiered! {
    /// The gradients of the gates before their functions, and of the cell before.
    pub(super) fn backward<S, T>(
        features: usize,
        kept: &[T],
        before: &[T],
        cell: &[T],
        d_out: (&[T], Option<&[T]>),
        d_cell: (&[T], Option<&[T]>),
        d_gates: &mut [T],
        d_before: &mut [T],
    ) {
        let wide = 4 * features;
        for row in 0..cell.len() / features.max(1) {
            let at = row * features..(row + 1) * features;
            let gates = row * wide..(row + 1) * wide;
            let [i, f, g, o] = quarters(&kept[gates.clone()], features);
            let [d_i, d_f, d_g, d_o] = quarters_mut(&mut d_gates[gates], features);
            let (before, cell, d_before) = (&before[at.clone()], &cell[at.clone()], &mut d_before[at.clone()]);
            // The gradient of the state rests where that of the gate `o` will be, that of the cell where that of the cell before will be.
            gather(&d_out.0[at.clone()], d_out.1.map(|d| &d[at.clone()]), d_o);
            gather(&d_cell.0[at.clone()], d_cell.1.map(|d| &d[at.clone()]), d_before);
            for (((d_o, d_c), &o), &cell) in d_o.iter_mut().zip(&mut *d_before).zip(o).zip(cell) {
                let bent = cell.tanh::<S>();
                *d_c += *d_o * o * (T::ONE - bent * bent);
                *d_o = *d_o * bent * o * (T::ONE - o);
            }
            for (((d_f, &d_c), &f), &before) in d_f.iter_mut().zip(&*d_before).zip(f).zip(before) {
                *d_f = d_c * before * f * (T::ONE - f);
            }
            for ((((d_i, d_g), &d_c), &i), &g) in d_i.iter_mut().zip(d_g).zip(&*d_before).zip(i).zip(g) {
                *d_i = d_c * g * i * (T::ONE - i);
                *d_g = d_c * i * (T::ONE - g * g);
            }
            d_before.iter_mut().zip(f).for_each(|(d, &f)| *d *= f);
        }
    }
}

/// `to = d + more`.
#[inline(always)]
fn gather<T: Real>(d: &[T], more: Option<&[T]>, to: &mut [T]) {
    to.copy_from_slice(d);
    if let Some(more) = more {
        to.iter_mut().zip(more).for_each(|(to, &more)| *to += more);
    }
}
