//! `A = Q R` by reflectors, with the signs of LAPACK's `geqrf`.

use super::matrix::{store, widened};
use super::reflector::Reflectors;
use crate::kernels::Real;

/// The reduced factors of an `m` by `n` matrix: `Q` is `m` by `min(m, n)`, `R` is `min(m, n)` by `n`.
pub fn qr<T: Real>(m: usize, n: usize, a: &[T], q: &mut [T], r: &mut [T]) {
    let k = m.min(n);
    let mut wide = widened(a);
    let reflectors = factor(m, n, &mut wide);
    store(&reflectors.product(m, k), q);
    store(&wide[..k * n], r);
}

/// The complete factors: `Q` is `m` by `m`, `R` is `m` by `n`.
pub fn qr_complete<T: Real>(m: usize, n: usize, a: &[T], q: &mut [T], r: &mut [T]) {
    let mut wide = widened(a);
    let reflectors = factor(m, n, &mut wide);
    store(&reflectors.product(m, m), q);
    store(&wide, r);
}

/// Puts `R`, with zeros below its diagonal, in the place of `A`.
pub(super) fn factor(m: usize, n: usize, a: &mut [f64]) -> Reflectors {
    assert_eq!(a.len(), m * n, "a matrix of another size");
    let mut reflectors = Reflectors::new(0);
    for j in 0..m.min(n) {
        reduce_column(m, n, a, j, &mut reflectors);
    }
    reflectors
}

/// Reflects column `j`, from row `j` on, to its first element, and what lies to the right with it.
pub(super) fn reduce_column(m: usize, n: usize, a: &mut [f64], j: usize, reflectors: &mut Reflectors) -> f64 {
    let beta = reflectors.push((j..m).map(|i| a[i * n + j]).collect());
    for i in j..m {
        a[i * n + j] = if i == j { beta } else { 0.0 };
    }
    if j + 1 < n {
        reflectors.apply_last_left(&mut a[j * n + j + 1..], n, n - j - 1);
    }
    beta
}
