//! The type of a layer, as a field has it.

use super::ours;
use super::structure::Structures;
use crate::check::{LayerFact, Resolved};
use proc_macro2::{Ident, Span, TokenStream};
use tensor_ops::Primitive;

impl Structures<'_> {
    /// `::tensor::layers::Linear<..>`, its last word where the user wrote the layer.
    pub(super) fn layer_type(&self, fact: &LayerFact, written: &Ident) -> TokenStream {
        let (layers, element) = (self.emission.krate.layers(), self.emission.element());
        let name = Ident::new(
            crate::signature::Signature::of(&written.to_string()).type_name,
            Span::mixed_site().located_at(written.span()),
        );
        let size = |size| self.emission.sizes().static_type(size);
        match &fact.resolved {
            Resolved::Linear { bias, transposed, .. } => {
                let name = match transposed {
                    true => Ident::new("LinearTransposed", name.span()),
                    false => name,
                };
                let (inputs, outputs) = (size(&fact.input.features()), size(&fact.output.features()));
                let bias = (!bias).then(|| ours!(, ()));
                ours!(#layers::#name<#inputs, #outputs, #element #bias>)
            }
            Resolved::Embedding { num, padding, .. } => {
                let (num, features) = (size(&num.clone().unwrap_or_default()), size(&fact.output.features()));
                let padding = type_options(padding.iter().map(usize::to_string).collect());
                ours!(#layers::#name<#num, #features, #element #padding>)
            }
            Resolved::Parameter(sizes) | Resolved::Buffer(sizes) => {
                let (root, sizes) = (self.emission.krate.root(), sizes.iter().map(size));
                ours!(#root::#name<(#(#sizes,)*), #element>)
            }
            Resolved::LayerNorm { .. } => {
                let features = size(&fact.input.features());
                ours!(#layers::#name<#features, #element>)
            }
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax => {
                ours!(#layers::#name)
            }
            Resolved::Flatten | Resolved::Reshape(..) | Resolved::Identity => ours!(#layers::#name),
            Resolved::Block(block) => {
                if !fact.resolved.has_parameters() {
                    return ours!(#layers::#name);
                }
                let sizes = block
                    .primitive
                    .type_sizes(&block.expected(&fact.input), &block.shapes(&fact.input));
                let sizes = sizes.iter().map(size);
                // Without running statistics a part of another type.
                let name = match block.primitive {
                    Primitive::BatchNorm(norm) if !norm.tracked => Ident::new(&format!("{name}Untracked"), name.span()),
                    _ => name,
                };
                let lacks = block.primitive.lacks().then(|| ours!(, ()));
                let options = type_options(block.primitive.type_options());
                ours!(#layers::#name<#(#sizes,)* #element #lacks #options>)
            }
            Resolved::Composed(composed) => {
                if composed.takes.is_none() {
                    return ours!(#layers::#name);
                }
                let sizes = composed.type_sizes(&fact.input);
                let sizes = sizes.iter().map(size);
                let options = type_options(composed.type_options());
                ours!(#layers::#name<#(#sizes,)* #element #options>)
            }
            Resolved::Binary(_) | Resolved::Model(_) | Resolved::Inner(_) | Resolved::Broken => {
                unreachable!("check/arguments.rs: a layer is one of ours")
            }
        }
    }
}

/// `, 2, true`: numbers and switches of a type.
fn type_options(options: Vec<String>) -> TokenStream {
    let option = |text: String| {
        let option: TokenStream = text
            .parse()
            .unwrap_or_else(|error| unreachable!("tensor-ops: a number or a switch: {error}"));
        ours!(, #option)
    };
    options.into_iter().map(option).collect()
}
