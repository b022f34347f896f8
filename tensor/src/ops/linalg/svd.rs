//! `A = U diag(s) V^T`.

use smallvec::smallvec;

use super::batch::{each_matrix, lead, matrices};
use super::parts::Parts;
use super::shapes::{flip, on_diagonal, quotient};
use crate::device::typed::float;
use crate::error::Result;
use crate::kernels::linalg::svd as kernels;
use crate::ops::host::on_processor;
use crate::tape::{Gradients, Rule, Step, Value, record};

/// `U`, the singular values, descending, and `V^T`; `U` and `V` with all columns where they are to be `full`. The further columns have no
/// gradient.
pub(crate) fn decompose(name: &'static str, a: &Value, full: bool) -> Result<[Value; 3]> {
    let (m, n) = matrices(name, a)?;
    on_processor(name, &[a])?;
    let k = m.min(n);
    let (rows, columns) = if full { (m, n) } else { (k, k) };
    let parts = Parts::new(&lead(a), [&[m, rows], &[k], &[columns, n]]);
    let packed = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let mut out = vec![0.0 as T; parts.count() * parts.row()];
        each_matrix!(name, a, parts.count(), |i| {
            let [u, s, vt] = parts.split(&mut out[i * parts.row()..(i + 1) * parts.row()]);
            let a = &data[i * m * n..(i + 1) * m * n];
            if full { kernels::svd_full(m, n, a, u, s, vt) } else { kernels::svd(m, n, a, u, s, vt) }
        });
        Value::from_slice(a.device(), &parts.packed(), &out)
    });
    let rule = || {
        let parts = parts.clone();
        Rule::own(move |step| backward(step, &parts))
    };
    Ok(parts.views(&record(name, packed, [a], rule, |out| smallvec![out.as_own()])))
}

/// The singular values, descending.
pub(crate) fn svdvals(name: &'static str, a: &Value) -> Result<Value> {
    let [_, s, _] = decompose(name, a, false)?;
    Ok(s)
}

/// `d_A = U ((U^T d_U skew / E) s + s (V^T d_V skew / E) + diag(d_s)) V^T` with `E = s_j^2 - s_i^2`, and what of `d_U s^-1` is not in the
/// span of `U`, likewise of `V`.
fn backward(step: Step<'_>, parts: &Parts<3>) -> Result<Gradients> {
    let ([u, s, vt], [d_u, d_s, d_vt]) = (parts.views(&step.saved[0]), parts.views(step.gradient));
    let (last, k) = (s.layout.rank() - 1, s.sizes()[s.layout.rank() - 1]);
    let (row, column) = (last, last + 1);
    let columns = |x: &Value| x.slice(column, 0, k, 1);
    let rows = |x: &Value| x.slice(row, 0, k, 1);
    let (u, d_u, vt, d_vt) = (columns(&u), columns(&d_u), rows(&vt), rows(&d_vt));
    let (across, down) = (s.unsqueeze(last), s.unsqueeze(last + 1));
    let gaps = across.square().sub(&down.square())?;
    let skew = |x: &Value| x.sub(&flip(x));
    let turned_u = quotient(&skew(&flip(&u).matmul(&d_u)?)?, &gaps)?.mul(&across)?;
    let turned_v = quotient(&skew(&vt.matmul(&flip(&d_vt))?)?, &gaps)?.mul(&down)?;
    let inner = turned_u.add(&turned_v)?.add(&on_diagonal(&d_s)?)?;
    let mut whole = u.matmul(&inner)?.matmul(&vt)?;
    if u.sizes()[row] > k {
        let scaled = quotient(&d_u, &across)?;
        let outside = scaled.sub(&u.matmul(&flip(&u).matmul(&scaled)?)?)?;
        whole = whole.add(&outside.matmul(&vt)?)?;
    }
    if vt.sizes()[column] > k {
        let scaled = quotient(&d_vt, &down)?;
        let outside = scaled.sub(&scaled.matmul(&flip(&vt))?.matmul(&vt)?)?;
        whole = whole.add(&u.matmul(&outside)?)?;
    }
    Ok(smallvec![Some(whole)])
}
