//! How heads of attention lie in blocks.

use tensor_ops::primitive::Attention;

use super::access::elements;
use crate::device::Block;
use crate::element::{DType, Element};
use crate::kernels::Real;
use crate::kernels::attention::{self, Gradients, Marks, Mask, Part, PartMut};
use crate::threads::Shared;

/// Attention as an operation on blocks: its sizes, and where queries, keys, values and results lie.
pub(super) struct Heads {
    pub(super) attention: attention::Attention,
    /// Whether queries, keys and values are three blocks.
    apart: bool,
    /// Of queries, keys, values, results.
    places: [Places; 4],
}

/// Where heads lie: the first, and how far it is from one to the next.
#[derive(Clone, Copy)]
struct Places {
    first: usize,
    image: usize,
    head: usize,
    row: usize,
}

/// The rows and columns of each of so many heads that lie side by side, `[batch, seq, heads size]`, or have an axis, `[batch, heads, seq, size]`.
fn places(sizes: &[usize], heads: usize) -> ([usize; 2], Places) {
    let (rows, size, image, head, row) = match *sizes {
        [_, heads, rows, size] => (rows, size, heads * rows * size, rows * size, size),
        [_, rows, features] => (rows, features / heads, rows * features, features / heads, features),
        _ => unreachable!("tensor-ops: attention takes three axes or four"),
    };
    let first = 0;
    (
        [rows, size],
        Places {
            first,
            image,
            head,
            row,
        },
    )
}

impl Heads {
    /// Those of an operation on some blocks, which makes another.
    pub(super) fn new(options: &Attention, inputs: &[Block<'_>], out: Block<'_>) -> Self {
        let heads = options.heads;
        let (made, results) = places(&out.sizes, heads);
        let (keys, size, parts) = match inputs {
            [q, k, v, ..] if options.apart => {
                let [q, k, v] = [q, k, v].map(|block| places(&block.sizes, heads));
                (k.0[0], q.0[1], [q.1, k.1, v.1])
            }
            _ => {
                // Side by side in each row.
                let part = |index: usize| Places {
                    first: index * heads * made[1],
                    image: 3 * results.image,
                    row: 3 * results.row,
                    ..results
                };
                (made[0], made[1], [part(0), part(1), part(2)])
            }
        };
        let [q, k, v] = parts;
        Self {
            attention: attention::Attention {
                images: out.sizes[0],
                heads,
                queries: made[0],
                keys,
                size,
                values: made[1],
                scale: 1.0 / (size as f64).sqrt(),
                causal: options.causal.then_some(0),
            },
            apart: options.apart,
            places: [q, k, v, results],
        }
    }

    fn part<'a, T>(&self, which: usize, data: &'a [T]) -> Part<'a, T> {
        let Places {
            first,
            image,
            head,
            row,
        } = self.places[which];
        let data = data.get(first..).unwrap_or_default();
        Part { data, image, head, row }
    }

    fn part_mut<'a, T>(&self, which: usize, data: &'a Shared<'a, T>) -> PartMut<'a, T> {
        let Places {
            first,
            image,
            head,
            row,
        } = self.places[which];
        PartMut {
            data,
            first,
            image,
            head,
            row,
        }
    }

    /// Queries, keys and values.
    pub(super) fn parts<'a, T: Element>(&self, inputs: &[Block<'a>]) -> [Part<'a, T>; 3] {
        [0, 1, 2].map(|which| self.part(which, elements(inputs[if self.apart { which } else { 0 }])))
    }

    /// What is said of keys, if something is: `[batch, keys]`, `[batch, queries, keys]`, or `[batch, heads, queries, keys]`, where an axis of 1 is
    /// that of all.
    pub(super) fn mask<'a, T: Real + Element>(&self, inputs: &[Block<'a>]) -> Option<Mask<'a, T>> {
        let mask = *inputs.get(if self.apart { 3 } else { 1 })?;
        let [images, heads, queries, keys] = match *mask.sizes {
            [images, heads, queries, keys] => [images, heads, queries, keys],
            [images, queries, keys] => [images, 1, queries, keys],
            [images, keys] => [images, 1, 1, keys],
            _ => unreachable!("tensor-ops: a mask has two to four axes"),
        };
        let step = |count: usize, stride: usize| if count == 1 { 0 } else { stride };
        Some(Mask {
            marks: match mask.buffer.dtype() {
                DType::Bool => Marks::Allowed(elements(mask)),
                DType::I64 => Marks::Counted(elements(mask)),
                _ => Marks::Added(elements(mask)),
            },
            image: step(images, heads * queries * keys),
            head: step(heads, queries * keys),
            query: step(queries, keys),
        })
    }

    /// What was made, or its gradient.
    pub(super) fn made<'a, T>(&self, out: &'a [T]) -> Part<'a, T> {
        self.part(3, out)
    }

    /// Where the result goes.
    pub(super) fn result<'a, T>(&self, out: &'a Shared<'a, T>) -> PartMut<'a, T> {
        self.part_mut(3, out)
    }

    /// Where the gradients go, as far as they are wanted: one place for each block that is not the mask.
    pub(super) fn gradients<'a, T>(&self, into: &'a [Option<Shared<'a, T>>]) -> Gradients<'a, T> {
        let part = |which: usize| {
            let into = into.get(if self.apart { which } else { 0 })?.as_ref();
            into.map(|into| self.part_mut(which, into))
        };
        Gradients {
            q: part(0),
            k: part(1),
            v: part(2),
        }
    }
}
