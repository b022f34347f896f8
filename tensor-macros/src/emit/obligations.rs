//! What only rustc can compare: emitted as items that do not compile where the sizes differ.

use super::{Emission, ident, ours};
use crate::check::{LayerFact, Obligation, Resolved};
use crate::syntax::{Body, Chain, Layer};
use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Path;

/// One item each, so that `cargo check` sees them.
pub fn obligations(emission: &Emission<'_>) -> Vec<TokenStream> {
    let facts = emission.facts;
    let sizes = facts
        .obligations
        .iter()
        .map(|obligation| same_size(emission, obligation));
    let mut layers = Vec::new();
    collect(&emission.model.chain, &mut layers);
    let layers = layers.into_iter().filter_map(|layer| is_ours(emission, layer));
    let models = facts.layers.iter().filter_map(|fact| match &fact.resolved {
        Resolved::Model(model) => Some(same_axes(emission, fact, model)),
        _ => None,
    });
    let values = emission.sizes().values().map(has_value).collect::<Vec<_>>();
    values.into_iter().chain(sizes).chain(layers).chain(models).collect()
}

/// Names of ours, where the user's token is.
fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// ```text
/// error[E0277]: `Seq` is known only at run time, and its value is needed when compiling
///   | fc1: linear(784, Seq)
///   |                  ^^^
/// ```
fn has_value(value: TokenStream) -> TokenStream {
    ours!(const _: ::core::primitive::usize = #value;)
}

/// ```text
/// error[E0080]: evaluation panicked: `fc2` expects 256 input features, but `fc1` produces 128
///   | fc1: linear(784, Hidden) >> fc2: linear(256, 10)
///   |                                         ^^^
/// ```
fn same_size(emission: &Emission<'_>, obligation: &Obligation) -> TokenStream {
    let (private, sizes) = (emission.krate.private(), emission.sizes());
    let Obligation {
        producer,
        consumer,
        what,
        ..
    } = obligation;
    let (found, expected) = (sizes.constant(&obligation.found), sizes.constant(&obligation.expected));
    let (before, between) = (format!("`{consumer}` expects "), format!(" {what}, but {producer} "));
    // The sizes keep the user's tokens; the call is ours, and stands where the token to change is.
    let check = located(ours!(agree(EXPECTED, FOUND, [#before, #between])), obligation.span);
    ours! {
        const _: () = {
            use #private::agree;
            const EXPECTED: ::core::primitive::usize = #expected;
            const FOUND: ::core::primitive::usize = #found;
            #check
        };
    }
}

/// Tokens of ours where the user's are, so that the caret is there.
fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let relocate = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), located(group.stream(), span)).into();
        }
        token.set_span(at(span));
        token
    };
    tokens.into_iter().map(relocate).collect()
}

fn collect<'a>(chain: &'a Chain, layers: &mut Vec<&'a Layer>) {
    for part in &chain.parts {
        match &part.body {
            Body::Layer(layer) => layers.push(layer),
            Body::Group(group) | Body::Array(group) => collect(group, layers),
            Body::Model(_) | Body::Broken(_) => {}
        }
    }
}

/// A field's type is the user's `Linear`, which must be ours: a type of their own by that name is not taken for it. rustc
/// tells the two apart better than any text of ours.
fn is_ours(emission: &Emission<'_>, layer: &Layer) -> Option<TokenStream> {
    let path = layer.path.as_ref()?;
    let layers = emission.krate.layers();
    let mut plain = path.clone();
    let last = plain.segments.last_mut()?;
    last.arguments = syn::PathArguments::None;
    let name = ident(&layer.name.to_string());
    let one = emission.sizes().size_type(&tensor_ops::Poly::number(1));
    let sizes = match layer.name.to_string().as_str() {
        "LayerNorm" | "BatchNorm1d" | "BatchNorm2d" | "BatchNorm3d" | "GroupNorm" | "RmsNorm" => 1,
        "InstanceNorm1d" | "InstanceNorm2d" | "InstanceNorm3d" => 1,
        "Linear" | "Rnn" | "Lstm" | "Gru" | "MultiHeadAttention" => 2,
        "Conv1d" | "TransformerEncoderLayer" => 3,
        "Conv2d" | "ConvTranspose1d" => 4,
        "Conv3d" | "ConvTranspose2d" => 5,
        "ConvTranspose3d" => 6,
        _ => 0,
    };
    let ones = std::iter::repeat_n(&one, sizes);
    let arguments = (sizes > 0).then(|| ours!(<#(#ones),*>));
    let arguments = arguments.unwrap_or_default();
    let written = located(arguments.clone(), layer.name.span());
    let value = located(ours!(layer), layer.name.span());
    Some(ours! {
        const _: () = {
            #[allow(dead_code)]
            fn is_ours(layer: #plain #written) -> #layers::#name #arguments {
                #value
            }
        };
    })
}

/// A nested model takes as many axes as come, of the sizes that come, and makes one after the batch. Its last axis is
/// compared by [`same_size`], which can say both numbers.
fn same_axes(emission: &Emission<'_>, fact: &LayerFact, model: &Path) -> TokenStream {
    let (private, sizes) = (emission.krate.private(), emission.sizes());
    let run_time = emission.facts.variables.run_time();
    let axes = &fact.input.axes()[1..];
    let rank = Literal::usize_unsuffixed(axes.len());
    let same = axes
        .iter()
        .enumerate()
        .take(axes.len().saturating_sub(1))
        .map(|(axis, size)| {
            let is_run_time = run_time
                .iter()
                .any(|(name, _)| size.variables().any(|variable| variable == *name));
            let (axis, size) = (
                Literal::usize_unsuffixed(axis),
                if is_run_time { ours!(0) } else { sizes.constant(size) },
            );
            ours!(&& PROGRAM.input[#axis] == #size)
        });
    let takes = format!("`{}` is given {}, and takes another shape", fact.path, fact.input);
    let span = at(fact.span);
    let check = quote_spanned!(span=> ::core::assert!(PROGRAM.input.len() == #rank #(#same)*, #takes));
    let check_output = makes(emission, fact);
    ours! {
        const _: () = {
            const PROGRAM: &#private::Program = <#model as #private::Model>::PROGRAM;
            #check;
            #check_output;
        };
    }
}

/// What a nested model is taken to make: one axis of whatever size, what it takes, or what a `let` says.
fn makes(emission: &Emission<'_>, fact: &LayerFact) -> TokenStream {
    let (private, sizes, span) = (emission.krate.private(), emission.sizes(), at(fact.span));
    let axes = &fact.output.axes()[1..];
    let is_its_own = |size: &tensor_ops::Poly| size.variables().any(|name| name.ends_with("::output"));
    if axes.len() == 1 && is_its_own(&axes[0]) {
        let makes = format!(
            "`{}` must make one axis after the batch to be a part of a model",
            fact.path
        );
        return quote_spanned!(span=> ::core::assert!(PROGRAM.output.len() == 1, #makes));
    }
    let (path, made) = (&fact.path, &fact.output);
    let taken = if fact.input == fact.output {
        format!("`{path}` is taken to make what it takes, {made}, unless it says `let y: [..] = {path}(x);`")
    } else {
        format!("`{path}` is declared to make {made}")
    };
    let text = format!("{taken}: it makes another number of axes");
    let rank = Literal::usize_unsuffixed(axes.len());
    let mut checks = vec![quote_spanned!(span=> ::core::assert!(PROGRAM.output.len() == #rank, #text))];
    let run_time = emission.facts.variables.run_time();
    for (axis, size) in axes.iter().enumerate().filter(|(_, size)| !is_its_own(size)) {
        let is_run_time = run_time
            .iter()
            .any(|(name, _)| size.variables().any(|variable| variable == *name));
        let expected = if is_run_time { ours!(0) } else { sizes.constant(size) };
        let (before, after) = (format!("{taken}: "), format!(" along axis {}, but it makes ", axis + 1));
        let axis = Literal::usize_unsuffixed(axis);
        let call = located(
            ours!(#private::agree(#expected, PROGRAM.output[#axis], [#before, #after])),
            fact.span,
        );
        checks.push(call);
    }
    quote_spanned!(span=> #(#checks);*)
}
