//! Samples with labels.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::data::Batches;
use crate::error::{Error, Result};
use crate::kernels::random::Stream;
use crate::kernels::random::philox::permutation;
use crate::layout::{describe, len};
use crate::shape::Ranked;

/// Samples of one shape, each with a class. `S` is the shape of a batch of them, `dims![Batch, 64]`.
///
/// Parts of a data set share its samples.
#[derive(Debug)]
pub struct Dataset<S: Ranked> {
    samples: Arc<[f32]>,
    labels: Arc<[i64]>,
    /// The sizes of one sample.
    sizes: Arc<[usize]>,
    /// Which samples are in this part.
    indices: Arc<[u32]>,
    shape: PhantomData<fn() -> S>,
}

impl<S: Ranked> Dataset<S> {
    /// A data set of samples that lie one after the other, each of the given sizes.
    ///
    /// # Errors
    /// Where the sizes are not those of `S`, or numbers of samples and labels differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let pairs = Dataset::<dims![Batch, 2]>::new(vec![0., 1., 1., 0.], vec![0, 1], &[2])?;
    /// assert_eq!(pairs.len(), 2);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn new(samples: Vec<f32>, labels: Vec<i64>, sizes: &[usize]) -> Result<Self> {
        let mut batch = vec![labels.len()];
        batch.extend(sizes);
        S::check(&batch).map_err(|error| Error::Shape {
            operation: "Dataset::new",
            expected: S::describe(),
            found: format!("{} ({error})", describe(&batch)),
        })?;
        if samples.len() != len(&batch) {
            return Err(Error::shape(
                "Dataset::new",
                format!(
                    "{} numbers for {} samples of {}",
                    len(&batch),
                    labels.len(),
                    describe(sizes)
                ),
                format!("{}", samples.len()),
            ));
        }
        let count = u32::try_from(labels.len())
            .map_err(|_| Error::argument("labels", format!("at most {} samples", u32::MAX), labels.len()))?;
        Ok(Self {
            samples: samples.into(),
            labels: labels.into(),
            sizes: sizes.into(),
            indices: (0..count).collect(),
            shape: PhantomData,
        })
    }

    /// The number of samples.
    ///
    /// ```
    /// assert_eq!(tensor::data::digits().len(), 1797);
    /// ```
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether there is no sample.
    ///
    /// ```
    /// let (none, all) = tensor::data::digits().split(0.);
    /// assert!(none.is_empty() && !all.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// The sizes of one sample.
    ///
    /// ```
    /// assert_eq!(tensor::data::digits().sample_sizes(), [64]);
    /// ```
    pub fn sample_sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The numbers of a sample.
    pub(crate) fn sample(&self, index: usize) -> &[f32] {
        let len = len(&self.sizes);
        let at = self.indices[index] as usize * len;
        &self.samples[at..at + len]
    }

    /// The class of a sample.
    pub(crate) fn label(&self, index: usize) -> i64 {
        self.labels[self.indices[index] as usize]
    }

    /// Two parts: this share of each class, and the rest. The same at every call, whatever the seed of the training.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let (train, test) = data::digits().split(0.8);
    /// assert_eq!((train.len(), test.len()), (1438, 359));
    /// ```
    pub fn split(&self, share: f64) -> (Self, Self) {
        let mut classes: Vec<i64> = (0..self.len()).map(|index| self.label(index)).collect();
        classes.sort_unstable();
        classes.dedup();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        // What a class is owed in part is carried on to the next, so that the whole has the share asked for.
        let mut owed = 0.5;
        for class in classes {
            let members: Vec<u32> = (0..self.len())
                .filter(|&index| self.label(index) == class)
                .map(|index| self.indices[index])
                .collect();
            owed += members.len() as f64 * share.clamp(0.0, 1.0);
            let take = (owed as usize).min(members.len());
            owed -= take as f64;
            let order = permutation(members.len(), Stream::new(0, class as u64));
            first.extend(order[..take].iter().map(|&at| members[at]));
            second.extend(order[take..].iter().map(|&at| members[at]));
        }
        let part = |mut indices: Vec<u32>| {
            indices.sort_unstable();
            Self {
                indices: indices.into(),
                ..self.clone()
            }
        };
        (part(first), part(second))
    }

    /// Batches of `size` samples, in order; the last one may be smaller.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let three = Dataset::<dims![Batch, 1]>::new(vec![0., 1., 2.], vec![0, 1, 0], &[1])?;
    /// let batches: Vec<_> = three.batches(2).collect();
    /// assert_eq!((batches[0].0.to_vec()?, batches[0].1.to_vec()?), (vec![0., 1.], vec![0, 1]));
    /// assert_eq!((batches[1].0.to_vec()?, batches[1].1.to_vec()?), (vec![2.], vec![0]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Panics
    /// Where `size` is 0.
    #[track_caller]
    pub fn batches(&self, size: usize) -> Batches<S> {
        assert!(size > 0, "`batches`: expected a size from 1 on, found 0");
        Batches::new(self.clone(), size)
    }
}

impl<S: Ranked> Clone for Dataset<S> {
    /// The same part of the same samples.
    fn clone(&self) -> Self {
        Self {
            samples: Arc::clone(&self.samples),
            labels: Arc::clone(&self.labels),
            sizes: Arc::clone(&self.sizes),
            indices: Arc::clone(&self.indices),
            shape: PhantomData,
        }
    }
}
