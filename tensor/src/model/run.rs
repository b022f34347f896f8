//! Running a model: what its methods come down to.

use std::path::Path;
use std::sync::Arc;

use smallvec::smallvec;

use crate::device::{Device, Matrix, Operation, reading};
use crate::element::{DType, Element};
use crate::error::{Error, Result};
use crate::layout::Axes;
use crate::model::pass::Scope;
use crate::model::{Eager, Frame, Model, Pass, Program, Traced};
use crate::nn::{self, NamedParameter, Walk};
use crate::random::seed::Seed;
use crate::shape::{Dim, Dynamic};
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

/// The output, recorded for `backward`.
pub fn forward<M: Model, B: Dim>(model: &M, x: &Tensor<M::Input<B>, M::Element>) -> Tensor<M::Output<B>, M::Element> {
    Tensor::of(forward_value(model, x.value()))
}

/// The output in evaluation, not recorded.
pub fn infer<M: Model, B: Dim>(model: &M, x: &Tensor<M::Input<B>, M::Element>) -> Tensor<M::Output<B>, M::Element> {
    Tensor::of(infer_value(model, x.value()))
}

/// The output of a model's eager form, for tests: the same numbers as `forward`, on the tape.
pub fn eager<M: Model, B: Dim>(model: &M, x: &Tensor<M::Input<B>, M::Element>) -> Tensor<Dynamic, M::Element> {
    let core = model.core();
    let mut frame = Frame::take(core.home(), M::PROGRAM, core.device(), M::Element::DTYPE, false);
    frame.find_buffers(&|walk: &mut Walk<'_>| model.visit(walk));
    frame.training = core.is_training();
    frame.random = core.random(M::PROGRAM);
    let mut parameters = Vec::new();
    model.visit(&mut Walk::new(&mut |_, met| parameters.push(met.value.clone())));
    let eager = Eager::new(&parameters, &frame);
    Tensor::of((M::PROGRAM.eager)(&eager, &Traced(x.value().clone())).0)
}

/// The sizes of the output for an input of these sizes.
pub(crate) fn output_sizes(program: &Program, input: &[usize]) -> Axes<usize> {
    let mut sizes: Axes<usize> = smallvec![input[0]];
    sizes.extend(program.output.iter().enumerate().map(|(axis, &size)| {
        // 0 stands for the input's size of the same axis.
        if size == 0 { input[axis + 1] } else { size }
    }));
    sizes
}

fn infer_value<M: Model>(model: &M, x: &Value) -> Value {
    let program = M::PROGRAM;
    let x = &*x.contiguous();
    let out = match Value::output("infer", &[x], x.dtype(), &output_sizes(program, x.sizes())) {
        Ok(out) => out,
        Err(poisoned) => return poisoned,
    };
    let core = model.core();
    let mut frame = Frame::take(core.home(), program, core.device(), x.dtype(), true);
    match enter(&mut frame, model, x, true) {
        Ok(()) => {
            run(program.infer, &frame, x, &out);
            out
        }
        Err(error) => Value::poisoned(x.device(), x.dtype(), out.sizes(), error),
    }
}

pub(crate) fn forward_value<M: Model>(model: &M, x: &Value) -> Value {
    let program = M::PROGRAM;
    let input = &*x.contiguous();
    let mut out = match Value::output("forward", &[input], x.dtype(), &output_sizes(program, x.sizes())) {
        Ok(out) => out,
        Err(poisoned) => return failed(model, x, poisoned),
    };
    let core = model.core();
    let mut frame = Frame::take(core.home(), program, core.device(), x.dtype(), false);
    if let Err(error) = enter(&mut frame, model, input, false) {
        return failed(model, x, Value::poisoned(x.device(), x.dtype(), out.sizes(), error));
    }
    frame.random = core.random(program);
    frame.input_version = input.version();
    run(program.forward, &frame, input, &out);
    if recording() && (x.track.is_tracked() || frame.is_trained()) {
        let mut inputs: Inputs = smallvec![x.track.clone()];
        // Not for a gradient, which the program delivers itself: an error of the tape finds the model by it.
        inputs.extend(frame.flats.iter().map(|flat| Track::Parameter(flat.clone(), 0)));
        frame.input = Some(input.detach());
        frame.output = Some(out.clone());
        if let Some(frame) = frame.keep() {
            let rule = Rule::Recorded(Recorded::new(frame));
            out.track = Track::Node(Node::new(program.name, rule, inputs, Saved::new()));
        }
    }
    out
}

/// An output that could not be computed, with the model behind it, so that the error reaches whoever trains that.
fn failed<M: Model>(model: &M, x: &Value, mut out: Value) -> Value {
    if recording() {
        let mut inputs: Inputs = smallvec![x.track.clone()];
        model.visit(&mut Walk::new(&mut |_, met| {
            inputs.push(Track::Parameter(Arc::clone(met.flat), met.index))
        }));
        out.track = Track::Node(Node::failed(inputs));
    }
    out
}

/// Gets a frame ready for an input. What fails here fails before anything has run.
pub(crate) fn enter<M: Model>(frame: &mut Frame, model: &M, x: &Value, inference: bool) -> Result<()> {
    let program = frame.program();
    // The workspace is where the model was made; a part that was replaced since may be elsewhere.
    same_device(program.name, x.device(), model.core().device())?;
    runs_on(program, x.device(), x.dtype())?;
    frame.find_parameters(&|walk: &mut Walk<'_>| model.visit(walk));
    frame.find_buffers(&|walk: &mut Walk<'_>| model.visit(walk));
    frame.training = !inference && model.core().is_training();
    for flat in &frame.flats {
        flat.values().check()?;
        same_device(program.name, x.device(), flat.device())?;
    }
    frame.set_out(x.sizes(), inference)
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
fn run(function: fn(&Pass<'_>), frame: &Frame, x: &Value, out: &Value) {
    let _reading = reading([&x.buffer]);
    function(&Pass {
        backend: x.device().backend(),
        frame,
        locks: None,
        scope: scope(frame, x, out.row()),
    });
    frame.settle(&out.buffer);
}

/// The whole of a frame as a scope.
pub(crate) fn scope<'a>(frame: &'a Frame, x: &'a Value, output: Matrix<'a>) -> Scope<'a> {
    Scope {
        sizes: frame.plan.sizes(),
        slots: 0,
        parameters: 0,
        again: false,
        buffers: 0,
        training: frame.training,
        random: frame.random,
        input: x.row(),
        output,
        output_grad: None,
        input_grad: None,
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
