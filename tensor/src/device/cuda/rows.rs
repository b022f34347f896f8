//! Launchers of kernels of whole rows.

use gpu_kernels::LayerNormGrads;

use super::Cuda;
use super::access::matrix;
use crate::device::typed::float;
use crate::device::{Elements, LayerNormBackward, Matrix, Operation, Rows, View};
use crate::error::Result;
use crate::layout::Axes;

impl Rows for Cuda {
    fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: operands lie inside their buffers, which `access.rs` checks; an output is written by this operation alone.
        self.run(Operation::Softmax, &[out], || unsafe {
            float!(out, T => self.gpu.softmax(self.at::<T>(x), self.at::<T>(out), x.rows, x.cols))
        });
    }

    fn softmax_of(&self, x: View<'_>, out: View<'_>) {
        self.copy(x, out);
        // The kernel reads a row before it writes it.
        self.softmax(matrix(out), matrix(out));
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

    fn log_softmax_of(&self, x: View<'_>, out: View<'_>) {
        self.copy(x, out);
        // The kernel reads a row before it writes it.
        self.log_softmax(matrix(out), matrix(out));
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
}
