//! Whole numbers: in a range, in random order, by their weights.

use crate::device::Device;
use crate::element::{DType, Differentiable, Numeric};
use crate::error::{Error, Result};
use crate::kernels::random::Stream;
use crate::kernels::random::laws::{Words, elements};
use crate::kernels::random::philox::permutation;
use crate::layout::describe;
use crate::ops::cast::cast;
use crate::ops::host::on_processor;
use crate::random::Generator;
use crate::shape::{Dynamic, Shape};
use crate::tape::Value;
use crate::tensors::Tensor;

impl Generator {
    /// Whole numbers of `[low, high)`, every one as likely.
    ///
    /// ```
    /// let dice = tensor::random::Generator::new(0).randint::<i64>(1, 7, &[100])?;
    /// assert_eq!((dice.min().item()?, dice.max().item()?), (1, 6));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is none, or the sizes do not fit into memory.
    pub fn randint<T: Numeric>(&self, low: i64, high: i64, sizes: &[usize]) -> Result<Tensor<Dynamic, T>> {
        if low >= high {
            return Err(Error::argument("high", format!("a number above {low}"), high));
        }
        let out = Value::empty(Device::cpu(), DType::I64, sizes);
        out.buffer.check()?;
        let range = high.wrapping_sub(low) as u64;
        let data = elements(out.len(), self.next(), |_, words| {
            low.wrapping_add(words.below(range) as i64)
        });
        Ok(Tensor::of(cast(
            &Value::from_slice(Device::cpu(), sizes, &data),
            T::DTYPE,
        )))
    }

    /// The numbers below `count` in random order, every order as likely.
    ///
    /// ```
    /// let order = tensor::random::Generator::new(0).randperm(5)?;
    /// let (sorted, _) = order.sort(0, false)?;
    /// assert_eq!(sorted.to_vec()?, [0, 1, 2, 3, 4]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there are more than fit into memory.
    pub fn randperm(&self, count: usize) -> Result<Tensor<Dynamic, i64>> {
        Value::empty(Device::cpu(), DType::I64, &[count]).buffer.check()?;
        let order = permutation(count, self.next());
        let order: Vec<i64> = order.into_iter().map(|index| index as i64).collect();
        Ok(Tensor::from(order))
    }

    /// `count` places along the last axis for each row of `weights`, each as likely as its weight says: `[n]` to `[count]`, `[m, n]` to
    /// `[m, count]`. Without replacement no place comes twice.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let generator = tensor::random::Generator::new(0);
    /// let places = generator.multinomial(&tensor![[0., 1., 0.], [2., 0., 0.]], 2, true)?;
    /// assert_eq!(places, tensor![[1, 1], [0, 0]].into_dynamic());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there are other than one or two axes, a weight is negative or not finite, all weights of a row are 0, or there are not as
    /// many places above 0 as are to be drawn without replacement.
    pub fn multinomial<T: Differentiable>(
        &self,
        weights: &Tensor<impl Shape, T>,
        count: usize,
        replacement: bool,
    ) -> Result<Tensor<Dynamic, i64>> {
        let x = weights.value();
        on_processor("multinomial", &[x])?;
        let (rows, length) = match *x.sizes() {
            [length] => (1, length),
            [rows, length] => (rows, length),
            _ => return Err(Error::shape("multinomial", "one axis or two", describe(x.sizes()))),
        };
        let numbers: Vec<f64> = cast(&x.detach(), DType::F64).to_vec()?;
        if let Some(wrong) = numbers.iter().find(|number| !(number.is_finite() && **number >= 0.0)) {
            return Err(Error::argument("multinomial", "finite weights from 0 on", wrong));
        }
        let mut sizes = vec![rows, count];
        sizes.drain(..2 - x.sizes().len());
        Value::empty(Device::cpu(), DType::I64, &sizes).buffer.check()?;
        let stream = self.next();
        let mut places = Vec::with_capacity(rows * count);
        for row in 0..rows {
            let weights = &numbers[row * length..][..length];
            let possible = weights.iter().filter(|&&weight| weight > 0.0).count();
            if possible == 0 || !replacement && possible < count {
                let found = format!("{possible} weights above 0");
                let least = if replacement { 1 } else { count };
                return Err(Error::argument(
                    "multinomial",
                    format!("{least} or more to draw from"),
                    found,
                ));
            }
            if replacement {
                with_replacement(weights, row * count, count, stream, &mut places);
            } else {
                without_replacement(weights, row * length, count, stream, &mut places);
            }
        }
        Ok(Tensor::of(Value::from_slice(Device::cpu(), &sizes, &places)))
    }
}

/// The first place at which the sum of the weights passes a uniform part of the whole.
fn with_replacement(weights: &[f64], first: usize, count: usize, stream: Stream, places: &mut Vec<i64>) {
    // So that the sum stays finite.
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let mut sum = 0.0;
    let sums: Vec<f64> = weights
        .iter()
        .map(|weight| {
            sum += weight / largest;
            sum
        })
        .collect();
    let last = weights.iter().rposition(|&weight| weight > 0.0).unwrap_or(0);
    places.extend((0..count).map(|index| {
        let at = sum * Words::new(stream, first + index).unit();
        sums.partition_point(|&sum| sum <= at).min(last) as i64
    }));
}

/// The places that are reached first, where place `i` is reached after an exponential time of rate `weights[i]`.
fn without_replacement(weights: &[f64], first: usize, count: usize, stream: Stream, places: &mut Vec<i64>) {
    let time = |(index, &weight): (usize, &f64)| {
        let time = Words::new(stream, first + index).exponential() / weight;
        (weight > 0.0).then_some((time, index as i64))
    };
    let mut times: Vec<(f64, i64)> = weights.iter().enumerate().filter_map(time).collect();
    times.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    places.extend(times.iter().take(count).map(|&(_, index)| index));
}
