//! Why a call gave nothing.

use std::fmt;

use super::Answer;

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// There is no such operator: the next family is asked. When none knows it, it is missing.
    Unknown,
    /// There is such a thing in PyTorch and not here: an element type, an option. The sample is missing.
    Missing(String),
    /// The types of the library do not let the arguments through: text for a number, floats for integers. An ordinary sample is
    /// missing then; a call that must fail has failed, at compile time.
    Form(String),
    /// The library said no.
    Error(String),
}

/// What came of a call.
pub type Outcome = Result<Answer, Refusal>;

impl Refusal {
    /// Something that is not here.
    pub fn missing(what: impl Into<String>) -> Self {
        Self::Missing(what.into())
    }

    /// Arguments that the types do not let through.
    pub fn form(what: impl Into<String>) -> Self {
        Self::Form(what.into())
    }

    /// What the library says no to without an [`Error`](tensor::Error) of its own.
    pub fn error(what: impl Into<String>) -> Self {
        Self::Error(what.into())
    }
}

impl From<tensor::Error> for Refusal {
    fn from(error: tensor::Error) -> Self {
        Self::Error(error.to_string())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("no such operator"),
            Self::Missing(what) => write!(f, "there is no {what} yet"),
            Self::Form(what) | Self::Error(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Refusal {}
