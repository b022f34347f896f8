//! What runs a generated model: the program it was compiled to, the frames it works in, and the step that trains it.
//!
//! The compiler turns a declaration into a [`Program`] of plain functions. A [`Pass`] is one run of them: it knows where the
//! parameters lie, which slots of the workspace are whose, and which device does the work. Nothing in here is generic over
//! shapes or element types.

mod around;
mod body;
mod call;
mod core;
mod eager;
mod frame;
mod inputs;
mod noise;
mod outputs;
pub mod own;
mod pass;
mod plan;
mod planned;
mod primitives;
mod program;
mod recorded;
mod room;
mod run;
mod spread;
mod statistics;
mod step;
mod summary;
mod target;

pub use self::core::Core;
pub use body::{Body, Functions};
pub use call::Call;
pub use eager::{Eager, Traced};
pub(crate) use frame::{Frame, Home};
pub use inputs::Inputs;
pub use outputs::Outputs;
pub use pass::Pass;
pub use plan::Plan;
pub use planned::{Loss, Planned, PlannedLoss, PlannedOutputs};
pub use program::{Extent, Given, Made, Part, Program, Shared};
pub use run::{
    How, build, copied, eager, forward, infer, load, moved, parameters, save, set_training, traced, zero_grad,
};
pub use step::Step;
pub use summary::{num_parameters, summary};
pub use target::{Labels, Target, Values};

use std::path::Path;

use tensor_ops::Text;

use crate::element::{Element, Float};
use crate::error::Result;
use crate::nn::{Module, Trainable, Walk};
use crate::shape::{Batch, Dim, LastAxis};
use crate::tensors::Tensor;

/// A model that the compiler made: `#[model]` and `net!` implement this.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not made by `#[model]` or `net!`",
    note = "a part of a model is a layer, `net!(..)`, or another model"
)]
pub trait Model: Module<Self::Element> {
    /// The type its parameters and activations have.
    type Element: Float;
    /// What it takes, for a batch of `B`: a reference to a tensor, or a tuple of such.
    type Inputs<'a, B: Dim>: Inputs;
    /// What it gives: a tensor, or a tuple of such.
    type Outputs<B: Dim>: Outputs;
    /// The shape of the first tensor it takes.
    type Input<B: Dim>: LastAxis;
    /// The shape of the first tensor it gives.
    type Output<B: Dim>: LastAxis;
    /// The last axis of the first tensor it takes; 0 where that is known only at run time.
    type InputFeatures: Dim;
    /// The last axis of the first tensor it gives; 0 where that is known only at run time.
    type OutputFeatures: Dim;
    /// The same model with elements of another type.
    type With<E: Float>;

    /// The output, recorded for `backward`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let mut model = Line::new(&Device::cpu(), Seed(0));
    /// model.0.weight.set(&tensor![[2.]])?;
    /// model.0.bias.set(&tensor![1.])?;
    /// let y = Model::forward(&model, &tensor![[3.]]);
    /// assert!(y == tensor![[7.]] && y.is_tracked());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    #[track_caller]
    fn forward<B: Dim>(&self, inputs: Self::Inputs<'_, B>) -> Self::Outputs<B> {
        run::forward(self, inputs)
    }

    /// The output in evaluation, not recorded.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let model = Line::new(&Device::cpu(), Seed(0));
    /// let (x, y) = (tensor![[3.]], Model::infer(&model, &tensor![[3.]]));
    /// assert!(!y.is_tracked() && y == model.forward(&x));
    /// ```
    #[track_caller]
    fn infer<B: Dim>(&self, inputs: Self::Inputs<'_, B>) -> Self::Outputs<B> {
        run::infer(self, inputs)
    }

    /// Writes the parameters to a safetensors file, under PyTorch's names. The file is whole or is not there.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("line.safetensors");
    /// Model::save(&Line::new(&Device::cpu(), Seed(0)), &path)?;
    /// let file = tensor::files::Archive::load_safetensors(&path)?;
    /// assert_eq!(file.names().collect::<Vec<_>>(), ["0.bias", "0.weight"]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        run::save(self, path.as_ref())
    }

    /// Reads the parameters from a safetensors file: all of them or, after an error, none.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// net! { type Line = linear(1, 1) }
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let path = folder.path().join("line.safetensors");
    /// let (model, mut other) = (Line::new(&Device::cpu(), Seed(0)), Line::new(&Device::cpu(), Seed(1)));
    /// model.save(&path)?;
    /// Model::load(&mut other, &path)?;
    /// assert_eq!(*other.0.weight, *model.0.weight);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the file cannot be read, is not safetensors, or holds another model: missing, unexpected and misshapen names are
    /// listed.
    fn load(&mut self, path: impl AsRef<Path>) -> Result<()> {
        run::load(self, path.as_ref())
    }

    /// What it was compiled to.
    #[doc(hidden)]
    const PROGRAM: &'static Program;
    /// Why there is no such model, for one that is generic over its sizes; empty if there is.
    #[doc(hidden)]
    const WRONG: Text = Text::new();
    /// The state it has beside its parameters.
    #[doc(hidden)]
    fn core(&self) -> &Core;
}

/// An input of a model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes fewer values than it is given",
    label = "is given more values than it takes"
)]
pub trait TakesInput<const INPUT: usize> {
    /// What it consists of, where the model's elements are `E`: those, or whole numbers.
    type Of<E: Float>: Element;
}

/// An output of a model after the first.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives fewer values than are taken of it",
    label = "takes apart more values than come out"
)]
pub trait Gives<const OUTPUT: usize> {
    /// Its shape, for a batch of `B`.
    type Shape<B: Dim>: LastAxis;
    /// Its last axis; 0 where that is known only at run time.
    type Features: Dim;
}

/// A [`Model`] that takes one tensor of its own elements and gives one, as chains do: what functions over any such model ask for.
///
/// ```
/// use tensor::prelude::*;
/// use tensor::Mapping;
/// net! { type Line = linear(1, 1) }
/// fn sum(model: &impl Mapping<Element = f32>, data: Tensor<Dynamic>) -> tensor::Result<f32> {
///     let x = data.try_into_shape()?;
///     model.infer::<Batch>(&x).into_dynamic().sum().item()
/// }
/// let model = Line::new(&Device::cpu(), Seed(0));
/// let y = model.infer(&tensor![[3.]]).at([0, 0])?;
/// assert_eq!(sum(&model, tensor![[3.]].into_dynamic())?, y);
/// # Ok::<(), tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take one tensor of numbers and give one",
    label = "takes or gives several tensors, or takes whole numbers"
)]
pub trait Mapping:
    for<'a> Model<
        Inputs<'a, Batch> = &'a Tensor<<Self as Model>::Input<Batch>, <Self as Model>::Element>,
        Outputs<Batch> = Tensor<<Self as Model>::Output<Batch>, <Self as Model>::Element>,
    >
{
}

impl<M> Mapping for M where
    M: for<'a> Model<
            Inputs<'a, Batch> = &'a Tensor<<M as Model>::Input<Batch>, <M as Model>::Element>,
            Outputs<Batch> = Tensor<<M as Model>::Output<Batch>, <M as Model>::Element>,
        >
{
}

impl<M: Model> Trainable for M {
    fn walk(&self, walk: &mut Walk<'_>) {
        self.visit(walk);
    }
}
