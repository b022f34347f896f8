//! The pseudoinverse, and the rank.

use smallvec::smallvec;

use super::batch::{each_matrix, lead, matrices};
use super::shapes::flip;
use super::svd::svdvals;
use crate::device::typed::float;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::Real;
use crate::kernels::linalg::svd::svd;
use crate::layout::len;
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// Singular values up to the larger of `atol` and `rtol` times the largest of them count as zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tolerance {
    /// 0 where it is not given.
    pub(crate) atol: Option<f64>,
    /// Where neither is given: `max(M, N)` times the distance from 1 to the next number.
    pub(crate) rtol: Option<f64>,
}

impl Tolerance {
    /// Both numbers, for `m` by `n` matrices.
    pub(crate) fn of(self, m: usize, n: usize, dtype: DType) -> Result<(f64, f64)> {
        for (name, given) in [("atol", self.atol), ("rtol", self.rtol)] {
            if let Some(number) = given.filter(|number| number.is_nan() || *number < 0.0) {
                return Err(Error::argument(name, "a number from 0 on", number));
            }
        }
        let epsilon = if dtype == DType::F64 {
            f64::EPSILON
        } else {
            f32::EPSILON.into()
        };
        let atol = self.atol.unwrap_or(0.0);
        let usual = if atol > 0.0 { 0.0 } else { m.max(n) as f64 * epsilon };
        Ok((atol, self.rtol.unwrap_or(usual)))
    }
}

/// `A^+`, `[.., N, M]`.
pub(crate) fn pinv(a: &Value, tolerance: Tolerance) -> Result<Value> {
    let (m, n) = matrices("pinv", a)?;
    on_processor("pinv", &[a])?;
    let (atol, rtol) = tolerance.of(m, n, a.dtype())?;
    let (lead, k) = (lead(a), m.min(n));
    let out = float!(a, T => {
        let data: Vec<f64> = a.to_vec::<T>()?.into_iter().map(Real::to_f64).collect();
        let mut out = vec![0.0 as T; data.len()];
        let (mut u, mut s, mut vt) = (vec![0.0; m * k], vec![0.0; k], vec![0.0; k * n]);
        each_matrix!("pinv", a, len(&lead), |i| {
            let done = svd(m, n, &data[i * m * n..(i + 1) * m * n], &mut u, &mut s, &mut vt);
            let least = s.first().map_or(0.0, |largest| largest * rtol).max(atol);
            let rank = s.iter().take_while(|value| **value > least).count();
            for row in 0..n {
                for column in 0..m {
                    let sum: f64 = (0..rank).map(|j| vt[j * n + row] / s[j] * u[column * k + j]).sum();
                    out[i * m * n + row * m + column] = sum as T;
                }
            }
            done
        });
        Value::from_slice(a.device(), &super::batch::with(&lead, &[n, m]), &out)
    });
    let rule = || {
        Rule::own(move |step| {
            Ok(smallvec![Some(backward(
                &step.saved[0],
                &step.saved[1],
                step.gradient
            )?)])
        })
    };
    Ok(record("pinv", out, [a], rule, |out| smallvec![a.clone(), out.as_own()]))
}

/// With `P = A^+`, of one rank nearby: `-(P d^T P)^T + d P .. ` as three products, the smaller matrices first. What [`pinv`] and least squares
/// share.
pub(crate) fn backward(a: &Value, p: &Value, d: &Value) -> Result<Value> {
    let (m, n) = matrices("pinv", a)?;
    let (p_back, d_back) = (flip(p), flip(d));
    if m <= n {
        let k = d_back.matmul(p)?;
        let wide = k.matmul(&p_back)?;
        let outside = wide.sub(&a.matmul(p)?.matmul(&wide)?)?;
        let inside = p_back.matmul(p)?.matmul(&d_back.sub(&k.matmul(a)?)?)?;
        return outside.add(&inside)?.sub(&flip(&p.matmul(&k)?));
    }
    let k = p.matmul(&d_back)?;
    let wide = p_back.matmul(&k)?;
    let outside = d_back.sub(&a.matmul(&k)?)?.matmul(p)?.matmul(&p_back)?;
    let inside = wide.sub(&wide.matmul(p)?.matmul(a)?)?;
    outside.add(&inside)?.sub(&flip(&k.matmul(p)?))
}

/// How many singular values are larger than the tolerance.
pub(crate) fn matrix_rank(a: &Value, tolerance: Tolerance) -> Result<Value> {
    let (m, n) = matrices("matrix_rank", a)?;
    let (atol, rtol) = tolerance.of(m, n, a.dtype())?;
    let s = svdvals("matrix_rank", &a.detach())?;
    let last = s.layout.rank() - 1;
    if m.min(n) == 0 {
        return Ok(Value::filled(a.device(), DType::I64, 0.0, &lead(a)));
    }
    let least = s.slice(last, 0, 1, 1).scale(rtol).maximum(&s.constant(atol))?;
    Ok(s.compare(tensor_ops::Compare::Gt, &least)?
        .cast(DType::I64)
        .sum(&[last], false))
}
