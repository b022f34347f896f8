//! What a model takes: a tensor, or several.

use smallvec::{SmallVec, smallvec};

use crate::element::Element;
use crate::error::{Error, Result};
use crate::layout::describe;
use crate::model::Program;
use crate::shape::Shape;
use crate::tape::{Contiguous, Value};
use crate::tensors::Tensor;

/// What a model's forward is given: `&Tensor<..>`, or a tuple of such.
pub trait Inputs {
    #[doc(hidden)]
    fn list(&self) -> List<'_>;
}

/// What there is of each input or output: of so many without an allocation.
pub(crate) type Each<T> = SmallVec<[T; 4]>;

/// The values of some inputs.
#[doc(hidden)]
#[derive(Debug)]
pub struct List<'a>(pub(crate) Each<&'a Value>);

impl<S: Shape, T: Element> Inputs for &Tensor<S, T> {
    fn list(&self) -> List<'_> {
        List(smallvec![self.value()])
    }
}

macro_rules! inputs {
    ($($Shape:ident $Element:ident $input:ident),*) => {
        impl<$($Shape: Shape, $Element: Element),*> Inputs for ($(&Tensor<$Shape, $Element>,)*) {
            fn list(&self) -> List<'_> {
                let ($($input,)*) = self;
                List(SmallVec::from_slice(&[$($input.value()),*]))
            }
        }
    };
}

inputs!(S0 T0 a, S1 T1 b);
inputs!(S0 T0 a, S1 T1 b, S2 T2 c);
inputs!(S0 T0 a, S1 T1 b, S2 T2 c, S3 T3 d);
inputs!(S0 T0 a, S1 T1 b, S2 T2 c, S3 T3 d, S4 T4 e);
inputs!(S0 T0 a, S1 T1 b, S2 T2 c, S3 T3 d, S4 T4 e, S5 T5 f);

/// Copies of inputs that lie row by row; none where all inputs lie so, as nearly always.
pub(crate) struct Rows<'a> {
    given: &'a [&'a Value],
    copies: Vec<Contiguous<'a>>,
}

impl<'a> Rows<'a> {
    pub(crate) fn of(given: &'a [&'a Value]) -> Self {
        let copies = match given.iter().all(|input| input.layout.is_contiguous()) {
            true => Vec::new(),
            false => given.iter().map(|input| input.contiguous()).collect(),
        };
        Self { given, copies }
    }

    /// Each input, row by row.
    pub(crate) fn list(&self) -> Each<&Value> {
        match self.copies.is_empty() {
            true => SmallVec::from_slice(self.given),
            false => self.copies.iter().map(|input| &**input).collect(),
        }
    }
}

/// The sizes of some inputs.
pub(crate) type InputSizes<'a> = Each<&'a [usize]>;

pub(crate) fn sizes<'a>(inputs: &'a [&Value]) -> InputSizes<'a> {
    each(inputs, |input| input.sizes())
}

/// What is seen of each value. Most models have one, and are small enough for the loop over several to cost as much as a layer.
pub(crate) fn each<'a, T>(values: &[&'a Value], look: impl Fn(&'a Value) -> T) -> Each<T> {
    match values {
        [value] => smallvec![look(value)],
        _ => values.iter().map(|value| look(value)).collect(),
    }
}

/// That sizes with one name are one size in all inputs.
pub(crate) fn agree(program: &Program, inputs: &[&Value]) -> Result<()> {
    for shared in program.shared {
        let size = |&(input, axis): &(usize, usize)| inputs[input].sizes()[axis];
        let first = &shared.places[0];
        if let Some(other) = shared.places.iter().find(|place| size(place) != size(first)) {
            let [(first, _), (other, _)] = [first, other];
            let text = |input: usize| {
                let sizes = describe(inputs[input].sizes());
                format!("`{}` of {sizes}", program.inputs[input].name)
            };
            return Err(Error::shape(
                program.name,
                format!("one `{}` in all inputs", shared.name),
                format!("{} and {}", text(*first), text(*other)),
            ));
        }
    }
    Ok(())
}
