//! Deep learning in which a model is a type.
//!
//! ```
//! use tensor::prelude::*;
//!
//! net! { pub type Mlp = linear(64, 128) >> relu >> linear(128, 10) }
//!
//! let (train, test) = data::digits().split(0.8);
//! let mut model = Mlp::new(&Device::cpu(), Seed(0));
//! let mut adam = Adam::new(1e-3);
//! for (x, labels) in train.batches(64).shuffled(1) {
//!     let loss = cross_entropy(&model.forward(&x), &labels);
//!     loss.backward();
//!     adam.step(&mut model)?;
//! }
//! println!("{:.2} %", 100. * accuracy(&model, &test)?);
//! # Ok::<(), tensor::Error>(())
//! ```
//!
//! From the bottom up: [`shape`] has sizes and shapes as types; a [`Device`] runs operations; a [`Tensor`] has a shape and an
//! element type; its operations are recorded on a tape that [`Tensor::backward`] goes through; [`layers`] hold
//! [`Parameter`]s; [`model!`](macro@model) and [`net!`] compile declarations of layers to models; [`Step`] compiles a model with loss and
//! optimizer.

extern crate self as tensor;

/// The examples of the README are tested.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So are those of the guide.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide.md")]
struct Guide;

#[doc(hidden)]
pub mod __private;
mod accuracy;
pub mod autograd;
pub mod cuda;
pub mod data;
mod device;
mod element;
mod error;
pub mod fft;
pub mod files;
pub mod functional;
mod interop;
mod kernels;
mod layout;
pub mod linalg;
pub mod loss;
mod model;
mod nn;
mod ops;
mod optim;
pub mod prelude;
pub mod random;
pub mod shape;
pub mod signal;
mod tape;
mod tensors;
pub mod testing;
pub mod threads;
mod typed;

pub use accuracy::accuracy;
pub use device::Device;
pub use element::{Bits, DType, Differentiable, Element, Float, Integer, Kind, Numeric};
pub use error::{Error, Result};
pub use half::{bf16, f16};
pub use loss::{Logits, Prediction, cross_entropy, mse_loss};
pub use model::own;
pub use model::{Labels, Loss, Mapping, Model, Planned, PlannedLoss, Step, Target, Values};
pub use nn::{Buffer, Candidate, NamedParameter, Parameter, Trainable, dynamic, init, layers};
pub use ops::combine::Indexing;
pub use ops::complex::Complex;
pub use ops::index::{Ellipsis, Fill, Index, NewAxis, ScatterReduction, Span};
pub use ops::logical::Closeness;
pub use ops::pad::Pad;
pub use ops::products::einsum;
pub use ops::sorting::{Interpolation, Unique};
pub use optim::{Adam, AdamW, Ema, Optimizer, Progress, Rates, Sgd, clip_grad_norm, clip_grad_value, schedule};
pub use random::seed::{Seed, manual_seed};
pub use shape::{Batch, Dim, Dynamic, Shape};
pub use tape::no_grad;
/// # How values go through the parts
///
/// Without more, from each part to the next, as in `net!`. `#[forward(|x: [64]| ..)]` says it otherwise: a closure with the shape of a
/// sample (the batch stands in front by itself), in which a part is called by its name. It holds `let`, assignments to what is
/// `mut`, `for` over an array of parts, and the value that comes out. Values have `+ - * /`, with numbers too; layers that learn nothing are
/// functions (`relu(x)`, `softmax(x)`, `leaky_relu(x, slope = 0.2)`). So are `exp log sqrt square abs sin cos erf` and `pow(x, 0.5)` of elements;
/// `mean(x, axis = 1)`, `sum`, `max` and `min` along an axis, which goes, or stays as 1 with `keep = true`; `select(x, axis = 1, index = -1)`;
/// `transpose(x, axis = 1, other = 2)`, `permute(x, 2, 1)`, `reshape(x, 4, 16)`; and `randn_like(x)`, normal numbers of a stream as dropout has them, zeros in
/// evaluation. All of them stand in chains too, without the value. `cat(a, b, axis = 1)` puts values one behind the other, `let (a, b) = split(x, 4, axis = 1);` parts
/// them. A part that is called twice has one set of parameters, whose
/// gradients add; a part or a value that is never used is an error. All of it is compiled: no tape, no branch, slots that are
/// used again.
///
/// ```
/// use tensor::prelude::*;
///
/// #[model]
/// #[forward(|x: [64]| x + down(gelu(up(norm(x)))))]
/// struct Block {
///     norm: LayerNorm<64>,
///     up: Linear<64, 256>,
///     down: Linear<256, 64>,
/// }
///
/// #[model]
/// #[forward(|mut x: [64]| {
///     for block in blocks {
///         x = block(x);
///     }
///     head(x)
/// })]
/// struct Stack {
///     blocks: [Block; 4],
///     head: Linear<64, 10>,
/// }
///
/// let model = Stack::new(&Device::cpu(), Seed(0));
/// let out = model.forward(&Tensor::<dims![8, 64]>::zeros());
/// assert_eq!(out.sizes(), [8, 10]);
/// assert_eq!(model.parameters()[6].name, "blocks.1.norm.weight");
/// ```
///
/// # Forwards in plain Rust
///
/// `#[forward(dynamic, |x: [8]| -> [4] { .. })]` has a body that rustc reads: any control flow, `self` being the model. It runs on the tape. A
/// value is a reference to a `Tensor<dims![Batch, 8], T>`, `T` being the type of the model's elements, or with `as i64` behind its shape one of
/// whole numbers; `-> Result<[4]>` lets `?` stand in the body, and several values come out as a tuple. Chains among the fields are compiled and
/// called as models: `self.body.forward(&x)`; what they take is said in front of them (`net!([3, 32, 32] => ..)`) or by `#[input(..)]`, where their
/// first layer does not. The model is a part of others, and compiled, as any.
///
/// ```
/// use tensor::prelude::*;
///
/// #[model]
/// #[forward(dynamic, |x: [8]| -> [4] {
///     let mut x = self.enter.forward(x);
///     for block in &self.blocks {
///         x = &x + &block.forward(&x);
///     }
///     self.head.forward(&x)
/// })]
/// struct Net {
///     enter: Linear<8, 16>,
///     blocks: [net!(linear(16, 16) >> gelu); 3],
///     head: Linear<16, 4>,
/// }
///
/// let model = Net::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.forward(&Tensor::<dims![2, 8]>::ones()).sizes(), [2, 4]);
/// assert_eq!(model.parameters()[2].name, "blocks.0.0.weight");
/// ```
///
/// # Parameters by themselves, and what parameters start from
///
/// A field `Parameter<16, 64>`, or `parameter!(16, 64)`, is a value of the forward by its name, the same for every sample: `[batch, 16, 64]`
/// by itself, as large as the other value in `x + position` or `x * scale`, as PyTorch broadcasts. It begins as zeros.
/// `#[init(normal(0.02))]` says otherwise, of a parameter or of the weights (what has two axes or more) of any part; `#[init(weight = orthogonal,
/// bias = zeros)]` says it by name; above the struct it is for all parts that do not say it themselves. The laws are those of
/// [`init`]. A field `Buffer<64>` is a value likewise, which nobody trains: see [`Buffer`]. `#[frozen]` on a part has it stay as it is until it is [unfrozen](Trainable::unfreeze).
///
/// ```
/// use tensor::prelude::*;
///
/// #[model]
/// #[init(xavier_uniform, bias = zeros)]
/// #[forward(|x: [4, 64]| {
///     let x = cat(class, x, axis = 1) + position;
///     head(flatten(body(x)))
/// })]
/// struct Tokens {
///     class: Parameter<1, 64>,
///     #[init(normal(0.02))]
///     position: Parameter<5, 64>,
///     #[frozen]
///     body: Linear<64, 64>,
///     head: Linear<320, 10>,
/// }
///
/// let model = Tokens::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.parameters()[1].name, "position");
/// assert!(model.body.weight.is_frozen() && model.body.bias.abs().max().item()? == 0.0);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// `#[tied(embedding)]` on a layer without bias gives it the weight of another layer, or a parameter: there is one, whose gradients add; it is
/// counted once and saved once, under the other's name, and files that have it under either name or both load. The shapes are the same as they lie;
/// `linear!(4, 6, bias = false, transposed = true)` has its weight as `[in, out]`.
///
/// ```
/// use tensor::prelude::*;
///
/// net! { type Auto = encoder: linear(64, 8) >> tanh >> #[tied(encoder)] decoder: linear(8, 64, bias = false, transposed = true) }
///
/// let model = Auto::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.num_parameters(), 64 * 8 + 8);
/// ```
///
/// Another model among the parts makes one axis after the batch where it takes one, and else the shape that it takes, unless a `let` says
/// which: `let y: [128, 28, 28] = down(x);`. rustc checks that.
///
/// # Several inputs and outputs
///
/// `#[forward(|x: [Seq, 64], mask: [Seq]| { .. })]` is given several values, and a tuple at the end gives several. Another model is called with
/// as many as it takes, `let (h, c) = cell(x, h, c);` takes apart what it gives (`let (h, c): ([16], [16]) = ..` where their shapes do not
/// follow). `forward` and `infer` take a reference for each input; a compiled step takes a tuple of them, and its loss a tuple of outputs. An
/// output that no loss looks at has a gradient of zeros. An input that only embeddings read is a tensor of whole numbers.
///
/// ```
/// use tensor::prelude::*;
///
/// #[model]
/// #[forward(|word: [1], h: [16]| {
///     let x = flatten(embedding(word));
///     let h = tanh(input(x) + state(h));
///     (output(h), h)
/// })]
/// struct Cell {
///     embedding: Embedding<65, 8>,
///     input: Linear<8, 16>,
///     state: linear!(16, 16, bias = false),
///     output: Linear<16, 65>,
/// }
///
/// let cell = Cell::new(&Device::cpu(), Seed(0));
/// let (scores, h) = cell.forward(&tensor![[3], [64]], &Tensor::<dims![2, 16]>::zeros());
/// assert_eq!((scores.sizes(), h.sizes()), (&[2, 65][..], &[2, 16][..]));
/// ```
pub use tensor_macros::model;
pub use tensor_macros::{declare_dims, dim, dims, net, tensor};
pub use tensors::{Nested, Number, Root, Tensor, ToSizes, Whole};
pub use typed::{CatTensors, EinsumTensors, JoinTensors, Lengths, MultiDot, StackTensors, reduction};
