//! The sizes that a model is generic over, as its items declare and name them.

use super::{Library, ident, ours};
use crate::syntax::SizeParameter;
use proc_macro2::{Ident, TokenStream};

/// `D: Dim, H: Dim = dim![8],` of the struct.
pub fn declared(generics: &[SizeParameter]) -> TokenStream {
    let parameters = generics.iter().map(|SizeParameter { name, bound, default }| {
        let default = default.as_ref().map(|default| ours!(= #default));
        ours!(#name: #bound #default,)
    });
    parameters.collect()
}

/// `D: Dim, H: Dim,` of everything else.
pub fn bounded(krate: &Library, generics: &[SizeParameter]) -> TokenStream {
    let shape = krate.shape();
    let parameters = generics
        .iter()
        .map(|SizeParameter { name, .. }| ours!(#name: #shape::Dim,));
    parameters.collect()
}

/// `D, H,`.
pub fn used(generics: &[SizeParameter]) -> TokenStream {
    let names = generics.iter().map(|SizeParameter { name, .. }| ours!(#name,));
    names.collect()
}

/// The type of a field that mentions all of them; nothing where there are none.
pub fn phantom(generics: &[SizeParameter]) -> Option<TokenStream> {
    let used = used(generics);
    (!generics.is_empty()).then(|| ours!(::core::marker::PhantomData<fn() -> (#used)>))
}

/// The constant that holds the value of one.
pub fn constant(name: &Ident) -> Ident {
    ident(&format!("SIZE_OF_{}", crate::check::plain(name)))
}
