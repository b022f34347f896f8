//! Layers with sizes at run time, for models that are only known then: PyTorch's `torch.nn`.
//!
//! A layer is made by `new(&device, seed, ..)` with PyTorch's arguments in PyTorch's order, without device and seed where it has no
//! parameters, and by `with(.., options)` where it has options, which are a struct with a `Default`. [`Layer::forward`] takes a tensor and
//! gives one; layers of several tensors have a `forward` of their own. What all of them have is in [`Module`]: parameters, state by PyTorch's
//! names, files, modes, devices.
//!
//! ```
//! use tensor::dynamic::{Linear, Relu, Sequential};
//! use tensor::prelude::*;
//!
//! let device = Device::cpu();
//! let mut model = Sequential::new()
//!     .then(Linear::new(&device, Seed(0), 4, 8)?)
//!     .then(Relu)
//!     .then(Linear::new(&device, Seed(1), 8, 2)?);
//! let x = Tensor::<Dynamic>::randn(&[16, 4], 1)?;
//! let mut sgd = Sgd::new(0.1);
//! let before = model.forward(&x)?.square().mean().item()?;
//! for _ in 0..20 {
//!     model.forward(&x)?.square().mean().backward();
//!     sgd.step(&mut model)?;
//! }
//! assert!(model.forward(&x)?.square().mean().item()? < before);
//! assert_eq!(model.state_dict()?.names().collect::<Vec<_>>(), ["0.bias", "0.weight", "2.bias", "2.weight"]);
//! # Ok::<(), tensor::Error>(())
//! ```

mod activation;
mod arguments;
mod attention;
mod batch_norm;
mod conv;
mod conv_transpose;
mod dropout;
mod embedding;
mod images;
mod instance_norm;
mod linear;
mod losses;
mod module;
mod norm;
mod pad;
mod pool;
mod projected_loss;
mod recurrent;
mod sequential;
mod transformer;

pub use activation::*;
pub use attention::*;
pub use batch_norm::*;
pub use conv::*;
pub use conv_transpose::*;
pub use dropout::*;
pub use embedding::*;
pub use images::*;
pub use instance_norm::*;
pub use linear::*;
pub use losses::*;
pub(crate) use module::fresh;
pub use module::{Boxed, Layer, Member, Module};
pub use norm::*;
pub use pad::*;
pub use pool::*;
pub use projected_loss::*;
pub use recurrent::*;
pub use sequential::Sequential;
pub use transformer::*;

pub use crate::__members as members;
pub use crate::nn::{Chance, Mode};
