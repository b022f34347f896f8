//! Labels as rows of one 1.

use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::indexed::Scatter;
use crate::layout::Axes;
use crate::ops::gather::scatter;
use crate::ops::host::on_processor;
use crate::shape::{Dynamic, Shape};
use crate::tape::{Value, no_grad};
use crate::tensors::Tensor;

/// For each number a row that is 1 there.
fn one_hot(x: &Value, classes: Option<usize>) -> Result<Value> {
    on_processor("one_hot", &[x])?;
    let classes = match classes {
        Some(0) => return Err(Error::argument("classes", "a number from 1 on", 0)),
        Some(classes) => classes,
        None => match x.to_vec::<i64>()?.into_iter().max() {
            Some(largest) => usize::try_from(largest).map_or(1, |largest| largest.saturating_add(1)),
            None => return Err(Error::argument("classes", "a number, since there is no label", "none")),
        },
    };
    let mut sizes: Axes<usize> = x.sizes().into();
    sizes.push(classes);
    no_grad(|| {
        let zeros = Value::filled(x.device(), DType::I64, 0.0, &sizes);
        let one = Value::number(x.device(), DType::I64, 1.0);
        let index = x.unsqueeze(x.layout.rank());
        let ones = one.expand("one_hot", index.sizes())?;
        scatter(Scatter::Set, &zeros, x.layout.rank(), &index, &ones)
    })
}

impl<S: Shape> Tensor<S, i64> {
    /// For each number a new last axis with 1 there and 0 elsewhere: `[.., classes]`. Without a number of classes it is the largest plus 1.
    /// PyTorch's `nn.functional.one_hot`.
    ///
    /// # Errors
    /// Where a number is negative or not below the number of classes, that is 0, or is to be found without any number.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let labels = tensor![2, 0];
    /// assert_eq!(labels.one_hot(None)?.to_vec()?, [0, 0, 1, 1, 0, 0]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn one_hot(&self, classes: Option<usize>) -> Result<Tensor<Dynamic, i64>> {
        one_hot(self.value(), classes).map(Tensor::of)
    }
}
