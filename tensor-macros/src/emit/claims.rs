//! What must hold of the models that a model holds.

use super::{Emission, ours};
use crate::check::{Elements, LayerFact};
use proc_macro2::{Literal, TokenStream};
use tensor_ops::{Poly, Shape};

/// What must hold of a nested model.
pub(super) enum Claim {
    /// This, or the text says what is wrong.
    Holds(TokenStream, String),
    /// That the first is the second, with texts in front of each.
    Same(TokenStream, TokenStream, [String; 2]),
}

/// A nested model takes as many values as it is given, makes as many as are taken, each of the shape that it is taken to have.
pub(super) fn claims(emission: &Emission<'_>, fact: &LayerFact, program: &TokenStream) -> Vec<Claim> {
    if fact.inputs.is_empty() {
        // What it is given is plain Rust's affair.
        return Vec::new();
    }
    let path = &fact.path;
    let [given, taken] = [1 + fact.beside.len(), 1 + fact.others.len()].map(Literal::usize_unsuffixed);
    let mut claims = vec![
        Claim::Same(
            ours!(#program.inputs.len()),
            ours!(#given),
            [
                format!("`{path}` takes another number of values than it is given: it takes "),
                ", and is given ".to_owned(),
            ],
        ),
        Claim::Same(
            ours!(#program.outputs.len()),
            ours!(#taken),
            [
                format!("`{path}` gives another number of values than are taken: it gives "),
                ", and there are names for ".to_owned(),
            ],
        ),
    ];
    claims.extend(same_elements(emission, fact, program));
    let shapes = [&fact.input].into_iter().chain(&fact.beside).enumerate();
    // Of those of whose shape nothing is known, whether they fit is asked of both models.
    let shapes = shapes.filter(|(_, shape)| emission.facts.variables.made_by(shape).is_none());
    claims.extend(shapes.map(|(input, shape)| takes(emission, fact, program, (input, shape))));
    let made = [&fact.output].into_iter().chain(&fact.others).enumerate();
    claims.extend(made.flat_map(|(output, shape)| makes(emission, fact, program, (output, shape))));
    claims
}

/// Whole numbers where a nested model takes such, floats where it takes those.
fn same_elements(emission: &Emission<'_>, fact: &LayerFact, program: &TokenStream) -> Vec<Claim> {
    let private = emission.krate.private();
    let claim = |(place, value): (usize, &usize)| {
        let place = Literal::usize_unsuffixed(place);
        let given = match emission.facts.inputs.get(*value).map(|input| &input.elements) {
            Some(Elements::Whole) => ours!(true),
            Some(Elements::OfModel(model, input)) => {
                let (of, input) = (emission.sizes().model_type(model), Literal::usize_unsuffixed(*input));
                ours!(<#of as #private::Model>::PROGRAM.is_whole(#input))
            }
            Some(Elements::Floats) | None => ours!(false),
        };
        let text = format!(
            "`{}` is given floats where it takes whole numbers, or whole numbers where it takes floats",
            fact.path
        );
        Claim::Holds(ours!(#program.is_whole(#place) == #given), text)
    };
    fact.inputs.iter().enumerate().map(claim).collect()
}

/// One of the values that a nested model is given. Of the first, the last axis is compared by [`same_size`], which can say both numbers.
fn takes(emission: &Emission<'_>, fact: &LayerFact, program: &TokenStream, (input, shape): (usize, &Shape)) -> Claim {
    let (axes, index) = (&shape.axes()[1..], Literal::usize_unsuffixed(input));
    let rank = Literal::usize_unsuffixed(axes.len());
    let compared = axes.len() - usize::from(input == 0 && !axes.is_empty());
    let same = axes[..compared].iter().enumerate().map(|(axis, size)| {
        let (axis, size) = (Literal::usize_unsuffixed(axis), emission.sizes().known(size));
        // One that takes any size takes this.
        ours!(&& (#program.inputs[#index].sizes[#axis] == 0 || #program.inputs[#index].sizes[#axis] == #size))
    });
    let which = match input {
        0 => String::new(),
        _ => format!(" as value {}", input + 1),
    };
    let text = format!("`{}` is given {shape}{which}, and takes another shape", label(fact));
    Claim::Holds(
        ours!(#program.inputs.len() > #index && #program.inputs[#index].sizes.len() == #rank #(#same)*),
        text,
    )
}

/// Whether a size is what a nested model makes, whatever that is.
fn is_its_own(size: &Poly) -> bool {
    size.variables().any(|name| name.ends_with("::output"))
}

/// What a nested model is taken to make: one axis of whatever size, what it takes, or what a `let` says.
fn makes(
    emission: &Emission<'_>,
    fact: &LayerFact,
    program: &TokenStream,
    (output, shape): (usize, &Shape),
) -> Vec<Claim> {
    let (axes, private) = (&shape.axes()[1..], emission.krate.private());
    let index = Literal::usize_unsuffixed(output);
    if axes.len() == 1 && is_its_own(&axes[0]) {
        let path = label(fact);
        if !emission.facts.needs_axes(fact) {
            let text = format!(
                "`{path}` makes axes whose sizes only the input tells: write a struct with a forward that says `let y: [..] = ..;`"
            );
            let all = ours!(#private::elements(#program.output_sizes(#index)));
            return vec![Claim::Holds(ours!(#all > 0), text)];
        }
        let text = format!(
            "`{path}` makes several axes, and what comes after it must know them: put `reshape(..)` with their sizes behind it, or say `let y: [..] = ..;` in a forward"
        );
        return vec![Claim::Holds(ours!(#program.output_rank(#index) == 1), text)];
    }
    let path = label(fact);
    // A part of a chain without names has nobody who could say more of it.
    let taken = if fact.input == *shape && path == fact.path {
        format!("`{path}` is taken to make what it takes, {shape}, unless it says `let y: [..] = {path}(x);`")
    } else {
        format!("`{path}` must make {shape} here")
    };
    let text = format!("{taken}: it makes another number of axes");
    let rank = Literal::usize_unsuffixed(axes.len());
    let mut claims = vec![Claim::Holds(ours!(#program.output_rank(#index) == #rank), text)];
    for (axis, size) in axes.iter().enumerate().filter(|(_, size)| !is_its_own(size)) {
        let texts = [format!("{taken}: "), format!(" along axis {}, but it makes ", axis + 1)];
        let (expected, axis) = (emission.sizes().known(size), Literal::usize_unsuffixed(axis));
        claims.push(Claim::Same(expected, ours!(#program.output_size(#index, #axis)), texts));
    }
    claims
}

/// What a message calls a part: its name, or in a chain without names what it is.
fn label(fact: &LayerFact) -> String {
    let last = fact.path.rsplit('.').next().unwrap_or_default();
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        fact.text()
    } else {
        fact.path.clone()
    }
}
