//! `ops(x weight^T + bias)` in one pass.

use tensor_ops::Unary;

use super::{Epilogue, Strided, gemm};
use crate::kernels::Real;
use crate::kernels::chain::{Random, apply};
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
    assert!(
        bias.is_none_or(|bias| bias.len() == n)
            && pre.as_ref().is_none_or(|pre| pre.len() == m * n)
    );
    let finish = Finish {
        n,
        bias,
        ops,
        random,
        pre: pre.map(Shared::new),
    };
    gemm(
        m,
        k,
        n,
        x,
        weight.transposed(),
        out,
        n,
        false,
        Some(&finish),
    );
}

struct Finish<'a, T> {
    n: usize,
    bias: Option<&'a [T]>,
    ops: &'a [Unary],
    random: Option<Random>,
    pre: Option<Shared<'a, T>>,
}

impl<T: Real> Epilogue<T> for Finish<'_, T> {
    fn finish(&self, row: usize, column: usize, segment: &mut [T]) {
        let index = row * self.n + column;
        if let Some(bias) = self.bias {
            let bias = &bias[column..column + segment.len()];
            segment
                .iter_mut()
                .zip(bias)
                .for_each(|(x, &bias)| *x += bias);
        }
        if let Some(pre) = &self.pre {
            // SAFETY: the product calls once for every element.
            unsafe { pre.part(index, segment.len()) }.copy_from_slice(segment);
        }
        apply(self.ops, self.random, index, segment);
    }
}
