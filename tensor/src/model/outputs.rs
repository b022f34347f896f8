//! What a model gives: a tensor, or several, which are parts of one, so that the tape has one node for all of them.

use smallvec::{SmallVec, smallvec};

use crate::device::{Matrix, View, reading};
use crate::element::Element;
use crate::layout::{Axes, Layout, len};
use crate::model::inputs::Each;
use crate::model::room::Room;
use crate::model::{Extent, Model, Planned, Program, Traced};
use crate::ops::border::zeros_around;
use crate::shape::Shape;
use crate::tape::{Gradients, Rule, Step, Value, record, recording};
use crate::tensors::Tensor;

/// An output begins at a multiple of so many elements: a cache line of `f32`.
const ALIGN: usize = 16;

/// What a model's forward gives: a [`Tensor`], or a tuple of such.
pub trait Outputs: Sized {
    /// The same inside a compiled step: what a loss is given.
    type Planned<M: Model>;
    #[doc(hidden)]
    fn of(whole: Whole<'_>) -> Self;
    /// Of as many values as there are.
    #[doc(hidden)]
    fn of_each(next: &mut dyn FnMut() -> Traced) -> Self;
    #[doc(hidden)]
    fn planned<M: Model>(next: &mut dyn FnMut() -> Room) -> Self::Planned<M>;
    #[doc(hidden)]
    fn rooms<M: Model>(planned: &Self::Planned<M>) -> Rooms<'_>;
}

/// Where the outputs of a compiled step are.
#[doc(hidden)]
#[derive(Debug)]
pub struct Rooms<'a>(pub(crate) Each<&'a Room>);

/// All outputs as they lie in one tensor, and where each is.
#[doc(hidden)]
#[derive(Debug)]
pub struct Whole<'a> {
    pub(crate) value: Value,
    pub(crate) program: &'static Program,
    pub(crate) inputs: &'a [&'a Value],
}

impl<S: Shape, T: Element> Outputs for Tensor<S, T> {
    type Planned<M: Model> = Planned<M, S>;

    fn of(whole: Whole<'_>) -> Self {
        Self::of(whole.value)
    }

    fn of_each(next: &mut dyn FnMut() -> Traced) -> Self {
        Self::of(next().0)
    }

    fn planned<M: Model>(next: &mut dyn FnMut() -> Room) -> Planned<M, S> {
        Planned::new(next())
    }

    fn rooms<M: Model>(planned: &Planned<M, S>) -> Rooms<'_> {
        Rooms(smallvec![planned.room()])
    }
}

macro_rules! outputs {
    ($($Shape:ident $Element:ident $index:tt),*) => {
        impl<$($Shape: Shape, $Element: Element),*> Outputs for ($(Tensor<$Shape, $Element>,)*) {
            type Planned<M: Model> = ($(Planned<M, $Shape>,)*);

            fn of(whole: Whole<'_>) -> Self {
                ($(Tensor::of(whole.part($index)),)*)
            }

            fn of_each(next: &mut dyn FnMut() -> Traced) -> Self {
                ($(Tensor::<$Shape, $Element>::of(next().0),)*)
            }

            fn planned<M: Model>(next: &mut dyn FnMut() -> Room) -> Self::Planned<M> {
                ($(Planned::<M, $Shape>::new(next()),)*)
            }

            fn rooms<M: Model>(planned: &Self::Planned<M>) -> Rooms<'_> {
                Rooms(SmallVec::from_slice(&[$(planned.$index.room()),*]))
            }
        }
    };
}

outputs!(S0 T0 0, S1 T1 1);
outputs!(S0 T0 0, S1 T1 1, S2 T2 2);
outputs!(S0 T0 0, S1 T1 1, S2 T2 2, S3 T3 3);
outputs!(S0 T0 0, S1 T1 1, S2 T2 2, S3 T3 3, S4 T4 4);
outputs!(S0 T0 0, S1 T1 1, S2 T2 2, S3 T3 3, S4 T4 4, S5 T5 5);

/// The sizes of an output for inputs of these sizes.
pub(crate) fn output_sizes(program: &Program, output: usize, inputs: &[&Value]) -> Axes<usize> {
    output_sizes_by(program, output, |input, axis| inputs[input].sizes()[axis])
}

/// The same, of inputs whose sizes `size` gives by input and axis.
pub(crate) fn output_sizes_by(program: &Program, output: usize, size: impl Fn(usize, usize) -> usize) -> Axes<usize> {
    let mut sizes = Axes::new();
    for extent in program.outputs[output].extents {
        sizes.push(match *extent {
            Extent::Known(size) => size,
            Extent::Given(input, axis) => size(input, axis),
        });
    }
    sizes
}

/// The sizes of the tensor that holds all outputs: those of the only one, or one axis.
pub(crate) fn whole_sizes(program: &Program, inputs: &[&Value]) -> Axes<usize> {
    match program.outputs {
        [_] => output_sizes(program, 0, inputs),
        _ => smallvec![offset(program, program.outputs.len(), inputs)],
    }
}

/// Where an output begins.
fn offset(program: &Program, output: usize, inputs: &[&Value]) -> usize {
    let before = (0..output).map(|output| len(&output_sizes(program, output, inputs)));
    before.map(|len| len.next_multiple_of(ALIGN)).sum()
}

/// Each output, as a matrix of one row, in the tensor that holds all.
pub(crate) fn rows<'a>(program: &Program, inputs: &[&Value], whole: &'a Value) -> Each<Matrix<'a>> {
    if let [_] = program.outputs {
        return smallvec![whole.row()];
    }
    let row = |output| {
        let offset = whole.offset + offset(program, output, inputs);
        Matrix::new(&whole.buffer, offset, 1, len(&output_sizes(program, output, inputs)))
    };
    (0..program.outputs.len()).map(row).collect()
}

impl Whole<'_> {
    /// One of several outputs, on the tape where all of them are.
    pub(crate) fn part(&self, output: usize) -> Value {
        let sizes = output_sizes(self.program, output, self.inputs);
        part(&self.value, offset(self.program, output, self.inputs), &sizes)
    }
}

/// The elements from `start` on, as a tensor of these sizes.
fn part(whole: &Value, start: usize, sizes: &[usize]) -> Value {
    let out = Value {
        offset: whole.offset + start,
        layout: Layout::contiguous(sizes),
        ..whole.detach()
    };
    record(
        "output",
        out,
        [whole],
        || Rule::Axes(part_backward, start, len(sizes)),
        |_| smallvec![whole.sizes_only()],
    )
}

/// What an output that is not looked at does not get, it has zeros for.
fn part_backward(start: usize, len: usize, step: Step<'_>) -> Gradients {
    let (sizes, gradient) = (step.saved[0].sizes(), step.gradient.reshape(&[step.gradient.len()]));
    if recording() {
        return smallvec![Some(zeros_around(&gradient, 0, start, sizes[0] - start - len))];
    }
    let out = match Value::output("backward", &[&gradient], gradient.dtype(), sizes) {
        Ok(out) => out,
        Err(poisoned) => return smallvec![Some(poisoned)],
    };
    let (backend, layout) = (out.device().backend(), Layout::contiguous(&[len]));
    let _reading = reading([&gradient.buffer]);
    backend.fill(0.0, out.view());
    let place = View {
        buffer: &out.buffer,
        offset: out.offset + start,
        layout: &layout,
    };
    backend.copy(gradient.view(), place);
    smallvec![Some(out)]
}
