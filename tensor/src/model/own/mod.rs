//! Layers of the user's own: plain functions of slices, used in `net!` and `#[model]` by the name of their type.
//!
//! A type implements [`Layer`]: what it takes and makes, its parameters, a forward and a backward. `Own<ThatType>`, under an alias, is then a
//! part like any other: in chains and forwards, with names, files, summary, optimizers and compiled steps, and by itself
//! ([`Model::forward`](crate::Model::forward)). Nothing of it is allocated in a steady step but what its functions allocate.
//!
//! ```
//! use std::marker::PhantomData;
//! use tensor::own::{Backward, Forward, Layer, Own, Weight};
//! use tensor::prelude::*;
//! use tensor::shape::StaticDim;
//! use tensor::init::Init;
//!
//! /// `x` times a number for each feature.
//! pub struct ScaleRule<D>(PhantomData<D>);
//! pub type Scale<D, T = f32> = Own<ScaleRule<D>, T>;
//!
//! impl<D: StaticDim> Layer for ScaleRule<D> {
//!     type Input<B: Dim> = (B, D);
//!     type Output<B: Dim> = (B, D);
//!     const NAME: &'static str = "scale";
//!     const PARAMETERS: &'static [Weight] = &[Weight::new("weight", &[D::SIZE], Init::Constant(1.0))];
//!
//!     fn forward<T: Float>(pass: Forward<'_, T>) {
//!         for (at, (x, out)) in pass.x.iter().zip(pass.out).enumerate() {
//!             *out = *x * pass.parameters[0][at % D::SIZE];
//!         }
//!     }
//!
//!     fn backward<T: Float>(mut pass: Backward<'_, T>) {
//!         for (at, (x, d)) in pass.x.iter().zip(pass.d_out).enumerate() {
//!             if let Some(d_weight) = &mut pass.d_parameters[0] {
//!                 d_weight[at % D::SIZE] += *d * *x;
//!             }
//!             if let Some(d_x) = &mut pass.d_x {
//!                 d_x[at] = *d * pass.parameters[0][at % D::SIZE];
//!             }
//!         }
//!     }
//! }
//!
//! net! { type Net = linear(4, 8) >> Scale<8> >> tanh >> linear(8, 2) }
//!
//! let model = Net::new(&Device::cpu(), Seed(0));
//! assert_eq!(model.parameters()[2].name, "1.weight");
//! model.forward(&tensor![[1., 2., 3., 4.]]).sum().backward();
//! assert!(model.1.parameters[0].grad().is_some());
//! ```

mod part;

pub use part::Own;

use std::ops::{Deref, DerefMut};

use smallvec::SmallVec;

use crate::element::Float;
use crate::error::{Error, Result};
use crate::nn::Init;
use crate::shape::{Dim, Dynamic, LastAxis};
use crate::tensors::Tensor;

/// At most so many parameters have a place on the stack.
const FEW: usize = 4;

/// What a layer does. A type that implements it has no values: numbers that the layer is made with are constants of the type, or
/// sizes that it is generic over.
pub trait Layer: 'static {
    /// The shape it takes, for a batch of `B`.
    type Input<B: Dim>: LastAxis;
    /// The shape it makes.
    type Output<B: Dim>: LastAxis;
    /// What summary and messages call it.
    const NAME: &'static str;
    /// Its parameters, in the order in which the functions get them.
    const PARAMETERS: &'static [Weight] = &[];
    /// How many numbers a forward keeps for backward, for each sample.
    const KEPT: usize = 0;

    /// Writes every element of `out`, and of what is kept.
    fn forward<T: Float>(pass: Forward<'_, T>);

    /// Writes the gradient by the input, if anyone wants it, and adds to those of the parameters.
    fn backward<T: Float>(pass: Backward<'_, T>);

    /// The same as `forward` in operations, where a gradient of the gradient is asked for. Without it that is an error by name.
    ///
    /// # Errors
    /// Those of its operations.
    fn in_operations<T: Float>(
        x: &Tensor<Dynamic, T>,
        parameters: &[Tensor<Dynamic, T>],
    ) -> Result<Tensor<Dynamic, T>> {
        let _ = (x, parameters);
        let message = format!(
            "`{}` has one derivative: the second is there once `in_operations` says what it does in operations",
            Self::NAME
        );
        Err(Error::Gradient(message))
    }
}

/// A parameter of a layer of one's own.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    name: &'static str,
    sizes: &'static [usize],
    init: Init,
}

impl Weight {
    /// A parameter by its name, as in files, with its sizes and what it starts from.
    ///
    /// ```
    /// use tensor::{init::Init, own::Weight};
    /// const BIAS: Weight = Weight::new("bias", &[64], Init::Constant(0.0));
    /// ```
    pub const fn new(name: &'static str, sizes: &'static [usize], init: Init) -> Self {
        Self { name, sizes, init }
    }
}

/// What a forward reads and writes, row by row; the first axis is the batch.
#[derive(Debug)]
pub struct Forward<'a, T> {
    /// The sizes of the input, the batch first.
    pub sizes: &'a [usize],
    /// The input.
    pub x: &'a [T],
    /// The parameters, in their order.
    pub parameters: &'a [&'a [T]],
    /// What `backward` is to know, [`Layer::KEPT`] numbers a sample.
    pub kept: &'a mut [T],
    /// The output.
    pub out: &'a mut [T],
}

/// What a backward reads and writes.
#[derive(Debug)]
pub struct Backward<'a, T> {
    /// The sizes of the input, the batch first.
    pub sizes: &'a [usize],
    /// The input.
    pub x: &'a [T],
    /// The parameters, in their order.
    pub parameters: &'a [&'a [T]],
    /// What the forward has kept.
    pub kept: &'a [T],
    /// The output.
    pub out: &'a [T],
    /// The gradient by the output.
    pub d_out: &'a [T],
    /// That by the input, zeros that are to be written; nothing where nobody wants it.
    pub d_x: Option<&'a mut [T]>,
    /// Those by the parameters, which are to be added to; nothing for one that is frozen.
    pub d_parameters: Gradients<'a, T>,
}

/// The gradients by the parameters of a layer: a slice of them.
#[derive(Debug)]
pub struct Gradients<'a, T>(SmallVec<[Option<&'a mut [T]>; FEW]>);

impl<'a, T> Deref for Gradients<'a, T> {
    type Target = [Option<&'a mut [T]>];

    fn deref(&self) -> &[Option<&'a mut [T]>] {
        &self.0
    }
}

impl<'a, T> DerefMut for Gradients<'a, T> {
    fn deref_mut(&mut self) -> &mut [Option<&'a mut [T]>] {
        &mut self.0
    }
}
