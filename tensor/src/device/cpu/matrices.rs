//! Products and reductions.

use tensor_ops::Reduce;

use super::Cpu;
use super::access::{fresh, read, source, span, write};
use crate::device::typed::float;
use crate::device::{Linear, Matrices, Matrix, View};
use crate::element::{DType, Element};
use crate::kernels::gemm::{self, Strided};
use crate::kernels::reduce::{self, Extreme, sum_rows};
use crate::kernels::strided::Source;
use crate::layout::Axes;

/// The operands of a product, by their strides.
fn strided<'a, T: Element>(x: Matrix<'a>) -> Strided<'a, T> {
    Strided {
        data: span(x),
        row: x.row_stride,
        col: x.col_stride,
    }
}

impl Matrices for Cpu {
    fn reduce(&self, op: Reduce, x: View<'_>, out: View<'_>, accumulate: bool) {
        let sizes = x.layout.sizes();
        let gone: Axes<bool> = sizes
            .iter()
            .zip(out.layout.sizes())
            .map(|(&from, &to)| from != to)
            .collect();
        if out.buffer.dtype() == DType::I64 {
            debug_assert!(!accumulate, "only gradients are added to");
            return reduce::whole(op, sizes, source::<i64>(x), &gone, fresh::<i64>(out, &[x]));
        }
        float!(out, T => reduce::reduce(op, sizes, source::<T>(x), &gone, fresh::<T>(out, &[x]), accumulate));
    }

    fn arg_reduce(&self, extreme: Extreme, x: Matrix<'_>, out: Matrix<'_>) {
        float!(x, T => {
            let operand = Source { data: read::<T>(x), offset: 0, strides: &[x.cols as isize, 1] };
            reduce::arg_reduce(extreme, &[x.rows, x.cols], operand, 1, write::<i64>(out, &[]));
        });
    }

    fn gemm(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>, accumulate: bool) {
        debug_assert!(a.cols == b.rows && a.rows * b.cols == out.len());
        if out.buffer.dtype() == DType::I64 {
            let c = write::<i64>(out, &[a, b]);
            return gemm::whole(
                a.rows,
                a.cols,
                b.cols,
                strided::<i64>(a),
                strided::<i64>(b),
                c,
                accumulate,
            );
        }
        float!(out, T => {
            let c = write::<T>(out, &[a, b]);
            gemm::gemm(a.rows, a.cols, b.cols, strided::<T>(a), strided::<T>(b), c, b.cols, accumulate, None);
        });
    }

    fn linear(&self, step: Linear<'_>) {
        let Linear {
            x,
            weight,
            bias,
            chain,
            random,
            pre,
            out,
        } = step;
        let inputs = [x, weight, bias.unwrap_or(x)];
        float!(out, T => gemm::linear(
            x.rows,
            x.cols,
            out.cols,
            strided::<T>(x),
            strided::<T>(weight),
            bias.map(read::<T>),
            chain,
            random,
            pre.map(|pre| write::<T>(pre, &inputs)),
            write::<T>(out, &inputs),
        ));
    }

    fn sum_rows(&self, x: Matrix<'_>, out: Matrix<'_>, accumulate: bool) {
        float!(out, T => sum_rows(x.rows, x.cols, read::<T>(x), write::<T>(out, &[x]), accumulate));
    }
}
