//! Matrix products.

use smallvec::smallvec;

use crate::device::{Matrix, reading};
use crate::element::{DType, Kind, Numeric};
use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe};
use crate::ops::{cast, names, view};
use crate::shape::{Dynamic, MatMul, Ranked, Shape};
use crate::tape::{Gradients, Rule, Step, Value, record};
use crate::tensors::Tensor;

/// `a b` with ranks as PyTorch has them: a vector on the left is a row, on the right a column; leading axes broadcast.
pub(crate) fn matmul(a: &Value, b: &Value) -> Result<Value> {
    let fail = || {
        Error::shape(
            "matmul",
            format!("sizes that {} multiplies", describe(a.sizes())),
            describe(b.sizes()),
        )
    };
    let (left, right) = (a.layout.rank(), b.layout.rank());
    if left == 0 || right == 0 {
        return Err(fail());
    }
    let wide = |x: &Value, front: bool| {
        let mut sizes: Axes<usize> = x.sizes().into();
        sizes.insert(if front { 0 } else { sizes.len() }, 1);
        view::reshape(x, &sizes)
    };
    let a_wide = if left == 1 { wide(a, true) } else { a.clone() };
    let b_wide = if right == 1 { wide(b, false) } else { b.clone() };
    let (m, k) = last_two(&a_wide);
    let (inner, n) = last_two(&b_wide);
    if k != inner {
        return Err(fail());
    }
    let batch = layout::broadcast("matmul", lead(&a_wide), lead(&b_wide)).map_err(|_| fail())?;
    let out = product(&a_wide, &b_wide, &batch, m, n);
    if left > 1 && right > 1 {
        return Ok(out);
    }
    let mut sizes = batch;
    if left > 1 {
        sizes.push(m);
    }
    if right > 1 {
        sizes.push(n);
    }
    Ok(view::reshape(&out, &sizes))
}

fn last_two(x: &Value) -> (usize, usize) {
    let sizes = x.sizes();
    (sizes[sizes.len() - 2], sizes[sizes.len() - 1])
}

fn lead(x: &Value) -> &[usize] {
    &x.sizes()[..x.layout.rank() - 2]
}

/// Products of matrices: both operands have at least two axes. Whole numbers wrap around.
fn product(a: &Value, b: &Value, batch: &[usize], m: usize, n: usize) -> Value {
    // A product reads along steps that do not go backwards.
    let forwards = |x: &Value| {
        if x.layout.strides().iter().any(|&step| step < 0) {
            x.copied().as_input(x)
        } else {
            x.clone()
        }
    };
    let (a, b) = (&forwards(a), &forwards(b));
    match a.dtype().kind() {
        Kind::Float => cast::widened([a, b], |[a, b]| computed(a, b, batch, m, n)),
        Kind::Integer | Kind::Bool => {
            let whole = computed(&cast::cast(a, DType::I64), &cast::cast(b, DType::I64), batch, m, n);
            cast::cast(&whole, a.dtype())
        }
    }
}

fn computed(a: &Value, b: &Value, batch: &[usize], m: usize, n: usize) -> Value {
    let mut sizes: Axes<usize> = batch.into();
    sizes.extend([m, n]);
    let out = match Value::output("matmul", &[a, b], a.dtype(), &sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    {
        let _reading = reading([&a.buffer, &b.buffer]);
        let backend = out.device().backend();
        for index in 0..layout::len(batch) {
            let place = Matrix::new(&out.buffer, out.offset + index * m * n, m, n);
            backend.gemm(slice(a, batch, index), slice(b, batch, index), place, false);
        }
    }
    record(
        "matmul",
        out,
        [a, b],
        || Rule::Plain(backward),
        |_| smallvec![a.clone(), b.clone()],
    )
}

/// The matrix of a batch of matrices that takes part in the `index`-th product.
fn slice<'a>(x: &'a Value, batch: &[usize], index: usize) -> Matrix<'a> {
    let rank = x.layout.rank();
    let (sizes, strides) = (x.sizes(), x.layout.strides());
    let mut offset = x.offset as isize;
    let mut rest = index;
    for axis in (0..batch.len()).rev() {
        let at = rest % batch[axis];
        rest /= batch[axis];
        // Operands of fewer axes, and axes of size 1, take part in every product.
        // Of an operand without elements there is nothing at any place but the first.
        if let Some(own) = (axis + rank).checked_sub(batch.len() + 2)
            && sizes[own] != 1
            && x.len() > 0
        {
            offset += at as isize * strides[own];
        }
    }
    Matrix {
        buffer: &x.buffer,
        offset: offset as usize,
        rows: sizes[rank - 2],
        cols: sizes[rank - 1],
        row_stride: strides[rank - 2] as usize,
        col_stride: strides[rank - 1] as usize,
    }
}

fn backward(step: Step<'_>) -> Gradients {
    let d = step.gradient;
    let (a, b) = (&step.saved[0], &step.saved[1]);
    let batch: Axes<usize> = lead(d).into();
    let flip = |x: &Value| view::transpose(x, x.layout.rank() - 2, x.layout.rank() - 1);
    let d_a = step.wants(0).then(|| {
        let (m, k) = last_two(a);
        view::sum_to(&product(d, &flip(b), &batch, m, k), a.sizes())
    });
    let d_b = step.wants(1).then(|| {
        let (k, n) = last_two(b);
        view::sum_to(&product(&flip(a), d, &batch, k, n), b.sizes())
    });
    smallvec![d_a, d_b]
}

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// The matrix product `[M, K] [K, N] -> [M, N]`.
    ///
    /// A vector on the left is a row and on the right a column, which the result does not keep; leading axes
    /// broadcast. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let a = tensor![[1., 2.], [3., 4.]];
    /// let b = tensor![[5.], [6.]];
    /// assert_eq!(a.matmul(&b), tensor![[17.], [39.]]);
    /// ```
    #[track_caller]
    pub fn matmul<R: Shape>(&self, other: &Tensor<R, T>) -> Tensor<<S as MatMul<R>>::Output, T>
    where
        S: MatMul<R>,
    {
        let agreed = names::agree("matmul", S::AXES, self.sizes(), R::AXES, other.sizes());
        match agreed.and_then(|()| matmul(self.value(), other.value())) {
            Ok(out) => Tensor::of(out),
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T: Numeric> Tensor<Dynamic, T> {
    /// The matrix product `[.., M, K] [.., K, N] -> [.., M, N]`, with vectors and leading axes as in PyTorch.
    ///
    /// # Errors
    /// Where the inner sizes differ, the leading ones do not broadcast, or an operand is a scalar.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (a, b) = (tensor![[1., 2.], [3., 4.]].into_dynamic(), tensor![5., 6.].into_dynamic());
    /// assert_eq!(a.matmul(&b)?.to_vec()?, [17., 39.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn matmul(&self, other: &Self) -> Result<Self> {
        matmul(self.value(), other.value()).map(Tensor::of)
    }
}
