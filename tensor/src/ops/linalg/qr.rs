//! `A = Q R`.

use smallvec::smallvec;

use super::batch::{lead, matrices, with};
use super::parts::Parts;
use super::shapes::{eye, flip, lower, mirrored};
use super::triangular::{Triangle, primitive as solve};
use crate::device::typed::float;
use crate::error::{Error, Result};
use crate::kernels::linalg::qr as kernels;
use crate::layout::describe;
use crate::ops::elements::same_elements;
use crate::ops::host::on_processor;
use crate::ops::view::placed;
use crate::tape::{Gradients, Rule, Step, Value, record};

/// `Q` and `R`; with all columns of `Q` where it is to be `complete`.
pub(crate) fn qr(a: &Value, complete: bool) -> Result<(Value, Value)> {
    let (m, n) = matrices("qr", a)?;
    on_processor("qr", &[a])?;
    let k = if complete { m } else { m.min(n) };
    let parts = Parts::new(&lead(a), [&[m, k], &[k, n]]);
    let packed = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let mut out = vec![0.0 as T; parts.count() * parts.row()];
        for i in 0..parts.count() {
            let [q, r] = parts.split(&mut out[i * parts.row()..(i + 1) * parts.row()]);
            let a = &data[i * m * n..(i + 1) * m * n];
            if complete { kernels::qr_complete(m, n, a, q, r) } else { kernels::qr(m, n, a, q, r) }
        }
        Value::from_slice(a.device(), &parts.packed(), &out)
    });
    let rule = || {
        let parts = parts.clone();
        Rule::own(move |step| {
            if complete && m > n {
                return Err(Error::Gradient(format!(
                    "`backward`: `qr` has no gradient where `Q` has more columns than the {n} of the matrix"
                )));
            }
            backward(step, &parts)
        })
    };
    let saved = |out: &Value| smallvec![a.clone(), out.as_own()];
    let [q, r] = parts.views(&record("qr", packed, [a], rule, saved));
    Ok((q, r))
}

/// `R` alone, which has no gradient.
pub(crate) fn qr_r(a: &Value) -> Result<Value> {
    let (_, r) = qr(&a.detach(), false)?;
    Ok(r)
}

fn backward(step: Step<'_>, parts: &Parts<2>) -> Result<Gradients> {
    let a = &step.saved[0];
    let ([q, r], [d_q, d_r]) = (parts.views(&step.saved[1]), parts.views(step.gradient));
    let (m, n) = matrices("qr", a)?;
    if m >= n {
        return Ok(smallvec![Some(tall(&q, &r, &d_q, &d_r)?)]);
    }
    // A = Q [R1 R2]: R2 = Q^T A2, and the rest is square.
    let column = a.layout.rank() - 1;
    let left = |x: &Value| x.slice(column, 0, m, 1);
    let right = |x: &Value| x.slice(column, m, n - m, 1);
    let d_q = d_q.add(&right(a).matmul(&flip(&right(&d_r)))?)?;
    let d_left = tall(&q, &left(&r), &d_q, &left(&d_r))?;
    let d_right = q.matmul(&right(&d_r))?;
    let whole = placed(&d_left, column, 0, n).add(&placed(&d_right, column, m, n))?;
    Ok(smallvec![Some(whole)])
}

/// `d_A = (d_Q + Q S) R^-T`, `S` symmetric with the lower triangle of `R d_R^T - d_Q^T Q`.
fn tall(q: &Value, r: &Value, d_q: &Value, d_r: &Value) -> Result<Value> {
    let inner = r.matmul(&flip(d_r))?.sub(&flip(d_q).matmul(q)?)?;
    let sum = d_q.add(&q.matmul(&mirrored(&inner)?)?)?;
    let from_the_right = Triangle {
        upper: false,
        left: false,
        unit: false,
    };
    solve(&flip(r), &sum, from_the_right)
}

/// The first `n` columns of the product of the reflections `1 - tau v v^T`, `v` in the columns of `a` below the diagonal, on which it is 1.
pub(crate) fn householder_product(a: &Value, tau: &Value) -> Result<Value> {
    let name = "householder_product";
    let (m, n) = matrices(name, a)?;
    let lead = lead(a);
    let k = tau.sizes().last().copied().unwrap_or(0);
    if n > m || k > n || tau.sizes() != &with(&lead, &[k])[..] {
        let expected = format!(
            "as many columns as rows at most, and no more reflections than columns, for {}",
            describe(a.sizes())
        );
        return Err(Error::shape(name, expected, describe(tau.sizes())));
    }
    same_elements(name, a.dtype(), tau.dtype())?;
    let (row, column) = (lead.len(), lead.len() + 1);
    let one = placed(&eye(a.device(), a.dtype(), n), 0, 0, m);
    let vectors = lower(a, -1)?.add(&one)?;
    let mut out = one.expand(name, a.sizes())?;
    for reflection in (0..k).rev() {
        let v = vectors.slice(column, reflection, 1, 1);
        let factor = tau.slice(row, reflection, 1, 1).unsqueeze(column);
        out = out.sub(&v.mul(&factor)?.matmul(&flip(&v).matmul(&out)?)?)?;
    }
    Ok(out)
}
