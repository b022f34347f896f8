//! What runs a kernel on each matrix of a batch.

use crate::error::{Error, Result};
use crate::kernels::linalg::Failure;
use crate::layout::{Axes, broadcast, describe};
use crate::ops::elements::same_elements;
use crate::tape::Value;

/// Rows and columns of the matrices, the last two axes.
pub(crate) fn matrices(operation: &'static str, x: &Value) -> Result<(usize, usize)> {
    match *x.sizes() {
        [.., m, n] => Ok((m, n)),
        _ => Err(Error::shape(operation, "matrices, [.., M, N]", describe(x.sizes()))),
    }
}

/// The rows of matrices that are square.
pub(crate) fn square(operation: &'static str, x: &Value) -> Result<usize> {
    match matrices(operation, x) {
        Ok((m, n)) if m == n => Ok(n),
        _ => Err(Error::shape(
            operation,
            "square matrices, [.., N, N]",
            describe(x.sizes()),
        )),
    }
}

/// The axes before the last two.
pub(crate) fn lead(x: &Value) -> Axes<usize> {
    x.sizes()[..x.layout.rank() - 2].into()
}

/// Both operands with the same axes before the last two.
pub(crate) fn with_one_lead(operation: &'static str, a: &Value, b: &Value) -> Result<(Value, Value)> {
    same_elements(operation, a.dtype(), b.dtype())?;
    let lead = broadcast(operation, &lead(a), &lead(b)).map_err(|_| {
        Error::shape(
            operation,
            format!("leading axes that broadcast with {}", describe(a.sizes())),
            describe(b.sizes()),
        )
    })?;
    let stretched = |x: &Value| -> Result<Value> {
        let mut sizes = lead.clone();
        sizes.extend_from_slice(&x.sizes()[x.layout.rank() - 2..]);
        x.expand(operation, &sizes)
    };
    Ok((stretched(a)?, stretched(b)?))
}

/// Sizes with others behind them.
pub(crate) fn with(lead: &[usize], last: &[usize]) -> Axes<usize> {
    lead.iter().chain(last).copied().collect()
}

/// The error of a kernel, by operation and matrix.
pub(crate) fn failed(operation: &'static str, x: &Value, index: usize, failure: Failure) -> Error {
    let which = match x.layout.rank() {
        2 => String::new(),
        _ => format!(" (number {index} of the batch)"),
    };
    let expected = match failure {
        Failure::Singular { .. } => "a matrix that is not singular",
        Failure::NotPositiveDefinite { .. } => "a positive definite matrix",
        Failure::NoConvergence | Failure::NotFinite => "a matrix of finite numbers",
    };
    Error::shape(
        operation,
        expected,
        format!("{}{which}: {failure}", describe(x.sizes())),
    )
}

/// `$run` for each of `$count` matrices; the first error, by operation.
macro_rules! each_matrix {
    ($operation:expr, $x:expr, $count:expr, |$index:ident| $run:expr) => {
        for $index in 0..$count {
            let done: std::result::Result<(), $crate::kernels::linalg::Failure> = $run;
            done.map_err(|failure| $crate::ops::linalg::batch::failed($operation, $x, $index, failure))?;
        }
    };
}

pub(crate) use each_matrix;
