//! The driver: every stage by name, in the order in which data passes.
//!
//! ```text
//! tokens --parse--> Model --check--> Facts --lower--> Graph --differentiate--> Graph --fuse--> Graph --plan--> Planned --emit--> tokens
//! ```
//!
//! What is wrong is collected by parse and check and told at the barrier after check. Behind it nothing can fail.

use crate::check::{Facts, check, check_dynamic};
use crate::emit::{self, Emission, Library, emit};
use crate::errors::Errors;
use crate::stages::Stages;
use crate::syntax::{self, Model, Net};
use crate::{conditions, dump, inner};
use proc_macro2::TokenStream;
use std::collections::HashSet;

/// `net! { .. }`.
pub fn net(tokens: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let (net, run_time) = syntax::net(&errors, tokens);
    let krate = Library::new(run_time);
    match net {
        Some(Net::Items(models)) => {
            let items = models
                .into_iter()
                .flat_map(|(model, errors)| items(&krate, &model, errors));
            items
                .chain(errors.finish().err().map(|found| emit::errors(&found)))
                .collect()
        }
        Some(Net::Expression(model)) => expression(&krate, &model, errors),
        None => emit::errors(&errors.finish().err().unwrap_or_default()),
    }
}

/// `#[model] struct ..`. What is no struct stays as it was, beside the error.
pub fn model(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::new();
    let (model, run_time) = syntax::structure(&errors, attribute, item.clone());
    let krate = Library::new(run_time);
    match model {
        Some(model) => items(&krate, &model, errors).into_iter().collect(),
        None => {
            let told = emit::errors(&errors.finish().err().unwrap_or_default());
            [told, item].into_iter().collect()
        }
    }
}

/// The items of a model, or its errors and what lets the rest of the program stand.
fn items(krate: &Library, model: &Model, errors: Errors) -> Vec<TokenStream> {
    conditions::each(model, errors, |variant, errors| {
        compile(krate, variant, errors).unwrap_or_else(|found| emit::fallback(krate, variant, &found))
    })
}

/// A block that makes the model, or the errors in its place.
fn expression(krate: &Library, model: &Model, errors: Errors) -> TokenStream {
    let mut wrong = Vec::new();
    let items = conditions::each(model, errors, |variant, errors| {
        compile(krate, variant, errors).unwrap_or_else(|found| {
            wrong.extend(found);
            Vec::new()
        })
    });
    // What is wrong in every case of the conditions is told once.
    let mut told = HashSet::new();
    wrong.retain(|error| told.insert(format!("{:?} {error}", error.span())));
    if wrong.is_empty() {
        emit::expression(krate, &model.name, &items)
    } else {
        emit::expression_of_errors(&wrong)
    }
}

/// One model through every stage; of one whose forward is plain Rust, the chains in it, and what is around them.
fn compile(krate: &Library, model: &Model, errors: Errors) -> Result<Vec<TokenStream>, Vec<syn::Error>> {
    let Some(dynamic) = &model.dynamic else {
        let facts = check(&errors, model);
        errors.finish()?;
        return Ok(write(krate, model, &facts));
    };
    let (outer, inner) = inner::split(model);
    let checked = |model: Model| {
        let facts = check(&errors, &model);
        (model, facts)
    };
    let inner: Vec<(Model, Facts)> = inner.into_iter().map(checked).collect();
    let facts = check_dynamic(&errors, &outer, dynamic, &inner);
    errors.finish()?;
    let mut items = write(krate, &outer, &facts);
    for (model, facts) in &inner {
        items.extend(write(krate, model, facts));
    }
    Ok(items)
}

/// From the facts to tokens.
fn write(krate: &Library, model: &Model, facts: &Facts) -> Vec<TokenStream> {
    let name = model.name.to_string();
    let stages = match model.dynamic {
        Some(_) => Stages::of_parts(&name, facts),
        None => Stages::of(&name, facts),
    };
    let emission = Emission {
        krate,
        model,
        facts,
        lowered: &stages.lowered,
        training: &stages.training,
        inference: &stages.inference,
        primitives: &stages.primitives,
    };
    let items = emit(&emission);
    dump::dump(&name, &stages, &items);
    items
}
