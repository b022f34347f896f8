//! Elementwise operations that follow each other, in one pass over memory.

use tensor_ops::Unary;

use crate::device::{Matrix, View};
use crate::kernels::chain::Random;

/// Runs of elementwise operations and their gradients.
pub trait Chains {
    /// A run of elementwise operations in one pass.
    fn chain(&self, ops: &[Unary], random: Option<Random>, x: Matrix<'_>, out: Matrix<'_>);
    /// A run without random numbers, in one pass over elements that lie anywhere.
    fn chain_of(&self, ops: &[Unary], x: View<'_>, out: View<'_>);
    /// The gradient of such a run, from its input or its output, whichever [`Unary::saves`] asks for.
    fn chain_backward(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d_out: Matrix<'_>,
        d_x: Matrix<'_>,
    );
    /// The same, with the result in place of the gradient.
    fn chain_backward_in_place(
        &self,
        ops: &[Unary],
        random: Option<Random>,
        x: Option<Matrix<'_>>,
        out: Option<Matrix<'_>>,
        d: Matrix<'_>,
    );
}
