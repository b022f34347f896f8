//! Eigenvalues and eigenvectors of a symmetric matrix: reflectors to a tridiagonal one, then the implicit QL iteration
//! (Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL algorithms for symmetric matrices", 1968).

use super::Failure;
use super::matrix::{is_finite, scaled_to_fit, store, transposed, two_rows, widened};
use super::reflector::Reflectors;
use super::vectors::{add_scaled, dot, rotate};
use crate::kernels::Real;

/// The steps that an eigenvalue may take on average; two or three are usual.
const STEPS: usize = 80;

/// `A = V diag(w) V^T`: `w` ascending, the eigenvectors in the columns of `v`. Only the upper or the lower triangle of `a` is read.
///
/// # Errors
/// [`Failure::NotFinite`]; [`Failure::NoConvergence`], which no finite matrix is known to bring about.
pub fn eigh<T: Real>(n: usize, a: &[T], upper: bool, w: &mut [T], v: &mut [T]) -> Result<(), Failure> {
    let (values, vectors) = decompose(n, a, upper)?;
    store(&values, w);
    store(&vectors, v);
    Ok(())
}

fn decompose<T: Real>(n: usize, a: &[T], upper: bool) -> Result<(Vec<f64>, Vec<f64>), Failure> {
    let mut a = symmetric(n, a, upper);
    if !is_finite(&a) {
        return Err(Failure::NotFinite);
    }
    let scale = scaled_to_fit(&mut a);
    let (mut d, mut e, reflectors) = tridiagonal(n, &mut a);
    // Eigenvectors are rows here, side by side for the rotations.
    let mut z = transposed(n, n, &reflectors.product(n, n));
    iterate(&mut d, &mut e, &mut z, n)?;
    let mut order = (0..n).collect::<Vec<_>>();
    order.sort_by(|&i, &j| d[i].total_cmp(&d[j]));
    let values = order.iter().map(|&i| d[i] * scale).collect();
    let rows = order.iter().flat_map(|&i| &z[i * n..(i + 1) * n]);
    let sorted = rows.copied().collect::<Vec<_>>();
    Ok((values, transposed(n, n, &sorted)))
}

/// The matrix whose one triangle is that of `a`.
fn symmetric<T: Real>(n: usize, a: &[T], upper: bool) -> Vec<f64> {
    assert_eq!(a.len(), n * n, "a matrix of another size");
    let mut wide = widened(a);
    for i in 0..n {
        for j in 0..i {
            let (from, to) = if upper { ((j, i), (i, j)) } else { ((i, j), (j, i)) };
            wide[to.0 * n + to.1] = wide[from.0 * n + from.1];
        }
    }
    wide
}

/// The diagonal, what stands beside it (a zero behind), and the reflectors that lead there.
fn tridiagonal(n: usize, a: &mut [f64]) -> (Vec<f64>, Vec<f64>, Reflectors) {
    let mut reflectors = Reflectors::new(1);
    let mut e = vec![0.0; n];
    let mut p = vec![0.0; n];
    for k in 0..n.saturating_sub(1) {
        e[k] = reflectors.push(a[k * n + k + 1..(k + 1) * n].to_vec());
        let (v, tau) = reflectors.last();
        if tau == 0.0 {
            continue;
        }
        // H A H = A - v w^T - w v^T with p = tau A v and w = p - (tau / 2) (p . v) v.
        let rest = n - k - 1;
        let w = &mut p[..rest];
        let rows = || (k + 1..n).map(|i| i * n + k + 1..(i + 1) * n);
        for (w, row) in w.iter_mut().zip(rows()) {
            *w = tau * dot(&a[row], v);
        }
        add_scaled(-0.5 * tau * dot(w, v), v, w);
        for (i, row) in rows().enumerate() {
            add_scaled(-v[i], w, &mut a[row.clone()]);
            add_scaled(-w[i], v, &mut a[row]);
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), e, reflectors)
}

/// Turns `d` into the eigenvalues, in any order, and rotates the rows of `z` along.
fn iterate(d: &mut [f64], e: &mut [f64], z: &mut [f64], columns: usize) -> Result<(), Failure> {
    let n = d.len();
    let mut steps = 0;
    for l in 0..n {
        loop {
            let is_small = |m: usize| e[m].abs() <= f64::EPSILON * (d[m].abs() + d[m + 1].abs()) || e[m].abs() < 1e-290;
            let m = (l..n - 1).find(|&m| is_small(m)).unwrap_or(n - 1);
            if m == l {
                break;
            }
            steps += 1;
            if steps > STEPS * n {
                return Err(Failure::NoConvergence);
            }
            step(d, e, z, columns, l, m);
        }
    }
    Ok(())
}

/// One step on the block `l..=m`, with Wilkinson's shift.
fn step(d: &mut [f64], e: &mut [f64], z: &mut [f64], columns: usize, l: usize, m: usize) {
    let mut g = (d[l + 1] - d[l]) / (2.0 * e[l]);
    g = d[m] - d[l] + e[l] / (g + g.hypot(1.0).copysign(g));
    let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
    for i in (l..m).rev() {
        let (f, b) = (s * e[i], c * e[i]);
        let r = f.hypot(g);
        e[i + 1] = r;
        if r == 0.0 {
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        (s, c) = (f / r, g / r);
        let h = d[i + 1] - p;
        let r = (d[i] - h) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = h + p;
        g = c * r - b;
        let (lower, upper) = two_rows(z, columns, i, i + 1);
        rotate(c, s, upper, lower);
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}
