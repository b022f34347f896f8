//! What a model is compiled to.

use tensor_ops::Primitive;

use crate::layout::Axes;
use crate::model::{Eager, Pass, Plan, Traced};

/// A compiled model: plain functions, and what is known of them.
#[derive(Debug)]
pub struct Program {
    /// The name of the type.
    pub name: &'static str,
    /// The sizes it takes after the batch; 0 stands for a size known at run time.
    pub input: &'static [usize],
    /// The sizes it gives after the batch; 0 stands for the input's size of the same axis.
    pub output: &'static [usize],
    /// The input as people read it: `[batch, 784]`.
    pub input_text: &'static str,
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
    /// The input to the output, keeping nothing.
    pub infer: fn(&Pass<'_>),
    /// The input to the output, keeping what `backward` needs.
    pub forward: fn(&Pass<'_>),
    /// The gradient of the output to those of the parameters and, if wanted, the input.
    pub backward: fn(&Pass<'_>),
    /// The input to the output, an operation at a time on the tape.
    pub eager: fn(&Eager<'_>, &Traced) -> Traced,
}

impl Program {
    /// The sizes it gives for a batch, where the type tells all others.
    pub fn made(&self, batch: usize) -> Axes<usize> {
        std::iter::once(batch).chain(self.output.iter().copied()).collect()
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
