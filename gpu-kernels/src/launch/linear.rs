//! The launcher of linear layers: a product and what was fused into it.

use super::{Epilogue, Gpu};
use crate::chain::{Code, Step};
use crate::error::Result;
use crate::operand::Operand;
use crate::ptr::{Float, Ptr};

/// A linear layer: `v = x weight + bias[col]`, `pre = v`, `out = steps(v)`.
#[derive(Debug)]
pub struct Linear<'a, T> {
    /// `[rows, inputs]`.
    pub x: Operand<T>,
    /// `[inputs, outputs]`.
    pub weight: Operand<T>,
    /// `[outputs]`.
    pub bias: Option<Ptr<T>>,
    /// What follows.
    pub steps: &'a [Step],
    /// The seed of dropouts among the steps; an element's index in their streams is that in `out`.
    pub seed: u64,
    /// `[rows, outputs]`: where the value before the steps goes.
    pub pre: Option<Ptr<T>>,
    /// `[rows, outputs]`.
    pub out: Ptr<T>,
}

impl Gpu {
    /// A linear layer. The first step runs with the product, unless it is a dropout; the others follow in one launch more.
    ///
    /// # Safety
    /// As [`Gpu::gemm`].
    ///
    /// # Errors
    /// As [`Gpu::gemm`].
    pub unsafe fn linear<T: Float>(
        &self,
        layer: Linear<'_, T>,
        rows: usize,
        inputs: usize,
        outputs: usize,
    ) -> Result<()> {
        let (activation, rest) = match layer.steps {
            [first, rest @ ..] if first.code != Code::Dropout => (Some(*first), rest),
            steps => (None, steps),
        };
        let epilogue = Epilogue {
            bias: layer.bias,
            pre: layer.pre,
            activation,
        };
        let out = layer.out;
        // SAFETY: the caller's promise.
        unsafe {
            self.gemm(layer.x, layer.weight, out, rows, outputs, inputs, false, epilogue)?;
            self.chain(rest, layer.seed, out, out, rows * outputs)
        }
    }
}
