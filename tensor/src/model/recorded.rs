//! A forward pass that waits for its backward.

use smallvec::{SmallVec, smallvec};

use crate::device::reading;
use crate::error::{Error, Result};
use crate::layout;
use crate::model::frame::Frame;
use crate::model::pass::Scope;
use crate::model::run::scope;
use crate::model::{Eager, Pass, Traced};
use crate::tape::{GradientLock, Gradients, Recording, Step, Tour, Track, Value, enable_grad, recording};

/// What a generated model leaves on the tape: its frame, with everything that backward needs.
impl Recording for Frame {
    fn backward(&self, step: Step<'_>) -> Result<Gradients> {
        let outcome = run_backward(self, step.gradient, step.wants(0));
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

fn run_backward(frame: &Frame, gradient: &Value, wants_input: bool) -> Result<Gradients> {
    let (Some(x), Some(out)) = (&frame.input, &frame.output) else {
        return Err(Error::Gradient("`backward`: the forward pass kept nothing".into()));
    };
    let gradient = gradient.contiguous();
    gradient.buffer.check()?;
    debug_assert_eq!(layout::len(gradient.sizes()), out.len());
    let d_x = wants_input.then(|| Value::empty(x.device(), x.dtype(), x.sizes()));
    if let Some(d_x) = &d_x {
        d_x.buffer.check()?;
    }
    let scope = Scope {
        output_grad: Some(gradient.row()),
        input_grad: d_x.as_ref().map(Value::row),
        ..scope(frame, x, out.row())
    };
    backward(frame, scope)?;
    Ok(smallvec![d_x])
}

/// The gradients by the eager form, which is computed anew from the input.
fn run_eagerly(frame: &Frame, step: Step<'_>) -> Result<Vec<(Track, Value)>> {
    let Some(x) = &frame.input else {
        return Err(Error::Gradient("`backward`: the forward pass kept nothing".into()));
    };
    frame.check_versions()?;
    let parameters: Vec<Value> = frame.parameters().iter().map(|place| frame.value(*place)).collect();
    // The node of the input is where the eager graph begins: what the input came from is not gone through here.
    let (begin, out) = enable_grad(|| {
        let begin = Value {
            track: step.input(0).clone(),
            ..x.clone()
        }
        .begin();
        let eager = Eager::new(&parameters, frame);
        let out = (frame.program().eager)(&eager, &Traced(begin.clone()));
        (begin, out.0)
    });
    let targets: Vec<&Track> = [&begin]
        .into_iter()
        .chain(&parameters)
        .map(|value| &value.track)
        .collect();
    let pass = Tour {
        retain: false,
        create: recording(),
    };
    let gradients = pass.gradients_since(&begin.track, &[(&out, step.gradient.reshape(out.sizes()))], &targets)?;
    let tracks = [step.input(0)]
        .into_iter()
        .chain(parameters.iter().map(|value| &value.track));
    let pairs = tracks.zip(gradients);
    Ok(pairs
        .filter_map(|(track, gradient)| Some((track.clone(), gradient?)))
        .collect())
}

/// Runs the backward function of a frame's program, with the gradients locked, and notes that they are there.
pub(crate) fn backward(frame: &Frame, scope: Scope<'_>) -> Result<()> {
    // In the order in which an optimizer takes them: first the values, then the gradients.
    let operands = [Some(scope.input), Some(scope.output), scope.output_grad];
    let operands = operands.iter().flatten().map(|operand| operand.buffer);
    let _reading = reading(frame.flats.iter().map(|flat| flat.values()).chain(operands));
    frame.check_versions()?;
    let mut locks: SmallVec<[GradientLock<'_>; 1]> = frame.flats.iter().map(|flat| flat.gradients()).collect();
    for lock in &mut locks {
        lock.prepare()?;
    }
    (frame.program().backward)(&Pass {
        backend: scope.input.buffer.device().backend(),
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
