//! The methods of a model whose types are its own: `new`, `forward`, `infer`. The others are the run time's `__model_methods!`.

use super::{Emission, generics, ident, ours};
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
    let (bounded, used) = (
        generics::bounded(krate, &model.generics),
        generics::used(&model.generics),
    );
    let (mut of_all, mut of_sizes, mut is_right, mut is_static) = (None, None, None, None);
    if !model.generics.is_empty() {
        (of_all, of_sizes) = (Some(ours!([#bounded] [#used] #element)), Some(ours!(<#bounded>)));
        // What a model of such sizes cannot be is told where one is made.
        is_right = Some(ours!(const { <Self as #private::Model>::WRONG.tell() };));
        let names = model.generics.iter().map(|parameter| &parameter.name);
        is_static = Some(ours!(where #(#names: #shape::StaticDim),*));
    }
    vec![
        ours! {
            #[allow(dead_code)]
            impl #of_sizes #name<#used ::core::primitive::f32> {
                #[doc = #of_new]
                pub fn new(#device: &#root::Device, #seed: #root::Seed) -> Self #is_static {
                    #is_right
                    #private::build(#device, #seed)
                }
            }
        },
        ours! {
            #[allow(dead_code)]
            impl<#bounded #element: #float> #name<#used #element> {
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
        ours! { #root::__model_methods! { #name #of_all } },
    ]
}
