//! `A = P L U`.

use smallvec::smallvec;

use super::batch::{lead, matrices, square, with, with_one_lead};
use super::shapes::{eye, flip, lower, upper};
use super::triangular::{Triangle, primitive as solve};
use crate::device::typed::float;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::linalg::lu as kernels;
use crate::layout::{self, describe, len};
use crate::ops::gather::gather;
use crate::ops::host::on_processor;
use crate::ops::view::placed;
use crate::tape::{Gradients, Rule, Step, Value, record};

/// `L` below the diagonal (where it is 1) and `U` in one matrix, and the pivots as LAPACK counts them.
pub(crate) fn lu_factor(a: &Value) -> Result<(Value, Value)> {
    let (factors, pivots, _) = factored("lu_factor", a)?;
    Ok((factors, pivots))
}

/// `P`, `L` and `U`; `P` has no gradient.
pub(crate) fn lu(a: &Value) -> Result<(Value, Value, Value)> {
    let (m, n) = matrices("lu", a)?;
    let (factors, _, order) = factored("lu", a)?;
    let (rank, k) = (a.layout.rank(), m.min(n));
    let (device, dtype) = (a.device(), a.dtype());
    let left = factors.slice(rank - 1, 0, k, 1);
    let edge = placed(&eye(device, dtype, k), 0, 0, m);
    let l = lower(&left, -1)?.add(&edge)?;
    let u = upper(&factors.slice(rank - 2, 0, k, 1), 0)?;
    // Row i of L U is row order[i] of A: column i of P has its 1 there.
    let unit = eye(device, dtype, m).expand("lu", &with(&lead(a), &[m, m]))?;
    Ok((flip(&rows(&unit, &order)?), l, u))
}

/// Factors, pivots, and the order of the rows.
pub(super) fn factored(name: &'static str, a: &Value) -> Result<(Value, Value, Value)> {
    let (m, n) = matrices(name, a)?;
    on_processor(name, &[a])?;
    let (lead, k) = (lead(a), m.min(n));
    let mut pivots = vec![0i32; len(&lead) * k];
    let factors = float!(a, T => {
        let mut data = a.to_vec::<T>()?;
        for i in 0..len(&lead) {
            // A zero on the diagonal of U is no error: the factors are there.
            let _ = kernels::lu_factor(m, n, &mut data[i * m * n..(i + 1) * m * n], &mut pivots[i * k..(i + 1) * k]);
        }
        Value::from_slice(a.device(), a.sizes(), &data)
    });
    let order: Vec<i64> = (0..len(&lead))
        .flat_map(|i| kernels::permutation(m, &pivots[i * k..(i + 1) * k]))
        .map(|row| row as i64)
        .collect();
    let order = Value::from_slice(a.device(), &with(&lead, &[m]), &order);
    let pivots = Value::from_slice(a.device(), &with(&lead, &[k]), &pivots);
    // Recorded over the rows in their new order, so that the rule need not know of it.
    let sorted = rows(a, &order)?;
    let factors = record(
        name,
        factors,
        [&sorted],
        || Rule::own(backward),
        |out| smallvec![out.as_own()],
    );
    Ok((factors, pivots, order))
}

/// The rows of each matrix in an order.
fn rows(x: &Value, order: &Value) -> Result<Value> {
    let axis = x.layout.rank() - 2;
    let index = order.unsqueeze(axis + 1).expand("lu", x.sizes())?;
    gather(x, axis, &index)
}

/// `A1 = L U` of the leading square; what is below it is `L2 U`, what is to the right `L U2`.
fn backward(step: Step<'_>) -> Result<Gradients> {
    let (factors, d) = (&step.saved[0], step.gradient);
    let (m, n) = matrices("lu_factor", factors)?;
    let (row, column, k) = (d.layout.rank() - 2, d.layout.rank() - 1, m.min(n));
    let corner = |x: &Value| x.slice(row, 0, k, 1).slice(column, 0, k, 1);
    let square = corner(factors);
    let l_back = |b: &Value| solve(&flip(&square), b, triangle(true, true, true));
    let u_back = |b: &Value| solve(&flip(&square), b, triangle(false, false, false));
    let l = lower(&square, -1)?.add(&eye(d.device(), d.dtype(), k))?;
    let (mut d_l, mut d_u) = (lower(&corner(d), -1)?, upper(&corner(d), 0)?);
    let mut beside = None;
    if m > k {
        let d_rest = u_back(&d.slice(row, k, m - k, 1))?;
        d_u = d_u.sub(&upper(&flip(&factors.slice(row, k, m - k, 1)).matmul(&d_rest)?, 0)?)?;
        beside = Some(placed(&d_rest, row, k, m));
    }
    if n > k {
        let d_rest = l_back(&d.slice(column, k, n - k, 1))?;
        d_l = d_l.sub(&lower(&d_rest.matmul(&flip(&factors.slice(column, k, n - k, 1)))?, -1)?)?;
        beside = Some(placed(&d_rest, column, k, n));
    }
    // d_A1 = L^-T (the lower part of L^T d_L + the upper part of d_U U^T) U^-T
    let below = lower(&flip(&l).matmul(&d_l)?, -1)?;
    let above = upper(&d_u.matmul(&flip(&upper(&square, 0)?))?, 0)?;
    let inner = u_back(&l_back(&below.add(&above)?)?)?;
    let whole = match beside {
        Some(beside) => placed(&placed(&inner, row, 0, m), column, 0, n).add(&beside)?,
        None => inner,
    };
    Ok(smallvec![Some(whole)])
}

fn triangle(upper: bool, left: bool, unit: bool) -> Triangle {
    Triangle { upper, left, unit }
}

/// `X` of `A X = B`, or of `A^T X = B` where `transposed`, from what [`lu_factor`] gave of square matrices.
pub(crate) fn lu_solve(factors: &Value, pivots: &Value, b: &Value, transposed: bool) -> Result<Value> {
    let name = "lu_solve";
    let n = square(name, factors)?;
    on_processor(name, &[factors, pivots, b])?;
    let expected = with(&lead(factors), &[n]);
    if pivots.dtype() != DType::I32 || pivots.sizes() != &expected[..] {
        let found = format!("{} of {}", describe(pivots.sizes()), pivots.dtype().name());
        return Err(Error::shape(
            name,
            format!("pivots {} of i32", describe(&expected)),
            found,
        ));
    }
    if b.layout.rank() < 2 || matrices(name, b)?.0 != n {
        let expected = format!("[.., {n}, K] for {}", describe(factors.sizes()));
        return Err(Error::shape(name, expected, describe(b.sizes())));
    }
    let numbers = pivots.to_vec::<i32>()?;
    if let Some(&wrong) = numbers.iter().find(|&&pivot| pivot < 1 || pivot as usize > n) {
        return Err(Error::OutOfRange {
            operation: name,
            what: "pivot",
            index: wrong.into(),
            size: format!("{n} rows, counted from 1"),
        });
    }
    // Of A = P L U: U X = L^-1 P^T B; of A^T = U^T L^T P^T: X = P L^-T U^-T B.
    let mut order = Vec::with_capacity(numbers.len());
    for pivots in numbers.chunks(n.max(1)) {
        let forward = kernels::permutation(n, pivots);
        let rows = if transposed {
            layout::inverse(&forward)
        } else {
            forward.into()
        };
        order.extend(rows.iter().map(|&row| row as i64));
    }
    let order = Value::from_slice(b.device(), pivots.sizes(), &order);
    let (factors, b) = with_one_lead(name, factors, b)?;
    let order = order.expand(name, &with(&lead(&b), &[n]))?;
    if transposed {
        let y = solve(&flip(&factors), &b, triangle(false, true, false))?;
        return rows(&solve(&flip(&factors), &y, triangle(true, true, true))?, &order);
    }
    let y = solve(&factors, &rows(&b, &order)?, triangle(false, true, true))?;
    solve(&factors, &y, triangle(true, true, false))
}
