//! The families of operations, each a launcher of `gpu-kernels`.

use std::ptr::NonNull;

use gpu_kernels::{Code, Epilogue, LayerNormGrads, Saved, Step};
use half::{bf16, f16};
use tensor_ops::{Binary, Compare, Math, Pair, Reduce, Saves, Unary};

use super::Cuda;
use super::rules::{adam, extreme, sgd};
use super::steps::{Chain, binary, comparison, function, reduce};
use super::support::supports;
use crate::device::typed::float;
use crate::device::{Backend, Buffer, LayerNormBackward, Linear, Matrix, Moments, Operation, Pending, Pool, View};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::kernels::chain::Random;
use crate::kernels::indexed::Scatter;
use crate::kernels::optimizers::{AdamRule, SgdRule};
use crate::kernels::reduce::Extreme;
use crate::layout::Axes;

impl Backend for Cuda {
    fn name(&self) -> &str {
        &self.name
    }

    fn supports(&self, operation: Operation, dtype: DType) -> bool {
        supports(operation, dtype)
    }

    fn pool(&self) -> &Pool {
        &self.pool
    }

    fn allocate(&self, bytes: usize) -> Result<NonNull<u8>> {
        let address = self.gpu.allocate(bytes).map_err(|error| self.named(error))?;
        NonNull::new(std::ptr::without_provenance_mut(address as usize)).ok_or_else(|| Error::OutOfMemory {
            device: self.name.clone(),
            bytes,
            free: None,
        })
    }

    unsafe fn release(&self, start: NonNull<u8>, _bytes: usize) {
        // SAFETY: it came from `allocate` above; what was launched before and still uses it comes first in the stream.
        unsafe { self.gpu.release(start.addr().get() as u64) }
    }

    fn synchronize(&self) -> Result<()> {
        self.gpu.synchronize().map_err(|error| self.named(error))
    }

    fn upload(&self, bytes: &[u8], out: &Buffer, offset: usize) -> Result<()> {
        out.check()?;
        let address = self.start(out, offset, bytes.len());
        // SAFETY: `start` checked the range; a buffer is written by whoever made it, or under its guard.
        unsafe { self.gpu.upload(bytes, address) }.map_err(|error| self.named(error))
    }

    fn upload_with(&self, bytes: usize, out: &Buffer, offset: usize, write: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        out.check()?;
        let address = self.start(out, offset, bytes);
        // SAFETY: as above.
        unsafe { self.gpu.upload_with(bytes, address, write) }.map_err(|error| self.named(error))
    }

    fn download(&self, x: &Buffer, offset: usize, to: &mut [u8]) -> Result<()> {
        x.check()?;
        let address = self.start(x, offset, to.len());
        // SAFETY: `start` checked the range; what writes it was launched before.
        unsafe { self.gpu.download(address, to) }.map_err(|error| self.named(error))
    }

    fn begin_read(&self, x: &Buffer, offset: usize) -> Result<Pending> {
        x.check()?;
        let size = x.dtype().size();
        // SAFETY: `start` checks the range; what writes it was launched before.
        let ticket = unsafe { self.gpu.begin_read(self.start(x, offset, size), size) };
        let ticket = ticket.map_err(|error| self.named(error))?;
        Ok(Pending {
            element: [0; 8],
            ticket,
        })
    }

    fn finish_read(&self, pending: Pending) -> Result<[u8; 8]> {
        self.gpu.finish_read(pending.ticket).map_err(|error| self.named(error))
    }

    fn fill(&self, value: f64, out: View<'_>) {
        // SAFETY: a view lies inside its buffer; here and below an output is written by this operation alone.
        self.run_view(Operation::Fill, out, || unsafe {
            let sizes = out.layout.sizes();
            match out.buffer.dtype() {
                DType::F32 => self.gpu.fill(value as f32, sizes, self.strided(out)),
                DType::F64 => self.gpu.fill(value, sizes, self.strided(out)),
                DType::I64 => self.gpu.fill(value as i64, sizes, self.strided(out)),
                // As words of this width.
                DType::I32 => self
                    .gpu
                    .fill(f32::from_bits(value as i32 as u32), sizes, self.strided(out)),
                DType::F16 => self
                    .gpu
                    .put(f16::from_f64(value).to_bits().into(), sizes, self.typed(out)),
                DType::BF16 => self
                    .gpu
                    .put(bf16::from_f64(value).to_bits().into(), sizes, self.typed(out)),
                DType::U8 => self.gpu.put((value as u8).into(), sizes, self.typed(out)),
                DType::Bool => self.gpu.put((value != 0.0).into(), sizes, self.typed(out)),
            }
        });
    }

    fn copy(&self, x: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        if x.buffer.dtype() == out.buffer.dtype() {
            // SAFETY: as above.
            return self.run_view(Operation::Copy, out, || unsafe {
                match out.buffer.dtype().size() {
                    8 => self.gpu.copy(sizes, self.strided::<i64>(x), self.strided(out)),
                    4 => self.gpu.copy(sizes, self.strided::<f32>(x), self.strided(out)),
                    _ => self.gpu.take(sizes, self.typed(x), self.typed(out)),
                }
            });
        }
        // SAFETY: as above.
        self.run_view(Operation::Convert, out, || unsafe {
            match (x.buffer.dtype(), out.buffer.dtype()) {
                (DType::F32, DType::F64) => self
                    .gpu
                    .convert(sizes, self.strided::<f32>(x), self.strided::<f64>(out)),
                (DType::F64, DType::F32) => self
                    .gpu
                    .convert(sizes, self.strided::<f64>(x), self.strided::<f32>(out)),
                (DType::F32, DType::I64) => self
                    .gpu
                    .convert(sizes, self.strided::<f32>(x), self.strided::<i64>(out)),
                (DType::F64, DType::I64) => self
                    .gpu
                    .convert(sizes, self.strided::<f64>(x), self.strided::<i64>(out)),
                (DType::I64, DType::F32) => self
                    .gpu
                    .convert(sizes, self.strided::<i64>(x), self.strided::<f32>(out)),
                (DType::I64, DType::F64) => self
                    .gpu
                    .convert(sizes, self.strided::<i64>(x), self.strided::<f64>(out)),
                _ => self.gpu.cast(sizes, self.typed(x), self.typed(out)),
            }
        });
    }

    fn uniform(&self, low: f64, high: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Uniform, &[out], || unsafe {
            float!(out, T => self.gpu.uniform(<T as Element>::from_f64(low), <T as Element>::from_f64(high), seed, stream, self.at::<T>(out), out.len()))
        });
    }

    fn normal(&self, mean: f64, std: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Normal, &[out], || unsafe {
            float!(out, T => self.gpu.normal(<T as Element>::from_f64(mean), <T as Element>::from_f64(std), seed, stream, self.at::<T>(out), out.len()))
        });
    }

    fn binary(&self, op: Binary, a: View<'_>, b: View<'_>, out: View<'_>) {
        debug_assert!(out.layout.is_contiguous());
        let Some(code) = binary(op) else {
            return out
                .buffer
                .fail(self.unsupported(Operation::Binary(op), out.buffer.dtype()));
        };
        // SAFETY: as above.
        self.run_view(Operation::Binary(op), out, || unsafe {
            float!(out, T => {
                let into = self.strided::<T>(out).ptr;
                self.gpu.binary(code, out.layout.sizes(), self.strided::<T>(a), self.strided::<T>(b), into)
            })
        });
    }

    fn math(&self, op: Math, x: View<'_>, out: View<'_>) {
        let Some(code) = function(op) else {
            return out
                .buffer
                .fail(self.unsupported(Operation::Math(op), out.buffer.dtype()));
        };
        // SAFETY: as above.
        self.run_view(Operation::Math(op), out, || unsafe {
            float!(out, T => self.gpu.math(code, out.layout.sizes(), self.strided::<T>(x), self.strided::<T>(out).ptr))
        });
    }

    fn pair(&self, op: Pair, _: View<'_>, _: View<'_>, out: View<'_>) -> Result<()> {
        Err(self.unsupported(Operation::Pair(op), out.buffer.dtype()))
    }

    fn compare(&self, op: Compare, a: View<'_>, b: View<'_>, out: View<'_>) {
        // SAFETY: as above.
        self.run_view(Operation::Compare(op), out, || unsafe {
            let (sizes, into) = (out.layout.sizes(), self.typed(out).address);
            self.gpu
                .compare(comparison(op), sizes, self.typed(a), self.typed(b), into)
        });
    }

    fn select(&self, condition: View<'_>, a: View<'_>, b: View<'_>, out: View<'_>) {
        // SAFETY: as above.
        self.run_view(Operation::Select, out, || unsafe {
            let (sizes, into) = (out.layout.sizes(), self.typed(out).address);
            self.gpu
                .select(sizes, self.typed(condition), self.typed(a), self.typed(b), into)
        });
    }

    fn gather(&self, _: usize, _: View<'_>, _: View<'_>, out: View<'_>) -> Result<()> {
        Err(self.unsupported(Operation::Gather, out.buffer.dtype()))
    }

    fn scatter(&self, how: Scatter, _: usize, _: View<'_>, _: View<'_>, out: View<'_>) -> Result<()> {
        Err(self.unsupported(Operation::Scatter(how), out.buffer.dtype()))
    }

    fn accumulate(&self, _: View<'_>, out: View<'_>) {
        out.buffer
            .fail(self.unsupported(Operation::Accumulate, out.buffer.dtype()));
    }

    fn add(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Binary(Binary::Add), &[out], || unsafe {
            float!(out, T => self.gpu.add(self.at::<T>(a), self.at::<T>(b), self.at::<T>(out), out.len()))
        });
    }

    fn reduce(&self, op: Reduce, x: View<'_>, out: View<'_>, accumulate: bool) {
        let Some(code) = reduce(op) else {
            return out
                .buffer
                .fail(self.unsupported(Operation::Reduce(op), out.buffer.dtype()));
        };
        let sizes = x.layout.sizes();
        let gone: Axes<bool> = sizes
            .iter()
            .zip(out.layout.sizes())
            .map(|(&from, &to)| from != to)
            .collect();
        // SAFETY: as above.
        self.run_view(Operation::Reduce(op), out, || unsafe {
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

    fn chain(&self, ops: &[Unary], random: Option<Random>, x: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run_chain(of_chain(ops), (ops, random), &[out], |Chain { steps, seed }| unsafe {
            float!(out, T => self.gpu.chain(steps, *seed, self.at::<T>(x), self.at::<T>(out), out.len()))
        });
    }

    fn chain_backward(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d_out: Matrix<'_>,
        d_x: Matrix<'_>,
    ) {
        // SAFETY: as above.
        self.run_chain(of_chain(ops), (ops, random), &[d_x], |Chain { steps, seed }| unsafe {
            float!(d_x, T => {
                let saved = match (tensor_ops::chain::saves(ops), x, out) {
                    (Saves::Nothing, _, _) => Saved::Nothing,
                    (Saves::Output, _, Some(out)) => Saved::Output(self.at::<T>(out)),
                    (Saves::Output | Saves::Input, Some(x), _) => Saved::Input(self.at::<T>(x)),
                    (Saves::Output | Saves::Input, None, _) => {
                        unreachable!("the operations above hand over what `saves` asks for")
                    }
                };
                self.gpu.chain_backward(steps, *seed, saved, self.at::<T>(d_out), self.at::<T>(d_x), d_x.len())
            })
        });
    }

    fn chain_backward_in_place(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d: Matrix<'_>,
    ) {
        // The kernel reads an element before it writes it.
        self.chain_backward(ops, random, x, out, d, d);
    }

    fn gemm(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>, accumulate: bool) {
        debug_assert!(a.cols == b.rows && a.rows * b.cols == out.len());
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

    fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Softmax, &[out], || unsafe {
            float!(out, T => self.gpu.softmax(self.at::<T>(x), self.at::<T>(out), x.rows, x.cols))
        });
    }

    fn softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::Softmax, &[d_x], || unsafe {
            float!(d_x, T => self.gpu.softmax_backward(self.at::<T>(out), self.at::<T>(d_out), self.at::<T>(d_x), out.rows, out.cols))
        });
    }

    fn log_softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::LogSoftmax, &[out], || unsafe {
            float!(out, T => self.gpu.log_softmax(self.at::<T>(x), self.at::<T>(out), x.rows, x.cols))
        });
    }

    fn log_softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>) {
        // SAFETY: as above.
        self.run(Operation::LogSoftmax, &[d_x], || unsafe {
            float!(d_x, T => self.gpu.log_softmax_backward(self.at::<T>(out), self.at::<T>(d_out), self.at::<T>(d_x), out.rows, out.cols))
        });
    }

    fn layer_norm(
        &self,
        x: Matrix<'_>,
        weight: Matrix<'_>,
        bias: Matrix<'_>,
        eps: f64,
        stats: Option<Matrix<'_>>,
        out: Matrix<'_>,
    ) {
        let outs: Axes<Matrix<'_>> = std::iter::once(out).chain(stats).collect();
        // SAFETY: as above.
        self.run(Operation::LayerNorm, &outs, || unsafe {
            float!(out, T => {
                let (weight, bias, stats) = (self.at::<T>(weight), self.at::<T>(bias), stats.map(|x| self.at::<T>(x)));
                self.gpu.layer_norm(self.at::<T>(x), weight, bias, eps, stats, self.at::<T>(out), x.rows, x.cols)
            })
        });
    }

    fn layer_norm_backward(&self, step: LayerNormBackward<'_>) {
        let LayerNormBackward {
            x,
            weight,
            stats,
            d_out,
            d_x,
            d_weight,
            d_bias,
        } = step;
        let gradients = d_weight.into_iter().chain(d_bias).map(|gradient| gradient.matrix);
        let outs: Axes<Matrix<'_>> = d_x.into_iter().chain(gradients).collect();
        // SAFETY: as above.
        self.run(Operation::LayerNorm, &outs, || unsafe {
            float!(x, T => {
                let grads = LayerNormGrads {
                    d_x: d_x.map(|x| self.at::<T>(x)),
                    d_weight: d_weight.map(|gradient| (self.at::<T>(gradient.matrix), gradient.accumulate)),
                    d_bias: d_bias.map(|gradient| (self.at::<T>(gradient.matrix), gradient.accumulate)),
                };
                let (weight, stats, d_out) = (self.at::<T>(weight), self.at::<T>(stats), self.at::<T>(d_out));
                self.gpu.layer_norm_backward(self.at::<T>(x), weight, stats, d_out, grads, x.rows, x.cols)
            })
        });
    }

    fn cross_entropy(
        &self,
        logits: Matrix<'_>,
        labels: Matrix<'_>,
        loss: Matrix<'_>,
        d_logits: Option<Matrix<'_>>,
    ) -> Result<()> {
        let outs: Axes<Matrix<'_>> = std::iter::once(loss).chain(d_logits).collect();
        // SAFETY: as above.
        self.run(Operation::CrossEntropy, &outs, || unsafe {
            float!(logits, T => {
                let d_logits = d_logits.map(|x| self.at::<T>(x));
                self.gpu.cross_entropy(self.at::<T>(logits), self.at::<i64>(labels), self.at::<T>(loss), d_logits, logits.rows, logits.cols)
            })
        });
        // A label that names no class is found when the loss is read.
        Ok(())
    }

    fn mse(&self, x: Matrix<'_>, y: Matrix<'_>, loss: Matrix<'_>, d_x: Option<Matrix<'_>>) {
        let outs: Axes<Matrix<'_>> = std::iter::once(loss).chain(d_x).collect();
        // SAFETY: as above.
        self.run(Operation::Mse, &outs, || unsafe {
            float!(x, T => self.gpu.mse(self.at::<T>(x), self.at::<T>(y), self.at::<T>(loss), d_x.map(|x| self.at::<T>(x)), x.len()))
        });
    }

    fn sgd(
        &self,
        values: Matrix<'_>,
        gradients: Matrix<'_>,
        momentum: Option<Matrix<'_>>,
        first: bool,
        rule: SgdRule,
    ) -> Result<()> {
        let rule = sgd(rule);
        // SAFETY: as above.
        self.attempt(Operation::Sgd, values.buffer.dtype(), || unsafe {
            float!(values, T => {
                let momentum = momentum.map(|x| self.at::<T>(x));
                self.gpu.sgd(self.at::<T>(values), self.at::<T>(gradients), momentum, first, rule, values.len())
            })
        })
    }

    fn adam(&self, values: Matrix<'_>, gradients: Matrix<'_>, moments: Moments<'_>, rule: AdamRule) -> Result<()> {
        let Moments { first, second, largest } = moments;
        let rule = adam(rule);
        // SAFETY: as above.
        self.attempt(Operation::Adam, values.buffer.dtype(), || unsafe {
            float!(values, T => {
                let largest = largest.map(|x| self.at::<T>(x));
                let (values, gradients, len) = (self.at::<T>(values), self.at::<T>(gradients), values.len());
                self.gpu.adam(values, gradients, self.at::<T>(first), self.at::<T>(second), largest, rule, len)
            })
        })
    }

    fn sum_of_squares(&self, x: Matrix<'_>) -> Result<f64> {
        // SAFETY: as above.
        self.attempt(Operation::SumOfSquares, x.buffer.dtype(), || unsafe {
            float!(x, T => self.gpu.sum_of_squares(self.at::<T>(x), x.len()))
        })
    }

    fn scale(&self, scale: f64, x: Matrix<'_>) -> Result<()> {
        let factor = Step::new(Code::Affine, scale, 0.0);
        // SAFETY: as above; the kernel reads an element before it writes it.
        self.attempt(Operation::Scale, x.buffer.dtype(), || unsafe {
            float!(x, T => self.gpu.chain(&[factor], 0, self.at::<T>(x), self.at::<T>(x), x.len()))
        })
    }
}

/// What a chain is called, if it cannot run: as its first operation.
fn of_chain(ops: &[Unary]) -> Operation {
    ops.first().map_or(Operation::Copy, |op| Operation::Unary(*op))
}
