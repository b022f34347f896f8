//! `net!(..)` as an expression: a block that declares a nameless model and makes one.

use super::{Library, ours};
use proc_macro2::{Ident, TokenStream};

/// What rustc says it found where a type should be, if a `net!` stands there.
const AS_A_TYPE: &str =
    "`net!` as a type stands only inside `#[model]`; help: declare `net! { type Name = .. }` and write `Name`";

/// The block, as the second of a pair.
///
/// Where a type is expected, rustc reads the pair as a tuple type and stops at its first element: its message is then ours.
pub fn expression(krate: &Library, name: &Ident, items: &[TokenStream]) -> TokenStream {
    let root = krate.root();
    ours! {
        (#AS_A_TYPE, {
            #(#items)*
            #name::new(&<#root::Device as ::core::default::Default>::default(), <#root::Seed as ::core::default::Default>::default())
        }).1
    }
}

/// Errors in the expression's place, whose type is any.
pub fn expression_of_errors(errors: &[syn::Error]) -> TokenStream {
    let errors = errors.iter().map(syn::Error::to_compile_error);
    ours!({ #(#errors)* })
}
