//! The parameters of a generic model: `<D: Dim, H: Dim = dim![8]>`.

use super::SizeParameter;
use crate::errors::{Errors, with_help};
use proc_macro2::Ident;
use syn::{ConstParam, GenericParam, Generics, LifetimeParam, Path, Type, TypeParam, TypeParamBound};

/// The parameters, all of which are sizes. What is none is told, and left out.
pub fn parameters(errors: &Errors, generics: &Generics) -> Vec<SizeParameter> {
    if let Some(clause) = &generics.where_clause {
        let help = "remove it: each parameter has its bound where it is declared";
        errors.at(clause, with_help("a model needs no where-clause", help));
    }
    let parameters = generics.params.iter();
    parameters.filter_map(|parameter| of(errors, parameter)).collect()
}

fn of(errors: &Errors, parameter: &GenericParam) -> Option<SizeParameter> {
    match parameter {
        GenericParam::Type(of_type) => of_a_type(errors, of_type),
        GenericParam::Lifetime(LifetimeParam { lifetime, .. }) => {
            let message = "a model owns what it holds and has no lifetimes";
            errors.at(lifetime, with_help(message, format!("remove `{lifetime}`")));
            None
        }
        GenericParam::Const(ConstParam { ident, .. }) => {
            let message = format!("`{ident}` is a constant; the sizes of a model are types");
            errors.at(ident, with_help(message, format!("write `{ident}: Dim`")));
            None
        }
    }
}

/// `<D>`, `<D: Clone>`, `<T: Float>`.
fn of_a_type(errors: &Errors, parameter: &TypeParam) -> Option<SizeParameter> {
    let (name, bounds) = (&parameter.ident, &parameter.bounds);
    let bound = |word: &str| {
        let mut bounds = bounds.iter();
        bounds.find_map(|bound| match bound {
            TypeParamBound::Trait(of) if of.path.segments.last().is_some_and(|last| last.ident == word) => {
                Some(&of.path)
            }
            _ => None,
        })
    };
    let (message, help) = match bound("Dim") {
        Some(path) if bounds.len() == 1 => {
            return Some(size(name, path, parameter.default.as_ref().map(|(_, default)| default)));
        }
        Some(_) => {
            let message = format!("`{name}` is a size, and needs the bound `Dim` alone");
            (message, format!("write `{name}: Dim`"))
        }
        None if bound("Float").is_some() => {
            let message = "the type of its elements is a parameter of every model already";
            let help = format!("remove `{name}`: it comes after the sizes, `f32` where nothing is said");
            errors.at(parameter, with_help(message, help));
            return None;
        }
        None => {
            let message = format!("the parameters of a model are sizes, and `{name}` has not the bound `Dim`");
            (message, format!("write `{name}: Dim`"))
        }
    };
    errors.at(parameter, with_help(message, help));
    // What is meant is clear: one mistake, one error.
    let path = Path::from(Ident::new("Dim", name.span()));
    Some(size(
        name,
        &path,
        parameter.default.as_ref().map(|(_, default)| default),
    ))
}

fn size(name: &Ident, bound: &Path, default: Option<&Type>) -> SizeParameter {
    SizeParameter {
        name: name.clone(),
        bound: bound.clone(),
        default: default.cloned(),
    }
}
