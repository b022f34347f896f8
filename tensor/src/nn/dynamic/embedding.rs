//! Rows of a table by their numbers.

use tensor_ops::Compare;

use crate::device::Device;
use crate::element::{Element, Float};
use crate::error::{Error, Result};
use crate::functional;
use crate::nn::dynamic::{fresh, members};
use crate::nn::{Init, Parameter};
use crate::random::seed::Seed;
use crate::shape::Dynamic;
use crate::tape::no_grad;
use crate::tensors::Tensor;

/// The options of [`Embedding`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EmbeddingOptions {
    /// A row that starts as 0 and gets no gradient; negative ones count from the end. None.
    pub padding_idx: Option<i64>,
    /// The largest norm of a row: larger ones are scaled down when they are taken, in the table itself. None.
    pub max_norm: Option<f64>,
    /// Which norm that is. 2.
    pub norm_type: f64,
    /// Whether the gradient of a row is divided by how often it was taken. No.
    pub scale_grad_by_freq: bool,
}

impl Default for EmbeddingOptions {
    fn default() -> Self {
        Self {
            padding_idx: None,
            max_norm: None,
            norm_type: 2.0,
            scale_grad_by_freq: false,
        }
    }
}

/// `y[.., f] = weight[index[..], f]`: `[..]` of numbers to `[.., features]`.
///
/// The weight starts as normal numbers of mean 0 and variance 1.
///
/// ```
/// use tensor::dynamic::{Embedding, EmbeddingOptions};
/// use tensor::prelude::*;
/// let options = EmbeddingOptions { padding_idx: Some(0), ..Default::default() };
/// let layer = Embedding::<f32>::with(&Device::cpu(), Seed(0), 10, 3, options)?;
/// let y = layer.forward(&Tensor::<Dynamic, i64>::from_vec(vec![7, 0, 7, 1], &[2, 2])?)?;
/// assert_eq!(y.sizes(), [2, 2, 3]);
/// assert_eq!(y.to_vec()?[3..6], [0., 0., 0.]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Embedding<T: Float = f32> {
    /// `[rows, features]`.
    pub weight: Parameter<Dynamic, T>,
    /// Padding, norms and gradients.
    pub options: EmbeddingOptions,
}

members!([T: Float] Embedding<T> { weight });

impl<T: Float> Embedding<T> {
    /// A table of so many rows with so many features each.
    ///
    /// ```
    /// use tensor::dynamic::Embedding;
    /// use tensor::prelude::*;
    /// let mut layer = Embedding::new(&Device::cpu(), Seed(0), 3, 2)?;
    /// layer.weight.set(&tensor![[1., 2.], [3., 4.], [5., 6.]].into_dynamic())?;
    /// assert_eq!(layer.forward(&tensor![2, 0].into_dynamic())?.to_vec()?, [5., 6., 1., 2.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device has no room.
    pub fn new(device: &Device, seed: Seed, rows: usize, features: usize) -> Result<Self> {
        Self::with(device, seed, rows, features, EmbeddingOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// Where the padding is no row, the largest norm is negative, or the device has no room.
    pub fn with(device: &Device, seed: Seed, rows: usize, features: usize, options: EmbeddingOptions) -> Result<Self> {
        if let Some(norm) = options.max_norm.filter(|norm| norm.is_nan() || *norm < 0.0) {
            return Err(Error::argument("max_norm", "a number from 0 on", norm));
        }
        let padding = options.padding_idx.map(|row| place(row, rows)).transpose()?;
        let layer = fresh::<T, Self>(device, seed, &|builder| Self {
            weight: builder.parameter("weight", &[rows, features], Init::Normal { deviation: 1.0 }),
            options,
        })?;
        if let Some(row) = padding {
            let at = Tensor::<Dynamic, i64>::on(*device, &[row as i64], &[1])?;
            let zero = <T as Element>::from_f64(0.0);
            layer
                .weight
                .overwrite(&no_grad(|| layer.weight.index_fill(0, &at, zero))?)?;
        }
        Ok(layer)
    }

    /// The rows, recorded for `backward`.
    ///
    /// # Errors
    /// Where there is no such row.
    pub fn forward(&self, index: &Tensor<Dynamic, i64>) -> Result<Tensor<Dynamic, T>> {
        if let Some(norm) = self.options.max_norm {
            no_grad(|| self.shorten(index, norm))?;
        }
        let options = functional::Embedding {
            padding_idx: self.options.padding_idx,
            scale_grad_by_freq: self.options.scale_grad_by_freq,
        };
        functional::embedding(&self.weight, index, options)
    }

    /// Scales the rows that are taken down to a norm, where theirs is larger.
    fn shorten(&self, index: &Tensor<Dynamic, i64>, norm: f64) -> Result<()> {
        let index = index.ravel();
        if index.is_empty() {
            return Ok(());
        }
        let rows = self.weight.index_select(0, &index)?;
        let norms = rows.norm(self.options.norm_type, &[1], true)?;
        let scales = norms.affine(1.0, 1e-7).reciprocal().affine(norm, 0.0);
        let long = norms.value().compare_to(Compare::Gt, norm);
        let short = rows.mul(&scales.where_(&Tensor::of(long), &norms.ones_like())?)?;
        self.weight.overwrite(&self.weight.index_copy(0, &index, &short)?)
    }
}

/// A row counted from the front.
fn place(row: i64, rows: usize) -> Result<usize> {
    let count = rows as i64;
    let at = if row < 0 { row.saturating_add(count) } else { row };
    usize::try_from(at)
        .ok()
        .filter(|&at| at < rows)
        .ok_or_else(|| Error::OutOfRange {
            operation: "embedding",
            what: "`padding_idx`",
            index: row,
            size: format!("a table of {rows} rows"),
        })
}
