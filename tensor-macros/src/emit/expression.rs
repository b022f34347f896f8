//! `net!(..)` as an expression: a block that declares a nameless model and makes one.

use super::{Library, ours};
use proc_macro2::{Ident, TokenStream};

/// The block.
pub fn expression(library: &Library, name: &Ident, items: &[TokenStream]) -> TokenStream {
    let root = library.root();
    ours! {
        {
            #(#items)*
            #name::new(&<#root::Device as ::core::default::Default>::default(), <#root::Seed as ::core::default::Default>::default())
        }
    }
}

/// Errors in the expression's place, whose type is any.
pub fn expression_of_errors(errors: &[syn::Error]) -> TokenStream {
    let errors = errors.iter().map(syn::Error::to_compile_error);
    ours!({ #(#errors)* })
}
