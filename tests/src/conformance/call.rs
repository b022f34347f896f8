//! A call as PyTorch writes it, with arguments by position or by keyword.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Argument, Refusal};

/// A call as PyTorch writes it.
///
/// Every accessor, here and in `arguments.rs`, takes the position and the keyword of an argument, and remembers that it was asked for. After the call,
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
