//! What a GPT keeps of the bytes it has read, so that a further one costs one step and not all of them again.

use tensor::functional::{Attention, AttentionMask, scaled_dot_product_attention};
use tensor::prelude::*;
use tensor::{Error, Result};

use super::{Block, CONTEXT, Gpt};

/// The keys and values of what was read, block by block: `[heads, places, features]` each.
///
/// ```
/// use examples::models::gpt::{Cache, Gpt};
/// use tensor::prelude::*;
/// let model = Gpt::new(&Device::cpu(), Seed(0));
/// let mut cache = Cache::new(&model);
/// assert_eq!(cache.read(b"To be, or ")?.sizes(), [10, 256]);
/// assert_eq!(cache.read(b"n")?.sizes(), [1, 256]);
/// assert_eq!(cache.len(), 11);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cache<'a> {
    model: &'a Gpt,
    kept: Vec<Option<(Tensor<Dynamic>, Tensor<Dynamic>)>>,
    len: usize,
}

const HEADS: isize = 4;

/// A value for each byte that is read, `[bytes, 128]`.
type Places = Tensor<dims![Batch, 128]>;

impl<'a> Cache<'a> {
    /// One that has read nothing.
    pub fn new(model: &'a Gpt) -> Self {
        let kept = vec![None; model.blocks.len()];
        Self { model, kept, len: 0 }
    }

    /// How many bytes were read.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads on; gives the scores of what may come behind each of the bytes, `[bytes, 256]`.
    ///
    /// # Errors
    /// Where nothing is to be read, or there would be more bytes than the model sees at once.
    pub fn read(&mut self, bytes: &[u8]) -> Result<Tensor<Dynamic>> {
        let room = CONTEXT - self.len;
        if bytes.is_empty() || bytes.len() > room {
            return Err(Error::Shape {
                operation: "Cache::read",
                expected: match room {
                    0 => format!("a new cache, since this one has read {CONTEXT} bytes"),
                    _ => format!("1 to {room} bytes"),
                },
                found: bytes.len().to_string(),
            });
        }
        no_grad(|| {
            let mut x: Places = self.entered(bytes)?;
            for (block, kept) in self.model.blocks.iter().zip(&mut self.kept) {
                x = passed(block, kept, x)?;
            }
            self.len += bytes.len();
            let scores = self.model.head.forward(&self.model.norm.forward(&x));
            Ok(scores.into_dynamic())
        })
    }

    /// What the bytes are, and where.
    fn entered(&self, bytes: &[u8]) -> Result<Places> {
        let table = self.model.table.weight.clone().into_dynamic();
        let numbers: Vec<i64> = bytes.iter().map(|&byte| i64::from(byte)).collect();
        let table = table.index_select(0, &Tensor::<Dynamic, i64>::from(numbers))?;
        let places = self.model.position.clone().into_dynamic();
        let places = places.narrow(0, self.len as isize, bytes.len())?;
        table.add(&places)?.try_into_shape()
    }
}

/// As the block's forward, but that what was read before is there already.
fn passed(block: &Block, kept: &mut Option<(Tensor<Dynamic>, Tensor<Dynamic>)>, x: Places) -> Result<Places> {
    let count = x.sizes()[0] as isize;
    let qkv = block.qkv.forward(&block.norm1.forward(&x)).into_dynamic();
    // `[places, 3 * features]` to `[3, heads, places, features]`.
    let parts = qkv.reshape(&[count, 3, HEADS, -1])?.permute(&[1, 2, 0, 3])?.unbind(0)?;
    let [query, key, value] = &parts[..] else {
        return Err(Error::Shape {
            operation: "Cache::read",
            expected: "queries, keys and values".into(),
            found: parts.len().to_string(),
        });
    };
    let (key, value) = match kept.take() {
        None => (key.contiguous(), value.contiguous()),
        Some((keys, values)) => (Tensor::cat(&[&keys, key], 1)?, Tensor::cat(&[&values, value], 1)?),
    };
    let mask = AttentionMask::CausalFromEnd;
    let seen = scaled_dot_product_attention(query, &key, &value, mask, Attention::default())?;
    *kept = Some((key, value));
    let seen: Places = seen.permute(&[1, 0, 2])?.reshape(&[count, -1])?.try_into_shape()?;
    let x = x + block.project.forward(&seen);
    let thought = block
        .down
        .forward(&block.up.forward(&block.norm2.forward(&x)).gelu_tanh());
    Ok(x + thought)
}
