//! The seam: what a device must be able to do.

use std::fmt::Debug;
use std::ptr::NonNull;

use tensor_ops::{Binary, Compare, Math, Pair, Reduce, Unary};

use crate::device::{Buffer, Gradient, Matrix, Operation, Pool, View};
use crate::element::DType;
use crate::error::Result;
use crate::kernels::chain::Random;
use crate::kernels::indexed::Scatter;
use crate::kernels::optimizers::{AdamRule, SgdRule};
use crate::kernels::reduce::Extreme;

/// A fused step: `out = chain(x weight^T + bias)`.
#[derive(Clone, Copy, Debug)]
pub struct Linear<'a> {
    /// `[rows, in]`.
    pub x: Matrix<'a>,
    /// `[out, in]`.
    pub weight: Matrix<'a>,
    /// `[1, out]`.
    pub bias: Option<Matrix<'a>>,
    /// Elementwise operations on the result, in order.
    pub chain: &'a [Unary],
    /// The numbers of dropouts in the chain; without them a dropout is the identity.
    pub random: Option<Random>,
    /// Where the value before the chain goes, if anyone needs it.
    pub pre: Option<Matrix<'a>>,
    /// `[rows, out]`.
    pub out: Matrix<'a>,
}

/// The gradients of a layer norm.
#[derive(Clone, Copy, Debug)]
pub struct LayerNormBackward<'a> {
    /// The input of the forward pass, `[rows, cols]`.
    pub x: Matrix<'a>,
    /// `[1, cols]`.
    pub weight: Matrix<'a>,
    /// What the forward pass kept: mean and `1 / sqrt(variance + eps)`, `[rows, 2]`.
    pub stats: Matrix<'a>,
    /// The gradient of the output.
    pub d_out: Matrix<'a>,
    /// Where the gradient of the input goes.
    pub d_x: Option<Matrix<'a>>,
    /// Where the gradient of the weight goes.
    pub d_weight: Option<Gradient<'a>>,
    /// Where the gradient of the bias goes.
    pub d_bias: Option<Gradient<'a>>,
}

/// What Adam keeps of each parameter.
#[derive(Clone, Copy, Debug)]
pub struct Moments<'a> {
    /// The running mean of the gradient.
    pub first: Matrix<'a>,
    /// The running mean of its square.
    pub second: Matrix<'a>,
    /// The largest second moment so far, for AMSGrad.
    pub largest: Option<Matrix<'a>>,
}

/// An element that is on its way to the host.
#[derive(Debug)]
pub struct Pending {
    /// Its bytes, then zeros, on a device that is never behind.
    pub element: [u8; 8],
    /// What a device that may be behind knows it by.
    pub ticket: u64,
}

/// A device: one family of operations a method, over buffer handle, offset, sizes and strides.
///
/// Outputs never overlap inputs. Operands are on this device, of one element type and of fitting sizes: the operations
/// above check that, a backend may assert it.
///
/// A device may run behind the program: a method returns once the operation is in the device's queue, and operations run in
/// the order in which they were called, from whichever thread. What fails then leaves its error in the buffers it should have
/// written ([`Buffer::fail`]), or, if it is found out later, gives it to the next who waits for the device, in [`Backend::download`].
pub trait Backend: Debug + Send + Sync {
    /// The name people see: `cpu`, `cuda:0`.
    fn name(&self) -> &str;
    /// Whether an operation is there for elements of a type. What is not there fails as [`crate::Error::Unsupported`].
    fn supports(&self, operation: Operation, dtype: DType) -> bool;

    /// What is kept of memory between two buffers.
    fn pool(&self) -> &Pool;
    /// Memory of its own: `bytes`, more than none, aligned to 64 bytes at least.
    fn allocate(&self, bytes: usize) -> Result<NonNull<u8>>;
    /// Takes memory back.
    ///
    /// # Safety
    /// It came from [`Backend::allocate`] with so many bytes, and nobody uses it after this call.
    // SAFETY: whoever calls promises it; `Memory::release` in `pool.rs` is the one place that does.
    unsafe fn release(&self, start: NonNull<u8>, bytes: usize);
    /// Waits until everything that was asked for is done.
    fn synchronize(&self) -> Result<()>;

    /// Bytes from the host into a buffer, from its `offset`-th element on.
    fn upload(&self, bytes: &[u8], out: &Buffer, offset: usize) -> Result<()>;
    /// So many bytes likewise, which `write` sets where they are to be; it is called once.
    fn upload_with(&self, bytes: usize, out: &Buffer, offset: usize, write: &mut dyn FnMut(&mut [u8])) -> Result<()>;
    /// Bytes of a buffer to the host, from its `offset`-th element on. Waits for what is to be read.
    fn download(&self, x: &Buffer, offset: usize, bytes: &mut [u8]) -> Result<()>;

    /// Begins to read the `offset`-th element of a buffer, as it is once everything called so far is done. What is called
    /// meanwhile is not waited for.
    fn begin_read(&self, x: &Buffer, offset: usize) -> Result<Pending>;
    /// The element that was begun to read.
    fn finish_read(&self, pending: Pending) -> Result<[u8; 8]>;

    /// `out = value`.
    fn fill(&self, value: f64, out: View<'_>);
    /// `out = x`, converted where the element types differ.
    fn copy(&self, x: View<'_>, out: View<'_>);
    /// Uniform numbers of `[low, high)` from one stream of a seed.
    fn uniform(&self, low: f64, high: f64, seed: u64, stream: u64, out: Matrix<'_>);
    /// Normal numbers of one stream of a seed.
    fn normal(&self, mean: f64, std: f64, seed: u64, stream: u64, out: Matrix<'_>);

    /// `out = op(a, b)`; the layouts have the sizes of `out`.
    fn binary(&self, op: Binary, a: View<'_>, b: View<'_>, out: View<'_>);
    /// `out = op(x)`, from any strides into a row-major result.
    fn math(&self, op: Math, x: View<'_>, out: View<'_>);
    /// `out = op(a, b)`; the layouts have the sizes of `out`, which is row-major. A whole number that is to be divided by 0 is an error.
    fn pair(&self, op: Pair, a: View<'_>, b: View<'_>, out: View<'_>) -> Result<()>;
    /// Whether `a op b`, as truth values; the layouts have the sizes of `out`.
    fn compare(&self, op: Compare, a: View<'_>, b: View<'_>, out: View<'_>);
    /// `out = condition ? a : b`; the layouts have the sizes of `out`.
    fn select(&self, condition: View<'_>, a: View<'_>, b: View<'_>, out: View<'_>);
    /// `out = x[.., index, ..]` along an axis; `index` has the sizes of `out`. An index outside the axis is an error.
    fn gather(&self, axis: usize, x: View<'_>, index: View<'_>, out: View<'_>) -> Result<()>;
    /// `out[.., index, ..]` becomes what `how` makes of it and of `source`, which has the sizes of `index`; `out` is row-major.
    /// An index outside the axis is an error.
    fn scatter(&self, how: Scatter, axis: usize, index: View<'_>, source: View<'_>, out: View<'_>) -> Result<()>;
    /// `out += x`, where elements of `out` may share a place.
    fn accumulate(&self, x: View<'_>, out: View<'_>);
    /// `out = a + b` over contiguous elements.
    fn add(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>);
    /// `out (+)= op` over the axes of `x` along which `out`, of the same rank, has size 1.
    fn reduce(&self, op: Reduce, x: View<'_>, out: View<'_>, accumulate: bool);
    /// The index of the extreme element of each row, the first of several, as `i64`.
    fn arg_reduce(&self, extreme: Extreme, x: Matrix<'_>, out: Matrix<'_>);

    /// A run of elementwise operations in one pass.
    fn chain(&self, ops: &[Unary], random: Option<Random>, x: Matrix<'_>, out: Matrix<'_>);
    /// The gradient of such a run, from its input or its output, whichever [`Unary::saves`] asks for.
    fn chain_backward(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d_out: Matrix<'_>,
        d_x: Matrix<'_>,
    );
    /// The same, with the result in place of the gradient.
    fn chain_backward_in_place(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d: Matrix<'_>,
    );

    /// `out (+)= a b`.
    fn gemm(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>, accumulate: bool);
    /// A linear layer with everything that was fused into it.
    fn linear(&self, step: Linear<'_>);
    /// `out (+)= ` the sum of the rows of `x`.
    fn sum_rows(&self, x: Matrix<'_>, out: Matrix<'_>, accumulate: bool);

    /// Along each row, `exp(x) / sum(exp(x))`.
    fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>);
    /// Its gradient, from its output.
    fn softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>);
    /// The logarithm of the softmax of each row.
    fn log_softmax(&self, x: Matrix<'_>, out: Matrix<'_>);
    /// Its gradient, from its output.
    fn log_softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>);
    /// Along each row, `(x - mean) / sqrt(variance + eps) * weight + bias`; keeps mean and scale in `stats`.
    fn layer_norm(
        &self,
        x: Matrix<'_>,
        weight: Matrix<'_>,
        bias: Matrix<'_>,
        eps: f64,
        stats: Option<Matrix<'_>>,
        out: Matrix<'_>,
    );
    /// Its gradients.
    fn layer_norm_backward(&self, step: LayerNormBackward<'_>);

    /// The mean cross-entropy of `[rows, classes]` logits against `[1, rows]` labels, and its gradient. A label that names no
    /// class is an error; a device that finds it late reports it to the next who reads, and holds back updates until then.
    fn cross_entropy(
        &self,
        logits: Matrix<'_>,
        labels: Matrix<'_>,
        loss: Matrix<'_>,
        d_logits: Option<Matrix<'_>>,
    ) -> Result<()>;
    /// The mean squared difference, and its gradient in `x`.
    fn mse(&self, x: Matrix<'_>, y: Matrix<'_>, loss: Matrix<'_>, d_x: Option<Matrix<'_>>);

    /// One step of stochastic gradient descent; `first` says that the momentum buffer has no value yet.
    fn sgd(
        &self,
        values: Matrix<'_>,
        gradients: Matrix<'_>,
        momentum: Option<Matrix<'_>>,
        first: bool,
        rule: SgdRule,
    ) -> Result<()>;
    /// One step of Adam.
    fn adam(&self, values: Matrix<'_>, gradients: Matrix<'_>, moments: Moments<'_>, rule: AdamRule) -> Result<()>;
    /// The sum of the squares, in double precision; a NaN or an infinity shows in it. Waits for it.
    fn sum_of_squares(&self, x: Matrix<'_>) -> Result<f64>;
    /// `x = scale * x`.
    fn scale(&self, scale: f64, x: Matrix<'_>) -> Result<()>;
}
