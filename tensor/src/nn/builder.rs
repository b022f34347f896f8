//! Laying out a model: every parameter gets its place in the flat buffer and its first value.

use std::sync::Arc;

use crate::device::{Buffer, Device, Matrix, View, reading};
use crate::element::{DType, Float};
use crate::layout::{Axes, Layout};
use crate::nn::{Module, Parameter, Seed, Walk};
use crate::shape::Shape;
use crate::tape::{Entry, Flat, Value};

/// The first value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// The same number everywhere.
    Constant(f64),
    /// Uniform numbers of `[-bound, bound)`.
    Uniform {
        /// The bound.
        bound: f64,
    },
}

impl Init {
    /// What weight and bias of a linear layer start from: PyTorch's `kaiming_uniform` with `a = sqrt(5)`, which is uniform in
    /// `[-1 / sqrt(inputs), 1 / sqrt(inputs))`.
    pub fn linear(inputs: usize) -> Self {
        let bound = if inputs == 0 { 0.0 } else { 1.0 / (inputs as f64).sqrt() };
        Self::Uniform { bound }
    }
}

/// What a [`Module`] lays its parameters out with. A module is built twice: first to learn where everything lies, then
/// over the buffer of that size.
pub struct Builder<'a> {
    flat: Arc<Flat>,
    device: Device,
    dtype: DType,
    seed: u64,
    source: Option<&'a [Value]>,
    /// The first walk: nothing has a buffer yet.
    measuring: bool,
    path: Vec<&'static str>,
    entries: Vec<Entry>,
    inits: Vec<Init>,
    offset: usize,
}

impl Builder<'_> {
    /// A part under its name.
    pub fn part<T: Float, M: Module<T>>(&mut self, name: &'static str) -> M {
        self.path.push(name);
        let module = M::build(self);
        self.path.pop();
        module
    }

    /// A parameter under its name; `sizes` are those of `S`.
    pub fn parameter<S: Shape, T: Float>(
        &mut self,
        name: &'static str,
        sizes: &[usize],
        init: Init,
    ) -> Parameter<S, T> {
        let index = self.entries.len();
        self.path.push(name);
        let entry = Entry {
            name: self.path.join("."),
            offset: self.offset,
            sizes: sizes.into(),
        };
        self.path.pop();
        self.offset = self.offset.saturating_add(entry.len());
        self.inits.push(init);
        self.entries.push(entry.clone());
        if self.measuring {
            let alone = Flat::new(
                Buffer::new(self.device, self.dtype, 0),
                vec![Entry { offset: 0, ..entry }],
            );
            return Parameter::new(&alone, 0);
        }
        Parameter::new(&self.flat, index)
    }

    /// Where the parameters go.
    pub(crate) fn device(&self) -> Device {
        self.device
    }

    /// Where their first values come from.
    pub(crate) fn seed(&self) -> Seed {
        Seed(self.seed)
    }
}

/// A module with fresh parameters, the same for the same seed on every device.
pub(crate) fn fresh<T: Float, M: Module<T>>(device: Device, seed: u64) -> M {
    build::<T, M>(device, seed, None, &M::build)
}

/// The same for what has sizes at run time, and so must be told how to build.
pub(crate) fn fresh_by<T: Float, M>(device: Device, seed: u64, make: &dyn Fn(&mut Builder<'_>) -> M) -> M {
    build::<T, M>(device, seed, None, make)
}

/// A module of its own with the parameters of another.
pub(crate) fn copy<T: Float, M: Module<T>>(module: &M, device: Device, seed: u64) -> M {
    let mut values = Vec::new();
    module.visit(&mut Walk::new(&mut |_, met| values.push(met.value.detach())));
    build::<T, M>(device, seed, Some(&values), &M::build)
}

fn build<T: Float, M>(device: Device, seed: u64, source: Option<&[Value]>, make: &dyn Fn(&mut Builder<'_>) -> M) -> M {
    let nothing = Flat::new(Buffer::new(device, T::DTYPE, 0), Vec::new());
    let builder = |flat, measuring| Builder {
        flat,
        device,
        dtype: T::DTYPE,
        seed,
        source,
        measuring,
        path: Vec::new(),
        entries: Vec::new(),
        inits: Vec::new(),
        offset: 0,
    };
    let mut measure = builder(nothing, true);
    drop(make(&mut measure));
    let flat = measure.finish();
    make(&mut builder(flat, false))
}

impl Builder<'_> {
    /// The flat buffer, with every parameter's first value in it.
    fn finish(self) -> Arc<Flat> {
        let values = Buffer::new(self.device, self.dtype, self.offset);
        if values.poison().is_none() {
            for (index, (entry, init)) in self.entries.iter().zip(&self.inits).enumerate() {
                let place = Matrix::new(&values, entry.offset, 1, entry.len());
                match self.source {
                    Some(source) => copy_into(&source[index], place, &entry.sizes),
                    None => first_value(*init, self.seed, index as u64, place, &entry.sizes),
                }
            }
        }
        Flat::new(values, self.entries)
    }
}

fn copy_into(source: &Value, place: Matrix<'_>, sizes: &[usize]) {
    let layout = Layout::contiguous(sizes);
    let device = place.buffer.device();
    let moved = (source.device() != device).then(|| source.moved(device));
    let source = moved.as_ref().unwrap_or(source);
    if let Some(error) = source.buffer.poison() {
        return place.buffer.fail(error.clone());
    }
    let _reading = reading([&source.buffer]);
    let view = View {
        buffer: place.buffer,
        offset: place.offset,
        layout: &layout,
    };
    device.backend().copy(source.view(), view);
}

fn first_value(init: Init, seed: u64, stream: u64, place: Matrix<'_>, sizes: &Axes<usize>) {
    let backend = place.buffer.device().backend();
    match init {
        Init::Uniform { bound } => backend.uniform(-bound, bound, seed, stream, place),
        Init::Constant(value) => {
            let layout = Layout::contiguous(sizes);
            let view = View {
                buffer: place.buffer,
                offset: place.offset,
                layout: &layout,
            };
            backend.fill(value, view);
        }
    }
}
