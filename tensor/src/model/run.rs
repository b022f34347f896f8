//! Running a model: what its methods come down to.

use std::path::Path;
use std::sync::Arc;

use crate::device::{Device, Matrix, Operation, reading};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::model::inputs::{Each, InputSizes, Inputs as _, List, Rows, agree, each, sizes};
use crate::model::outputs::{Outputs as _, Whole, rows, whole_sizes};
use crate::model::pass::Scope;
use crate::model::{Eager, Frame, Model, Pass, Program, Traced};
use crate::nn::{self, NamedParameter, Walk};
use crate::random::seed::Seed;
use crate::shape::{Dim, Dynamic, Shape};
use crate::tape::{Inputs, Node, Recorded, Rule, Saved, Track, Value, recording, same_device};
use crate::tensors::Tensor;

/// A model with fresh parameters.
pub fn build<M: Model>(device: &Device, seed: Seed) -> M {
    nn::fresh(*device, seed.0)
}

/// A model of its own with the parameters and the mode of another.
pub fn copied<M: Model>(model: &M) -> M {
    let core = model.core();
    let copy: M = nn::copy(model, core.device(), core.seed().0);
    copy.core().resume(core);
    copy
}

/// The model on another device; itself, if it is there.
pub fn moved<M: Model>(model: M, device: Device) -> Result<M> {
    let core = model.core();
    runs_on(M::PROGRAM, device, M::Element::DTYPE)?;
    let mut is_there = core.device() == device;
    model.visit(&mut Walk::new(&mut |_, met| {
        is_there = is_there && met.flat.device() == device
    }));
    if is_there {
        return Ok(model);
    }
    let copy: M = nn::copy(&model, device, core.seed().0);
    copy.core().resume(core);
    nn::check(&|walk| copy.visit(walk)).map(|()| copy)
}

/// The outputs, recorded for `backward`.
#[track_caller]
pub fn forward<M: Model, B: Dim>(model: &M, inputs: M::Inputs<'_, B>) -> M::Outputs<B> {
    run_by::<M, B>(inputs, |inputs| forward_value(model, inputs))
}

/// The outputs in evaluation, not recorded.
#[track_caller]
pub fn infer<M: Model, B: Dim>(model: &M, inputs: M::Inputs<'_, B>) -> M::Outputs<B> {
    run_by::<M, B>(inputs, |inputs| infer_value(model, inputs))
}

#[track_caller]
fn run_by<M: Model, B: Dim>(inputs: M::Inputs<'_, B>, run: impl FnOnce(&[&Value]) -> Value) -> M::Outputs<B> {
    let List(inputs) = inputs.list();
    if let Err(error) = agree(M::PROGRAM, &inputs) {
        panic!("{error}");
    }
    M::Outputs::of(Whole {
        value: run(&inputs),
        program: M::PROGRAM,
        inputs: &inputs,
    })
}

/// How a model is run on [`Traced`] inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The generated form, recorded for `backward`.
    Forward,
    /// The generated form in evaluation, not recorded.
    Infer,
    /// The eager form: the same numbers as `Forward`, on the tape.
    Eager,
}

/// The outputs of a model, for tests, which do not know how many it takes and gives.
pub fn traced<M: Model>(model: &M, inputs: &[Traced], how: How) -> Vec<Traced> {
    let values: Vec<&Value> = inputs.iter().map(|input| &input.0).collect();
    let whole = |value| Whole {
        value,
        program: M::PROGRAM,
        inputs: &values,
    };
    let parts = |whole: Whole<'_>| match M::PROGRAM.outputs {
        [_] => vec![Traced(whole.value)],
        all => (0..all.len()).map(|output| Traced(whole.part(output))).collect(),
    };
    match how {
        How::Forward => parts(whole(forward_value(model, &values))),
        How::Infer => parts(whole(infer_value(model, &values))),
        How::Eager => eagerly(model, inputs),
    }
}

/// The output of the eager form of a model that takes one tensor and gives one.
pub fn eager<M: Model, S: Shape>(model: &M, x: &Tensor<S, M::Element>) -> Tensor<Dynamic, M::Element> {
    eagerly(model, &[Traced(x.value().clone())])[0].tensor()
}

fn eagerly<M: Model>(model: &M, inputs: &[Traced]) -> Vec<Traced> {
    let core = model.core();
    let mut frame = Frame::take(core.home(), M::PROGRAM, core.device(), M::Element::DTYPE, false);
    frame.find_buffers(&|walk: &mut Walk<'_>| model.visit(walk));
    frame.training = core.is_training();
    frame.random = core.random(M::PROGRAM);
    let mut parameters = Vec::new();
    model.visit(&mut Walk::new(&mut |_, met| parameters.push(met.value.clone())));
    (M::PROGRAM.eager)(&Eager::new(&parameters, &frame), inputs)
}

fn infer_value<M: Model>(model: &M, inputs: &[&Value]) -> Value {
    let program = M::PROGRAM;
    let inputs = Rows::of(inputs);
    let inputs = inputs.list();
    let sizes = whole_sizes(program, &inputs);
    let out = match Value::output("infer", &inputs, M::Element::DTYPE, &sizes) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    let core = model.core();
    let mut frame = Frame::take(core.home(), program, core.device(), out.dtype(), true);
    match enter(&mut frame, model, &inputs, true) {
        Ok(sizes) => {
            run(program.infer, &frame, &inputs, &sizes, &out);
            out
        }
        Err(error) => Value::poisoned(out.device(), out.dtype(), out.sizes(), error),
    }
}

pub(crate) fn forward_value<M: Model>(model: &M, given: &[&Value]) -> Value {
    let program = M::PROGRAM;
    let inputs = Rows::of(given);
    let inputs = inputs.list();
    let sizes = whole_sizes(program, &inputs);
    let mut out = match Value::output("forward", &inputs, M::Element::DTYPE, &sizes) {
        Ok(out) => out,
        Err(poisoned) => return failed(model, given, poisoned),
    };
    let core = model.core();
    let mut frame = Frame::take(core.home(), program, core.device(), out.dtype(), false);
    let sizes = match enter(&mut frame, model, &inputs, false) {
        Ok(sizes) => sizes,
        Err(error) => {
            let poisoned = Value::poisoned(out.device(), out.dtype(), out.sizes(), error);
            return failed(model, given, poisoned);
        }
    };
    frame.random = core.random(program);
    frame.input_versions.clear();
    frame.input_versions.extend(inputs.iter().map(|input| input.version()));
    run(program.forward, &frame, &inputs, &sizes, &out);
    if recording() && (given.iter().any(|input| input.track.is_tracked()) || frame.is_trained()) {
        let mut tracks: Inputs = given.iter().map(|input| input.track.clone()).collect();
        // Not for a gradient, which the program delivers itself: an error of the tape finds the model by it.
        tracks.extend(frame.flats.iter().map(|flat| Track::Parameter(flat.clone(), 0)));
        frame.inputs.extend(inputs.iter().map(|input| input.detach()));
        frame.output = Some(out.clone());
        if let Some(frame) = frame.keep() {
            let rule = Rule::Recorded(Recorded::new(frame));
            out.track = Track::Node(Node::new(program.name, rule, tracks, Saved::new()));
        }
    }
    out
}

/// An output that could not be computed, with the model behind it, so that the error reaches whoever trains that.
pub(super) fn failed<M: Model>(model: &M, given: &[&Value], mut out: Value) -> Value {
    if recording() {
        let mut inputs: Inputs = given.iter().map(|input| input.track.clone()).collect();
        model.visit(&mut Walk::new(&mut |_, met| {
            inputs.push(Track::Parameter(Arc::clone(met.flat), met.index))
        }));
        out.track = Track::Node(Node::failed(inputs));
    }
    out
}

/// Gets a frame ready for some inputs, and gives their sizes. What fails here fails before anything has run.
pub(crate) fn enter<'a, M: Model>(
    frame: &mut Frame,
    model: &M,
    inputs: &'a [&Value],
    inference: bool,
) -> Result<InputSizes<'a>> {
    let (program, device) = (frame.program(), inputs[0].device());
    // The workspace is where the model was made; a part that was replaced since may be elsewhere.
    same_device(program.name, device, model.core().device())?;
    runs_on(program, device, M::Element::DTYPE)?;
    frame.find_parameters(&|walk: &mut Walk<'_>| model.visit(walk));
    frame.find_buffers(&|walk: &mut Walk<'_>| model.visit(walk));
    frame.training = !inference && model.core().is_training();
    for flat in &frame.flats {
        flat.values().check()?;
        same_device(program.name, device, flat.device())?;
    }
    let sizes = sizes(inputs);
    frame.set_out(&sizes, inference).map(|()| sizes)
}

/// That a device has all that a program needs; else an error that names the layer.
fn runs_on(program: &Program, device: Device, dtype: DType) -> Result<()> {
    for part in program.parts {
        if let Some(nested) = part.nested {
            runs_on(nested, device, dtype)?;
        }
        let mut operations = part
            .primitives
            .iter()
            .map(|primitive| Operation::Primitive(**primitive));
        if operations.any(|operation| !device.backend().supports(operation, dtype)) {
            return Err(Error::Unsupported {
                operation: part.layer,
                device: device.to_string(),
                element: dtype.name(),
            });
        }
    }
    Ok(())
}

/// Runs a forward function of a program over its whole frame. The model's own parameters need no guard: whoever calls has the
/// model borrowed, and only who has it borrowed mutably writes them.
fn run(function: fn(&Pass<'_>), frame: &Frame, inputs: &[&Value], sizes: &[&[usize]], out: &Value) {
    let _reading = reading(inputs.iter().map(|input| &input.buffer));
    let matrices = matrices(inputs);
    function(&Pass {
        backend: out.device().backend(),
        frame,
        locks: None,
        scope: scope(frame, sizes, &matrices, &rows(frame.program(), inputs, out)),
    });
    frame.settle(&out.buffer);
}

/// Values as matrices of one row.
pub(crate) fn matrices<'a>(values: &[&'a Value]) -> Each<Matrix<'a>> {
    each(values, Value::row)
}

/// The whole of a frame as a scope.
pub(crate) fn scope<'a>(
    frame: &'a Frame,
    sizes: &'a [&'a [usize]],
    inputs: &'a [Matrix<'a>],
    outputs: &'a [Matrix<'a>],
) -> Scope<'a> {
    Scope {
        sizes,
        slots: 0,
        parameters: 0,
        again: false,
        buffers: 0,
        training: frame.training,
        random: frame.random,
        inputs,
        outputs,
        output_grads: &[],
        input_grads: &[],
    }
}

/// The parameters with their names.
pub fn parameters<M: Model>(model: &M) -> Vec<NamedParameter<M::Element>> {
    let mut list = Vec::new();
    model.visit(&mut Walk::new(&mut |path, met| {
        list.push(NamedParameter {
            name: path.to_string(),
            tensor: Tensor::of(met.value.clone()),
        });
    }));
    list
}

/// Forgets all gradients.
pub fn zero_grad<M: Model>(model: &mut M) {
    model.visit(&mut Walk::new(&mut |_, met| met.flat.forget(met.index)));
}

/// Training or evaluation.
pub fn set_training<M: Model>(model: &mut M, training: bool) {
    model.core().set_training(training);
}

/// Where the random numbers of a model are, in its file.
const SEED: &str = "seed";
const CALLS: &str = "calls";

/// Writes the parameters to a safetensors file.
pub fn save<M: Model>(model: &M, path: &Path) -> Result<()> {
    let core = model.core();
    let numbers = [(SEED, core.seed().0), (CALLS, core.calls())];
    nn::save(path, M::PROGRAM.name, &numbers, &|walk| model.visit(walk))
}

/// Reads the parameters from a safetensors file: all of them, or none.
pub fn load<M: Model>(model: &mut M, path: &Path) -> Result<()> {
    let [seed, calls] = nn::load(path, M::PROGRAM.name, [SEED, CALLS], &|walk| model.visit(walk))?;
    model.core().resume_at(seed, calls);
    Ok(())
}
