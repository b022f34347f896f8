//! What a struct is to hold, before it is written: its fields, and what makes their values.

use super::ours;
use proc_macro2::{Ident, TokenStream};
use syn::Attribute;

/// A struct before it is written.
pub(super) struct Of {
    pub(super) name: Ident,
    pub(super) is_named: bool,
    pub(super) fields: Vec<Field>,
}

/// One of its fields.
pub(super) struct Field {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: TokenStream,
    pub(super) member: TokenStream,
    /// The name under which its parameters are saved.
    pub(super) key: String,
    pub(super) of: TokenStream,
    pub(super) docs: TokenStream,
    pub(super) has_parameters: bool,
    /// `#[init(..)]`, spelled.
    pub(super) starts: Vec<TokenStream>,
    pub(super) is_frozen: bool,
}

impl Of {
    pub(super) fn has_parameters(&self) -> bool {
        self.fields.iter().any(|field| field.has_parameters)
    }

    /// What builds each of them.
    pub(super) fn values(&self, element: &Ident) -> Vec<TokenStream> {
        let value = |field: &Field| {
            let Field {
                key, member, starts, ..
            } = field;
            let name = self.is_named.then(|| ours!(#member:));
            let part = ours!(builder.part::<#element, _>(#key));
            let part = match field.is_frozen {
                true => ours!(builder.frozen(|builder| #part)),
                false => part,
            };
            match starts.is_empty() {
                true => ours!(#name #part),
                false => ours!(#name builder.starting(&[#(#starts),*], |builder| #part)),
            }
        };
        self.fields.iter().map(value).collect()
    }
}

impl Field {
    /// As it stands in the struct.
    pub(super) fn declaration(&self, is_named: bool) -> TokenStream {
        let Field {
            attributes,
            visibility,
            member,
            of,
            docs,
            ..
        } = self;
        let name = is_named.then(|| ours!(#member:));
        ours!(#(#attributes)* #docs #visibility #name #of)
    }
}

/// Docs of ours where the user wrote none: what is public is described.
pub(super) fn docs(attributes: &[Attribute], text: &str) -> TokenStream {
    let is_described = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
    if is_described {
        TokenStream::new()
    } else {
        ours!(#[doc = #text])
    }
}
