//! Launchers of fused elementwise kernels.

use gpu_kernels::Saved;
use tensor_ops::{Saves, Unary};

use super::Cuda;
use super::access::matrix;
use super::steps::Chain;
use crate::device::typed::float;
use crate::device::{Chains, Elements, Matrix, Operation, View};
use crate::kernels::chain::Random;

impl Chains for Cuda {
    fn chain(&self, ops: &[Unary], random: Option<Random>, x: Matrix<'_>, out: Matrix<'_>) {
        // SAFETY: operands lie inside their buffers, which `access.rs` checks; an output is written by this operation alone.
        self.run_chain(of_chain(ops), (ops, random), &[out], |Chain { steps, seed }| unsafe {
            float!(out, T => self.gpu.chain(steps, *seed, self.at::<T>(x), self.at::<T>(out), out.len()))
        });
    }

    fn chain_of(&self, ops: &[Unary], x: View<'_>, out: View<'_>) {
        self.copy(x, out);
        // The kernel reads an element before it writes it.
        self.chain(ops, None, matrix(out), matrix(out));
    }

    fn chain_backward(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d_out: Matrix<'_>,
        d_x: Matrix<'_>,
    ) {
        // SAFETY: as above.
        self.run_chain(of_chain(ops), (ops, random), &[d_x], |Chain { steps, seed }| unsafe {
            float!(d_x, T => {
                let saved = match (tensor_ops::chain::saves(ops), x, out) {
                    (Saves::Nothing, _, _) => Saved::Nothing,
                    (Saves::Output, _, Some(out)) => Saved::Output(self.at::<T>(out)),
                    (Saves::Output | Saves::Input, Some(x), _) => Saved::Input(self.at::<T>(x)),
                    (Saves::Output | Saves::Input, None, _) => {
                        unreachable!("the operations above hand over what `saves` asks for")
                    }
                };
                self.gpu.chain_backward(steps, *seed, saved, self.at::<T>(d_out), self.at::<T>(d_x), d_x.len())
            })
        });
    }

    fn chain_backward_in_place(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d: Matrix<'_>,
    ) {
        // The kernel reads an element before it writes it.
        self.chain_backward(ops, random, x, out, d, d);
    }
}

/// What a chain is called, if it cannot run: as its first operation.
fn of_chain(ops: &[Unary]) -> Operation {
    ops.first().map_or(Operation::Copy, |op| Operation::Unary(*op))
}
