//! `ops(x weight^T + bias)` in one pass.

use tensor_ops::Unary;

use super::{Block, Epilogue, Strided, gemm};
use crate::kernels::Real;
use crate::kernels::chain::{Random, apply};
use crate::kernels::simd::tiered;
use crate::threads::Shared;

/// `out = ops(x weight^T + bias)`; `x` is `m` by `k`, `weight` `n` by `k`, `out` `m` by `n` and contiguous.
///
/// `pre` takes the value before the operations. `random` is that of [`super::super::chain::chain`], an element's index that in `out`.
///
/// # Panics
/// If lengths do not fit the sizes.
#[allow(clippy::too_many_arguments)]
pub fn linear<T: Real>(
    m: usize,
    k: usize,
    n: usize,
    x: Strided<'_, T>,
    weight: Strided<'_, T>,
    bias: Option<&[T]>,
    ops: &[Unary],
    random: Option<Random>,
    pre: Option<&mut [T]>,
    out: &mut [T],
) {
    assert_eq!(out.len(), m * n);
    assert!(bias.is_none_or(|bias| bias.len() == n) && pre.as_ref().is_none_or(|pre| pre.len() == m * n));
    let finish = Finish {
        n,
        bias,
        ops,
        random,
        pre: pre.map(Shared::new),
    };
    gemm(m, k, n, x, weight.transposed(), out, n, false, Some(&finish));
}

struct Finish<'a, T> {
    n: usize,
    bias: Option<&'a [T]>,
    ops: &'a [Unary],
    random: Option<Random>,
    pre: Option<Shared<'a, T>>,
}

impl<T: Real> Epilogue<T> for Finish<'_, T> {
    fn finish(&self, block: &mut Block<'_, T>) {
        if let Some(bias) = self.bias {
            let bias = &bias[block.column()..block.column() + block.columns()];
            if self.ops == [Unary::Relu] && self.pre.is_none() {
                return add_bias_and_rectify(bias, block);
            }
            add_bias(bias, block);
        }
        let index = block.row() * self.n + block.column();
        if let Some(elements) = block.contiguous() {
            return self.run(index, elements);
        }
        if self.pre.is_some() || !self.ops.is_empty() {
            for i in 0..block.rows() {
                self.run(index + i * self.n, block.segment(i));
            }
        }
    }
}

impl<T: Real> Finish<'_, T> {
    /// Elements that follow each other in the result, from `index` on.
    fn run(&self, index: usize, elements: &mut [T]) {
        if let Some(pre) = &self.pre {
            // SAFETY: the product calls once for every element.
            unsafe { pre.part(index, elements.len()) }.copy_from_slice(elements);
        }
        apply(self.ops, self.random, index, elements);
    }
}

tiered! {
    fn add_bias<S, T>(bias: &[T], block: &mut Block<'_, T>) {
        for i in 0..block.rows() {
            for (x, &bias) in block.segment(i).iter_mut().zip(bias) {
                *x += bias;
            }
        }
    }
}

tiered! {
    /// The commonest layer of all, in one loop.
    fn add_bias_and_rectify<S, T>(bias: &[T], block: &mut Block<'_, T>) {
        for i in 0..block.rows() {
            for (x, &bias) in block.segment(i).iter_mut().zip(bias) {
                let sum = *x + bias;
                *x = if sum < T::ZERO { T::ZERO } else { sum };
            }
        }
    }
}
