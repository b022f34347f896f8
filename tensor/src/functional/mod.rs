//! What layers and networks do, as functions of tensors: convolution, pooling, normalisation, resizing, attention, losses. PyTorch's
//! `torch.nn.functional`.
//!
//! They take tensors whose rank and sizes are known at run time, check everything, and return a `Result` whose error names operation and
//! shapes. What has more than three options takes a struct with a `Default`.
//!
//! ```
//! use tensor::functional::{Convolution, MaxPool, conv2d, max_pool2d};
//! use tensor::prelude::*;
//!
//! let image = Tensor::<Dynamic>::from_vec(vec![1.; 3 * 8 * 8], &[1, 3, 8, 8])?;
//! let kernel = Tensor::<Dynamic>::from_vec(vec![0.5; 4 * 3 * 3 * 3], &[4, 3, 3, 3])?;
//! let options = Convolution { padding: 1.into(), ..Default::default() };
//! let features = conv2d(&image, &kernel, None, options)?;
//! assert_eq!(features.sizes(), [1, 4, 8, 8]);
//! assert_eq!(max_pool2d(&features, 2, MaxPool::default())?.sizes(), [1, 4, 4, 4]);
//! # Ok::<(), tensor::Error>(())
//! ```

mod attention;
mod average;
mod batch_norm;
mod convolution;
mod distance;
mod dropout;
mod embedding;
mod grid;
mod images;
mod linear;
mod losses;
mod maximum;
mod multi_head;
mod norm;
mod patches;
mod pool;
mod recurrent;
mod resize;
mod shuffle;

pub use attention::*;
pub use average::*;
pub use batch_norm::*;
pub use convolution::*;
pub use distance::*;
pub use dropout::*;
pub use embedding::*;
pub use grid::*;
pub use images::Each;
pub use linear::*;
pub use losses::*;
pub use maximum::*;
pub use multi_head::*;
pub use norm::*;
pub use patches::*;
pub use recurrent::*;
pub use resize::*;
pub use shuffle::*;

pub(crate) use average::{adaptive_avg_pool, avg_pool, means, means_over};
pub(crate) use batch_norm::{by_batch, by_known};
pub(crate) use maximum::{
    adaptive_max_pool, adaptive_max_pool_with_indices, max_pool, max_pool_with_indices, maxima_over,
};
pub(crate) use norm::{by_groups, by_square, scaled};
pub(crate) use pool::{Windows, adaptive_axes};

use images::{images, positive, span};
