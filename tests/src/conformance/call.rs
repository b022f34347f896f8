//! A call as PyTorch writes it, with arguments by position or by keyword.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use tensor::DType;

use super::{Any, Argument, Refusal};

/// A call as PyTorch writes it.
///
/// Every accessor takes the position and the keyword of an argument, and remembers that it was asked for. After the call,
/// [`Call::unread`] names an argument that nobody asked for: the sample is missing then, since its result cannot be right but by
/// chance. So a line of a family need not say which arguments there are.
#[derive(Debug)]
pub struct Call {
    name: String,
    variant: String,
    args: Vec<Argument>,
    kwargs: BTreeMap<String, Argument>,
    read: RefCell<(BTreeSet<usize>, BTreeSet<String>)>,
}

impl Call {
    /// A call of an operator.
    pub fn new(name: &str, variant: &str, args: Vec<Argument>, kwargs: BTreeMap<String, Argument>) -> Self {
        Self {
            name: name.to_owned(),
            variant: variant.to_owned(),
            args,
            kwargs,
            read: RefCell::default(),
        }
    }

    /// The operator: `max`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which of several operators of one name: `reduction_with_dim`, or nothing.
    pub fn variant(&self) -> &str {
        &self.variant
    }

    /// How many arguments there are by position.
    pub fn count(&self) -> usize {
        self.args.len()
    }

    /// An argument, by position or keyword; `None` where there is none, or PyTorch's `None`.
    pub fn get(&self, position: usize, name: &str) -> Option<&Argument> {
        let mut read = self.read.borrow_mut();
        let argument = match self.args.get(position) {
            Some(argument) => {
                read.0.insert(position);
                Some(argument)
            }
            None => {
                read.1.insert(name.to_owned());
                self.kwargs.get(name)
            }
        };
        argument.filter(|argument| !argument.is_none())
    }

    /// An argument that PyTorch takes by keyword alone.
    pub fn keyword(&self, name: &str) -> Option<&Argument> {
        self.get(usize::MAX, name)
    }

    /// All arguments by position from one on, as those of `permute(x, 0, 2, 1)` or `meshgrid(a, b)`; where there is only one and it is
    /// a list, what is in that, as in `permute(x, (0, 2, 1))`.
    pub fn rest(&self, from: usize, name: &str) -> &[Argument] {
        self.read.borrow_mut().0.extend(from..self.args.len());
        match self.args.get(from..).unwrap_or_default() {
            [Argument::List(list)] => list,
            [] => match self.get(usize::MAX, name) {
                Some(Argument::List(list)) => list,
                Some(other) => std::slice::from_ref(other),
                None => &[],
            },
            rest => rest,
        }
    }

    /// Says that an argument does not change the result: how it is computed, whether memory is shared.
    pub fn ignore(&self, position: usize, name: &str) {
        self.get(position, name);
    }

    /// An argument that nobody asked for, by name or position.
    pub fn unread(&self) -> Option<String> {
        let read = self.read.borrow();
        let position = (0..self.args.len()).find(|index| !read.0.contains(index) && !self.args[*index].is_none());
        let keyword = self
            .kwargs
            .iter()
            .find(|(name, value)| !read.1.contains(*name) && !is_default(name, value));
        match (position, keyword) {
            (_, Some((name, value))) => Some(format!("argument `{name}` ({})", value.describe())),
            (Some(index), None) => Some(format!("argument {index} ({})", self.args[index].describe())),
            (None, None) => None,
        }
    }

    /// An argument that has to be there.
    ///
    /// # Errors
    /// Where it is not.
    pub fn need(&self, position: usize, name: &str) -> Result<&Argument, Refusal> {
        self.get(position, name)
            .ok_or_else(|| Refusal::form(format!("`{}` without `{name}`", self.name)))
    }

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

/// What is so without being said: these calls are made on the CPU, and of leaves the sample says itself.
fn is_default(name: &str, value: &Argument) -> bool {
    match value {
        Argument::None => true,
        Argument::Text(text) | Argument::Device(text) => name == "device" && text == "cpu",
        Argument::Bool(flag) => !flag && matches!(name, "requires_grad" | "pin_memory"),
        _ => false,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn call(args: Vec<Argument>, kwargs: &[(&str, Argument)]) -> Call {
        let kwargs = kwargs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Call::new("some", "", args, kwargs.collect())
    }

    #[test]
    fn arguments_come_by_position_or_keyword() {
        let call = call(
            vec![Argument::Int(1), Argument::None],
            &[("keepdim", Argument::Bool(true))],
        );
        assert_eq!(call.int(0, "dim"), Ok(1));
        assert_eq!(call.int_or(1, "other", 7), Ok(7), "None is the default");
        assert_eq!(call.bool_or(2, "keepdim", false), Ok(true));
        assert_eq!(call.float(0, "dim"), Ok(1.0), "a whole number is a number");
        assert!(matches!(call.text_or(0, "dim", ""), Err(Refusal::Form(_))));
        assert!(matches!(call.int(5, "more"), Err(Refusal::Form(_))));
        assert!(matches!(call.size(9, "keepdim"), Ok(1)));
    }

    #[test]
    fn what_nobody_asked_for_is_named() {
        let call = call(
            vec![Argument::Int(1)],
            &[("out", Argument::Int(2)), ("names", Argument::None)],
        );
        assert_eq!(call.unread().as_deref(), Some("argument `out` (2)"));
        call.ignore(3, "out");
        assert_eq!(call.unread().as_deref(), Some("argument 0 (1)"));
        assert_eq!(call.int(0, "dim"), Ok(1));
        assert_eq!(call.unread(), None, "None counts as not given");
        let device = |device: &str| {
            Call::new(
                "zeros",
                "",
                vec![],
                [("device".into(), Argument::Text(device.into()))].into(),
            )
        };
        assert_eq!(device("cpu").unread(), None);
        assert!(device("cuda").unread().is_some());
    }

    #[test]
    fn lists_may_be_one_argument_or_the_rest() {
        let list = |list: &[i64]| Argument::List(list.iter().map(|&each| Argument::Int(each)).collect());
        assert_eq!(
            call(vec![Argument::Int(0), list(&[2, 3])], &[]).sizes(1, "size"),
            Ok(vec![2, 3])
        );
        let variadic = call(vec![Argument::Int(0), Argument::Int(2), Argument::Int(3)], &[]);
        assert_eq!(variadic.sizes(1, "size"), Ok(vec![2, 3]));
        assert_eq!(variadic.unread().as_deref(), Some("argument 0 (0)"));
        assert_eq!(call(vec![], &[("size", list(&[4]))]).ints(1, "size"), Ok(vec![4]));
        assert!(matches!(
            call(vec![list(&[-4])], &[]).sizes(0, "size"),
            Err(Refusal::Form(_))
        ));
    }
}
