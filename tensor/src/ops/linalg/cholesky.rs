//! `A = L L^T`.

use smallvec::smallvec;

use super::batch::{each_matrix, square, with_one_lead};
use super::shapes::{eye, flip, mirrored};
use super::triangular::{Triangle, primitive as solve};
use crate::device::typed::float;
use crate::error::{Error, Result};
use crate::kernels::linalg::cholesky::cholesky as kernel;
use crate::layout::describe;
use crate::ops::host::on_processor;
use crate::tape::{Rule, Value, record};

/// `L` of the lower triangles, or `L^T` of the upper ones.
pub(crate) fn cholesky(a: &Value, upper: bool) -> Result<Value> {
    if upper {
        square("cholesky", a)?;
        return Ok(flip(&cholesky(&flip(a), false)?));
    }
    let n = square("cholesky", a)?;
    on_processor("cholesky", &[a])?;
    let out = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let mut out = vec![0.0 as T; data.len()];
        each_matrix!("cholesky", a, data.len().checked_div(n * n).unwrap_or(0), |i| {
            let place = i * n * n..(i + 1) * n * n;
            kernel(n, &data[place.clone()], &mut out[place])
        });
        Value::from_slice(a.device(), a.sizes(), &out)
    });
    // d_A = 1/2 L^-T S L^-1, S symmetric with the lower triangle of L^T d_L; as if A had been made symmetric.
    let rule = || {
        Rule::own(move |step| {
            let l = &step.saved[0];
            let s = mirrored(&flip(l).matmul(step.gradient)?)?;
            let inner = solve(&flip(l), &s, system(true, true))?;
            Ok(smallvec![Some(solve(l, &inner, system(false, false))?.scale(0.5))])
        })
    };
    Ok(record("cholesky", out, [a], rule, |out| smallvec![out.as_own()]))
}

fn system(upper: bool, left: bool) -> Triangle {
    Triangle {
        upper,
        left,
        unit: false,
    }
}

/// `X` of `L L^T X = B`, or of `U^T U X = B`.
pub(crate) fn cholesky_solve(b: &Value, factor: &Value, upper: bool) -> Result<Value> {
    let name = "cholesky_solve";
    let n = square(name, factor)?;
    if b.layout.rank() < 2 || b.sizes()[b.layout.rank() - 2] != n {
        let expected = format!("[.., {n}, K] for {}", describe(factor.sizes()));
        return Err(Error::shape(name, expected, describe(b.sizes())));
    }
    let (factor, b) = with_one_lead(name, factor, b)?;
    let (l, u) = if upper {
        (flip(&factor), factor)
    } else {
        (factor.clone(), flip(&factor))
    };
    solve(&u, &solve(&l, &b, system(false, true))?, system(true, true))
}

/// `(L L^T)^-1`, or `(U^T U)^-1`.
pub(crate) fn cholesky_inverse(factor: &Value, upper: bool) -> Result<Value> {
    let n = square("cholesky_inverse", factor)?;
    let identity = eye(factor.device(), factor.dtype(), n);
    cholesky_solve(&identity, factor, upper)
}
