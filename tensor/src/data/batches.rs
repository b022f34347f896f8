//! A pass through a data set, a batch at a time.

use crate::data::Dataset;
use crate::device::Device;
use crate::element::Element;
use crate::error::Result;
use crate::kernels::random::Stream;
use crate::kernels::random::philox::permutation;
use crate::layout::Axes;
use crate::shape::{LastAxis, Ranked};
use crate::tape::{Value, bytes_of};
use crate::tensors::Tensor;

/// The axis of a batch alone: what labels have.
type Batch = (crate::shape::Batch,);

/// The batches of one epoch: `(samples, labels)`, the last one maybe smaller.
#[derive(Debug)]
pub struct Batches<S: Ranked> {
    data: Dataset<S>,
    size: usize,
    order: Option<Vec<usize>>,
    next: usize,
    device: Device,
}

impl<S: Ranked> Batches<S> {
    pub(crate) fn new(data: Dataset<S>, size: usize) -> Self {
        Self {
            data,
            size,
            order: None,
            next: 0,
            device: Device::cpu(),
        }
    }

    /// In an order drawn from a seed, another for each: pass the number of the epoch along.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let three = Dataset::<dims![Batch, 1]>::new(vec![0., 1., 2.], vec![0, 1, 2], &[1])?;
    /// for (x, labels) in three.batches(3).shuffled(1) {
    ///     assert_eq!(x.to_vec()?, labels.cast::<f32>().to_vec()?);
    ///     assert_eq!(labels.sum().item()?, 3);
    /// }
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn shuffled(mut self, seed: u64) -> Self {
        self.order = Some(permutation(self.data.len(), Stream::new(seed, SHUFFLE)));
        self
    }

    /// On another device.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (x, _) = data::digits().batches(64).on(Device::cpu()).next().expect("a batch");
    /// assert_eq!((x.device(), x.sizes()), (Device::cpu(), &[64, 64][..]));
    /// ```
    pub fn on(mut self, device: Device) -> Self {
        self.device = device;
        self
    }

    /// All elements of a value in one transfer.
    fn send(&self, value: &Value, mut write: impl FnMut(&mut [u8])) -> Result<()> {
        let bytes = value.len() * value.dtype().size();
        self.device.backend().upload_with(bytes, &value.buffer, 0, &mut write)
    }
}

/// The stream of a seed that orders samples come from.
const SHUFFLE: u64 = 0x5348_5546;

impl<S: LastAxis> Iterator for Batches<S> {
    type Item = (Tensor<S>, Tensor<Batch, i64>);

    fn next(&mut self) -> Option<Self::Item> {
        let count = self.size.min(self.data.len() - self.next);
        if count == 0 {
            return None;
        }
        let mut sizes: Axes<usize> = Axes::from_slice(&[count]);
        sizes.extend_from_slice(self.data.sample_sizes());
        let samples = Value::empty(self.device, f32::DTYPE, &sizes);
        let labels = Value::empty(self.device, i64::DTYPE, &[count]);
        let numbers =
            || (self.next..self.next + count).map(|next| self.order.as_ref().map_or(next, |order| order[next]));
        let sent = self
            .send(&samples, |to| {
                let size = size_of_val(self.data.sample(0));
                for (to, index) in to.chunks_mut(size.max(1)).zip(numbers()) {
                    to.copy_from_slice(bytes_of(self.data.sample(index)));
                }
            })
            .and_then(|()| {
                self.send(&labels, |to| {
                    for (to, index) in to.chunks_mut(size_of::<i64>()).zip(numbers()) {
                        to.copy_from_slice(&self.data.label(index).to_ne_bytes());
                    }
                })
            });
        if let Err(error) = sent {
            self.next = self.data.len();
            let failed = Value::poisoned(self.device, f32::DTYPE, &sizes, error);
            return Some((Tensor::of(failed), Tensor::of(labels)));
        }
        self.next += count;
        Some((Tensor::of(samples), Tensor::of(labels)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.data.len() - self.next).div_ceil(self.size);
        (left, Some(left))
    }
}

impl<S: LastAxis> ExactSizeIterator for Batches<S> {}
