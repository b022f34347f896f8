//! Tensors and the types of other crates, each behind a feature of its name.

#[cfg(feature = "ndarray")]
mod arrays;
#[cfg(feature = "serde")]
mod data;
