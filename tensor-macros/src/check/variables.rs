//! What the names in sizes stand for.

use super::resolved::ModelType;
use super::sizes::BATCH;
use crate::syntax::SizeParameter;
use proc_macro2::{Ident, Span};
use syn::Path;
use tensor_ops::{Poly, Shape};

/// What the names in polynomials stand for.
#[derive(Default)]
pub struct Variables {
    known: Vec<(String, Meaning)>,
    /// The sizes that the model is generic over.
    generics: Vec<Ident>,
    /// The quotients that someone wrote, each of which must be a whole number.
    pub divisions: Vec<Division>,
}

/// A quotient that must be a whole number, which cannot be known here.
#[derive(Clone)]
pub struct Division {
    /// Above the line.
    pub dividend: Poly,
    /// Below it.
    pub divisor: Poly,
    /// As it was written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a name in a polynomial stands for.
#[derive(Clone)]
pub enum Meaning {
    /// A type with a size of its own: `Hidden`.
    Static(Path),
    /// A size that the model is generic over: `D`.
    Generic(Ident),
    /// A named size that an input brings: which input, which axis.
    RunTime(Path, [usize; 2]),
    /// The last axis of another model's input.
    ModelInput(ModelType),
    /// The last axis of one of another model's outputs.
    ModelOutput(ModelType, usize),
}

impl Variables {
    /// Of a model that is generic over these sizes.
    pub fn of(generics: &[SizeParameter]) -> Self {
        Variables {
            generics: generics.iter().map(|parameter| parameter.name.clone()).collect(),
            ..Variables::default()
        }
    }

    /// The polynomial for this name, whose meaning is noted.
    pub fn variable(&mut self, name: String, meaning: Meaning) -> Poly {
        let poly = Poly::variable(&name);
        if self.meaning(&name).is_none() {
            self.known.push((name, meaning));
        }
        poly
    }

    /// What a name stands for; nothing for the batch.
    pub fn meaning(&self, name: &str) -> Option<&Meaning> {
        self.known
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, meaning)| meaning)
    }

    /// The size of this name that the model is generic over.
    pub fn generic(&self, path: &Path) -> Option<&Ident> {
        self.generics.iter().find(|name| path.is_ident(*name))
    }

    /// The sizes that the model is generic over.
    pub fn generics(&self) -> &[Ident] {
        &self.generics
    }

    /// The model whose result has this shape, of which nothing else is known: one axis behind the batch that stands for all there are.
    /// Which of its values that is comes with it.
    pub fn made_by(&self, shape: &Shape) -> Option<(&ModelType, usize)> {
        let [_, all] = shape.axes() else {
            return None;
        };
        match self.meaning(&all.to_string()) {
            Some(Meaning::ModelOutput(model, output)) => Some((model, *output)),
            Some(Meaning::Static(_) | Meaning::Generic(_) | Meaning::RunTime(..) | Meaning::ModelInput(_)) | None => {
                None
            }
        }
    }

    /// Whether a size is a number, here or where a generic model is used.
    pub fn is_settled(&self, size: &Poly) -> bool {
        size.variables()
            .all(|name| matches!(self.meaning(name), Some(Meaning::Generic(_))))
    }

    /// Whether a type of this name occurs in any size.
    pub fn mentions(&self, word: &str) -> bool {
        let is_generic = self.generics.iter().any(|name| name == word);
        let mut known = self.known.iter();
        is_generic || known.any(|(name, _)| name.split("::").any(|segment| segment.trim() == word))
    }

    /// Whether the two can be the same size for what the names in them may stand for. A generic model is for all sizes, so that two which
    /// are made from its parameters in two ways are not the same.
    pub fn may_equal(&self, one: &Poly, other: &Poly) -> bool {
        let is_decided = self.is_settled(one) && self.is_settled(other);
        one == other || (!is_decided && one.may_equal(other))
    }

    /// The same of shapes, axis by axis.
    pub fn may_be_one(&self, one: &Shape, other: &Shape) -> bool {
        let mut axes = one.axes().iter().zip(other.axes());
        one.axes().len() == other.axes().len() && axes.all(|(one, other)| self.may_equal(one, other))
    }

    /// The names that the inputs bring are not sizes of types after all.
    pub fn make_run_time(&mut self, names: &[(String, [usize; 2])]) {
        for (name, meaning) in &mut self.known {
            if let Some((_, place)) = names.iter().find(|(run_time, _)| run_time == name)
                && let Meaning::Static(path) = meaning
            {
                *meaning = Meaning::RunTime(path.clone(), *place);
            }
        }
    }

    /// Whether a size comes with the inputs, or has a name in it that does.
    pub fn is_run_time(&self, size: &Poly) -> bool {
        let mut names = size.variables();
        names.any(|name| name == BATCH || matches!(self.meaning(name), Some(Meaning::RunTime(..))))
    }

    /// The types that must have a value.
    pub fn of_types(&self) -> impl Iterator<Item = &Path> {
        self.known.iter().filter_map(|(_, meaning)| match meaning {
            Meaning::Static(path) => Some(path),
            Meaning::Generic(_) | Meaning::RunTime(..) => None,
            Meaning::ModelInput(_) | Meaning::ModelOutput(..) => None,
        })
    }

    /// The names that the inputs bring, in their order, with where each is.
    pub fn run_time(&self) -> Vec<(&str, [usize; 2])> {
        let mut found: Vec<(&str, [usize; 2])> = self
            .known
            .iter()
            .filter_map(|(name, meaning)| match meaning {
                Meaning::RunTime(_, place) => Some((name.as_str(), *place)),
                Meaning::Static(_) | Meaning::Generic(_) => None,
                Meaning::ModelInput(_) | Meaning::ModelOutput(..) => None,
            })
            .collect();
        found.sort_by_key(|(_, place)| *place);
        found
    }
}
