//! [`Errors`]: several mistakes are told at once.

use proc_macro2::Span;
use quote::ToTokens;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Display;

/// Collects what is wrong, and panics when it is dropped without [`Errors::finish`]: a mistake cannot be forgotten.
#[derive(Default)]
pub struct Errors {
    /// `None` once finished.
    found: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    /// None yet.
    pub fn new() -> Self {
        Errors {
            found: RefCell::new(Some(Vec::new())),
        }
    }

    /// Something is wrong with these tokens, from the first to the last.
    pub fn at(&self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Something is wrong at this place.
    pub fn at_span(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Something is wrong, as syn says.
    pub fn push(&self, error: syn::Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.push(error);
        }
    }

    /// How many were found so far.
    pub fn count(&self) -> usize {
        self.found.borrow().as_ref().map_or(0, Vec::len)
    }

    /// What others have found is found here.
    pub fn take(&self, others: Errors) {
        for error in others.finish().err().into_iter().flatten() {
            self.push(error);
        }
    }

    /// A barrier: everything that was wrong until here, in the order in which it was found.
    pub fn finish(self) -> Result<(), Vec<syn::Error>> {
        let mut found = self.found.borrow_mut().take().unwrap_or_default();
        // What is wrong with a part that is repeated is wrong once.
        let mut told = HashSet::new();
        found.retain(|error| told.insert(format!("{:?} {error}", error.span())));
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if self.found.borrow().is_some() && !std::thread::panicking() {
            panic!("errors were collected and not looked at");
        }
    }
}

/// The house style: what is wrong, an empty line, the literal edit.
pub fn with_help(what: impl Display, help: impl Display) -> String {
    format!("{what}\n\nhelp: {help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "not looked at")]
    fn errors_cannot_be_forgotten() {
        drop(Errors::new());
    }

    #[test]
    fn all_errors_come_out_in_order() {
        let errors = Errors::new();
        errors.at_span(Span::call_site(), "first");
        errors.at_span(Span::call_site(), "second");
        let found: Vec<String> = errors.finish().unwrap_err().iter().map(syn::Error::to_string).collect();
        assert_eq!(found, ["first", "second"]);
    }
}
