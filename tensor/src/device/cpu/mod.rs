//! The processor as a device: every family is a kernel over slices.

mod access;
mod support;

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ptr::NonNull;

use tensor_ops::{Binary, Compare, Math, Pair, Reduce, Unary};

use self::access::{accumulate, bytes, bytes_mut, fresh, read, source, span, target, write};
use self::support::supports;
use crate::device::typed::{element, float, integer};
use crate::device::{
    Backend, Buffer, Keep, LayerNormBackward, Linear, Matrix, Moments, Operation, Pending, Pool, View,
};
use crate::element::{DType, Element, Kind};
use crate::error::{Error, Result};
use crate::kernels::chain::{self, Random};
use crate::kernels::elementwise::{self, ByZero};
use crate::kernels::gemm::{self, Strided};
use crate::kernels::indexed::{self, BadIndex, Scatter};
use crate::kernels::optimizers::{self, AdamRule, SgdRule};
use crate::kernels::random::Stream;
use crate::kernels::random::philox::{fill_normal, fill_uniform};
use crate::kernels::reduce::{self, Extreme, sum_rows};
use crate::kernels::rows::{self, LayerNormGrads};
use crate::kernels::strided::{self, Source};
use crate::layout::Axes;

/// The processor this program runs on.
pub(super) static CPU: Cpu = Cpu {
    pool: Pool::new(Keep::Blocks),
};

/// The alignment of the widest vectors.
const ALIGN: usize = 64;

/// Runs operations where it stands, in the memory of the process.
#[derive(Debug)]
pub(super) struct Cpu {
    pool: Pool,
}

/// The operands of a product, by their strides.
fn strided<'a, T: Element>(x: Matrix<'a>) -> Strided<'a, T> {
    Strided {
        data: span(x),
        row: x.row_stride,
        col: x.col_stride,
    }
}

fn outside(operation: &'static str, bad: BadIndex) -> Error {
    Error::OutOfRange {
        operation,
        what: "index",
        index: bad.index,
        size: format!("an axis of {}", bad.size),
    }
}

impl Backend for Cpu {
    fn name(&self) -> &str {
        "cpu"
    }

    fn supports(&self, operation: Operation, dtype: DType) -> bool {
        supports(operation, dtype)
    }

    fn pool(&self) -> &Pool {
        &self.pool
    }

    fn allocate(&self, bytes: usize) -> Result<NonNull<u8>> {
        // Zeroed, so that no read of it is ever undefined; large blocks come as untouched pages.
        let layout = Layout::from_size_align(bytes, ALIGN).ok();
        // SAFETY: `bytes` is more than none.
        let start = layout.and_then(|layout| NonNull::new(unsafe { alloc_zeroed(layout) }));
        start.ok_or_else(|| Error::OutOfMemory {
            device: self.name().to_owned(),
            bytes,
            free: None,
        })
    }

    unsafe fn release(&self, start: NonNull<u8>, bytes: usize) {
        // SAFETY: allocated above with the same size and alignment.
        unsafe { dealloc(start.as_ptr(), Layout::from_size_align_unchecked(bytes, ALIGN)) }
    }

    fn synchronize(&self) -> Result<()> {
        Ok(())
    }

    fn upload(&self, bytes: &[u8], out: &Buffer, offset: usize) -> Result<()> {
        self.upload_with(bytes.len(), out, offset, &mut |to| to.copy_from_slice(bytes))
    }

    fn upload_with(&self, len: usize, out: &Buffer, offset: usize, write: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        out.check()?;
        // SAFETY: a buffer is written by whoever made it, or under its guard.
        write(unsafe { bytes_mut(out, offset * out.dtype().size(), len) });
        Ok(())
    }

    fn download(&self, x: &Buffer, offset: usize, to: &mut [u8]) -> Result<()> {
        x.check()?;
        // SAFETY: nobody writes to a tensor that is read; parameters are guarded by the caller.
        to.copy_from_slice(unsafe { bytes(x, offset * x.dtype().size(), to.len()) });
        Ok(())
    }

    fn begin_read(&self, x: &Buffer, offset: usize) -> Result<Pending> {
        let mut element = [0; 8];
        self.download(x, offset, &mut element[..x.dtype().size()])?;
        Ok(Pending { element, ticket: 0 })
    }

    fn finish_read(&self, pending: Pending) -> Result<[u8; 8]> {
        debug_assert_eq!(pending.ticket, 0, "nothing is ever on its way here");
        Ok(pending.element)
    }

    fn fill(&self, value: f64, out: View<'_>) {
        element!(out, T => strided::fill(out.layout.sizes(), <T as Element>::from_f64(value), target::<T>(out, &[])));
    }

    fn copy(&self, x: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        if x.buffer.dtype() == out.buffer.dtype() {
            element!(out, T => strided::copy(sizes, source::<T>(x), target::<T>(out, &[x])));
            return;
        }
        // Through a double, or a whole number where neither end has fractions: nothing is rounded on the way.
        let whole = [x, out].iter().all(|end| end.buffer.dtype().kind() != Kind::Float);
        element!(x, From => element!(out, To => {
            let convert = |value: From| if whole {
                <To as Element>::from_i64(Element::as_i64(value))
            } else {
                <To as Element>::from_f64(Element::as_f64(value))
            };
            strided::map(sizes, source::<From>(x), fresh::<To>(out, &[x]), convert);
        }));
    }

    fn uniform(&self, low: f64, high: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        float!(out, T => {
            let (low, high) = (<T as Element>::from_f64(low), <T as Element>::from_f64(high));
            fill_uniform(write::<T>(out, &[]), low, high, Stream::new(seed, stream));
        });
    }

    fn normal(&self, mean: f64, std: f64, seed: u64, stream: u64, out: Matrix<'_>) {
        float!(out, T => {
            let (mean, std) = (<T as Element>::from_f64(mean), <T as Element>::from_f64(std));
            fill_normal(write::<T>(out, &[]), mean, std, Stream::new(seed, stream));
        });
    }

    fn binary(&self, op: Binary, a: View<'_>, b: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        if out.buffer.dtype().kind() == Kind::Integer {
            integer!(out, T => elementwise::whole(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b])));
            return;
        }
        float!(out, T => strided::binary(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b])));
    }

    fn math(&self, op: Math, x: View<'_>, out: View<'_>) {
        float!(out, T => elementwise::math(op, out.layout.sizes(), source::<T>(x), fresh::<T>(out, &[x])));
    }

    fn pair(&self, op: Pair, a: View<'_>, b: View<'_>, out: View<'_>) -> Result<()> {
        let sizes = out.layout.sizes();
        match out.buffer.dtype().kind() {
            Kind::Float => {
                float!(out, T => elementwise::pair(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b])));
            }
            Kind::Integer => integer!(out, T => {
                elementwise::pair_whole(op, sizes, source::<T>(a), source::<T>(b), fresh::<T>(out, &[a, b]))
            })
            .map_err(|ByZero| Error::argument(op.name(), "divisors other than 0", 0))?,
            Kind::Bool => {
                elementwise::pair_truth(
                    op,
                    sizes,
                    source::<bool>(a),
                    source::<bool>(b),
                    fresh::<bool>(out, &[a, b]),
                );
            }
        }
        Ok(())
    }

    fn compare(&self, op: Compare, a: View<'_>, b: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        element!(a, T => elementwise::compare(op, sizes, source::<T>(a), source::<T>(b), fresh(out, &[a, b])));
    }

    fn select(&self, condition: View<'_>, a: View<'_>, b: View<'_>, out: View<'_>) {
        let sizes = out.layout.sizes();
        element!(out, T => {
            let (condition, x, y) = (source::<bool>(condition), source::<T>(a), source::<T>(b));
            strided::zip3(sizes, condition, x, y, fresh::<T>(out, &[a, b]), |first, a, b| if first { a } else { b });
        });
    }

    fn gather(&self, axis: usize, x: View<'_>, index: View<'_>, out: View<'_>) -> Result<()> {
        let (size, sizes) = (x.layout.sizes()[axis], out.layout.sizes());
        element!(out, T => {
            indexed::gather(axis, size, sizes, source::<T>(x), source::<i64>(index), fresh::<T>(out, &[x, index]))
        })
        .map_err(|bad| outside("gather", bad))
    }

    fn scatter(&self, how: Scatter, axis: usize, index: View<'_>, values: View<'_>, out: View<'_>) -> Result<()> {
        let (sizes, out_sizes) = (index.layout.sizes(), out.layout.sizes());
        element!(out, T => {
            let to = fresh::<T>(out, &[index, values]);
            indexed::scatter(how, axis, sizes, source::<i64>(index), source::<T>(values), out_sizes, to)
        })
        .map_err(|bad| outside(how.name(), bad))
    }

    fn accumulate(&self, x: View<'_>, out: View<'_>) {
        element!(out, T => indexed::accumulate(x.layout.sizes(), source::<T>(x), target::<T>(out, &[x])));
    }

    fn add(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => {
            let operand = |x| Source { data: read::<T>(x), offset: 0, strides: &[1] };
            strided::binary(Binary::Add, &[out.len()], operand(a), operand(b), write::<T>(out, &[a, b]));
        });
    }

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

    fn chain(&self, ops: &[Unary], random: Option<Random>, x: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => chain::chain(ops, random, 0, read::<T>(x), write::<T>(out, &[x])));
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
        let inputs = [x.unwrap_or(d_out), out.unwrap_or(d_out), d_out];
        float!(d_x, T => {
            let (x, y) = (x.map(read::<T>), out.map(read::<T>));
            chain::chain_backward(ops, random, 0, x, y, read::<T>(d_out), write::<T>(d_x, &inputs), false);
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
        let inputs: &[Matrix<'_>] = match (&x, &out) {
            (Some(kept), None) | (None, Some(kept)) => std::slice::from_ref(kept),
            (Some(x), Some(out)) => &[*x, *out],
            (None, None) => &[],
        };
        float!(d, T => {
            let (x, y) = (x.map(read::<T>), out.map(read::<T>));
            chain::chain_backward_in_place(ops, random, 0, x, y, write::<T>(d, inputs));
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

    fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => rows::softmax(x.rows, x.cols, read::<T>(x), write::<T>(out, &[x])));
    }

    fn softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>) {
        float!(d_x, T => {
            let into = write::<T>(d_x, &[out, d_out]);
            rows::softmax_backward(out.rows, out.cols, read::<T>(out), read::<T>(d_out), into, false);
        });
    }

    fn log_softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => rows::log_softmax(x.rows, x.cols, read::<T>(x), write::<T>(out, &[x])));
    }

    fn log_softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>) {
        float!(d_x, T => {
            let into = write::<T>(d_x, &[out, d_out]);
            rows::log_softmax_backward(out.rows, out.cols, read::<T>(out), read::<T>(d_out), into, false);
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
        let inputs = [x, weight, bias];
        float!(out, T => {
            let stats = stats.map(|stats| write::<T>(stats, &inputs));
            let (weight, bias) = (Some(read::<T>(weight)), Some(read::<T>(bias)));
            rows::layer_norm(x.rows, x.cols, read::<T>(x), weight, bias, eps, stats, write::<T>(out, &inputs));
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
        let inputs = [x, weight, stats, d_out];
        float!(x, T => {
            let grads = LayerNormGrads {
                d_x: d_x.map(|d_x| (write::<T>(d_x, &inputs), false)),
                d_weight: d_weight.map(|gradient| accumulate::<T>(gradient, &inputs)),
                d_bias: d_bias.map(|gradient| accumulate::<T>(gradient, &inputs)),
            };
            let weight = Some(read::<T>(weight));
            rows::layer_norm_backward(x.rows, x.cols, read::<T>(x), weight, read::<T>(stats), read::<T>(d_out), grads);
        });
    }

    fn cross_entropy(
        &self,
        logits: Matrix<'_>,
        labels: Matrix<'_>,
        loss: Matrix<'_>,
        d_logits: Option<Matrix<'_>>,
    ) -> Result<()> {
        let (rows, classes) = (logits.rows, logits.cols);
        float!(logits, T => {
            let d_logits = d_logits.map(|d| (write::<T>(d, &[logits]), <T as Element>::from_f64(1.0)));
            let loss = &mut write::<T>(loss, &[logits])[0];
            rows::cross_entropy(rows, classes, read::<T>(logits), read::<i64>(labels), loss, d_logits)
        })
        .map_err(|bad| Error::OutOfRange {
            operation: "cross_entropy",
            what: "label",
            index: bad.label,
            size: format!("{classes} classes, in row {}", bad.row),
        })
    }

    fn mse(&self, x: Matrix<'_>, y: Matrix<'_>, loss: Matrix<'_>, d_x: Option<Matrix<'_>>) {
        float!(x, T => {
            let d_x = d_x.map(|d| (write::<T>(d, &[x, y]), <T as Element>::from_f64(1.0)));
            rows::mse(read::<T>(x), read::<T>(y), &mut write::<T>(loss, &[x, y])[0], d_x);
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
        float!(values, T => {
            let momentum = momentum.map(|momentum| write::<T>(momentum, &[gradients]));
            optimizers::sgd(write::<T>(values, &[gradients]), read::<T>(gradients), momentum, first, rule);
        });
        Ok(())
    }

    fn adam(&self, values: Matrix<'_>, gradients: Matrix<'_>, moments: Moments<'_>, rule: AdamRule) -> Result<()> {
        let Moments { first, second, largest } = moments;
        float!(values, T => {
            let into = |matrix| write::<T>(matrix, &[gradients]);
            optimizers::adam(into(values), read::<T>(gradients), into(first), into(second), largest.map(into), rule);
        });
        Ok(())
    }

    fn sum_of_squares(&self, x: Matrix<'_>) -> Result<f64> {
        Ok(float!(x, T => rows::sum_of_squares(read::<T>(x))))
    }

    fn scale(&self, scale: f64, x: Matrix<'_>) -> Result<()> {
        float!(x, T => chain::chain_in_place(&[Unary::Affine { scale, shift: 0.0 }], None, 0, write::<T>(x, &[])));
        Ok(())
    }
}
