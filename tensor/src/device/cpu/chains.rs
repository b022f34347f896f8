//! Fused elementwise kernels over slices.

use tensor_ops::Unary;

use super::Cpu;
use super::access::{fresh, read, source, write};
use crate::device::typed::float;
use crate::device::{Chains, Matrix, View};
use crate::kernels::chain::{self, Random};
use crate::kernels::strided;

impl Chains for Cpu {
    fn chain(&self, ops: &[Unary], random: Option<Random>, x: Matrix<'_>, out: Matrix<'_>) {
        float!(out, T => chain::chain(ops, random, 0, read::<T>(x), write::<T>(out, &[x])));
    }

    fn chain_of(&self, ops: &[Unary], x: View<'_>, out: View<'_>) {
        float!(out, T => strided::unary(ops, out.layout.sizes(), source::<T>(x), fresh::<T>(out, &[x])));
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
        let inputs = [x.unwrap_or(d_out), out.unwrap_or(d_out), d_out];
        float!(d_x, T => {
            let (x, y) = (x.map(read::<T>), out.map(read::<T>));
            chain::chain_backward(ops, random, 0, x, y, read::<T>(d_out), write::<T>(d_x, &inputs), false);
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
        let inputs: &[Matrix<'_>] = match (&x, &out) {
            (Some(kept), None) | (None, Some(kept)) => std::slice::from_ref(kept),
            (Some(x), Some(out)) => &[*x, *out],
            (None, None) => &[],
        };
        float!(d, T => {
            let (x, y) = (x.map(read::<T>), out.map(read::<T>));
            chain::chain_backward_in_place(ops, random, 0, x, y, write::<T>(d, inputs));
        });
    }
}
