//! Eigenvalues of symmetric matrices.

use smallvec::smallvec;

use super::batch::{each_matrix, lead, square};
use super::parts::Parts;
use super::shapes::{flip, on_diagonal, quotient};
use crate::device::typed::float;
use crate::error::Result;
use crate::kernels::linalg::eigh as kernels;
use crate::ops::host::on_processor;
use crate::tape::{Gradients, Rule, Step, Value, record};

/// Which triangle of a matrix counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Triangle {
    /// What lies on and below the diagonal.
    #[default]
    Lower,
    /// What lies on and above the diagonal.
    Upper,
}

/// The eigenvalues, ascending, and the eigenvectors in columns. Only one triangle is read.
pub(crate) fn eigh(name: &'static str, a: &Value, triangle: Triangle) -> Result<(Value, Value)> {
    let n = square(name, a)?;
    on_processor(name, &[a])?;
    let parts = Parts::new(&lead(a), [&[n], &[n, n]]);
    let packed = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let mut out = vec![0.0 as T; parts.count() * parts.row()];
        each_matrix!(name, a, parts.count(), |i| {
            let [w, v] = parts.split(&mut out[i * parts.row()..(i + 1) * parts.row()]);
            kernels::eigh(n, &data[i * n * n..(i + 1) * n * n], triangle == Triangle::Upper, w, v)
        });
        Value::from_slice(a.device(), &parts.packed(), &out)
    });
    let rule = || {
        let parts = parts.clone();
        Rule::own(move |step| backward(step, &parts))
    };
    let [w, v] = parts.views(&record(name, packed, [a], rule, |out| smallvec![out.as_own()]));
    Ok((w, v))
}

/// `d_A = V (diag(d_w) + the skew part of V^T d_V / (w_j - w_i)) V^T`: that of symmetric matrices, spread over both triangles.
fn backward(step: Step<'_>, parts: &Parts<2>) -> Result<Gradients> {
    let ([w, v], [d_w, d_v]) = (parts.views(&step.saved[0]), parts.views(step.gradient));
    let last = w.layout.rank() - 1;
    let gaps = w.unsqueeze(last).sub(&w.unsqueeze(last + 1))?;
    let turning = flip(&v).matmul(&d_v)?;
    let turning = quotient(&turning.sub(&flip(&turning))?.scale(0.5), &gaps)?;
    let inner = on_diagonal(&d_w)?.add(&turning)?;
    Ok(smallvec![Some(v.matmul(&inner)?.matmul(&flip(&v))?)])
}
