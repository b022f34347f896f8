//! The compiler behind `#[model]` and `net!`.
//!
//! A model is parsed, checked, lowered to a graph of operations, differentiated, fused, planned, and written out as plain
//! functions; `driver.rs` has the stages by name, `README.md` one net at each of them. Nothing here depends on the run time:
//! what is emitted names it by path.

mod array;
mod check;
mod conditions;
mod dims;
mod driver;
mod dump;
#[cfg(test)]
mod editor;
mod emit;
mod errors;
#[cfg(test)]
mod golden;
mod graph;
mod inner;
mod passes;
#[cfg(test)]
mod readme;
mod signature;
mod stages;
mod syntax;

use proc_macro::TokenStream;

/// Makes a model of a struct whose fields are its parts, in the order in which they run.
///
/// See `tensor::model`.
#[proc_macro_attribute]
pub fn model(attribute: TokenStream, item: TokenStream) -> TokenStream {
    driver::model(attribute.into(), item.into()).into()
}

/// Makes a model of a chain of layers: `net! { pub type Mlp = linear(784, 128) >> relu >> linear(128, 10) }`.
///
/// See `tensor::net`.
#[proc_macro]
pub fn net(tokens: TokenStream) -> TokenStream {
    driver::net(tokens.into()).into()
}

/// A shape as a type: `dims![Batch, 784]`.
///
/// See `tensor::dims`.
#[proc_macro]
pub fn dims(tokens: TokenStream) -> TokenStream {
    dims::dims(tokens.into()).into()
}

/// A size as a type: `dim![784]`.
///
/// See `tensor::dim`.
#[proc_macro]
pub fn dim(tokens: TokenStream) -> TokenStream {
    dims::dim(tokens.into()).into()
}

/// Names for sizes: `declare_dims! { pub Seq; pub Width = 384; }`.
///
/// See `tensor::declare_dims`.
#[proc_macro]
pub fn declare_dims(tokens: TokenStream) -> TokenStream {
    dims::declare_dims(tokens.into()).into()
}

/// A tensor of numbers written as nested arrays: `tensor![[1., 2.], [3., 4.]]`. Its shape is a type.
///
/// Numbers without a type are `f32` if one of them has a point, else `i64`.
#[proc_macro]
pub fn tensor(tokens: TokenStream) -> TokenStream {
    array::tensor(tokens.into()).into()
}
