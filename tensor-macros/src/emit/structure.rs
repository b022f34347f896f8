//! The struct of a model and of each group in it, and how they are built and walked.

use super::field::{Field, Of, docs};
use super::{Emission, generics, ident, ours, start};
use crate::check::{LayerFact, Resolved, is_parameter, plain};
use crate::syntax::{Body, Chain, Part, Start};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{LitStr, Visibility};

/// The struct, those of its groups, and their `Module`.
pub fn structures(emission: &Emission<'_>) -> Vec<TokenStream> {
    let mut structures = Structures {
        emission,
        leaves: 0,
        items: Vec::new(),
    };
    let model = emission.model;
    // The fields of a struct are as private as the user wrote them, the parts of a chain as public as their model.
    let inherited = if model.is_struct {
        &Visibility::Inherited
    } else {
        &model.visibility
    };
    let of = structures.of_chain(&model.chain, &model.name, &[], inherited);
    structures.write_model(&of);
    structures.items
}

pub(super) struct Structures<'a> {
    pub(super) emission: &'a Emission<'a>,
    /// How many leaves were reached.
    leaves: usize,
    items: Vec<TokenStream>,
}

impl<'a> Structures<'a> {
    /// The fields of a chain. In a chain with names, a part without one has no field: it has nothing to hold.
    fn of_chain(&mut self, chain: &'a Chain, name: &Ident, path: &[String], inherited: &'a Visibility) -> Of {
        let is_named = chain.parts.iter().any(|part| part.name.is_some());
        let mut fields = Vec::new();
        for (position, part) in chain.parts.iter().enumerate() {
            let key = part.name.as_ref().map_or_else(|| position.to_string(), plain);
            let path = [path, std::slice::from_ref(&key)].concat();
            let saved = part.options.saved.as_ref().map(LitStr::value);
            // As written; else that of what the part is in.
            let visibility = match &part.visibility {
                Visibility::Inherited => inherited,
                written => written,
            };
            let (of, text, has_parameters) = self.of_part(part, &path, visibility);
            if is_named && part.name.is_none() {
                continue;
            }
            let member = match &part.name {
                Some(name) => quote!(#name),
                None => proc_macro2::Literal::usize_unsuffixed(position).to_token_stream(),
            };
            let docs = docs(&part.attributes, &text);
            fields.push(Field {
                attributes: part.attributes.clone(),
                visibility: visibility.to_token_stream(),
                member,
                key: saved.unwrap_or(key),
                of,
                docs,
                has_parameters,
                starts: self.starts(
                    &part.options.starts,
                    matches!(&part.body, Body::Layer(layer) if is_parameter(layer)),
                ),
                is_frozen: part.options.frozen.is_some(),
            });
        }
        Of {
            name: name.clone(),
            is_named,
            fields,
        }
    }

    /// The type of a part, what its docs say, and whether it holds parameters.
    fn of_part(&mut self, part: &'a Part, path: &[String], visibility: &'a Visibility) -> (TokenStream, String, bool) {
        let element = self.emission.element();
        match &part.body {
            Body::Group(chain) => {
                // `Mlp_hidden`: no name that a person would give.
                let model = &self.emission.model.name;
                let name = Ident::new(&format!("{}_{}", model.unraw(), path.join("_")), model.span());
                let of = self.of_chain(chain, &name, path, visibility);
                let has_parameters = of.has_parameters();
                self.write_group(&of, &path.join("."));
                let of = if has_parameters {
                    let used = generics::used(&self.emission.model.generics);
                    ours!(#name<#used #element>)
                } else {
                    quote!(#name)
                };
                (of, format!("The part `{}`.", path.join(".")), has_parameters)
            }
            Body::Array(chain) => {
                let (first, rest) = (self.leaves, &chain.parts[1..]);
                let (of, text, has_parameters) = self.of_part(&chain.parts[0], path, visibility);
                // The others are of the same type, which is written once.
                self.leaves += (self.leaves - first) * rest.len();
                let count = proc_macro2::Literal::usize_unsuffixed(chain.parts.len());
                (ours!([#of; #count]), text, has_parameters)
            }
            Body::Model(_) => {
                let fact = self.next();
                let Resolved::Model(model) = &fact.resolved else {
                    unreachable!("check/resolve.rs: another model is one")
                };
                (self.emission.sizes().model_of(model, &element), fact.docs(), true)
            }
            Body::Layer(layer) => {
                let fact = self.next();
                if self.emission.facts.is_tied(self.leaves - 1) {
                    let layers = self.emission.krate.layers();
                    return (ours!(#layers::Tied), fact.docs(), false);
                }
                (
                    self.layer_type(fact, &layer.name),
                    fact.docs(),
                    fact.resolved.has_parameters(),
                )
            }
            Body::Broken(_) => unreachable!("driver.rs: a broken model falls back"),
        }
    }

    /// What parameters start from.
    fn starts(&self, starts: &[Start], is_parameter: bool) -> Vec<TokenStream> {
        starts
            .iter()
            .map(|start| start::start(&self.emission.krate.private(), start, is_parameter))
            .collect()
    }

    /// Under which other names weights are known: `walk.tied("head.weight", &self.embedding.weight);`.
    fn ties(&self) -> Vec<TokenStream> {
        let facts = self.emission.facts;
        let tie = |(tied, of): &(usize, usize)| {
            let (tied, of) = (facts.leaf(*tied)?, facts.leaf(*of)?);
            let name = format!("{}.weight", tied.path);
            let members = of.path.split('.').map(member);
            let weight = (!matches!(of.resolved, Resolved::Parameter(_))).then(|| ours!(.weight));
            Some(ours!(walk.tied(#name, &self #(.#members)* #weight);))
        };
        facts.ties.iter().filter_map(tie).collect()
    }

    fn next(&mut self) -> &'a LayerFact {
        self.leaves += 1;
        self.emission
            .facts
            .leaf(self.leaves - 1)
            .unwrap_or_else(|| unreachable!("check: every leaf runs"))
    }

    fn write_model(&mut self, of: &Of) {
        let Emission {
            model, krate, facts, ..
        } = self.emission;
        let (private, element) = (krate.private(), self.emission.element());
        let (visibility, attributes, name) = (&model.visibility, &model.attributes, &of.name);
        let [takes, makes] = facts.texts();
        let docs = docs(attributes, &format!("A model from `{takes}` to `{makes}`."));
        let mut fields: Vec<TokenStream> = of.fields.iter().map(|field| field.declaration(of.is_named)).collect();
        let core = if of.is_named { ours!(__core:) } else { ours!() };
        fields.push(ours!(#core #private::Core));
        if !of.has_parameters() {
            let element_of = if of.is_named { ours!(__element:) } else { ours!() };
            fields.push(ours!(#element_of ::core::marker::PhantomData<fn() -> #element>));
        }
        let generics = &model.generics;
        fields.extend(self.phantom(of.is_named));
        let body = if of.is_named {
            ours!({ #(#fields),* })
        } else {
            ours!((#(#fields),*);)
        };
        let float = self.emission.float();
        let (default, declared) = (ours!(::core::primitive::f32), generics::declared(generics));
        self.items.push(ours! {
            #(#attributes)* #docs
            #[allow(dead_code)]
            #visibility struct #name<#declared #element: #float = #default> #body
        });
        let mut values = of.values(&element);
        values.push(if of.is_named {
            ours!(__core: #private::Core::new(builder))
        } else {
            ours!(#private::Core::new(builder))
        });
        if !of.has_parameters() {
            let element_of = if of.is_named { ours!(__element:) } else { ours!() };
            values.push(ours!(#element_of ::core::marker::PhantomData));
        }
        values.extend(self.phantom_value(of.is_named));
        let (bounded, used) = (generics::bounded(krate, generics), generics::used(generics));
        self.write_module(of, &bounded, &ours!(#name<#used #element>), &values);
    }

    /// The field that mentions every size that the model is generic over: a part need not.
    fn phantom(&self, is_named: bool) -> Option<TokenStream> {
        let name = is_named.then(|| ours!(__sizes:));
        generics::phantom(&self.emission.model.generics).map(|of| ours!(#name #of))
    }

    /// Its value.
    fn phantom_value(&self, is_named: bool) -> Option<TokenStream> {
        let name = is_named.then(|| ours!(__sizes:));
        (!self.emission.model.generics.is_empty()).then(|| ours!(#name ::core::marker::PhantomData))
    }

    fn write_group(&mut self, of: &Of, path: &str) {
        let (visibility, element, float) = (
            &self.emission.model.visibility,
            self.emission.element(),
            self.emission.float(),
        );
        let (name, docs) = (
            &of.name,
            format!("The part `{path}` of [`{}`].", self.emission.model.name),
        );
        let model = self.emission.model;
        let mut fields: Vec<TokenStream> = of.fields.iter().map(|field| field.declaration(of.is_named)).collect();
        let mut values = of.values(&element);
        if of.has_parameters() {
            fields.extend(self.phantom(of.is_named));
            values.extend(self.phantom_value(of.is_named));
        }
        let body = if of.is_named {
            ours!({ #(#fields),* })
        } else {
            ours!((#(#fields),*);)
        };
        let (bounded, used) = (
            generics::bounded(self.emission.krate, &model.generics),
            generics::used(&model.generics),
        );
        let generics = of.has_parameters().then(|| ours!(<#bounded #element: #float>));
        self.items.push(ours! {
            #[doc = #docs]
            #[allow(dead_code, non_camel_case_types)]
            #visibility struct #name #generics #body
        });
        let of_type = if of.has_parameters() {
            ours!(#name<#used #element>)
        } else {
            quote!(#name)
        };
        let bounded = if of.has_parameters() {
            bounded
        } else {
            TokenStream::new()
        };
        self.write_module(of, &bounded, &of_type, &values);
        if of.has_parameters() {
            let (root, private) = (self.emission.krate.root(), self.emission.krate.private());
            self.items.push(ours! {
                #[automatically_derived]
                impl<#bounded #element: #float> #root::Trainable for #of_type {
                    fn walk(&self, walk: &mut #private::Walk<'_>) {
                        #private::Module::<#element>::visit(self, walk);
                    }
                }
            });
        }
    }

    fn write_module(&mut self, of: &Of, generics: &TokenStream, of_type: &TokenStream, values: &[TokenStream]) {
        let (private, element, float) = (
            self.emission.krate.private(),
            self.emission.element(),
            self.emission.float(),
        );
        let value = if of.is_named {
            ours!(Self { #(#values),* })
        } else {
            ours!(Self(#(#values),*))
        };
        let is_model = of.name == self.emission.model.name;
        let value = match is_model && !self.emission.model.starts.is_empty() {
            true => {
                let starts = self.starts(&self.emission.model.starts, false);
                ours!(builder.starting(&[#(#starts),*], |builder| #value))
            }
            false => value,
        };
        let builder = if is_model || !of.fields.is_empty() {
            ident("builder")
        } else {
            ident("_builder")
        };
        let walk = if of.has_parameters() {
            ident("walk")
        } else {
            ident("_walk")
        };
        let visits = of.fields.iter().filter(|field| field.has_parameters).map(|field| {
            let (key, member) = (&field.key, &field.member);
            ours!(walk.part::<#element, _>(#key, &self.#member);)
        });
        let ties = if is_model { self.ties() } else { Vec::new() };
        self.items.push(ours! {
            #[automatically_derived]
            impl<#generics #element: #float> #private::Module<#element> for #of_type {
                fn build(#builder: &mut #private::Builder<'_>) -> Self {
                    #value
                }
                fn visit(&self, #walk: &mut #private::Walk<'_>) {
                    #(#visits)*
                    #(#ties)*
                }
            }
        });
    }
}

impl LayerFact {
    fn docs(&self) -> String {
        format!("`{}`: `{}` to `{}`.", self.text(), self.input, self.output)
    }
}

/// A field by its name, which may be a word of Rust.
fn member(name: &str) -> Ident {
    syn::parse_str::<Ident>(name).unwrap_or_else(|_| Ident::new_raw(name, Span::mixed_site()))
}
