//! What a call gave.

use tensor::{Shape, Tensor};

use super::any::Listed;
use super::{Any, Outcome, Refusal};

/// What a call gave.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A tensor.
    Tensor(Any),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A word.
    Text(String),
    /// Nothing.
    None,
    /// Several of these.
    List(Vec<Answer>),
}

impl Answer {
    /// The one tensor that it is.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn into_tensor(self) -> Result<Any, Refusal> {
        match self {
            Self::Tensor(any) => Ok(any),
            other => Err(Refusal::error(format!("{other:?} instead of a tensor"))),
        }
    }

    /// The tensors in it, from left to right.
    pub fn tensors(&self) -> Vec<&Any> {
        match self {
            Self::Tensor(any) => vec![any],
            Self::List(list) => list.iter().flat_map(Self::tensors).collect(),
            Self::Int(_) | Self::Float(_) | Self::Bool(_) | Self::Text(_) | Self::None => Vec::new(),
        }
    }
}

/// What an expression may give that is run for an operator.
pub trait IntoAnswer {
    /// As an answer.
    ///
    /// # Errors
    /// Where it is the error of the library, or of an argument.
    fn into_answer(self) -> Outcome;
}

impl<S: Shape, T: Listed> IntoAnswer for Tensor<S, T> {
    fn into_answer(self) -> Outcome {
        Ok(Answer::Tensor(self.into()))
    }
}

impl<A: IntoAnswer, E: Into<Refusal>> IntoAnswer for Result<A, E> {
    fn into_answer(self) -> Outcome {
        self.map_err(Into::into)?.into_answer()
    }
}

impl<A: IntoAnswer> IntoAnswer for Option<A> {
    fn into_answer(self) -> Outcome {
        self.map_or(Ok(Answer::None), IntoAnswer::into_answer)
    }
}

impl<A: IntoAnswer> IntoAnswer for Vec<A> {
    fn into_answer(self) -> Outcome {
        let list: Result<Vec<Answer>, Refusal> = self.into_iter().map(IntoAnswer::into_answer).collect();
        list.map(Answer::List)
    }
}

impl<A: IntoAnswer, const N: usize> IntoAnswer for [A; N] {
    fn into_answer(self) -> Outcome {
        Vec::from(self).into_answer()
    }
}

macro_rules! tuples {
    ($(($($name:ident),+))*) => {
        $(
            impl<$($name: IntoAnswer),+> IntoAnswer for ($($name,)+) {
                fn into_answer(self) -> Outcome {
                    #[allow(non_snake_case, reason = "the names of the types serve as those of the values")]
                    let ($($name,)+) = self;
                    Ok(Answer::List(vec![$($name.into_answer()?),+]))
                }
            }
        )*
    };
}

tuples! {
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
}

macro_rules! plain {
    ($($T:ty, |$value:ident| $answer:expr;)*) => {
        $(
            impl From<$T> for Answer {
                fn from($value: $T) -> Self {
                    $answer
                }
            }

            impl IntoAnswer for $T {
                fn into_answer(self) -> Outcome {
                    Ok(self.into())
                }
            }
        )*
    };
}

plain! {
    Any, |any| Self::Tensor(any);
    i64, |number| Self::Int(number);
    usize, |number| Self::Int(number as i64);
    f64, |number| Self::Float(number);
    f32, |number| Self::Float(number.into());
    bool, |flag| Self::Bool(flag);
    String, |text| Self::Text(text);
    &str, |text| Self::Text(text.to_owned());
}

impl IntoAnswer for Answer {
    fn into_answer(self) -> Outcome {
        Ok(self)
    }
}
