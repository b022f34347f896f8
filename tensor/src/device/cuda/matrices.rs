//! Launchers of products and reductions.

use gpu_kernels::Epilogue;
use tensor_ops::Reduce;

use super::Cuda;
use super::rules::extreme;
use super::steps::{Chain, fold, reduce};
use crate::device::typed::float;
use crate::device::{Linear, Matrices, Matrix, Operation, View};
use crate::element::DType;
use crate::kernels::reduce::Extreme;
use crate::layout::Axes;

impl Matrices for Cuda {
    fn reduce(&self, op: Reduce, x: View<'_>, out: View<'_>, accumulate: bool) {
        let (operation, sizes) = (Operation::Reduce(op), x.layout.sizes());
        let gone: Axes<bool> = sizes
            .iter()
            .zip(out.layout.sizes())
            .map(|(&from, &to)| from != to)
            .collect();
        if out.buffer.dtype() == DType::I64 {
            debug_assert!(!accumulate, "only gradients are added to");
            // SAFETY: operands lie inside their buffers, which `access.rs` checks; an output is written by this operation alone.
            return self.run_known(operation, fold(op), out, |code| unsafe {
                self.gpu
                    .fold(code, sizes, self.strided::<i64>(x), &gone, self.strided::<i64>(out).ptr)
            });
        }
        // SAFETY: as above.
        self.run_known(operation, reduce(op), out, |code| unsafe {
            float!(out, T => self.gpu.reduce(code, sizes, self.strided::<T>(x), &gone, self.strided::<T>(out).ptr, accumulate))
        });
    }

    fn arg_reduce(&self, which: Extreme, x: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: as above.
        let outcome = self.attempt(Operation::ArgReduce(which), x.buffer.dtype(), || unsafe {
            float!(x, T => self.gpu.arg_reduce(extreme(which), self.at::<T>(x), self.at::<i64>(out), x.rows, x.cols))
        });
        if let Err(error) = outcome {
            out.buffer.fail(error);
        }
    }

    fn gemm(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>, accumulate: bool) {
        debug_assert!(a.cols == b.rows && a.rows * b.cols == out.len());
        if out.buffer.dtype() == DType::I64 {
            let sides = [a.rows, b.cols, a.cols];
            // SAFETY: as above.
            return self.run(Operation::Gemm, &[out], || unsafe {
                let (a, b) = (self.operand::<i64>(a), self.operand::<i64>(b));
                self.gpu.whole_product(a, b, self.at::<i64>(out), sides, accumulate)
            });
        }
        // SAFETY: as above.
        self.run(Operation::Gemm, &[out], || unsafe {
            float!(out, T => self.gpu.gemm(
                self.operand::<T>(a),
                self.operand::<T>(b),
                self.at::<T>(out),
                a.rows,
                b.cols,
                a.cols,
                accumulate,
                Epilogue::default(),
            ))
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
        let outs: Axes<Matrix<'_>> = std::iter::once(out).chain(pre).collect();
        // SAFETY: as above.
        self.run_chain(
            Operation::Linear,
            (chain, random),
            &outs,
            |Chain { steps, seed }| unsafe {
                float!(out, T => {
                    let layer = gpu_kernels::Linear {
                        x: self.operand::<T>(x),
                        weight: self.operand::<T>(weight.transposed()),
                        bias: bias.map(|x| self.at::<T>(x)),
                        steps,
                        seed: *seed,
                        pre: pre.map(|x| self.at::<T>(x)),
                        out: self.at::<T>(out),
                    };
                    self.gpu.linear(layer, x.rows, x.cols, out.cols)
                })
            },
        );
    }

    fn sum_rows(&self, x: Matrix<'_>, out: Matrix<'_>, accumulate: bool) {
        // SAFETY: as above.
        self.run(Operation::SumRows, &[out], || unsafe {
            float!(out, T => self.gpu.sum_rows(self.at::<T>(x), self.at::<T>(out), x.rows, x.cols, accumulate))
        });
    }
}
