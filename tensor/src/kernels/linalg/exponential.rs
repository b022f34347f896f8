//! `exp(A)` by Pade approximants with scaling and squaring
//! (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005).

use super::lu::{factor, solve_factored};
use super::matrix::{identity, is_finite, product, store, widened};
use super::vectors::add_scaled;
use crate::kernels::Real;

/// The norm up to which the approximant of a degree is exact to double precision, and its coefficients.
const APPROXIMANTS: [(f64, &[f64]); 4] = [
    (1.495585217958292e-2, &[120.0, 60.0, 12.0, 1.0]),
    (2.53939833006323e-1, &[30240.0, 15120.0, 3360.0, 420.0, 30.0, 1.0]),
    (
        9.504178996162932e-1,
        &[17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0, 1.0],
    ),
    (
        2.097847961257068,
        &[
            17643225600.0,
            8821612800.0,
            2075673600.0,
            302702400.0,
            30270240.0,
            2162160.0,
            110880.0,
            3960.0,
            90.0,
            1.0,
        ],
    ),
];

/// The same of degree 13.
const LARGEST: f64 = 5.371920351148152;
const LAST: [f64; 14] = [
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0,
];

/// The exponential of an `n` by `n` matrix; NaN everywhere if it holds an infinity or NaN.
pub fn matrix_exp<T: Real>(n: usize, a: &[T], out: &mut [T]) {
    assert_eq!(a.len(), n * n, "a matrix of another size");
    let mut a = widened(a);
    if !is_finite(&a) {
        out.fill(T::NAN);
        return;
    }
    if n == 1 {
        out[0] = T::from_f64(a[0].exp());
        return;
    }
    let norm = (0..n)
        .map(|j| (0..n).map(|i| a[i * n + j].abs()).sum::<f64>())
        .fold(0.0, f64::max);
    if let Some((_, coefficients)) = APPROXIMANTS.iter().find(|(most, _)| norm <= *most) {
        store(&approximant(n, &a, coefficients), out);
        return;
    }
    // A sum that overflowed is below 2 to the power of 1100.
    let squarings = if norm.is_finite() {
        (norm / LARGEST).log2().ceil().max(0.0)
    } else {
        1100.0
    } as i32;
    for a in &mut a {
        *a = *a * 2f64.powi(-squarings / 2) * 2f64.powi(squarings / 2 - squarings);
    }
    let mut x = approximant(n, &a, &LAST);
    for _ in 0..squarings {
        x = product(n, n, n, &x, &x);
    }
    store(&x, out);
}

/// `(V - U)^-1 (V + U)`, with the odd powers in `U` and the even ones in `V`.
fn approximant(n: usize, a: &[f64], b: &[f64]) -> Vec<f64> {
    let square = product(n, n, n, a, a);
    let mut powers = vec![identity(n, n), square];
    let degree = b.len() - 1;
    // Degree 13 is made of the sixth power twice, lower ones of all even powers.
    while powers.len() < if degree == 13 { 4 } else { degree / 2 + 1 } {
        let next = product(n, n, n, &powers[powers.len() - 1], &powers[1]);
        powers.push(next);
    }
    let sum = |coefficients: &mut dyn Iterator<Item = f64>, first: usize| {
        let mut sum = vec![0.0; n * n];
        for (coefficient, power) in coefficients.zip(&powers[first..]) {
            add_scaled(coefficient, power, &mut sum);
        }
        sum
    };
    let half = |parity: usize| {
        let mut low = sum(&mut b[parity..].iter().step_by(2).copied().take(powers.len()), 0);
        if degree == 13 {
            let high = sum(&mut b[8 + parity..].iter().step_by(2).copied(), 1);
            add_scaled(1.0, &product(n, n, n, &powers[3], &high), &mut low);
        }
        low
    };
    let (u, v) = (product(n, n, n, a, &half(1)), half(0));
    let (mut numerator, mut denominator) = (v.clone(), v);
    add_scaled(1.0, &u, &mut numerator);
    add_scaled(-1.0, &u, &mut denominator);
    let mut pivots = vec![0; n];
    factor(n, n, &mut denominator, &mut pivots);
    solve_factored(n, n, &denominator, &pivots, &mut numerator);
    numerator
}
