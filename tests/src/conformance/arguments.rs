//! What a call was given, as what the library takes: tensors, numbers, axes, words.

use tensor::DType;

use super::{Any, Argument, Call, Refusal};

impl Call {
    fn try_get<'a, A>(
        &'a self,
        position: usize,
        name: &str,
        read: impl FnOnce(&'a Argument) -> Result<A, Refusal>,
    ) -> Result<Option<A>, Refusal> {
        self.get(position, name)
            .map(|argument| named(name, read(argument)))
            .transpose()
    }

    /// A tensor.
    ///
    /// # Errors
    /// Where it is not there, or something else; so with all that follow.
    pub fn tensor(&self, position: usize, name: &str) -> Result<Any, Refusal> {
        named(name, self.need(position, name)?.tensor().cloned())
    }

    /// The first arguments, which are tensors of these names.
    ///
    /// # Errors
    /// Where one is not there, or something else.
    pub fn inputs<const N: usize>(&self, names: [&str; N]) -> Result<[Any; N], Refusal> {
        let mut out = Vec::with_capacity(N);
        for (position, name) in names.iter().enumerate() {
            out.push(self.tensor(position, name)?);
        }
        Ok(out.try_into().expect("one for each name"))
    }

    /// A tensor, where there is one.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn tensor_opt(&self, position: usize, name: &str) -> Result<Option<Any>, Refusal> {
        self.try_get(position, name, |argument| argument.tensor().cloned())
    }

    /// A list of tensors: one argument, or all from here on.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn tensors(&self, from: usize, name: &str) -> Result<Vec<Any>, Refusal> {
        let tensors: Result<_, _> = self
            .rest(from, name)
            .iter()
            .map(|each| each.tensor().cloned())
            .collect();
        named(name, tensors)
    }

    /// A tensor or a number; the number becomes a tensor without axes of the element type of `like`.
    ///
    /// # Errors
    /// Where it is something else. A number with a fraction is none for integers.
    pub fn operand(&self, position: usize, name: &str, like: &Any) -> Result<Any, Refusal> {
        match self.need(position, name)? {
            Argument::Tensor(any) => Ok(any.clone()),
            number @ Argument::Float(_) if !like.is_float() => {
                Err(Refusal::form(format!("{} beside {}", number.describe(), like.word())))
            }
            other => like.scalar_like(named(name, other.float())?),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// Where it is not there, or something else.
    pub fn int(&self, position: usize, name: &str) -> Result<i64, Refusal> {
        named(name, self.need(position, name)?.int())
    }

    /// A whole number, where there is one.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn int_opt(&self, position: usize, name: &str) -> Result<Option<i64>, Refusal> {
        self.try_get(position, name, Argument::int)
    }

    /// A whole number, or the default.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn int_or(&self, position: usize, name: &str, default: i64) -> Result<i64, Refusal> {
        Ok(self.int_opt(position, name)?.unwrap_or(default))
    }

    /// An axis, as the library takes it.
    ///
    /// # Errors
    /// Where it is not there, or something else.
    pub fn axis(&self, position: usize, name: &str) -> Result<isize, Refusal> {
        Ok(self.int(position, name)? as isize)
    }

    /// An axis, or the default.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn axis_or(&self, position: usize, name: &str, default: isize) -> Result<isize, Refusal> {
        Ok(self.int_or(position, name, default as i64)? as isize)
    }

    /// Axes, as the library takes them; `None` where there is no argument.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn axes_opt(&self, position: usize, name: &str) -> Result<Option<Vec<isize>>, Refusal> {
        let axes = self.ints_opt(position, name)?;
        Ok(axes.map(|axes| axes.into_iter().map(|axis| axis as isize).collect()))
    }

    /// A number of things: what is negative is refused, as its type refuses it in Rust.
    ///
    /// # Errors
    /// Where it is not there, or something else.
    pub fn size(&self, position: usize, name: &str) -> Result<usize, Refusal> {
        size(name, self.int(position, name)?)
    }

    /// Numbers of things: one argument, or all from here on.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn sizes(&self, from: usize, name: &str) -> Result<Vec<usize>, Refusal> {
        let numbers = self.ints(from, name)?;
        numbers.into_iter().map(|number| size(name, number)).collect()
    }

    /// Whole numbers: one argument (a list, or one number), or all from here on.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn ints(&self, from: usize, name: &str) -> Result<Vec<i64>, Refusal> {
        named(name, self.rest(from, name).iter().map(Argument::int).collect())
    }

    /// Whole numbers of one argument, a list or one number, where there is one.
    ///
    /// # Errors
    /// Where anything in it is something else.
    pub fn ints_opt(&self, position: usize, name: &str) -> Result<Option<Vec<i64>>, Refusal> {
        self.try_get(position, name, Argument::ints)
    }

    /// A number.
    ///
    /// # Errors
    /// Where it is not there, or something else.
    pub fn float(&self, position: usize, name: &str) -> Result<f64, Refusal> {
        named(name, self.need(position, name)?.float())
    }

    /// A number, where there is one.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn float_opt(&self, position: usize, name: &str) -> Result<Option<f64>, Refusal> {
        self.try_get(position, name, Argument::float)
    }

    /// A number, or the default.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn float_or(&self, position: usize, name: &str, default: f64) -> Result<f64, Refusal> {
        Ok(self.float_opt(position, name)?.unwrap_or(default))
    }

    /// Yes or no, or the default.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn bool_or(&self, position: usize, name: &str, default: bool) -> Result<bool, Refusal> {
        Ok(self.try_get(position, name, Argument::bool)?.unwrap_or(default))
    }

    /// A word, or the default.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn text_or<'a>(&'a self, position: usize, name: &str, default: &'a str) -> Result<&'a str, Refusal> {
        Ok(self.try_get(position, name, Argument::text)?.unwrap_or(default))
    }

    /// An element type as PyTorch calls it, where there is one; mostly by keyword alone.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn dtype_word(&self, position: usize, name: &str) -> Result<Option<&str>, Refusal> {
        self.try_get(position, name, Argument::dtype_word)
    }

    /// An element type, where there is one.
    ///
    /// # Errors
    /// Where it is something else, or not an element type here.
    pub fn dtype(&self, position: usize, name: &str) -> Result<Option<DType>, Refusal> {
        self.try_get(position, name, Argument::dtype)
    }
}

/// Says which argument it was.
fn named<A>(name: &str, result: Result<A, Refusal>) -> Result<A, Refusal> {
    result.map_err(|refusal| match refusal {
        Refusal::Form(what) => Refusal::Form(format!("`{name}`: {what}")),
        other => other,
    })
}

fn size(name: &str, number: i64) -> Result<usize, Refusal> {
    usize::try_from(number).map_err(|_| Refusal::form(format!("`{name}`: {number} where a number from 0 on is taken")))
}
