//! Calls of nested models: the part of a pass that such a one sees as its own.

use crate::device::Matrix;
use crate::kernels::chain::Random;
use crate::model::Program;
use crate::model::pass::{Pass, Scope};

/// Where a nested model's share of a pass begins.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Its first slot.
    pub slots: usize,
    /// Its first parameter.
    pub parameters: usize,
    /// Its first buffer.
    pub buffers: usize,
    /// Its first stream of random numbers.
    pub streams: u32,
    /// Whether its parameters have gradients of an earlier call.
    pub again: bool,
    /// The sizes of each of its inputs, the batch first.
    pub sizes: &'a [&'a [usize]],
}

/// The random numbers of a nested model, whose own streams begin at 0: another seed for each place it may stand in, mixed
/// (as splitmix64 does) so that places within places do not undo each other.
pub(crate) fn nested_random(random: Random, streams: u32) -> Random {
    let place = (u64::from(streams) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = random.seed.wrapping_add(place);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    Random {
        seed: mixed ^ (mixed >> 31),
        ..random
    }
}

impl Pass<'_> {
    /// Runs a nested model forwards, keeping nothing.
    pub fn infer_call(&self, program: &Program, call: Call<'_>, inputs: &[Matrix<'_>], outputs: &[Matrix<'_>]) {
        (program.infer)(&self.nested(&call, inputs, outputs));
    }

    /// Runs a nested model forwards.
    pub fn forward_call(&self, program: &Program, call: Call<'_>, inputs: &[Matrix<'_>], outputs: &[Matrix<'_>]) {
        (program.forward)(&self.nested(&call, inputs, outputs));
    }

    /// Runs a nested model backwards, from the gradients of its outputs to those of its inputs that are wanted.
    pub fn backward_call(
        &self,
        program: &Program,
        call: Call<'_>,
        inputs: &[Matrix<'_>],
        outputs: &[Matrix<'_>],
        d_outputs: &[Matrix<'_>],
        d_inputs: &[Option<Matrix<'_>>],
    ) {
        let pass = self.nested(&call, inputs, outputs);
        (program.backward)(&Pass {
            scope: Scope {
                output_grads: d_outputs,
                input_grads: d_inputs,
                ..pass.scope
            },
            ..pass
        });
    }

    fn nested<'b>(&'b self, call: &Call<'b>, inputs: &'b [Matrix<'b>], outputs: &'b [Matrix<'b>]) -> Pass<'b> {
        Pass {
            backend: self.backend,
            frame: self.frame,
            locks: self.locks,
            scope: Scope {
                sizes: call.sizes,
                slots: self.scope.slots + call.slots,
                parameters: self.scope.parameters + call.parameters,
                again: self.scope.again || call.again,
                buffers: self.scope.buffers + call.buffers,
                training: self.scope.training,
                random: self.scope.random.map(|random| nested_random(random, call.streams)),
                inputs,
                outputs,
                output_grads: &[],
                input_grads: &[],
            },
        }
    }
}
