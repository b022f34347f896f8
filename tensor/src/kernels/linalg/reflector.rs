//! Householder reflectors `H = I - tau v v^T`, as LAPACK's `larfg` makes them.

use super::vectors::{add_scaled, dot, norm};

/// Reflectors of which number `i` leaves the first `i + skipped` elements of a vector alone.
pub struct Reflectors {
    /// The vectors, each from its first element (1) on.
    vectors: Vec<Vec<f64>>,
    taus: Vec<f64>,
    skipped: usize,
}

impl Reflectors {
    pub fn new(skipped: usize) -> Self {
        Self {
            vectors: Vec::new(),
            taus: Vec::new(),
            skipped,
        }
    }

    /// Adds the reflector that takes `x` to a multiple of the first unit vector; that multiple.
    pub fn push(&mut self, mut x: Vec<f64>) -> f64 {
        let (beta, tau) = make(&mut x);
        self.vectors.push(x);
        self.taus.push(tau);
        beta
    }

    /// `A = H A` for the last one: `a` starts at the first element that changes.
    pub fn apply_last_left(&self, a: &mut [f64], stride: usize, columns: usize) {
        if let (Some(v), Some(&tau)) = (self.vectors.last(), self.taus.last()) {
            apply_left(v, tau, a, stride, columns);
        }
    }

    /// `A = A H` for the last one, `rows` rows: `a` starts at the first element that changes.
    pub fn apply_last_right(&self, a: &mut [f64], stride: usize, rows: usize) {
        if let (Some(v), Some(&tau)) = (self.vectors.last(), self.taus.last())
            && tau != 0.0
        {
            for row in a.chunks_mut(stride).take(rows) {
                let row = &mut row[..v.len()];
                add_scaled(-tau * dot(v, row), v, row);
            }
        }
    }

    /// The last vector and its factor.
    pub fn last(&self) -> (&[f64], f64) {
        let number = self.vectors.len() - 1;
        (&self.vectors[number], self.taus[number])
    }

    /// The first `columns` columns of the `m` by `m` product `H_0 H_1 ..`.
    pub fn product(&self, m: usize, columns: usize) -> Vec<f64> {
        let mut q = super::matrix::identity(m, columns);
        for (i, (v, &tau)) in self.vectors.iter().zip(&self.taus).enumerate().rev() {
            // What lies to the left is still the identity, zero in these rows.
            let first = i + self.skipped;
            if first < columns {
                apply_left(v, tau, &mut q[first * columns + first..], columns, columns - first);
            }
        }
        q
    }

    /// `B = (H_0 H_1 ..)^T B`, with `k` columns.
    pub fn apply_transposed(&self, b: &mut [f64], k: usize) {
        if k > 0 {
            for (i, (v, &tau)) in self.vectors.iter().zip(&self.taus).enumerate() {
                apply_left(v, tau, &mut b[(i + self.skipped) * k..], k, k);
            }
        }
    }
}

/// Puts `v` in the place of `x`; `beta`, which `x` is reflected to, and `tau`.
fn make(x: &mut [f64]) -> (f64, f64) {
    const TINY: f64 = 1e-280;
    let mut tail = norm(&x[1..]);
    let mut scale = 1.0;
    if tail > 0.0 && tail < TINY && x[0].abs() < TINY {
        // What is near the smallest numbers has few digits left to divide.
        scale = 2f64.powi(-600);
        x.iter_mut().for_each(|x| *x /= scale);
        tail = norm(&x[1..]);
    }
    let alpha = std::mem::replace(&mut x[0], 1.0);
    if tail == 0.0 {
        return (alpha, 0.0);
    }
    let beta = -alpha.hypot(tail).copysign(alpha);
    for x in &mut x[1..] {
        *x /= alpha - beta;
    }
    (beta * scale, (beta - alpha) / beta)
}

/// `A = A - tau v (v^T A)`.
fn apply_left(v: &[f64], tau: f64, a: &mut [f64], stride: usize, columns: usize) {
    if tau == 0.0 || columns == 0 {
        return;
    }
    let mut w = vec![0.0; columns];
    for (&v, row) in v.iter().zip(a.chunks(stride)) {
        add_scaled(v, &row[..columns], &mut w);
    }
    for (&v, row) in v.iter().zip(a.chunks_mut(stride)) {
        add_scaled(-tau * v, &w, &mut row[..columns]);
    }
}
