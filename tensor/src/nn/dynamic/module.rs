//! What all layers with sizes at run time have in common.

use std::fmt;
use std::path::Path;

use crate::device::Device;
use crate::element::{Element, Float};
use crate::error::Result;
use crate::files::Archive;
use crate::nn::walk::{Name, Visitor};
use crate::nn::{Buffer, Builder, Mode, NamedParameter, Parameter, Trainable, Walk, builder, checkpoint};
use crate::random::seed::Seed;
use crate::shape::{Dynamic, Shape};
use crate::tensors::Tensor;

/// Something with parameters, buffers and a mode that is made at run time: a layer, or a struct of layers.
///
/// The names of parameters and buffers are those of the fields, outermost first: `0.weight`, as in PyTorch. [`members!`](super::members) makes
/// a struct one.
///
/// ```
/// use tensor::dynamic::{BatchNorm1d, Linear, Sequential};
/// use tensor::prelude::*;
/// let network = |seed| -> tensor::Result<Sequential> {
///     let linear = Linear::new(&Device::cpu(), Seed(seed), 3, 2)?;
///     Ok(Sequential::new().then(linear).then(BatchNorm1d::new(&Device::cpu(), 2)?))
/// };
/// let (mut first, mut second) = (network(0)?, network(1)?);
/// let x = Tensor::<Dynamic>::randn(&[8, 3], 0)?;
/// first.forward(&x)?; // in training: statistics are kept
/// let folder = tempfile::tempdir().expect("a folder");
/// first.save(folder.path().join("network.safetensors"))?;
/// second.load(folder.path().join("network.safetensors"))?;
/// first.eval();
/// second.eval();
/// assert_eq!(first.forward(&x)?, second.forward(&x)?);
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait Module: Trainable + fmt::Debug + Send + Sync {
    /// Moves everything to another device. Optimizers begin anew with it: move first, then train.
    ///
    /// # Errors
    /// Where the device has no room. Some parts may be there then, and others not yet.
    fn relocate(&mut self, device: Device) -> Result<()>;

    /// The same on another device. Optimizers begin anew with it: move first, then train.
    ///
    /// # Errors
    /// Where the device has no room.
    fn to(mut self, device: Device) -> Result<Self>
    where
        Self: Sized,
    {
        self.relocate(device)?;
        Ok(self)
    }

    /// From now on it trains: dropouts drop, and statistics are taken and kept. It begins so.
    fn train(&mut self) {
        self.walk(&mut Walk::over(&mut SetMode(true)));
    }

    /// From now on it is used: nothing drops, and statistics are those that were kept.
    fn eval(&mut self) {
        self.walk(&mut Walk::over(&mut SetMode(false)));
    }

    /// Whether any part of it trains. What has no mode, since it does the same in both, says no.
    fn is_training(&self) -> bool {
        let mut any = AnyTraining(false);
        self.walk(&mut Walk::over(&mut any));
        any.0
    }

    /// The parameters of an element type with their names. PyTorch's `named_parameters()`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::Linear::<f32>::new(&Device::cpu(), Seed(0), 3, 2)?;
    /// let sizes: Vec<_> = layer.parameters::<f32>().into_iter().map(|each| (each.name, each.tensor.len())).collect();
    /// assert_eq!(sizes, [("weight".to_owned(), 6), ("bias".to_owned(), 2)]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    fn parameters<T: Float>(&self) -> Vec<NamedParameter<T>>
    where
        Self: Sized,
    {
        let mut list = Vec::new();
        self.walk(&mut Walk::new(&mut |path, met| {
            if met.value.dtype() == T::DTYPE {
                list.push(NamedParameter {
                    name: path.to_string(),
                    tensor: Tensor::of(met.value.clone()),
                });
            }
        }));
        list
    }

    /// The number of trainable numbers.
    fn num_parameters(&self) -> usize {
        let mut sum = 0;
        self.walk(&mut Walk::new(&mut |_, met| sum += met.value.len()));
        sum
    }

    /// Copies of parameters and buffers by their names.
    ///
    /// # Errors
    /// Where one could not be computed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let layer = tensor::dynamic::BatchNorm1d::<f32>::new(&Device::cpu(), 2)?;
    /// let state = layer.state_dict()?;
    /// let names = ["bias", "num_batches_tracked", "running_mean", "running_var", "weight"];
    /// assert_eq!(state.names().collect::<Vec<_>>(), names);
    /// assert_eq!(state.get::<i64>("num_batches_tracked")?.item()?, 0);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    fn state_dict(&self) -> Result<Archive> {
        checkpoint::table(&|walk| self.walk(walk)).map(Archive::over)
    }

    /// Takes over parameters and buffers: all of them or, after an error, none.
    ///
    /// # Errors
    /// Where names are missing, unexpected, of other sizes or of other elements: all of them are listed.
    ///
    /// ```
    /// use tensor::dynamic::Linear;
    /// use tensor::prelude::*;
    /// let layer = |seed| Linear::<f32>::new(&Device::cpu(), Seed(seed), 3, 2);
    /// let (first, mut second) = (layer(0)?, layer(1)?);
    /// second.load_state_dict(&first.state_dict()?)?;
    /// assert_eq!(*first.weight, *second.weight);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    fn load_state_dict(&mut self, state: &Archive) -> Result<()> {
        checkpoint::take(state.table(), Path::new("state_dict"), OWNER, &|walk| self.walk(walk))
    }

    /// Writes parameters and buffers to a safetensors file. The file is whole or is not there.
    ///
    /// # Errors
    /// Where the file cannot be written, by name.
    fn save(&self, path: impl AsRef<Path>) -> Result<()>
    where
        Self: Sized,
    {
        checkpoint::save(path.as_ref(), "dynamic", &[], &|walk| self.walk(walk))
    }

    /// Reads parameters and buffers from a safetensors file: all of them or, after an error, none.
    ///
    /// # Errors
    /// Where the file cannot be read, is not safetensors, or holds another module: missing, unexpected and misshapen names are listed.
    fn load(&mut self, path: impl AsRef<Path>) -> Result<()>
    where
        Self: Sized,
    {
        let table = crate::files::Table::read(path.as_ref())?;
        checkpoint::take(&table, path.as_ref(), OWNER, &|walk| self.walk(walk))
    }
}

/// What messages call a module.
const OWNER: &str = "the parameters and buffers of the module";

/// A layer that makes one tensor of another; what a [`Sequential`](super::Sequential) is made of.
///
/// A user's own is a struct with a `Module` and a `forward`:
///
/// ```
/// use tensor::dynamic::{self, Layer, Linear, Module};
/// use tensor::prelude::*;
///
/// #[derive(Clone, Debug)]
/// struct Residual {
///     inner: Linear,
/// }
///
/// dynamic::members!(Residual { inner });
///
/// impl Layer for Residual {
///     fn forward(&self, x: &Tensor<Dynamic>) -> tensor::Result<Tensor<Dynamic>> {
///         x.add(&self.inner.forward(x)?)
///     }
/// }
///
/// let layer = Residual { inner: Linear::new(&Device::cpu(), Seed(0), 3, 3)? };
/// assert_eq!(layer.num_parameters(), 12);
/// assert_eq!(layer.parameters::<f32>()[0].name, "inner.weight");
/// # Ok::<(), tensor::Error>(())
/// ```
pub trait Layer<T: Float = f32>: Module + Boxed<T> {
    /// The output, recorded for `backward`.
    ///
    /// # Errors
    /// Where the sizes do not fit: layer, expected and found sizes are named.
    fn forward(&self, x: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>>;
}

/// A layer that can be copied behind a box: all that are `Clone`.
pub trait Boxed<T: Float> {
    /// A copy in a box of its own.
    fn boxed(&self) -> Box<dyn Layer<T>>;
}

impl<T: Float, L: Layer<T> + Clone + 'static> Boxed<T> for L {
    fn boxed(&self) -> Box<dyn Layer<T>> {
        Box::new(self.clone())
    }
}

/// A field of a module: what [`members!`](crate::dynamic::members) lists.
pub trait Member {
    /// Walks it under its name.
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>);
    /// Moves it to another device.
    ///
    /// # Errors
    /// Where the device has no room.
    fn relocate(&mut self, device: Device) -> Result<()>;
}

impl<M: Module> Member for M {
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>) {
        walk.trainable(name, self);
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        Module::relocate(self, device)
    }
}

impl<T: Float> Member for Box<dyn Layer<T>> {
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>) {
        walk.trainable(name, &**self);
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        Module::relocate(&mut **self, device)
    }
}

impl<S: Shape, T: Float> Member for Parameter<S, T> {
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>) {
        walk.parameter(name, self);
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        Parameter::relocate(self, device)
    }
}

impl<S: Shape, T: Element> Member for Buffer<S, T> {
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>) {
        walk.buffer(name, self);
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        *self = self.moved(device)?;
        Ok(())
    }
}

impl Member for Mode {
    fn meet(&self, _: Name<'_>, walk: &mut Walk<'_>) {
        walk.mode(self);
    }

    fn relocate(&mut self, _: Device) -> Result<()> {
        Ok(())
    }
}

impl<M: Member> Member for Option<M> {
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>) {
        if let Some(member) = self {
            member.meet(name, walk);
        }
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        self.as_mut().map_or(Ok(()), |member| member.relocate(device))
    }
}

/// Members by position, as in PyTorch's `ModuleList`.
impl<M: Member> Member for Vec<M> {
    fn meet(&self, name: Name<'_>, walk: &mut Walk<'_>) {
        walk.at(name, |walk| {
            for (position, member) in self.iter().enumerate() {
                member.meet(position.into(), walk);
            }
        });
    }

    fn relocate(&mut self, device: Device) -> Result<()> {
        self.iter_mut().try_for_each(|member| member.relocate(device))
    }
}

/// Makes a struct a [`Module`](crate::dynamic::Module): lists the fields that hold parameters, buffers or modes, or are modules, in
/// the order in which they are walked; their names in files are those of the fields.
///
/// ```
/// use tensor::dynamic::{self, Linear, Module};
/// use tensor::prelude::*;
///
/// #[derive(Debug)]
/// struct Pair<T: Float> {
///     query: Linear<T>,
///     keys: Vec<Linear<T>>,
///     scale: f64,
/// }
///
/// dynamic::members!([T: Float] Pair<T> { query, keys });
///
/// let linear = |seed| Linear::<f32>::new(&Device::cpu(), Seed(seed), 2, 2);
/// let pair = Pair { query: linear(0)?, keys: vec![linear(1)?, linear(2)?], scale: 1. };
/// let names: Vec<String> = pair.parameters::<f32>().into_iter().map(|each| each.name).collect();
/// assert_eq!(names[..3], ["query.weight", "query.bias", "keys.0.weight"]);
/// # Ok::<(), tensor::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __members {
    ([$($generics:tt)*] $Name:ty { $($field:ident),* $(,)? }) => {
        impl<$($generics)*> $crate::Trainable for $Name {
            fn walk(&self, _walk: &mut $crate::__private::Walk<'_>) {
                $($crate::dynamic::Member::meet(&self.$field, ::std::stringify!($field).into(), _walk);)*
            }
        }

        impl<$($generics)*> $crate::dynamic::Module for $Name {
            fn relocate(&mut self, _device: $crate::Device) -> $crate::Result<()> {
                $($crate::dynamic::Member::relocate(&mut self.$field, _device)?;)*
                ::std::result::Result::Ok(())
            }
        }
    };
    ($Name:ty { $($field:ident),* $(,)? }) => {
        $crate::dynamic::members!([] $Name { $($field),* });
    };
}

/// Sets the modes of all layers.
struct SetMode(bool);

impl Visitor for SetMode {
    fn mode(&mut self, mode: &Mode) {
        mode.set_training(self.0);
    }
}

/// Whether any layer trains.
struct AnyTraining(bool);

impl Visitor for AnyTraining {
    fn mode(&mut self, mode: &Mode) {
        self.0 |= mode.is_training();
    }
}

/// A module with fresh parameters.
pub(crate) fn fresh<T: Float, M: Trainable>(
    device: &Device,
    seed: Seed,
    make: &dyn Fn(&mut Builder<'_>) -> M,
) -> Result<M> {
    let module = builder::fresh_by::<T, M>(*device, seed.0, make);
    builder::check(&|walk| module.walk(walk))?;
    Ok(module)
}
