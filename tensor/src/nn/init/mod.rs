//! What parameters start from, as functions that draw them anew: PyTorch's `nn.init`.
//!
//! Each puts numbers in place of those of a parameter or a tensor, drawn from the [generator of the process](crate::random) (the numbers are
//! not PyTorch's, their laws are). A weight is `[out, in, ..]`. In a model `#[init(normal(0.02))]` says the same of a part or, above the
//! struct, of all weights.
//!
//! ```
//! use tensor::{init, prelude::*};
//! net! { type Mlp = hidden: linear(64, 128) >> relu >> output: linear(_, 10) }
//! let mut model = Mlp::new(&Device::cpu(), Seed(0));
//! init::kaiming_normal(&mut model.hidden.weight, init::Fan::In, init::Nonlinearity::Relu)?;
//! init::zeros(&mut model.hidden.bias)?;
//! assert_eq!(model.hidden.bias.abs().max().item()?, 0.0);
//! # Ok::<(), tensor::Error>(())
//! ```

mod fan;
mod law;

pub use fan::{Fan, Nonlinearity, calculate_gain};
pub use law::Init;

use crate::element::Float;
use crate::error::Result;
use crate::nn::Parameter;
use crate::random::generator;
use crate::shape::Shape;
use crate::tape::Value;
use crate::tensors::Tensor;

/// What can be drawn anew: a [`Parameter`], or a [`Tensor`] of floats.
pub trait Drawn {
    #[doc(hidden)]
    fn draw(&mut self, init: Init) -> Result<()>;
}

impl<S: Shape, T: Float> Drawn for Tensor<S, T> {
    fn draw(&mut self, init: Init) -> Result<()> {
        let out = Value::empty(self.device(), T::DTYPE, self.sizes());
        out.buffer.check()?;
        init.fill(generator().next(), out.row(), self.sizes())?;
        *self = Tensor::of(out);
        Ok(())
    }
}

impl<S: Shape, T: Float> Drawn for Parameter<S, T> {
    fn draw(&mut self, init: Init) -> Result<()> {
        let mut numbers = (**self).clone();
        numbers.draw(init)?;
        self.set(&numbers)
    }
}

macro_rules! laws {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $A:ty),*) => $init:expr;)*) => {
        $(
            $(#[$doc])*
            pub fn $name(of: &mut impl Drawn $(, $argument: $A)*) -> Result<()> {
                of.draw($init)
            }
        )*
    };
}

laws! {
    /// The same number everywhere.
    ///
    /// # Errors
    /// Where the device has no room, as of all functions here.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = tensor![1., 2.];
    /// init::constant(&mut x, 0.5)?;
    /// assert_eq!(x, tensor![0.5, 0.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    constant(number: f64) => Init::Constant(number);
    /// 0 everywhere.
    ///
    /// # Errors
    /// Where the device has no room.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = tensor![1., 2.];
    /// init::zeros(&mut x)?;
    /// assert_eq!(x, tensor![0., 0.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    zeros() => Init::Constant(0.0);
    /// 1 everywhere.
    ///
    /// # Errors
    /// Where the device has no room.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = tensor![3., 2.];
    /// init::ones(&mut x)?;
    /// assert_eq!(x, tensor![1., 1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ones() => Init::Constant(1.0);
    /// Uniform numbers of `[low, high)`.
    ///
    /// # Errors
    /// Where `high` is below `low`.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![100]>::zeros();
    /// init::uniform(&mut x, 2.0, 3.0)?;
    /// assert!(x.to_vec()?.iter().all(|x| (2.0..3.0).contains(x)));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    uniform(low: f64, high: f64) => Init::Between { low, high };
    /// Normal numbers.
    ///
    /// # Errors
    /// Where the standard deviation is below 0.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![1000]>::zeros();
    /// init::normal(&mut x, 5.0, 0.1)?;
    /// assert!((x.mean().item()? - 5.0).abs() < 0.1);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    normal(mean: f64, deviation: f64) => Init::Around { mean, deviation };
    /// Normal numbers, those outside of `[low, high]` drawn again. PyTorch takes -2 and 2 where nothing else is said.
    ///
    /// # Errors
    /// Where `high` is below `low`, or the standard deviation is not above 0.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![100]>::zeros();
    /// init::trunc_normal(&mut x, 0.0, 1.0, -0.5, 0.5)?;
    /// assert!(x.to_vec()?.iter().all(|x| x.abs() <= 0.5));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    trunc_normal(mean: f64, deviation: f64, low: f64, high: f64) => Init::Truncated { mean, deviation, low, high };
    /// Ones on the diagonal of a matrix.
    ///
    /// # Errors
    /// Where there are not two axes.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![2, 3]>::zeros();
    /// init::eye(&mut x)?;
    /// assert_eq!(x, tensor![[1., 0., 0.], [0., 1., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    eye() => Init::Eye;
    /// A convolution that hands on as many channels as it can as they are, in groups.
    ///
    /// # Errors
    /// Where there are not three to five axes, or the groups do not divide the first.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![2, 2, 3]>::zeros();
    /// init::dirac(&mut x, 1)?;
    /// assert_eq!(x, tensor![[[0., 1., 0.], [0., 0., 0.]], [[0., 0., 0.], [0., 1., 0.]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    dirac(groups: usize) => Init::Dirac { groups };
    /// Uniform numbers with standard deviation `gain sqrt(2 / (in + out))`. X. Glorot and Y. Bengio, *Understanding the difficulty of
    /// training deep feedforward neural networks*, 2010.
    ///
    /// # Errors
    /// Where there are not two axes or more.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut weight = Tensor::<dims![20, 10]>::zeros();
    /// init::xavier_uniform(&mut weight, 1.0)?;
    /// assert!(weight.abs().max().item()? <= (6f32 / 30.0).sqrt());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    xavier_uniform(gain: f64) => Init::Xavier { uniform: true, gain };
    /// Normal numbers with that deviation.
    ///
    /// # Errors
    /// Where there are not two axes or more.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut weight = Tensor::<dims![100, 100]>::zeros();
    /// init::xavier_normal(&mut weight, 1.0)?;
    /// assert!((weight.square().mean().item()? - 2.0 / 200.0).abs() < 1e-3);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    xavier_normal(gain: f64) => Init::Xavier { uniform: false, gain };
    /// Uniform numbers with standard deviation `gain / sqrt(in)`, or `out`. He et al., *Delving deep into rectifiers*, 2015.
    ///
    /// # Errors
    /// Where there are not two axes or more.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// use tensor::init::{Fan, Nonlinearity};
    /// let mut weight = Tensor::<dims![20, 10]>::zeros();
    /// init::kaiming_uniform(&mut weight, Fan::In, Nonlinearity::Relu)?;
    /// assert!(weight.abs().max().item()? <= (6f32 / 10.0).sqrt());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    kaiming_uniform(fan: Fan, nonlinearity: Nonlinearity) => Init::Kaiming { uniform: true, fan, nonlinearity };
    /// Normal numbers with that deviation.
    ///
    /// # Errors
    /// Where there are not two axes or more.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// use tensor::init::{Fan, Nonlinearity};
    /// let mut weight = Tensor::<dims![100, 100]>::zeros();
    /// init::kaiming_normal(&mut weight, Fan::Out, Nonlinearity::Linear)?;
    /// assert!((weight.square().mean().item()? - 1.0 / 100.0).abs() < 1e-3);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    kaiming_normal(fan: Fan, nonlinearity: Nonlinearity) => Init::Kaiming { uniform: false, fan, nonlinearity };
    /// `gain` times a matrix of orthogonal rows or, where there are more rows than columns, columns; the axes behind the first are one. Saxe et
    /// al., *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*, 2013.
    ///
    /// # Errors
    /// Where there are not two axes or more.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![2, 5]>::zeros();
    /// init::orthogonal(&mut x, 1.0)?;
    /// tensor::testing::assert_close(&x.matmul(&x.transpose()), &tensor![[1., 0.], [0., 1.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    orthogonal(gain: f64) => Init::Orthogonal { gain };
    /// Normal numbers of mean 0, and in each column of a matrix a share of zeros. J. Martens, *Deep learning via Hessian-free
    /// optimization*, 2010.
    ///
    /// # Errors
    /// Where there are not two axes, or the share is not one.
    ///
    /// ```
    /// use tensor::{init, prelude::*};
    /// let mut x = Tensor::<dims![4, 3]>::zeros();
    /// init::sparse(&mut x, 0.5, 1.0)?;
    /// assert_eq!(x.to_vec()?.iter().filter(|x| **x == 0.0).count(), 6);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    sparse(sparsity: f64, deviation: f64) => Init::Sparse { sparsity, deviation };
}
