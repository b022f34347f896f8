//! `declare_dims!`: names for sizes.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Token, Visibility};

use super::library::{Library, ours};
use super::literal::size_type;
use super::name::{Case, camel, case, snake};
use super::size::SizeExpression;

/// What one `declare_dims!` declares.
pub struct Declarations {
    krate: Library,
    declarations: Vec<Declaration>,
    errors: Vec<syn::Error>,
}

/// `pub Seq;` or `pub Width = 384;`
struct Declaration {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    size: Option<SizeExpression>,
}

impl Parse for Declarations {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = Library::parse(input)?;
        let (mut declarations, mut errors) = (Vec::new(), Vec::new());
        while !input.is_empty() {
            match Declaration::parse(input) {
                Ok(declaration) => match check_unique(&declaration, &declarations) {
                    Ok(()) => declarations.push(declaration),
                    Err(error) => errors.push(error),
                },
                Err(error) => {
                    errors.push(error);
                    skip_declaration(input)?;
                }
            }
        }
        Ok(Self {
            krate,
            declarations,
            errors,
        })
    }
}

fn skip_declaration(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && input.parse::<Option<Token![;]>>()?.is_none() {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

impl Parse for Declaration {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let name: Ident = match input.parse() {
            Ok(name) => name,
            Err(error) => {
                let message = "expected the name of a size\n\nhelp: write `Seq;`, or `Width = 384;`";
                return Err(syn::Error::new(error.span(), message));
            }
        };
        check_name(&name)?;
        let size = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        if !input.peek(Token![;]) && !input.is_empty() {
            return Err(input.error("expected `;`, or `=` and a size"));
        }
        input.parse::<Option<Token![;]>>()?;
        Ok(Self {
            attributes,
            visibility,
            name,
            size,
        })
    }
}

// rule: a name is declared once, `Seq; Heads;`; not `Seq; Seq;`, except where `#[cfg]` picks one
fn check_unique(declaration: &Declaration, earlier: &[Declaration]) -> syn::Result<()> {
    let same = |other: &&Declaration| other.name == declaration.name;
    match earlier.iter().find(same) {
        Some(other) if other.conditions().next().is_none() || declaration.conditions().next().is_none() => {
            let message = format!("`{}` is declared twice", declaration.name);
            Err(syn::Error::new(declaration.name.span(), message))
        }
        Some(_) | None => Ok(()),
    }
}

// rule: a size is a type, `Hidden`; not `HIDDEN`, `hidden`
fn check_name(name: &Ident) -> syn::Result<()> {
    let written = name.unraw().to_string();
    match case(&written) {
        Case::Type => Ok(()),
        Case::Const | Case::Value => {
            let message = format!("the name of a size is a type's\n\nhelp: write {}", camel(&written));
            Err(syn::Error::new(name.span(), message))
        }
    }
}

impl Declaration {
    /// Its `#[cfg]`s.
    fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("cfg"))
    }
}

impl ToTokens for Declarations {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for declaration in &self.declarations {
            tokens.extend(match &declaration.size {
                Some(size) => alias(declaration, size.spell(&self.krate)),
                None => named(declaration, &self.krate),
            });
        }
        tokens.extend(
            self.errors
                .iter()
                .map(syn::Error::to_compile_error)
                .map(|error| quote!(#error)),
        );
    }
}

/// A static size: another name for the size it is equal to, so that `Width` and `dim![384]` are one type.
fn alias(declaration: &Declaration, size: TokenStream) -> TokenStream {
    let Declaration {
        attributes,
        visibility,
        name,
        ..
    } = declaration;
    let docs = docs(declaration, format!("The size `{}`.", snake(&name.unraw().to_string())));
    quote_spanned!(ours(name.span())=> #(#attributes)* #docs #visibility type #name = #size;)
}

/// A size known at run time: a type of its own.
fn named(declaration: &Declaration, krate: &Library) -> TokenStream {
    let Declaration {
        attributes,
        visibility,
        name,
        ..
    } = declaration;
    let text = snake(&name.unraw().to_string());
    let docs = docs(declaration, format!("The size `{text}`, known at run time."));
    let conditions = declaration.conditions();
    let shape = krate.shape(name.span());
    let number = size_type(number(name), krate, name.span());
    let span = ours(name.span());
    // An item of the user's, so that messages that point to it say nothing of a macro; lints then look at it too.
    let item = quote_spanned!(name.span()=> #visibility struct #name;);
    quote_spanned! {span=>
        #(#attributes)* #docs
        #[allow(missing_debug_implementations)]
        #item

        #(#conditions)*
        const _: () = {
            impl ::core::clone::Clone for #name {
                fn clone(&self) -> Self {
                    *self
                }
            }
            impl ::core::marker::Copy for #name {}
            impl #shape::Dim for #name {
                const STATIC: ::core::option::Option<::core::primitive::usize> = ::core::option::Option::None;
                fn describe() -> ::std::string::String {
                    <::std::string::String as ::core::convert::From<&::core::primitive::str>>::from(#text)
                }
                fn evaluate(bindings: &#shape::Bindings) -> ::core::option::Option<::core::primitive::usize> {
                    #shape::Bindings::value::<Self>(bindings)
                }
                fn bind(bindings: &mut #shape::Bindings, found: ::core::primitive::usize) {
                    #shape::Bindings::bind::<Self>(bindings, found)
                }
            }
            impl #shape::Known for #name {
                type Number = <#shape::One as #shape::Known>::Number;
                type Names = <#number as #shape::Known>::Number;
                type IsOne = <#number as #shape::Known>::IsOne;
                type Kind = #shape::Named;
            }
        };
    }
}

/// A doc comment for a declaration that has none, so that `#![deny(missing_docs)]` holds.
fn docs(declaration: &Declaration, text: String) -> TokenStream {
    if declaration
        .attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"))
    {
        TokenStream::new()
    } else {
        quote_spanned!(ours(declaration.name.span())=> #[doc = #text])
    }
}

/// The number of 12 digits that a named size is compared by, drawn from where it is declared: the crate, the place, the name.
///
/// It has as many digits as the largest static size, and is not one that anybody writes.
fn number(name: &Ident) -> u64 {
    let place = name.span();
    let start = place.start();
    let package = |variable| std::env::var(variable).unwrap_or_default();
    let declared = format!(
        "{} {} {} {}:{}:{} {name}",
        package("CARGO_PKG_NAME"),
        package("CARGO_PKG_VERSION"),
        package("CARGO_CRATE_NAME"),
        place.file(),
        start.line,
        start.column,
    );
    100_000_000_000 + mixed(declared.as_bytes()) % 900_000_000_000
}

/// FNV-1a, then the finish of splitmix64, since FNV alone leaves neighbours close.
fn mixed(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
