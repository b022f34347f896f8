//! Kernels of whole rows.

use super::Cpu;
use super::access::{accumulate, fresh, read, source, write};
use crate::device::typed::float;
use crate::device::{LayerNormBackward, Matrix, Rows, View};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::rows::{self, LayerNormGrads};

impl Rows for Cpu {
    fn softmax(&self, x: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => rows::softmax(x.rows, x.cols, read::<T>(x), write::<T>(out, &[x])));
    }

    fn softmax_of(&self, x: View<'_>, out: View<'_>) {
        float!(out, T => rows::softmax_of(x.layout.sizes(), source::<T>(x), fresh::<T>(out, &[x])));
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

    fn log_softmax_of(&self, x: View<'_>, out: View<'_>) {
        float!(out, T => rows::log_softmax_of(x.layout.sizes(), source::<T>(x), fresh::<T>(out, &[x])));
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
}
