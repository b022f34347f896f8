//! Models whose forward is a body of plain Rust, which runs on the tape: `#[forward(dynamic, ..)]`.
//!
//! By itself such a model is its body: what that does is recorded as everything else is. As a part of another model, and in a compiled step,
//! it has a [`Program`] like any other, whose functions run the body over another handle on the same parameters, and keep what it has
//! recorded for backward.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use crate::device::{Gradient, Matrix, View, reading};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::{Layout, describe};
use crate::model::around::within;
use crate::model::inputs::{Inputs as _, List, agree};
use crate::model::outputs::{Outputs as _, Whole, output_sizes_by, whole_sizes};
use crate::model::{Eager, Model, Pass, Plan, Program, Traced, run};
use crate::nn::{self, Held};
use crate::shape::Dim;
use crate::tape::{Tour, Track, Value, enable_grad, no_grad};

/// A model whose forward is a body of the user's.
pub trait Body: Model {
    /// What the body makes of the inputs.
    ///
    /// # Errors
    /// Those of the body.
    fn body(&self, inputs: &[Traced]) -> Result<Vec<Traced>>;

    /// The output of the body, recorded as everything is that it does.
    #[track_caller]
    fn forward_body<B: Dim>(&self, inputs: Self::Inputs<'_, B>) -> Self::Outputs<B> {
        let core = self.core();
        let (training, random) = (core.is_training(), core.random(Self::PROGRAM));
        by_itself::<Self, B>(self, inputs, |inputs| within(training, random, || self.body(inputs)))
    }

    /// The same in evaluation, not recorded.
    #[track_caller]
    fn infer_body<B: Dim>(&self, inputs: Self::Inputs<'_, B>) -> Self::Outputs<B> {
        let body = |inputs: &[Traced]| within(false, None, || self.body(inputs));
        by_itself::<Self, B>(self, inputs, |inputs| no_grad(|| body(inputs)))
    }
}

#[track_caller]
fn by_itself<M: Body, B: Dim>(
    model: &M,
    inputs: M::Inputs<'_, B>,
    body: impl FnOnce(&[Traced]) -> Result<Vec<Traced>>,
) -> M::Outputs<B> {
    let List(inputs) = inputs.list();
    if let Err(error) = agree(M::PROGRAM, &inputs) {
        panic!("{error}");
    }
    let traced: Vec<Traced> = inputs.iter().map(|&input| Traced(input.clone())).collect();
    let sizes: Vec<&[usize]> = inputs.iter().map(|input| input.sizes()).collect();
    match body(&traced).and_then(|outputs| checked(M::PROGRAM, outputs, &sizes)) {
        Ok(outputs) => {
            let mut outputs = outputs.into_iter();
            M::Outputs::of_each(&mut || match outputs.next() {
                Some(output) => output,
                None => unreachable!("the compiler writes as many outputs into the type as into the body"),
            })
        }
        Err(error) => {
            let first = inputs[0];
            let poisoned = Value::poisoned(
                first.device(),
                <M::Element as Element>::DTYPE,
                &whole_sizes(M::PROGRAM, &inputs),
                error,
            );
            M::Outputs::of(Whole {
                value: run::failed(model, &inputs, poisoned),
                program: M::PROGRAM,
                inputs: &inputs,
            })
        }
    }
}

/// What a body has made, if it is of the sizes that it says. Its type says all of them but those that come with the data.
fn checked(program: &'static Program, outputs: Vec<Traced>, sizes: &[&[usize]]) -> Result<Vec<Traced>> {
    for (output, Traced(value)) in outputs.iter().enumerate() {
        let wanted = output_sizes_by(program, output, |input, axis| sizes[input][axis]);
        if value.sizes() != &*wanted {
            return Err(Error::shape(program.name, describe(&wanted), value.layout.describe()));
        }
    }
    Ok(outputs)
}

/// The functions of a program that runs a body: `Single` is the model of `f32`, `Double` that of `f64`.
#[derive(Debug)]
pub struct Functions<Single, Double>(PhantomData<fn() -> (Single, Double)>);

impl<Single: Body<Element = f32>, Double: Body<Element = f64>> Functions<Single, Double> {
    /// One slot of no elements, by which the frame knows one run of the body from another.
    pub fn plan(plan: &mut Plan) {
        plan.slot(0);
    }

    /// The output in evaluation.
    pub fn infer(pass: &Pass<'_>) {
        let inputs = given(pass);
        let outputs = no_grad(|| within(false, None, || Self::run(pass, &inputs)));
        deliver(Single::PROGRAM, pass, outputs);
    }

    /// The output; what is recorded is kept for backward.
    pub fn forward(pass: &Pass<'_>) {
        let inputs: Vec<Traced> = given(pass).into_iter().map(begun).collect();
        let Pass { frame, scope, .. } = pass;
        let outputs = enable_grad(|| within(scope.training, scope.random, || Self::run(pass, &inputs)));
        if let Some(outputs) = deliver(Single::PROGRAM, pass, outputs) {
            frame.traces.keep(scope.slots, Trace { inputs, outputs });
        }
    }

    /// The gradients, through what the forward has recorded.
    pub fn backward(pass: &Pass<'_>) {
        // Where the forward has kept nothing, it has said why.
        let Some(trace) = pass.frame.traces.take(pass.scope.slots) else {
            return;
        };
        if let Err(error) = go_back(Single::PROGRAM, pass, &trace) {
            // Whoever runs the pass looks here.
            pass.frame.workspace.fail(error);
        }
    }

    /// The output on the tape.
    pub fn eager(eager: &Eager<'_>, inputs: &[Traced]) -> Vec<Traced> {
        let program = Single::PROGRAM;
        let held = eager.held(program.parameters, program.buffers);
        let (training, random) = eager.mode();
        let sizes: Vec<&[usize]> = inputs.iter().map(|Traced(input)| input.sizes()).collect();
        let first = &inputs[0].0;
        let dtype = held.parameters.first().map_or(first.dtype(), Value::dtype);
        let body = || Self::body(dtype, &held, first, inputs);
        let outputs = within(training, random, body).and_then(|outputs| checked(program, outputs, &sizes));
        outputs.unwrap_or_else(|error| {
            let poisoned = |output| {
                let sizes = output_sizes_by(program, output, |input, axis| sizes[input][axis]);
                Traced(Value::poisoned(first.device(), dtype, &sizes, error.clone()))
            };
            (0..program.outputs.len()).map(poisoned).collect()
        })
    }

    fn run(pass: &Pass<'_>, inputs: &[Traced]) -> Result<Vec<Traced>> {
        let Pass { frame, scope, .. } = pass;
        let program = Single::PROGRAM;
        let places = &frame.parameters()[scope.parameters..scope.parameters + program.parameters];
        let held = Held {
            parameters: places.iter().map(|place| frame.value(*place)).collect(),
            buffers: frame.cells[scope.buffers..scope.buffers + program.buffers]
                .iter()
                .map(Arc::clone)
                .collect(),
        };
        let outputs = Self::body(frame.workspace.dtype(), &held, &inputs[0].0, inputs)?;
        checked(program, outputs, scope.sizes)
    }

    fn body(dtype: DType, held: &Held, first: &Value, inputs: &[Traced]) -> Result<Vec<Traced>> {
        match dtype {
            DType::F64 => nn::over::<f64, Double>(held, first.device()).body(inputs),
            _ => nn::over::<f32, Single>(held, first.device()).body(inputs),
        }
    }
}

/// What a body has recorded, from its inputs to its outputs.
#[derive(Debug)]
struct Trace {
    inputs: Vec<Traced>,
    outputs: Vec<Traced>,
}

/// What the bodies in a pass have recorded, each under its first slot.
#[derive(Debug, Default)]
pub(crate) struct Traces(Mutex<Vec<(usize, Trace)>>);

impl Traces {
    fn keep(&self, slot: usize, trace: Trace) {
        let mut traces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        traces.push((slot, trace));
    }

    fn take(&self, slot: usize) -> Option<Trace> {
        let mut traces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = traces.iter().position(|(kept, _)| *kept == slot)?;
        Some(traces.swap_remove(place).1)
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The inputs of a pass as values of their own: the workspace is written over while the tape goes on.
fn given(pass: &Pass<'_>) -> Vec<Traced> {
    let inputs = pass.scope.inputs.iter().zip(pass.scope.sizes);
    inputs
        .map(|(&matrix, sizes)| Traced(copied(pass, matrix, sizes)))
        .collect()
}

fn copied(pass: &Pass<'_>, matrix: Matrix<'_>, sizes: &[usize]) -> Value {
    let value = Value::empty(matrix.buffer.device(), matrix.buffer.dtype(), sizes);
    let layout = Layout::contiguous(&[value.len()]);
    pass.backend.copy(flat(matrix, &layout), flat(value.row(), &layout));
    value
}

/// A matrix as one row of elements.
fn flat<'a>(matrix: Matrix<'a>, layout: &'a Layout) -> View<'a> {
    View {
        buffer: matrix.buffer,
        offset: matrix.offset,
        layout,
    }
}

/// An input where the record begins; by whole numbers there is no gradient.
fn begun(Traced(input): Traced) -> Traced {
    match input.dtype() {
        DType::F32 | DType::F64 => Traced(input.begin()),
        _ => Traced(input),
    }
}

/// Copies what a body has made to where it goes; what went wrong is the output's to tell.
fn deliver(program: &Program, pass: &Pass<'_>, outputs: Result<Vec<Traced>>) -> Option<Vec<Traced>> {
    let places = pass.scope.outputs;
    match outputs {
        Ok(outputs) => {
            for (Traced(output), place) in outputs.iter().zip(places) {
                write(pass, output, *place);
            }
            Some(outputs)
        }
        Err(error) => {
            for place in &places[..program.outputs.len()] {
                place.buffer.fail(error.clone());
            }
            None
        }
    }
}

/// Copies the elements of a value to a place in memory.
fn write(pass: &Pass<'_>, value: &Value, place: Matrix<'_>) {
    let value = value.contiguous();
    let _reading = reading([&value.buffer]);
    if let Some(error) = value.buffer.poison() {
        return place.buffer.fail(error.clone());
    }
    let layout = Layout::contiguous(&[value.len()]);
    pass.backend.copy(flat(value.row(), &layout), flat(place, &layout));
}

/// From the gradients of the outputs to those of the parameters and of the inputs that are wanted.
fn go_back(program: &Program, pass: &Pass<'_>, trace: &Trace) -> Result<()> {
    let scope = &pass.scope;
    let parameters: Vec<Value> = (0..program.parameters)
        .map(|index| pass.frame.value(pass.frame.place(scope.parameters + index)))
        .collect();
    let wants = |index: usize| scope.input_grads.get(index).copied().flatten();
    let inputs: Vec<(&Value, Matrix<'_>)> = trace
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(index, Traced(input))| Some((input, wants(index)?)))
        .collect();
    let targets: Vec<&Track> = inputs
        .iter()
        .map(|(input, _)| &input.track)
        .chain(parameters.iter().map(|parameter| &parameter.track))
        .collect();
    let outputs = trace.outputs.iter().zip(scope.output_grads);
    let roots: Vec<(&Value, Value)> = outputs
        .filter(|(Traced(output), _)| output.track.is_tracked())
        .map(|(Traced(output), &gradient)| (output, copied(pass, gradient, output.sizes())))
        .collect();
    let mut tracks = trace.inputs.iter().map(|Traced(input)| &input.track);
    let last = tracks.rfind(|track| track.is_tracked());
    let last = last.unwrap_or(&Track::Constant);
    let mut gradients = match roots.is_empty() {
        true => vec![None; targets.len()],
        false => Tour::default().gradients_since(last, &roots, &targets)?,
    };
    let by_parameters = gradients.split_off(inputs.len());
    for ((_, place), gradient) in inputs.into_iter().zip(gradients) {
        match gradient {
            Some(gradient) => write(pass, &gradient, place),
            None => pass.zeros(place),
        }
    }
    for (index, gradient) in by_parameters.into_iter().enumerate() {
        let Gradient {
            matrix,
            accumulate,
            wanted,
        } = pass.gradient(index);
        let place = Matrix::new(matrix.buffer, matrix.offset, 1, matrix.len());
        match gradient.filter(|_| wanted) {
            Some(gradient) if accumulate => {
                let gradient = gradient.contiguous();
                gradient.buffer.check()?;
                let _reading = reading([&gradient.buffer]);
                // A sum over one row adds that row.
                pass.backend.sum_rows(gradient.row(), place, true);
            }
            Some(gradient) => write(pass, &gradient, place),
            None if wanted && !accumulate => pass.zeros(place),
            None => {}
        }
    }
    Ok(())
}
