//! A forward that is plain Rust: the user's braces in a function, and what makes a model of that.

use super::{Emission, generics, ident, ours};
use proc_macro2::{Ident, Literal, TokenStream};

/// `Functions::<Tree<f32>, Tree<f64>>`: what runs the body where it is a part of something.
pub fn functions(emission: &Emission<'_>) -> TokenStream {
    let Emission { krate, model, .. } = emission;
    let (private, name, used) = (krate.private(), &model.name, generics::used(&model.generics));
    ours!(#private::Functions::<#name<#used ::core::primitive::f32>, #name<#used ::core::primitive::f64>>)
}

/// `Model`'s methods for a model that is its body.
pub fn runs(emission: &Emission<'_>) -> TokenStream {
    let (private, shape, batch) = (emission.krate.private(), emission.krate.shape(), emission.batch());
    ours! {
        #[track_caller]
        fn forward<#batch: #shape::Dim>(&self, inputs: Self::Inputs<'_, #batch>) -> Self::Outputs<#batch> {
            #private::Body::forward_body::<#batch>(self, inputs)
        }
        #[track_caller]
        fn infer<#batch: #shape::Dim>(&self, inputs: Self::Inputs<'_, #batch>) -> Self::Outputs<#batch> {
            #private::Body::infer_body::<#batch>(self, inputs)
        }
    }
}

/// The body as a method, and what gives and takes its values; nothing for other models.
pub fn body(emission: &Emission<'_>) -> Vec<TokenStream> {
    let Emission { krate, model, .. } = emission;
    let Some(dynamic) = &model.dynamic else {
        return Vec::new();
    };
    let (root, private, float) = (krate.root(), krate.private(), krate.float());
    let (name, element) = (&model.name, emission.element());
    let (bounded, used) = (
        generics::bounded(krate, &model.generics),
        generics::used(&model.generics),
    );
    let batch = ours!(#root::Batch);
    let (types, makes) = (emission.input_types(&batch), emission.output_type(&batch));
    let gives = match dynamic.is_fallible {
        true => ours!(#root::Result<#makes>),
        false => makes,
    };
    let names = dynamic.inputs.iter().map(|(given, _)| {
        let (name, mutable) = (&given.name, given.is_mutable.then(|| ours!(mut)));
        ours!(#mutable #name)
    });
    // `self` is a local variable to rustc: that of the braces is the user's.
    let (this, block) = (Ident::new("self", dynamic.span), &dynamic.body);
    let places = (0..dynamic.inputs.len()).map(Literal::usize_unsuffixed);
    let fails = dynamic.is_fallible.then(|| ours!(?));
    let made: Vec<Ident> = (0..dynamic.outputs.len())
        .map(|output| ident(&format!("made_{output}")))
        .collect();
    let pattern = match &made[..] {
        [one] => ours!(#one),
        all => ours!((#(#all),*)),
    };
    vec![
        ours! {
            impl<#bounded #element: #float> #name<#used #element> {
                fn __body(&#this, #(#names: &#types),*) -> #gives #block
            }
        },
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> #private::Body for #name<#used #element> {
                fn body(&self, inputs: &[#private::Traced]) -> #root::Result<#private::Vec<#private::Traced>> {
                    let #pattern = self.__body(#(&inputs[#places].typed()),*) #fails;
                    ::core::result::Result::Ok(<#private::Vec<#private::Traced> as ::core::convert::From<_>>::from([
                        #(<#private::Traced as ::core::convert::From<_>>::from(#made.into_dynamic())),*
                    ]))
                }
            }
        },
    ]
}
