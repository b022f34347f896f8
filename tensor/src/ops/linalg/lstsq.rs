//! Least squares.

use smallvec::smallvec;

use super::batch::{each_matrix, lead, matrices, with, with_one_lead};
use super::pinv::{Tolerance, backward as pinv_backward, pinv};
use super::shapes::flip;
use crate::device::typed::float;
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::linalg::lstsq as kernels;
use crate::layout::{describe, len};
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// How it is solved; what is known beside the solution depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Driver {
    /// For matrices of full rank, without a look at it.
    Gels,
    /// Finds the rank.
    #[default]
    Gelsy,
    /// Finds rank and singular values.
    Gelsd,
    /// Finds rank and singular values.
    Gelss,
}

/// Solution, residuals, rank, singular values; empty, `[0]`, what was not found.
pub(crate) fn lstsq(a: &Value, b: &Value, rcond: Option<f64>, driver: Driver) -> Result<[Value; 4]> {
    let name = "lstsq";
    let (m, n) = matrices(name, a)?;
    let rank = b.layout.rank();
    if rank == 1 || (rank > 0 && b.sizes() == &a.sizes()[..a.layout.rank() - 1]) {
        let [x, residuals, ranks, values] = lstsq(a, &b.unsqueeze(rank), rcond, driver)?;
        let residuals = if residuals.layout.rank() + 1 == a.layout.rank() && residuals.sizes().last() == Some(&1) {
            residuals.squeeze_last()
        } else {
            residuals
        };
        return Ok([x.squeeze_last(), residuals, ranks, values]);
    }
    if rank < 2 || b.sizes()[rank - 2] != m {
        let expected = format!("[.., {m}, K] for {}", describe(a.sizes()));
        return Err(Error::shape(name, expected, describe(b.sizes())));
    }
    let tolerance = Tolerance {
        atol: None,
        rtol: rcond,
    };
    let (_, rtol) = tolerance.of(m, n, a.dtype())?;
    let (a, b) = with_one_lead(name, a, b)?;
    on_processor(name, &[&a, &b])?;
    let (lead, k, small) = (lead(&a), b.sizes()[b.layout.rank() - 1], m.min(n));
    let count = len(&lead);
    let mut ranks = vec![small as i64; count];
    let (x, values) = float!(a, T => {
        let (left, right) = (a.to_vec::<T>()?, b.to_vec::<T>()?);
        let mut x = vec![0.0 as T; count * n * k];
        let mut values = vec![0.0 as T; count * small];
        each_matrix!(name, &a, count, |i| {
            let (a, b) = (&left[i * m * n..(i + 1) * m * n], &right[i * m * k..(i + 1) * m * k]);
            let x = &mut x[i * n * k..(i + 1) * n * k];
            if driver == Driver::Gels {
                kernels::lstsq_full_rank(m, n, k, a, b, x)
            } else {
                let values = &mut values[i * small..(i + 1) * small];
                kernels::lstsq(m, n, k, a, b, rtol, x, values).map(|rank| ranks[i] = rank as i64)
            }
        });
        let values = Value::from_slice(a.device(), &with(&lead, &[small]), &values);
        (Value::from_slice(a.device(), &with(&lead, &[n, k]), &x), values)
    });
    // X = A^+ B.
    let rule = || {
        Rule::own(move |step| {
            let (a, b) = (&step.saved[0], &step.saved[1]);
            let p = pinv(a, tolerance)?;
            let d_a = if step.wants(0) {
                Some(pinv_backward(a, &p, &step.gradient.matmul(&flip(b))?)?)
            } else {
                None
            };
            Ok(smallvec![d_a, Some(flip(&p).matmul(step.gradient)?)])
        })
    };
    let full = ranks.iter().all(|&rank| rank == n as i64);
    let x = record(name, x, [&a, &b], rule, |_| smallvec![a.clone(), b.clone()]);
    let none = |dtype| Value::empty(a.device(), dtype, &[0]);
    let residuals = if m > n && full && driver != Driver::Gelsy {
        a.matmul(&x)?.sub(&b)?.square().sum(&[b.layout.rank() - 2], false)
    } else {
        none(a.dtype())
    };
    let ranks = match driver {
        Driver::Gels => none(DType::I64),
        _ => Value::from_slice(a.device(), &lead, &ranks),
    };
    let values = match driver {
        Driver::Gelsd | Driver::Gelss => values,
        Driver::Gels | Driver::Gelsy => none(a.dtype()),
    };
    Ok([x, residuals, ranks, values])
}
