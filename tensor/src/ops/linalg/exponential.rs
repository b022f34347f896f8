//! Functions of matrices: the exponential, powers.

use smallvec::smallvec;

use super::batch::{lead, square};
use super::shapes::{eye, flip};
use super::solve::inverse;
use crate::device::typed::float;
use crate::element::DType;
use crate::error::Result;
use crate::kernels::linalg::exponential::matrix_exp as kernel;
use crate::layout::len;
use crate::ops::host::on_processor;
use crate::ops::view::placed;
use crate::tape::{Rule, Value, record};

/// `1 + A + A^2 / 2 + A^3 / 6 + ..`.
pub(crate) fn matrix_exp(a: &Value) -> Result<Value> {
    let n = square("matrix_exp", a)?;
    on_processor("matrix_exp", &[a])?;
    let out = float!(a, T => {
        let data = a.to_vec::<T>()?;
        let mut out = vec![0.0 as T; data.len()];
        for i in 0..len(&lead(a)) {
            let place = i * n * n..(i + 1) * n * n;
            kernel(n, &data[place.clone()], &mut out[place]);
        }
        Value::from_slice(a.device(), a.sizes(), &out)
    });
    // The upper right block of the exponential of [A^T d; 0 A^T].
    let rule = || {
        Rule::own(move |step| {
            let (a, row) = (flip(&step.saved[0]), step.gradient.layout.rank() - 2);
            let block = |x: &Value, i: usize, j: usize| placed(&placed(x, row, i * n, 2 * n), row + 1, j * n, 2 * n);
            let whole = block(&a, 0, 0)
                .add(&block(&a, 1, 1))?
                .add(&block(step.gradient, 0, 1))?;
            let exponential = matrix_exp(&whole)?;
            Ok(smallvec![Some(exponential.slice(row, 0, n, 1).slice(row + 1, n, n, 1))])
        })
    };
    Ok(record("matrix_exp", out, [a], rule, |_| smallvec![a.clone()]))
}

/// `A^n` by squares; of the inverse for `n` below 0.
pub(crate) fn matrix_power(a: &Value, n: i64) -> Result<Value> {
    let size = square("matrix_power", a)?;
    let mut rest = n.unsigned_abs();
    if rest == 0 {
        // On the tape, with a gradient of zeros.
        let never = Value::filled(a.device(), DType::Bool, 0.0, &[]);
        return a.or_where_not(&never, 0.0)?.add(&eye(a.device(), a.dtype(), size));
    }
    let mut square = if n < 0 { inverse("matrix_power", a)? } else { a.clone() };
    let mut out: Option<Value> = None;
    loop {
        if rest % 2 == 1 {
            out = Some(match out {
                Some(out) => out.matmul(&square)?,
                None => square.clone(),
            });
        }
        rest /= 2;
        match out {
            Some(out) if rest == 0 => return Ok(out),
            _ => square = square.matmul(&square)?,
        }
    }
}
