//! Laying out a model: every parameter gets its place in the flat buffer and its first value.

use std::sync::Arc;

use crate::device::{self, Device, Matrix, View, reading};
use crate::element::{DType, Element, Float};
use crate::error::Result;
use crate::kernels::random::Stream;
use crate::layout::Layout;
use crate::nn::buffer::Cell;
use crate::nn::walk::{Met, Path, Visitor};
use crate::nn::{Buffer, Init, Module, Parameter, Walk};
use crate::random::seed::Seed;
use crate::shape::Shape;
use crate::tape::{Entry, Flat, Value};

/// What a part's attribute says of first values.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Of which parameters.
    pub of: Of,
    /// What they start from.
    pub init: Init,
}

/// Some of the parameters of a part.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// All.
    All,
    /// Those of two axes or more.
    Weights,
    /// Those of this name.
    Named(&'static str),
}

impl Rule {
    fn is_for(&self, name: Option<&str>, sizes: &[usize]) -> bool {
        match self.of {
            Of::All => true,
            Of::Weights => sizes.len() >= 2,
            Of::Named(of) => name == Some(of),
        }
    }
}

/// What a [`Module`] lays its parameters out with. A module is built twice: first to learn where everything lies, then
/// over the buffer of that size.
pub struct Builder<'a> {
    flat: Arc<Flat>,
    device: Device,
    dtype: DType,
    seed: u64,
    source: Option<&'a Source>,
    /// The first walk: nothing has a buffer yet.
    measuring: bool,
    path: Vec<String>,
    entries: Vec<Entry>,
    inits: Vec<Init>,
    /// Numbers of parameters that start as 0 whatever the others do: which parameter, from where on, how many.
    zeros: Vec<(usize, usize, usize)>,
    offset: usize,
    buffers: usize,
    /// Those of the parts around, innermost last.
    rules: Vec<Rule>,
    /// Whether the parameters of the part are to stay as they are.
    frozen: bool,
    /// What is there already, in the order of the walk; and how many parameters of it were taken.
    held: Option<&'a Held>,
    taken: usize,
}

/// The parameters and buffers of a module that is built over what is there: another handle on the same.
#[derive(Debug)]
pub(crate) struct Held {
    /// Each where it lies in a flat buffer.
    pub(crate) parameters: Vec<Value>,
    pub(crate) buffers: Vec<Arc<Cell>>,
}

/// What a module is a copy of: the values of its parameters and buffers, and what is frozen, in the order of the walk.
#[derive(Default)]
struct Source {
    parameters: Vec<Value>,
    frozen: Vec<bool>,
    buffers: Vec<Value>,
}

impl Visitor for Source {
    fn parameter(&mut self, _: Path<'_>, met: Met<'_>) {
        self.parameters.push(met.value.detach());
        self.frozen.push(met.flat.is_frozen(met.index));
    }

    fn buffer(&mut self, _: Path<'_>, cell: &Arc<Cell>) {
        self.buffers.push(cell.value());
    }
}

impl Builder<'_> {
    /// A part under its name.
    pub fn part<T: Float, M: Module<T>>(&mut self, name: &'static str) -> M {
        self.within(name, M::build)
    }

    /// What `make` makes, whose parameters start from what the rules say.
    pub fn starting<R>(&mut self, rules: &[Rule], make: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.rules.len();
        self.rules.extend_from_slice(rules);
        let made = make(self);
        self.rules.truncate(before);
        made
    }

    /// What `make` makes, whose parameters are to stay as they are.
    pub fn frozen<R>(&mut self, make: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.frozen, true);
        let made = make(self);
        self.frozen = before;
        made
    }

    /// What `make` makes, under a name.
    pub(crate) fn within<R>(&mut self, name: impl Into<String>, make: impl FnOnce(&mut Self) -> R) -> R {
        if self.held.is_some() {
            // Nothing is named anew.
            return make(self);
        }
        self.path.push(name.into());
        let made = make(self);
        self.path.pop();
        made
    }

    /// A parameter under its name; `sizes` are those of `S`.
    pub fn parameter<S: Shape, T: Float>(
        &mut self,
        name: impl Into<String>,
        sizes: &[usize],
        init: Init,
    ) -> Parameter<S, T> {
        self.within(name, |builder| builder.own(sizes, init))
    }

    /// Lets `count` numbers of the last parameter start as 0, from `first` on.
    pub(crate) fn zeros(&mut self, first: usize, count: usize) {
        let last = self.entries.len() - 1;
        self.zeros.push((last, first, count));
    }

    /// A parameter that is the part itself; `sizes` are those of `S`.
    pub(crate) fn own<S: Shape, T: Float>(&mut self, sizes: &[usize], init: Init) -> Parameter<S, T> {
        if let Some(held) = self.held {
            self.taken += 1;
            return Parameter::over(held.parameters[self.taken - 1].clone());
        }
        let index = self.entries.len();
        let entry = Entry {
            name: self.path.join("."),
            offset: self.offset,
            sizes: sizes.into(),
        };
        self.offset = self.offset.saturating_add(entry.len());
        let name = self.path.last().map(String::as_str);
        let rule = self.rules.iter().rev().find(|rule| rule.is_for(name, sizes));
        self.inits.push(rule.map_or(init, |rule| rule.init));
        self.entries.push(entry.clone());
        if self.measuring {
            let alone = Flat::new(
                device::Buffer::new(self.device, self.dtype, 0),
                vec![Entry { offset: 0, ..entry }],
            );
            return Parameter::new(&alone, 0);
        }
        if self.frozen {
            self.flat.set_frozen(index, true);
        }
        Parameter::new(&self.flat, index)
    }

    /// A buffer with one number everywhere; `sizes` are those of `S`. The walk of the module meets it under its name.
    pub fn buffer<S: Shape, T: Element>(&mut self, sizes: &[usize], number: f64) -> Buffer<S, T> {
        if let Some(held) = self.held {
            self.buffers += 1;
            return Buffer::over(Arc::clone(&held.buffers[self.buffers - 1]));
        }
        if self.measuring {
            return Buffer::of(Value::over(device::Buffer::new(self.device, T::DTYPE, 0), sizes));
        }
        let index = self.buffers;
        self.buffers += 1;
        Buffer::of(match self.source {
            Some(source) if source.buffers[index].device() == self.device => source.buffers[index].clone(),
            Some(source) => source.buffers[index].moved(self.device),
            None => Value::filled(self.device, T::DTYPE, number, sizes),
        })
    }

    /// A buffer that is the part itself: it begins with the number that the part's own rule says, else with zeros.
    pub(crate) fn own_buffer<S: Shape, T: Element>(&mut self, sizes: &[usize]) -> Buffer<S, T> {
        let number = self.rules.last().and_then(|rule| match (rule.of, rule.init) {
            (Of::All, Init::Constant(number)) => Some(number),
            _ => None,
        });
        self.buffer(sizes, number.unwrap_or(0.0))
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

/// The names and sizes of a module's parameters; no room is made for their numbers.
pub fn layout<T: Float, M: Module<T>>() -> Vec<(String, Vec<usize>)> {
    let mut measure = measuring::<T>(Device::cpu(), 0, None);
    drop(M::build(&mut measure));
    let entries = measure.entries.into_iter();
    entries.map(|entry| (entry.name, entry.sizes.to_vec())).collect()
}

/// The same for what has sizes at run time, and so must be told how to build.
pub(crate) fn fresh_by<T: Float, M>(device: Device, seed: u64, make: &dyn Fn(&mut Builder<'_>) -> M) -> M {
    build::<T, M>(device, seed, None, make)
}

/// A module of its own with the parameters of another.
pub(crate) fn copy<T: Float, M: Module<T>>(module: &M, device: Device, seed: u64) -> M {
    let mut source = Source::default();
    module.visit(&mut Walk::over(&mut source));
    let copy = build::<T, M>(device, seed, Some(&source), &M::build);
    let mut frozen = source.frozen.into_iter();
    copy.visit(&mut Walk::new(&mut |_, met| {
        met.flat.set_frozen(met.index, frozen.next().unwrap_or(false));
    }));
    copy
}

/// Another handle on the parameters and buffers of a module.
pub(crate) fn over<T: Float, M: Module<T>>(held: &Held, device: Device) -> M {
    M::build(&mut Builder {
        held: Some(held),
        ..measuring::<T>(device, 0, None)
    })
}

/// Whether every parameter and buffer could be made.
pub(crate) fn check(visit: &dyn Fn(&mut Walk<'_>)) -> Result<()> {
    struct Checked(Result<()>);
    impl Visitor for Checked {
        fn parameter(&mut self, _: Path<'_>, met: Met<'_>) {
            self.0 = std::mem::replace(&mut self.0, Ok(())).and_then(|()| met.value.buffer.check());
        }

        fn buffer(&mut self, _: Path<'_>, cell: &Arc<Cell>) {
            self.0 = std::mem::replace(&mut self.0, Ok(())).and_then(|()| cell.value().buffer.check());
        }
    }
    let mut checked = Checked(Ok(()));
    visit(&mut Walk::over(&mut checked));
    checked.0
}

fn build<T: Float, M>(device: Device, seed: u64, source: Option<&Source>, make: &dyn Fn(&mut Builder<'_>) -> M) -> M {
    let mut measure = measuring::<T>(device, seed, source);
    drop(make(&mut measure));
    let mut builder = Builder {
        measuring: false,
        ..measuring::<T>(device, seed, source)
    };
    builder.flat = measure.finish();
    make(&mut builder)
}

/// One for the first walk.
fn measuring<T: Float>(device: Device, seed: u64, source: Option<&Source>) -> Builder<'_> {
    Builder {
        flat: Flat::new(device::Buffer::new(device, T::DTYPE, 0), Vec::new()),
        device,
        dtype: T::DTYPE,
        seed,
        source,
        measuring: true,
        path: Vec::new(),
        entries: Vec::new(),
        inits: Vec::new(),
        zeros: Vec::new(),
        offset: 0,
        buffers: 0,
        rules: Vec::new(),
        frozen: false,
        held: None,
        taken: 0,
    }
}

impl Builder<'_> {
    /// The flat buffer, with every parameter's first value in it.
    fn finish(self) -> Arc<Flat> {
        let values = device::Buffer::new(self.device, self.dtype, self.offset);
        if values.poison().is_none() {
            for (index, (entry, init)) in self.entries.iter().zip(&self.inits).enumerate() {
                let place = Matrix::new(&values, entry.offset, 1, entry.len());
                match self.source {
                    Some(source) => copy_into(&source.parameters[index], place, &entry.sizes),
                    None => {
                        let stream = Stream::new(self.seed, index as u64);
                        if let Err(error) = init.fill(stream, place, &entry.sizes) {
                            values.fail(error);
                        }
                    }
                }
            }
            for &(index, first, count) in self.zeros.iter().filter(|_| self.source.is_none()) {
                let entry = &self.entries[index];
                let place = Matrix::new(&values, entry.offset + first, 1, count);
                if let Err(error) = Init::Constant(0.0).fill(Stream::new(self.seed, 0), place, &[count]) {
                    values.fail(error);
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
