//! How heads of attention lie in blocks.

use tensor_ops::primitive::Attention;

use crate::device::Block;
use crate::kernels::attention;
use crate::threads::Shared;

/// Attention of queries, keys and values that lie side by side: `[batch, seq, 3, heads, size]` to `[batch, seq, heads, size]`.
pub(super) struct Heads {
    pub(super) attention: attention::Attention,
}

impl Heads {
    /// Those of an operation on `x`.
    pub(super) fn new(options: &Attention, x: Block<'_>) -> Self {
        let size = x.sizes[2] / (3 * options.heads);
        Self {
            attention: attention::Attention {
                images: x.sizes[0],
                heads: options.heads,
                queries: x.sizes[1],
                keys: x.sizes[1],
                size,
                values: size,
                scale: 1.0 / (size as f64).sqrt(),
                causal: options.causal.then_some(0),
            },
        }
    }

    /// The features of an element of a sequence.
    fn features(&self) -> usize {
        self.attention.heads * self.attention.size
    }

    /// Queries, keys and values.
    pub(super) fn parts<'a, T>(&self, x: &'a [T]) -> [attention::Part<'a, T>; 3] {
        let features = self.features();
        [0, 1, 2].map(|part| attention::Part {
            data: x.get(part * features..).unwrap_or_default(),
            image: self.attention.queries * 3 * features,
            head: self.attention.size,
            row: 3 * features,
        })
    }

    /// What was made, and its gradient.
    pub(super) fn made<'a, T>(&self, out: &'a [T]) -> attention::Part<'a, T> {
        attention::Part {
            data: out,
            image: self.attention.queries * self.features(),
            head: self.attention.size,
            row: self.features(),
        }
    }

    /// Where the result goes.
    pub(super) fn result<'a, T>(&self, out: &'a Shared<'a, T>) -> attention::PartMut<'a, T> {
        attention::PartMut {
            data: out,
            first: 0,
            image: self.attention.queries * self.features(),
            head: self.attention.size,
            row: self.features(),
        }
    }

    /// Where the gradients go.
    pub(super) fn gradients<'a, T>(&self, d_x: &'a Shared<'a, T>) -> attention::Gradients<'a, T> {
        let features = self.features();
        let part = |part: usize| attention::PartMut {
            data: d_x,
            first: part * features,
            image: self.attention.queries * 3 * features,
            head: self.attention.size,
            row: 3 * features,
        };
        attention::Gradients {
            q: part(0),
            k: part(1),
            v: part(2),
        }
    }
}
