//! What a model is compiled to.

use tensor_ops::Primitive;

use crate::layout::Axes;
use crate::model::{Eager, Pass, Plan, Traced};

/// A compiled model: plain functions, and what is known of them.
#[derive(Debug)]
pub struct Program {
    /// The name of the type.
    pub name: &'static str,
    /// What it takes.
    pub inputs: &'static [Given],
    /// What it gives.
    pub outputs: &'static [Made],
    /// Sizes that several inputs bring, and so must agree on.
    pub shared: &'static [Shared],
    /// The number of parameter tensors.
    pub parameters: usize,
    /// The number of buffers: what is kept beside the parameters.
    pub buffers: usize,
    /// The number of workspace slots that `forward` and `backward` share.
    pub training_slots: usize,
    /// The number of workspace slots of `infer`.
    pub inference_slots: usize,
    /// The number of streams of random numbers.
    pub streams: u32,
    /// The layers, for the summary.
    pub parts: &'static [Part],
    /// Sets out the slots of `forward` and `backward`.
    pub plan_training: fn(&mut Plan),
    /// Sets out the slots of `infer`.
    pub plan_inference: fn(&mut Plan),
    /// The inputs to the outputs, keeping nothing.
    pub infer: fn(&Pass<'_>),
    /// The inputs to the outputs, keeping what `backward` needs.
    pub forward: fn(&Pass<'_>),
    /// The gradients of the outputs to those of the parameters and, if wanted, the inputs.
    pub backward: fn(&Pass<'_>),
    /// The inputs to the outputs, an operation at a time on the tape.
    pub eager: fn(&Eager<'_>, &[Traced]) -> Vec<Traced>,
}

/// An input of a program.
#[derive(Debug)]
pub struct Given {
    /// What its forward calls it.
    pub name: &'static str,
    /// The sizes after the batch; 0 stands for a size known at run time.
    pub sizes: &'static [usize],
    /// As people read it: `[batch, 784]`.
    pub text: &'static str,
    /// Whether it holds whole numbers, `i64`.
    pub whole: bool,
}

/// An output of a program.
#[derive(Debug)]
pub struct Made {
    /// The sizes after the batch; 0 stands for one that comes with an input.
    pub sizes: &'static [usize],
    /// Where all sizes are from, the batch first.
    pub extents: &'static [Extent],
    /// As people read it: `[batch, 10]`.
    pub text: &'static str,
}

/// The size of an axis of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Known when the program was compiled.
    Known(usize),
    /// That of an axis of an input: which input, which axis.
    Given(usize, usize),
}

/// A size that several inputs bring.
#[derive(Debug)]
pub struct Shared {
    /// What it is called: `batch`.
    pub name: &'static str,
    /// Where it is: which input, which axis.
    pub places: &'static [(usize, usize)],
}

impl Program {
    /// The sizes of an input after the batch; 0 for one known at run time. None where there is no such input, which is told elsewhere.
    pub const fn input_sizes(&self, input: usize) -> &'static [usize] {
        if input >= self.inputs.len() {
            return &[];
        }
        self.inputs[input].sizes
    }

    /// Whether an input holds whole numbers.
    pub const fn is_whole(&self, input: usize) -> bool {
        input < self.inputs.len() && self.inputs[input].whole
    }

    /// The sizes of an output after the batch, likewise.
    pub const fn output_sizes(&self, output: usize) -> &'static [usize] {
        if output >= self.outputs.len() {
            return &[1];
        }
        self.outputs[output].sizes
    }

    /// One of them, of an axis that is there.
    pub const fn output_size(&self, output: usize, axis: usize) -> usize {
        self.output_sizes(output)[axis]
    }

    /// The axes of an output, without the batch.
    pub const fn output_rank(&self, output: usize) -> usize {
        self.output_sizes(output).len()
    }

    /// The sizes of an output for a batch, where the type tells all others.
    pub fn made(&self, output: usize, batch: usize) -> Axes<usize> {
        std::iter::once(batch)
            .chain(self.output_sizes(output).iter().copied())
            .collect()
    }
}

/// A layer of a program.
#[derive(Debug)]
pub struct Part {
    /// Its path, as in parameter names.
    pub path: &'static str,
    /// The layer as declared: `linear(784, 128)`.
    pub layer: &'static str,
    /// The shape it gives: `[batch, 128]`.
    pub output: &'static str,
    /// The number of its parameters.
    pub parameters: usize,
    /// Floating-point operations for one sample.
    pub flops: u64,
    /// The program of a nested model.
    pub nested: Option<&'static Program>,
    /// The operations over blocks that it consists of: not every device has each.
    pub primitives: &'static [&'static Primitive],
}
