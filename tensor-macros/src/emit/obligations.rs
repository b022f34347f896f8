//! What only rustc can compare: emitted as items that do not compile where the sizes differ.

use super::claims::{Claim, claims};
use super::texts::Texts;
use super::{Emission, ident, ours};
use crate::check::{BATCH, Division, ELEMENTS, Fit, LayerFact, ModelType, Obligation, Resolved, is_parameter};
use crate::syntax::{Body, Chain, Layer};
use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use tensor_ops::{Poly, Shape};

/// One item each, so that `cargo check` sees them.
pub fn obligations(emission: &Emission<'_>) -> Vec<TokenStream> {
    let facts = emission.facts;
    let is_generic = !emission.model.generics.is_empty();
    let sizes = facts
        .obligations
        .iter()
        .filter(|_| !is_generic)
        .map(|obligation| same_size(emission, obligation));
    let divisions = facts.variables.divisions.iter().filter(|_| !is_generic);
    let divisions = divisions.map(|division| is_whole(emission, division));
    let fits = facts.fits.iter().filter(|_| !is_generic).map(|fit| {
        let question = fitting(emission, fit);
        let tell = located(ours!(WRONG.tell();), fit.span);
        let private = emission.krate.private();
        ours! {
            const _: () = {
                const WRONG: #private::Text = #question;
                #tell
            };
        }
    });
    let mut layers = Vec::new();
    collect(&emission.model.chain, &mut layers);
    let layers = layers.into_iter().filter_map(|layer| is_ours(emission, layer));
    let models = facts.layers.iter().filter_map(|fact| match &fact.resolved {
        Resolved::Model(model) if !is_generic => Some(same_axes(emission, fact, model)),
        _ => None,
    });
    let values = emission.sizes().values().map(has_value).collect::<Vec<_>>();
    let values = values.into_iter();
    values
        .chain(divisions)
        .chain(sizes)
        .chain(fits)
        .chain(layers)
        .chain(models)
        .collect()
}

/// The same for a generic model, as a text that says what is wrong first: its user's affair, when the sizes are numbers.
pub fn wrong(emission: &Emission<'_>, texts: &Texts<'_>) -> TokenStream {
    let (private, sizes, facts) = (emission.krate.private(), emission.sizes(), emission.facts);
    let mut questions = Vec::new();
    for Division {
        dividend,
        divisor,
        text,
        ..
    } in &facts.variables.divisions
    {
        let (over, under) = (sizes.constant(dividend), sizes.constant(divisor));
        questions.push(ours!(#private::leaves(#over, #under, #text)));
    }
    for fact in &facts.layers {
        if let Resolved::Model(model) = &fact.resolved {
            let model = sizes.model_type(model);
            questions.push(ours!(<#model as #private::Model>::WRONG));
        }
    }
    for obligation in &facts.obligations {
        let (found, expected) = compared(emission, obligation);
        let [before, between] = obligation.texts();
        questions.push(ours!(#private::refuses(#expected, #found, [#before, #between])));
    }
    questions.extend(facts.fits.iter().map(|fit| fitting(emission, fit)));
    for fact in &facts.layers {
        if let Resolved::Model(model) = &fact.resolved {
            let model = sizes.model_type(model);
            let program = ours!(<#model as #private::Model>::PROGRAM);
            let claims = claims(emission, fact, &program);
            questions.extend(claims.into_iter().map(|claim| match claim {
                Claim::Holds(holds, text) => ours!(#private::unless(#holds, #text)),
                Claim::Same(expected, found, [before, between]) => {
                    ours!(#private::differ(#expected, #found, [#before, #between]))
                }
            }));
        }
    }
    let name = texts.name();
    ours! {{
        let mut wrong = #private::Text::new();
        #(if wrong.is_empty() { wrong = #questions; })*
        if wrong.is_empty() {
            wrong
        } else {
            #private::Text::new().then("`").then(#name).then("`: ").then(wrong.as_str())
        }
    }}
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
    let private = emission.krate.private();
    let (found, expected) = compared(emission, obligation);
    let [before, between] = obligation.texts();
    // The sizes keep the user's tokens; the call is ours, and stands where the token to change is.
    let check = located(ours!(takes(EXPECTED, FOUND, [#before, #between])), obligation.span);
    ours! {
        const _: () = {
            use #private::takes;
            const EXPECTED: ::core::primitive::usize = #expected;
            const FOUND: ::core::primitive::usize = #found;
            #check
        };
    }
}

/// Both sizes. What a model makes counts as all the numbers of a sample; if it has several axes where one is needed, that is told, and
/// not the size.
fn compared(emission: &Emission<'_>, obligation: &Obligation) -> (TokenStream, TokenStream) {
    let (private, sizes) = (emission.krate.private(), emission.sizes());
    let (found, expected) = (sizes.known(&obligation.found), sizes.known(&obligation.expected));
    let made = Shape::new([Poly::variable(BATCH), obligation.found.clone()]);
    let Some((model, output)) = emission.facts.variables.made_by(&made) else {
        return (found, expected);
    };
    if obligation.what == ELEMENTS {
        return (found, expected);
    }
    let of = sizes.model_type(model);
    let output = Literal::usize_unsuffixed(output);
    let found = ours!(if <#of as #private::Model>::PROGRAM.output_rank(#output) == 1 { #found } else { #expected });
    (found, expected)
}

/// What is said where a model does not take what another makes.
fn fitting(emission: &Emission<'_>, fit: &Fit) -> TokenStream {
    let (private, sizes) = (emission.krate.private(), emission.sizes());
    let (expected, found) = (sizes.model_type(&fit.expected.0), sizes.model_type(&fit.found.0));
    let [input, output] = [fit.expected.1, fit.found.1].map(Literal::usize_unsuffixed);
    let (consumer, producer) = (&fit.consumer, &fit.producer);
    let side = ident(if fit.is_made { "output_sizes" } else { "input_sizes" });
    ours! {
        #private::fits(
            <#expected as #private::Model>::PROGRAM.#side(#input),
            <#found as #private::Model>::PROGRAM.output_sizes(#output),
            [#consumer, #producer],
        )
    }
}

impl Obligation {
    /// What is said before either number.
    fn texts(&self) -> [String; 2] {
        let Obligation {
            producer,
            consumer,
            what,
            ..
        } = self;
        [format!("`{consumer}` expects "), format!(" {what}, but {producer} ")]
    }
}

/// ```text
/// error[E0080]: evaluation panicked: `Hidden / 7` is 64 / 7, which leaves 1
///   | fc1: linear(784, Hidden / 7)
///   |                  ^^^^^^^^^^
/// ```
fn is_whole(emission: &Emission<'_>, division: &Division) -> TokenStream {
    let (private, sizes) = (emission.krate.private(), emission.sizes());
    let (over, under) = (sizes.constant(&division.dividend), sizes.constant(&division.divisor));
    let text = &division.text;
    let check = located(ours!(leaves(DIVIDEND, DIVISOR, #text).tell();), division.span);
    ours! {
        const _: () = {
            use #private::leaves;
            const DIVIDEND: ::core::primitive::usize = #over;
            const DIVISOR: ::core::primitive::usize = #under;
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
    let one = emission.sizes().size_type(&Poly::number(1));
    if is_parameter(layer) {
        let root = emission.krate.root();
        let written = located(ours!(<(#one,)>), layer.name.span());
        let value = located(ours!(parameter), layer.name.span());
        return Some(ours! {
            const _: () = {
                #[allow(dead_code)]
                fn is_ours(parameter: #plain #written) -> #root::#name<(#one,)> {
                    #value
                }
            };
        });
    }
    let sizes = match layer.name.to_string().as_str() {
        "Embedding" => 2,
        "LayerNorm" | "BatchNorm1d" | "BatchNorm2d" | "BatchNorm3d" | "GroupNorm" | "RmsNorm" | "Prelu" => 1,
        "InstanceNorm1d" | "InstanceNorm2d" | "InstanceNorm3d" => 1,
        "Linear" | "Rnn" | "Lstm" | "Gru" | "RnnCell" | "LstmCell" | "GruCell" | "MultiHeadAttention" => 2,
        "Conv1d" | "TransformerEncoderLayer" | "TransformerDecoderLayer" => 3,
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

/// What is claimed of a nested model, and that there is such a model at all.
fn same_axes(emission: &Emission<'_>, fact: &LayerFact, model: &ModelType) -> TokenStream {
    let (private, span) = (emission.krate.private(), at(fact.span));
    let is_right = located(ours!(WRONG.tell();), fact.span);
    let checks = claims(emission, fact, &ours!(PROGRAM))
        .into_iter()
        .map(|claim| match claim {
            Claim::Holds(holds, text) => quote_spanned!(span=> ::core::assert!(#holds, #text);),
            Claim::Same(expected, found, [before, between]) => located(
                ours!(#private::agree(#expected, #found, [#before, #between]);),
                fact.span,
            ),
        });
    let model = emission.sizes().model_type(model);
    let checks: Vec<TokenStream> = checks.collect();
    let program =
        (!checks.is_empty()).then(|| ours!(const PROGRAM: &#private::Program = <#model as #private::Model>::PROGRAM;));
    ours! {
        const _: () = {
            #program
            const WRONG: #private::Text = <#model as #private::Model>::WRONG;
            #is_right
            #(#checks)*
        };
    }
}
