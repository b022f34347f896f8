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
    let (device, seed) = (ident("device"), ident("seed"));
    let [takes, makes] = facts.texts();
    let many = if facts.inputs.len() > 1 { "inputs" } else { "an input" };
    let gives = if facts.outputs.len() > 1 {
        "The outputs"
    } else {
        "The output"
    };
    let docs = [
        "A model with fresh parameters of `f32`, drawn from `seed` as PyTorch draws them.".to_owned(),
        format!("{gives}, `{makes}`, of {many} `{takes}`; recorded for `backward`."),
        format!("{gives}, `{makes}`, of {many} `{takes}`, in evaluation and not recorded."),
    ];
    let names: Vec<_> = facts.inputs.iter().map(|input| ident(&input.name)).collect();
    let types = emission.input_types(&ours!(#batch));
    let gives = emission.output_type(&ours!(#batch));
    let list = match &names[..] {
        [input] => ours!(#input),
        _ => ours!((#(#names),*)),
    };
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
    let [forward, infer] = match model.dynamic {
        Some(_) => [("Body", "forward_body"), ("Body", "infer_body")].map(|(of, method)| {
            let (of, method) = (ident(of), ident(method));
            ours!(#private::#of::#method::<#batch>)
        }),
        None => ["forward", "infer"].map(|function| {
            let function = ident(function);
            ours!(#private::#function::<Self, #batch>)
        }),
    };
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
                pub fn forward<#batch: #shape::Dim>(&self, #(#names: &#types),*) -> #gives {
                    #forward(self, #list)
                }
                #[doc = #of_infer]
                #[track_caller]
                pub fn infer<#batch: #shape::Dim>(&self, #(#names: &#types),*) -> #gives {
                    #infer(self, #list)
                }
            }
        },
        ours! { #root::__model_methods! { #name #of_all } },
    ]
}
