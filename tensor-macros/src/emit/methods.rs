//! The methods of a model whose types are its own: `new`, `forward`, `infer`. The others are the run time's `__model_methods!`.

use super::{Emission, ident, ours};
use proc_macro2::TokenStream;

/// The inherent impls.
pub fn methods(emission: &Emission<'_>) -> Vec<TokenStream> {
    let Emission {
        krate, model, facts, ..
    } = emission;
    let (root, private, shape) = (krate.root(), krate.private(), krate.shape());
    let (name, element, batch, float) = (&model.name, emission.element(), emission.batch(), emission.float());
    let sizes = emission.sizes();
    let (takes, makes) = (
        sizes.shape_type(&facts.input, ours!(#batch)),
        sizes.shape_type(&facts.output, ours!(#batch)),
    );
    let (input, device, seed) = (ident("input"), ident("device"), ident("seed"));
    let docs = [
        "A model with fresh parameters of `f32`, drawn from `seed` as PyTorch draws them.".to_owned(),
        format!(
            "The output, `{}`, of an input `{}`; recorded for `backward`.",
            facts.output, facts.input
        ),
        format!(
            "The output, `{}`, of an input `{}`, in evaluation and not recorded.",
            facts.output, facts.input
        ),
    ];
    let [of_new, of_forward, of_infer] = docs;
    vec![
        ours! {
            #[allow(dead_code)]
            impl #name<::core::primitive::f32> {
                #[doc = #of_new]
                pub fn new(#device: &#root::Device, #seed: #root::Seed) -> Self {
                    #private::build(#device, #seed)
                }
            }
        },
        ours! {
            #[allow(dead_code)]
            impl<#element: #float> #name<#element> {
                #[doc = #of_forward]
                #[track_caller]
                pub fn forward<#batch: #shape::Dim>(&self, #input: &#root::Tensor<#takes, #element>) -> #root::Tensor<#makes, #element> {
                    #private::forward(self, #input)
                }
                #[doc = #of_infer]
                #[track_caller]
                pub fn infer<#batch: #shape::Dim>(&self, #input: &#root::Tensor<#takes, #element>) -> #root::Tensor<#makes, #element> {
                    #private::infer(self, #input)
                }
            }
        },
        ours! { #root::__model_methods! { #name } },
    ]
}
