//! Where the library is.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Path, Token, bracketed};

/// The path of the library: `::tensor`, or what `#![crate = path]` says.
#[derive(Default)]
pub struct Library {
    named: Option<Path>,
}

impl Library {
    /// Reads `#![crate = path]`, if it stands in front.
    pub fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !(input.peek(Token![#]) && input.peek2(Token![!])) {
            return Ok(Self::default());
        }
        input.parse::<Token![#]>()?;
        input.parse::<Token![!]>()?;
        let attribute;
        bracketed!(attribute in input);
        if !attribute.peek(Token![crate]) {
            return Err(attribute.error("expected `#![crate = path]`"));
        }
        attribute.parse::<Token![crate]>()?;
        attribute.parse::<Token![=]>()?;
        let named = Path::parse_mod_style(&attribute)?;
        if attribute.is_empty() {
            Ok(Self { named: Some(named) })
        } else {
            Err(attribute.error("expected `]`"))
        }
    }

    /// The library itself.
    pub fn root(&self) -> TokenStream {
        match &self.named {
            Some(path) => quote!(#path),
            None => quote_spanned!(ours(Span::call_site())=> ::tensor),
        }
    }

    /// `::tensor::shape`, with errors about what is named there at `span`.
    pub fn shape(&self, span: Span) -> TokenStream {
        let span = ours(span);
        match &self.named {
            Some(path) => {
                let separator = quote_spanned!(span=> ::);
                quote!(#path #separator shape)
            }
            None => quote_spanned!(span=> ::tensor::shape),
        }
    }
}

/// The place of the user's token, with names resolved as ours.
pub fn ours(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}
