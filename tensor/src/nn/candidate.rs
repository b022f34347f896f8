//! A parameter as those are told who choose some.

/// A parameter, as those are told who choose some: the groups of an optimizer, what is to be frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate<'a> {
    /// Its name: `hidden.0.weight`.
    pub name: &'a str,
    /// Its sizes.
    pub sizes: &'a [usize],
}

impl<'a> Candidate<'a> {
    pub(crate) fn new(name: &'a str, sizes: &'a [usize]) -> Self {
        Self { name, sizes }
    }

    /// Whether it is this part of a model, or lies in it: `hidden` has `hidden.0.weight`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut model = net!(linear(2, 3) >> relu >> linear(3, 1));
    /// model.freeze_where(|parameter| parameter.is_in("0"));
    /// assert!(model.0.weight.is_frozen() && !model.2.weight.is_frozen());
    /// ```
    pub fn is_in(&self, part: &str) -> bool {
        self.name
            .strip_prefix(part)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}
