//! `A = U diag(s) V^T`: reflectors to a bidiagonal matrix, then the implicit QR iteration
//! (Golub and Reinsch, "Singular value decomposition and least squares solutions", 1970; the cases are LINPACK's `dsvdc`).

use super::Failure;
use super::matrix::{is_finite, scaled_to_fit, store, transposed, two_rows, widened};
use super::qr::reduce_column;
use super::reflector::Reflectors;
use super::vectors::{rotate, rotation};
use crate::kernels::Real;

/// The steps that a singular value may take on average; two or three are usual.
const STEPS: usize = 100;

/// The reduced factors of an `m` by `n` matrix: `U` is `m` by `k`, `V^T` is `k` by `n`; the `k = min(m, n)` values descend.
///
/// # Errors
/// [`Failure::NotFinite`]; [`Failure::NoConvergence`], which no finite matrix is known to bring about.
pub fn svd<T: Real>(m: usize, n: usize, a: &[T], u: &mut [T], s: &mut [T], vt: &mut [T]) -> Result<(), Failure> {
    write(decompose(m, n, widened(a), Vectors::Reduced)?, u, s, vt)
}

/// The full factors: `U` is `m` by `m`, `V^T` is `n` by `n`.
///
/// # Errors
/// Those of [`svd`].
pub fn svd_full<T: Real>(m: usize, n: usize, a: &[T], u: &mut [T], s: &mut [T], vt: &mut [T]) -> Result<(), Failure> {
    write(decompose(m, n, widened(a), Vectors::Full)?, u, s, vt)
}

/// The singular values alone, descending.
///
/// # Errors
/// Those of [`svd`].
pub fn svdvals<T: Real>(m: usize, n: usize, a: &[T], s: &mut [T]) -> Result<(), Failure> {
    write(decompose(m, n, widened(a), Vectors::None)?, &mut [], s, &mut [])
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Vectors {
    None,
    Reduced,
    Full,
}

/// `U`, the values, and `V^T`.
pub(super) struct Factors {
    pub u: Vec<f64>,
    pub s: Vec<f64>,
    pub vt: Vec<f64>,
}

fn write<T: Real>(factors: Factors, u: &mut [T], s: &mut [T], vt: &mut [T]) -> Result<(), Failure> {
    store(&factors.u, u);
    store(&factors.s, s);
    store(&factors.vt, vt);
    Ok(())
}

pub(super) fn decompose(m: usize, n: usize, mut a: Vec<f64>, vectors: Vectors) -> Result<Factors, Failure> {
    assert_eq!(a.len(), m * n, "a matrix of another size");
    if !is_finite(&a) {
        return Err(Failure::NotFinite);
    }
    let scale = scaled_to_fit(&mut a);
    if m < n {
        // A^T = V diag(s) U^T.
        let mut b = Bidiagonal::new(n, m, &mut transposed(m, n, &a), vectors);
        b.iterate()?;
        let (ut, s, vt) = b.sorted(scale);
        return Ok(Factors {
            u: transposed(b.v_columns, b.v_columns, &ut),
            s,
            vt,
        });
    }
    let mut b = Bidiagonal::new(m, n, &mut a, vectors);
    b.iterate()?;
    let (vt, s, ut) = b.sorted(scale);
    Ok(Factors {
        u: transposed(b.u_rows(), b.u_columns, &ut),
        s,
        vt,
    })
}

/// An upper bidiagonal matrix between two orthogonal ones, which are kept transposed, their vectors side by side.
struct Bidiagonal {
    /// The diagonal.
    s: Vec<f64>,
    /// What stands above it, a zero behind.
    e: Vec<f64>,
    ut: Vec<f64>,
    u_columns: usize,
    vt: Vec<f64>,
    v_columns: usize,
}

/// What an iteration finds at the end of the block it works on.
enum Case {
    /// The last value is done.
    Converged,
    /// A value in the block, from `first` on, is zero: the last one.
    ZeroLast { first: usize },
    /// The value before `first` is zero.
    ZeroBefore { first: usize },
    /// None is.
    Step { first: usize },
}

impl Bidiagonal {
    /// Of an `m` by `n` matrix with `m >= n`.
    fn new(m: usize, n: usize, a: &mut [f64], vectors: Vectors) -> Self {
        let (mut left, mut right) = (Reflectors::new(0), Reflectors::new(1));
        let (mut s, mut e) = (vec![0.0; n], vec![0.0; n]);
        for k in 0..n {
            s[k] = reduce_column(m, n, a, k, &mut left);
            if k + 1 < n {
                e[k] = right.push(a[k * n + k + 1..(k + 1) * n].to_vec());
                if k + 1 < m {
                    right.apply_last_right(&mut a[(k + 1) * n + k + 1..], n, m - k - 1);
                }
            }
        }
        let (u_rows, u_columns, v_columns) = match vectors {
            Vectors::None => (0, 0, 0),
            Vectors::Reduced => (n, m, n),
            Vectors::Full => (m, m, n),
        };
        Self {
            s,
            e,
            ut: transposed(u_columns, u_rows, &left.product(u_columns, u_rows)),
            u_columns,
            vt: transposed(v_columns, v_columns, &right.product(v_columns, v_columns)),
            v_columns,
        }
    }

    fn u_rows(&self) -> usize {
        self.ut.len().checked_div(self.u_columns).unwrap_or(0)
    }

    fn rotate_u(&mut self, c: f64, s: f64, i: usize, j: usize) {
        rotate_rows(&mut self.ut, self.u_columns, c, s, i, j);
    }

    fn rotate_v(&mut self, c: f64, s: f64, i: usize, j: usize) {
        rotate_rows(&mut self.vt, self.v_columns, c, s, i, j);
    }

    /// Makes it diagonal.
    fn iterate(&mut self) -> Result<(), Failure> {
        let n = self.s.len();
        let (mut end, mut steps) = (n, 0);
        while end > 0 {
            steps += 1;
            if steps > STEPS * n {
                return Err(Failure::NoConvergence);
            }
            match self.case(end) {
                Case::Converged => end -= 1,
                Case::ZeroLast { first } => self.clear_last_column(first, end),
                Case::ZeroBefore { first } => self.clear_row(first, end),
                Case::Step { first } => self.step(first, end),
            }
        }
        Ok(())
    }

    fn case(&mut self, end: usize) -> Case {
        const SMALL: f64 = 1e-290;
        let (s, e) = (&mut self.s, &mut self.e);
        let is_split = |k: usize| e[k].abs() <= SMALL + f64::EPSILON * (s[k].abs() + s[k + 1].abs());
        let split = (0..end - 1).rev().find(|&k| is_split(k));
        let first = split.map_or(0, |k| k + 1);
        if let Some(k) = split {
            e[k] = 0.0;
        }
        if first + 1 == end {
            return Case::Converged;
        }
        for k in (first..end).rev() {
            let right = if k + 1 < end { e[k].abs() } else { 0.0 };
            let above = if k > first { e[k - 1].abs() } else { 0.0 };
            if s[k].abs() <= SMALL + f64::EPSILON * (right + above) {
                s[k] = 0.0;
                return if k + 1 == end {
                    Case::ZeroLast { first }
                } else {
                    Case::ZeroBefore { first: k + 1 }
                };
            }
        }
        Case::Step { first }
    }

    /// Rotates what stands above a zero at the end of the diagonal away.
    fn clear_last_column(&mut self, first: usize, end: usize) {
        let mut f = std::mem::take(&mut self.e[end - 2]);
        for j in (first..end - 1).rev() {
            let (c, s, r) = rotation(self.s[j], f);
            self.s[j] = r;
            if j > first {
                f = -s * self.e[j - 1];
                self.e[j - 1] *= c;
            }
            self.rotate_v(c, s, j, end - 1);
        }
    }

    /// Rotates what stands beside a zero before `first` away.
    fn clear_row(&mut self, first: usize, end: usize) {
        let mut f = std::mem::take(&mut self.e[first - 1]);
        for j in first..end {
            let (c, s, r) = rotation(self.s[j], f);
            self.s[j] = r;
            f = -s * self.e[j];
            self.e[j] *= c;
            self.rotate_u(c, s, j, first - 1);
        }
    }

    /// One step on the block `first..end`.
    fn step(&mut self, first: usize, end: usize) {
        let (mut f, mut g) = self.shifted(first, end);
        for j in first..end - 1 {
            let (c, s, r) = rotation(f, g);
            if j > first {
                self.e[j - 1] = r;
            }
            f = c * self.s[j] + s * self.e[j];
            self.e[j] = c * self.e[j] - s * self.s[j];
            g = s * self.s[j + 1];
            self.s[j + 1] *= c;
            self.rotate_v(c, s, j, j + 1);
            let (c, s, r) = rotation(f, g);
            self.s[j] = r;
            f = c * self.e[j] + s * self.s[j + 1];
            self.s[j + 1] = c * self.s[j + 1] - s * self.e[j];
            g = s * self.e[j + 1];
            self.e[j + 1] *= c;
            self.rotate_u(c, s, j, j + 1);
        }
        self.e[end - 2] = f;
    }

    /// The first column of `B^T B` less the shift.
    fn shifted(&self, first: usize, end: usize) -> (f64, f64) {
        let numbers = [
            self.s[end - 1],
            self.s[end - 2],
            self.e[end - 2],
            self.s[first],
            self.e[first],
        ];
        let scale = numbers.iter().fold(0f64, |largest, x| largest.max(x.abs()));
        let [last, before, beside, s, e] = numbers.map(|x| x / scale);
        let b = ((before + last) * (before - last) + beside * beside) / 2.0;
        let c = (last * beside) * (last * beside);
        let shift = if b == 0.0 && c == 0.0 {
            0.0
        } else {
            c / (b + (b * b + c).sqrt().copysign(b))
        };
        ((s + last) * (s - last) + shift, s * e)
    }

    /// `V^T`, the values and `U^T`, values positive and descending.
    fn sorted(&mut self, scale: f64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let n = self.s.len();
        let mut order = (0..n).collect::<Vec<_>>();
        order.sort_by(|&i, &j| self.s[j].abs().total_cmp(&self.s[i].abs()));
        let values = order.iter().map(|&i| self.s[i].abs() * scale).collect();
        let mut vt = Vec::with_capacity(self.vt.len());
        let mut ut = Vec::with_capacity(self.ut.len());
        for &i in &order {
            let sign = 1f64.copysign(self.s[i]);
            vt.extend(self.vt[i * self.v_columns..][..self.v_columns].iter().map(|v| v * sign));
            ut.extend_from_slice(&self.ut[i * self.u_columns..][..self.u_columns]);
        }
        ut.extend_from_slice(&self.ut[n * self.u_columns..]);
        (vt, values, ut)
    }
}

fn rotate_rows(matrix: &mut [f64], columns: usize, c: f64, s: f64, i: usize, j: usize) {
    if i < j {
        let (x, y) = two_rows(matrix, columns, i, j);
        rotate(c, s, x, y);
    } else {
        let (y, x) = two_rows(matrix, columns, j, i);
        rotate(c, s, x, y);
    }
}
