//! What a broken model expands to: its errors, and its type with every method, so that a program that uses it shows nothing else.

use super::{Library, generics, ident, ours};
use crate::check::plain;
use crate::syntax::Model;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// Methods that take something and give something that the program goes on with.
const METHODS: &[(&str, usize)] = &[
    ("forward", 1),
    ("infer", 1),
    ("train", 0),
    ("eval", 0),
    ("is_training", 0),
    ("parameters", 0),
    ("num_parameters", 0),
    ("save", 1),
    ("load", 1),
    ("compile", 2),
    ("zero_grad", 0),
    ("device", 0),
];

/// The errors by themselves, where not even a name is known.
pub fn errors(errors: &[syn::Error]) -> TokenStream {
    errors.iter().map(syn::Error::to_compile_error).collect()
}

/// The type with stubs. Types that nobody knows are paths into a module that holds the errors, which keeps rustc silent.
pub fn fallback(krate: &Library, model: &Model, found: &[syn::Error]) -> Vec<TokenStream> {
    let (private, shape, float) = (krate.private(), krate.shape(), krate.float());
    let (name, visibility) = (&model.name, &model.visibility);
    let broken = ident(&format!("__broken_{}", plain(name).to_lowercase()));
    let errors = errors(found);
    let attributes = &model.attributes;
    let mut fields: Vec<(TokenStream, TokenStream)> = Vec::new();
    let mut seen = Vec::new();
    for part in &model.chain.parts {
        if let Some(name) = part
            .name
            .as_ref()
            .filter(|name| syn::parse_str::<syn::Ident>(&name.to_string()).is_ok())
            && !seen.contains(&plain(name))
        {
            seen.push(plain(name));
            let own = part.visibility.to_token_stream();
            fields.push((
                if own.is_empty() && !model.is_struct {
                    visibility.to_token_stream()
                } else {
                    own
                },
                quote!(#name),
            ));
        }
    }
    let generics = &model.generics;
    let element = ["T", "Element", "ElementOfModel"].map(ident);
    let is_taken = |name: &&Ident| generics.iter().any(|parameter| parameter.name == **name);
    let element = element.iter().find(|name| !is_taken(name)).unwrap_or(&element[0]);
    let (of_struct, bounded, used) = (
        generics::declared(generics),
        generics::bounded(krate, generics),
        generics::used(generics),
    );
    let mentioned = ours!(::core::marker::PhantomData<fn() -> (#used #element,)>);
    let declared = if fields.is_empty() {
        let count = model.chain.parts.len();
        let positions = (0..count).map(|_| ours!(#visibility #broken::Part));
        ours!((#(#positions,)* #mentioned);)
    } else {
        let named = fields
            .iter()
            .map(|(visibility, name)| ours!(#visibility #name: #broken::Part));
        ours!({ #(#named,)* __element: #mentioned })
    };
    let forward = model.forward.as_ref().map(|forward| forward.inputs.len());
    let dynamic = model.dynamic.as_ref().map(|dynamic| dynamic.inputs.len());
    let inputs = forward.or(dynamic).map_or(1, |inputs| inputs.clamp(1, 6));
    let methods = METHODS.iter().map(|(method, takes)| {
        let takes = if ["forward", "infer"].contains(method) {
            inputs
        } else {
            *takes
        };
        let method = ident(method);
        let (types, names): (Vec<_>, Vec<_>) = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"][..takes]
            .iter()
            .map(|name| (ident(name), ident(&format!("_{}", name.to_lowercase()))))
            .unzip();
        ours!(pub fn #method<#(#types),*>(&self, #(#names: #types),*) -> #broken::Output { ::core::unreachable!() })
    });
    let new_of = (!generics.is_empty()).then(|| ours!(<#bounded>));
    let outputs = model.forward.as_ref().map_or(1, |forward| match &forward.body.value {
        syn::Expr::Tuple(tuple) => tuple.elems.len(),
        _ => 1,
    });
    let outputs = model.dynamic.as_ref().map_or(outputs, |dynamic| dynamic.outputs.len());
    let gives = (1..outputs).map(|output| {
        let output = proc_macro2::Literal::usize_unsuffixed(output);
        ours! {
            impl<#bounded #element: #float> #private::Gives<#output> for #name<#used #element> {
                type Shape<BatchOfModel: #shape::Dim> = #broken::Shape;
                type Features = #broken::Size;
            }
        }
    });
    let takes = (0..inputs).map(|input| {
        let input = proc_macro2::Literal::usize_unsuffixed(input);
        ours! {
            impl<#bounded #element: #float> #private::TakesInput<#input> for #name<#used #element> {
                type Of<OtherElement: #float> = OtherElement;
            }
        }
    });
    let gives: TokenStream = gives.chain(takes).collect();
    vec![
        gives,
        ours! {
            #[doc(hidden)]
            #[allow(non_snake_case)]
            mod #broken { #errors }
        },
        ours! {
            #(#attributes)*
            #[allow(dead_code, missing_docs)]
            #visibility struct #name<#of_struct #element: #float = ::core::primitive::f32> #declared
        },
        ours! {
            #[allow(dead_code, missing_docs)]
            impl #new_of #name<#used ::core::primitive::f32> {
                pub fn new<First, Second>(_first: First, _second: Second) -> Self { ::core::unreachable!() }
            }
        },
        ours! {
            #[allow(dead_code, missing_docs, clippy::all)]
            impl<#bounded #element: #float> #name<#used #element> {
                pub fn new_as<First, Second>(_first: First, _second: Second) -> Self { ::core::unreachable!() }
                #(#methods)*
            }
        },
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> ::core::fmt::Display for #name<#used #element> {
                fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { ::core::unreachable!() }
            }
        },
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> ::core::fmt::Debug for #name<#used #element> {
                fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { ::core::unreachable!() }
            }
        },
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> ::core::clone::Clone for #name<#used #element> {
                fn clone(&self) -> Self { ::core::unreachable!() }
            }
        },
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> #private::Module<#element> for #name<#used #element> {
                fn build(_: &mut #private::Builder<'_>) -> Self { ::core::unreachable!() }
                fn visit(&self, _: &mut #private::Walk<'_>) {}
            }
        },
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> #private::Model for #name<#used #element> {
                type Element = #element;
                type Inputs<'a, BatchOfModel: #shape::Dim> = #broken::Shape;
                type Outputs<BatchOfModel: #shape::Dim> = #broken::Shape;
                type Input<BatchOfModel: #shape::Dim> = #broken::Shape;
                type Output<BatchOfModel: #shape::Dim> = #broken::Shape;
                type InputFeatures = #broken::Size;
                type OutputFeatures = #broken::Size;
                type With<OtherElement: #float> = #name<#used OtherElement>;
                const PROGRAM: &'static #private::Program = #broken::PROGRAM;
                fn core(&self) -> &#private::Core { ::core::unreachable!() }
            }
        },
    ]
}
