//! Operations of whole rows, with the two losses that are fused.

use crate::device::{Gradient, Matrix, View};
use crate::error::Result;

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

/// What looks at a row at a time, and its gradients.
pub trait Rows {
    /// Along each row, `exp(x) / sum(exp(x))`.
    fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>);
    /// The same of elements that lie anywhere, along the last axis.
    fn softmax_of(&self, x: View<'_>, out: View<'_>);
    /// Its gradient, from its output.
    fn softmax_backward(&self, out: Matrix<'_>, d_out: Matrix<'_>, d_x: Matrix<'_>);
    /// The logarithm of the softmax of each row.
    fn log_softmax(&self, x: Matrix<'_>, out: Matrix<'_>);
    /// The same of elements that lie anywhere, along the last axis.
    fn log_softmax_of(&self, x: View<'_>, out: View<'_>);
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
}
