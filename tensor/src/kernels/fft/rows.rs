//! Transforms of rows.

use rustfft::num_complex::Complex;

use super::plans::plan;
use crate::kernels::Real;
use crate::threads::{Shared, parallel_pieces};

/// What a task should have to do at least, in numbers times the logarithm of the length.
const WORK: usize = 1 << 15;

/// Transforms `rows` rows of `n` complex numbers in place and multiplies by `factor`.
pub fn fft<T: Real>(rows: usize, n: usize, data: &mut [T], inverse: bool, factor: f64) {
    assert!(n > 0, "a transform of length 0");
    assert_eq!(data.len(), 2 * rows * n, "rows of another size");
    let data = Shared::new(data);
    over(rows, n, inverse, |i, row, transform| {
        // SAFETY: each row once.
        let part = unsafe { data.part(2 * i * n, 2 * n) };
        for (x, pair) in row.iter_mut().zip(part.chunks_exact(2)) {
            *x = Complex::new(pair[0].to_f64(), pair[1].to_f64());
        }
        transform(row);
        store(row, part, factor);
    });
}

/// The first `n / 2 + 1` of the `n` complex numbers that each of `rows` rows of `n` real ones is transformed to, times `factor`.
pub fn rfft<T: Real>(rows: usize, n: usize, x: &[T], out: &mut [T], factor: f64) {
    assert!(n > 0, "a transform of length 0");
    let half = n / 2 + 1;
    assert!(
        x.len() == rows * n && out.len() == 2 * rows * half,
        "rows of another size"
    );
    let out = Shared::new(out);
    over(rows, n, false, |i, row, transform| {
        for (z, x) in row.iter_mut().zip(&x[i * n..(i + 1) * n]) {
            *z = Complex::new(x.to_f64(), 0.0);
        }
        transform(row);
        // Exactly real, as the sums are.
        row[0].im = 0.0;
        if n.is_multiple_of(2) {
            row[half - 1].im = 0.0;
        }
        // SAFETY: each row once.
        store(&row[..half], unsafe { out.part(2 * i * half, 2 * half) }, factor);
    });
}

/// The `n` real numbers, times `factor`, that the inverse transform makes of `n / 2 + 1` complex ones, taken as half of a Hermitian
/// row. The imaginary part of the first one, and of the last one for even `n`, is not read.
pub fn irfft<T: Real>(rows: usize, n: usize, x: &[T], out: &mut [T], factor: f64) {
    assert!(n > 0, "a transform of length 0");
    let half = n / 2 + 1;
    assert!(
        x.len() == 2 * rows * half && out.len() == rows * n,
        "rows of another size"
    );
    let out = Shared::new(out);
    over(rows, n, true, |i, row, transform| {
        let x = &x[2 * i * half..2 * (i + 1) * half];
        for (k, pair) in x.chunks_exact(2).enumerate() {
            let mirror = (n - k) % n;
            let im = if mirror == k { 0.0 } else { pair[1].to_f64() };
            let z = Complex::new(pair[0].to_f64(), im);
            row[mirror] = z.conj();
            row[k] = z;
        }
        transform(row);
        // SAFETY: each row once.
        let part = unsafe { out.part(i * n, n) };
        for (out, z) in part.iter_mut().zip(&*row) {
            *out = T::from_f64(z.re * factor);
        }
    });
}

/// Calls `body` with each number below `rows`, space for a row, and what transforms that in place.
fn over(
    rows: usize,
    n: usize,
    inverse: bool,
    body: impl Fn(usize, &mut [Complex<f64>], &mut dyn FnMut(&mut [Complex<f64>])) + Sync,
) {
    if rows == 0 {
        return;
    }
    let plan = plan(n, inverse);
    let zero = Complex::new(0.0, 0.0);
    let work = n.saturating_mul(n.ilog2() as usize + 1);
    parallel_pieces(rows, (WORK / work).max(1), |first, count| {
        let mut row = vec![zero; n];
        let mut scratch = vec![zero; plan.get_inplace_scratch_len()];
        for i in first..first + count {
            body(i, &mut row, &mut |row| plan.process_with_scratch(row, &mut scratch));
        }
    });
}

/// Rounds `factor` times `from` into pairs.
fn store<T: Real>(from: &[Complex<f64>], to: &mut [T], factor: f64) {
    for (pair, z) in to.chunks_exact_mut(2).zip(from) {
        pair[0] = T::from_f64(z.re * factor);
        pair[1] = T::from_f64(z.im * factor);
    }
}
