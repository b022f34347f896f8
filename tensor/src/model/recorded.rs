//! A forward pass that waits for its backward.

use smallvec::SmallVec;

use crate::device::{Matrix, reading};
use crate::error::{Error, Result};
use crate::layout;
use crate::model::frame::Frame;
use crate::model::inputs::{Each, sizes};
use crate::model::outputs::{Whole, rows};
use crate::model::pass::Scope;
use crate::model::run::{matrices, scope};
use crate::model::{Eager, Pass, Traced};
use crate::tape::{GradientLock, Gradients, Recording, Step, Tour, Track, Value, enable_grad, recording};

/// What a generated model leaves on the tape: its frame, with everything that backward needs.
impl Recording for Frame {
    fn backward(&self, step: Step<'_>) -> Result<Gradients> {
        let outcome = run_backward(self, step);
        if let Err(error) = &outcome {
            for flat in &self.flats {
                flat.gradients().poison(error);
            }
        }
        outcome
    }

    fn backward_eagerly(&self, step: Step<'_>) -> Result<Vec<(Track, Value)>> {
        run_eagerly(self, step)
    }

    fn go_home(mut self: Box<Self>) {
        if let Some(home) = self.home.take() {
            home.receive(self, false);
        }
    }
}

fn run_backward(frame: &Frame, step: Step<'_>) -> Result<Gradients> {
    let Some(out) = &frame.output else {
        return Err(Error::Gradient("`backward`: the forward pass kept nothing".into()));
    };
    let gradient = step.gradient.contiguous();
    gradient.buffer.check()?;
    debug_assert_eq!(layout::len(gradient.sizes()), out.len());
    let inputs: Each<&Value> = frame.inputs.iter().collect();
    let wanted = |(index, x): (usize, &&Value)| {
        let wanted = step.wants(index);
        wanted.then(|| Value::empty(x.device(), x.dtype(), x.sizes()))
    };
    let gradients: Gradients = inputs.iter().enumerate().map(wanted).collect();
    for d_x in gradients.iter().flatten() {
        d_x.buffer.check()?;
    }
    let rows_of = gradients.iter().map(|d_x| d_x.as_ref().map(Value::row));
    let input_grads: Each<Option<Matrix<'_>>> = rows_of.collect();
    let (sizes, matrices) = (sizes(&inputs), matrices(&inputs));
    let (outputs, output_grads) = (
        rows(frame.program(), &inputs, out),
        rows(frame.program(), &inputs, &gradient),
    );
    backward(
        frame,
        Scope {
            output_grads: &output_grads,
            input_grads: &input_grads,
            ..scope(frame, &sizes, &matrices, &outputs)
        },
    )?;
    drop(input_grads);
    Ok(gradients)
}

/// The gradients by the eager form, which is computed anew from the inputs.
fn run_eagerly(frame: &Frame, step: Step<'_>) -> Result<Vec<(Track, Value)>> {
    if frame.output.is_none() {
        return Err(Error::Gradient("`backward`: the forward pass kept nothing".into()));
    }
    frame.check_versions()?;
    let program = frame.program();
    let inputs: Each<&Value> = frame.inputs.iter().collect();
    let parameters: Vec<Value> = frame.parameters().iter().map(|place| frame.value(*place)).collect();
    // The nodes of the inputs are where the eager graph begins: what the inputs came from is not gone through here.
    let (begin, out) = enable_grad(|| {
        let begin = |(index, x): (usize, &&Value)| {
            let track = step.input(index).clone();
            Traced(Value { track, ..(*x).clone() }.begin())
        };
        let begin: Vec<Traced> = inputs.iter().enumerate().map(begin).collect();
        let out = (program.eager)(&Eager::new(&parameters, frame), &begin);
        (begin, out)
    });
    // A layer that has no such form says so here.
    out.iter().try_for_each(|Traced(out)| out.buffer.check())?;
    let targets: Vec<&Track> = begin
        .iter()
        .map(|Traced(value)| &value.track)
        .chain(parameters.iter().map(|value| &value.track))
        .collect();
    let pass = Tour {
        retain: false,
        create: recording(),
    };
    let whole = Whole {
        value: step.gradient.clone(),
        program,
        inputs: &inputs,
    };
    let gradient = |(index, Traced(out)): (usize, &Traced)| match program.outputs {
        [_] => step.gradient.reshape(out.sizes()),
        _ => whole.part(index),
    };
    let gradients = out.iter().enumerate().map(gradient).collect::<Vec<_>>();
    // An output that is computed from no input and no parameter has nothing behind it.
    let roots: Vec<(&Value, Value)> = out.iter().map(|Traced(out)| out).zip(gradients).collect();
    let last = begin.last().map_or(&Track::Constant, |Traced(value)| &value.track);
    let gradients = pass.gradients_since(last, &roots, &targets)?;
    let tracks = (0..inputs.len())
        .map(|index| step.input(index))
        .chain(parameters.iter().map(|value| &value.track));
    let pairs = tracks.zip(gradients);
    Ok(pairs
        .filter_map(|(track, gradient)| Some((track.clone(), gradient?)))
        .collect())
}

/// Runs the backward function of a frame's program, with the gradients locked, and notes that they are there.
pub(crate) fn backward(frame: &Frame, scope: Scope<'_>) -> Result<()> {
    // In the order in which an optimizer takes them: first the values, then the gradients.
    let operands = scope.inputs.iter().chain(scope.outputs).chain(scope.output_grads);
    let operands = operands.map(|operand| operand.buffer);
    let _reading = reading(frame.flats.iter().map(|flat| flat.values()).chain(operands));
    frame.check_versions()?;
    let mut locks: SmallVec<[GradientLock<'_>; 1]> = frame.flats.iter().map(|flat| flat.gradients()).collect();
    for lock in &mut locks {
        lock.prepare()?;
    }
    (frame.program().backward)(&Pass {
        backend: frame.workspace.device().backend(),
        frame,
        locks: Some(&locks),
        scope,
    });
    frame.workspace.check()?;
    for place in frame.parameters() {
        locks[place.flat].reach(place.index);
    }
    // Each of them, also after one that went wrong.
    locks.iter_mut().map(GradientLock::settle).fold(Ok(()), Result::and)
}
