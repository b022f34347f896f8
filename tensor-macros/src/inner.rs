//! The chains among the fields of a model whose forward is plain Rust: each becomes a model of its own, which the forward calls.

use crate::check::plain;
use crate::syntax::{Argument, Arguments, Body, Model, ModelPart, SizeParameter};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Expr, ExprPath, Path, parse_quote};

/// The model with models in the place of chains, and these.
pub fn split(model: &Model) -> (Model, Vec<Model>) {
    let (mut outer, mut inner) = (model.clone(), Vec::new());
    for part in &mut outer.chain.parts {
        if let Some(name) = part.name.clone() {
            own(model, &name, &mut part.body, &mut inner);
        }
    }
    (outer, inner)
}

fn own(model: &Model, field: &Ident, body: &mut Body, inner: &mut Vec<Model>) {
    match body {
        Body::Group(chain) => {
            // `Tree_leaf`: no name that a person would give.
            let name = Ident::new(&format!("{}_{}", model.name.unraw(), plain(field)), model.name.span());
            let docs = format!("The part `{}` of [`{}`].", plain(field), model.name);
            inner.push(Model {
                attributes: vec![
                    parse_quote!(#[doc = #docs]),
                    parse_quote!(#[allow(non_camel_case_types)]),
                ],
                input: chain.input.clone(),
                forward: None,
                is_unread: false,
                dynamic: None,
                visibility: model.visibility.clone(),
                name: name.clone(),
                generics: model.generics.clone(),
                chain: chain.clone(),
                starts: Vec::new(),
                is_struct: false,
                is_inner: true,
            });
            *body = Body::Model(ModelPart {
                path: Path::from(name),
                sizes: sizes(model),
            });
        }
        // They are of one type.
        Body::Array(chain) => {
            if let Some(first) = chain.parts.first_mut() {
                own(model, field, &mut first.body, inner);
                let body = first.body.clone();
                chain.parts.iter_mut().for_each(|part| part.body = body.clone());
            }
        }
        Body::Layer(_) | Body::Model(_) | Body::Broken(_) => {}
    }
}

/// All sizes that the model is generic over, as a type is given them.
fn sizes(model: &Model) -> Option<Arguments> {
    let size = |SizeParameter { name, .. }: &SizeParameter| Argument {
        keyword: None,
        value: Expr::Path(ExprPath {
            attrs: Vec::new(),
            qself: None,
            path: Path::from(name.clone()),
        }),
    };
    (!model.generics.is_empty()).then(|| Arguments {
        list: model.generics.iter().map(size).collect(),
        span: model.name.span(),
    })
}
