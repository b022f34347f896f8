//! Products and sums.

use tensor_ops::{Reduce, Unary};

use crate::device::{Matrix, View};
use crate::kernels::chain::Random;
use crate::kernels::reduce::Extreme;

/// A fused step: `out = chain(x weight^T + bias)`.
#[derive(Clone, Copy, Debug)]
pub struct Linear<'a> {
    /// `[rows, in]`.
    pub x: Matrix<'a>,
    /// `[out, in]`.
    pub weight: Matrix<'a>,
    /// `[1, out]`.
    pub bias: Option<Matrix<'a>>,
    /// Elementwise operations on the result, in order.
    pub chain: &'a [Unary],
    /// The numbers of dropouts in the chain; without them a dropout is the identity.
    pub random: Option<Random>,
    /// Where the value before the chain goes, if anyone needs it.
    pub pre: Option<Matrix<'a>>,
    /// `[rows, out]`.
    pub out: Matrix<'a>,
}

/// Products, and what goes over whole axes.
pub trait Matrices {
    /// `out (+)= op` over the axes of `x` along which `out`, of the same rank, has size 1.
    fn reduce(&self, op: Reduce, x: View<'_>, out: View<'_>, accumulate: bool);
    /// The index of the extreme element of each row, the first of several, as `i64`.
    fn arg_reduce(&self, extreme: Extreme, x: Matrix<'_>, out: Matrix<'_>);
    /// `out (+)= a b`.
    fn gemm(&self, a: Matrix<'_>, b: Matrix<'_>, out: Matrix<'_>, accumulate: bool);
    /// A linear layer with everything that was fused into it.
    fn linear(&self, step: Linear<'_>);
    /// `out (+)= ` the sum of the rows of `x`.
    fn sum_rows(&self, x: Matrix<'_>, out: Matrix<'_>, accumulate: bool);
}
