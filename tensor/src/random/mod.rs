//! Random numbers: uniform, normal, whole, and other laws; a generator for the process, and generators of one's own.
//!
//! ```
//! use tensor::prelude::*;
//! use tensor::random::{self, Generator};
//!
//! random::manual_seed(1);
//! let x: Tensor<Dynamic> = random::randn(&[2, 3])?;
//! random::manual_seed(1);
//! assert_eq!(random::randn::<f32>(&[2, 3])?, x);
//!
//! let own = Generator::new(1);
//! let order = own.randperm(10)?;
//! assert_eq!(order.sum().item()?, 45);
//! # Ok::<(), tensor::Error>(())
//! ```
//!
//! Numbers come from Philox, which counts: call `n` of a generator takes stream `n` of its seed, and element `i` of the result is a function
//! of seed, `n` and `i` alone. So the same seed gives the same bits on any number of threads. They are other numbers than PyTorch's.

mod generator;
mod laws;
pub(crate) mod seed;
mod whole;

pub use generator::{Generator, State};

use crate::element::{Differentiable, Numeric};
use crate::error::Result;
use crate::shape::{Dynamic, Shape};
use crate::tensors::Tensor;

static GENERATOR: Generator = Generator::new(0);

/// The generator of the process, which the functions of this module use; its seed is 0 at first.
///
/// ```
/// use tensor::random;
/// assert_eq!(random::generator().seed(), random::seed());
/// ```
pub fn generator() -> &'static Generator {
    &GENERATOR
}

/// Sets the seed of the process's generator, which begins anew. `manual_seed` of the prelude does so too, for models as well.
///
/// ```
/// use tensor::random::{self, Generator};
/// random::manual_seed(7);
/// assert_eq!(random::rand::<f32>(&[3])?, Generator::new(7).rand(&[3])?);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn manual_seed(seed: u64) {
    GENERATOR.manual_seed(seed);
}

/// The seed of the process's generator. PyTorch's `torch.initial_seed()`.
///
/// ```
/// tensor::random::manual_seed(7);
/// assert_eq!(tensor::random::seed(), 7);
/// ```
pub fn seed() -> u64 {
    GENERATOR.seed()
}

/// Where the process's generator stands. PyTorch's `torch.get_rng_state()`.
///
/// ```
/// use tensor::random;
/// random::manual_seed(7);
/// assert_eq!((random::state().seed, random::state().calls), (7, 0));
/// ```
pub fn state() -> State {
    GENERATOR.state()
}

/// Puts the process's generator where it stood. PyTorch's `torch.set_rng_state(state)`.
///
/// ```
/// use tensor::random;
/// let state = random::state();
/// let first = random::rand::<f32>(&[3])?;
/// random::set_state(state);
/// assert_eq!(random::rand::<f32>(&[3])?, first);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn set_state(state: State) {
    GENERATOR.set_state(state);
}

/// Runs `body`, after which the process's generator stands where it stood before. PyTorch's `torch.random.fork_rng()`.
///
/// ```
/// use tensor::random;
/// let before = random::state();
/// random::fork(|| random::rand::<f32>(&[3]))?;
/// assert_eq!(random::state(), before);
/// # Ok::<(), tensor::Error>(())
/// ```
pub fn fork<R>(body: impl FnOnce() -> R) -> R {
    struct Back(State);
    impl Drop for Back {
        fn drop(&mut self) {
            GENERATOR.set_state(self.0);
        }
    }
    let _back = Back(GENERATOR.state());
    body()
}

macro_rules! of_the_process {
    ($($name:ident<$T:ident: $Bound:ident>($($argument:ident: $A:ty),*), $call:literal;)*) => {
        $(
            #[doc = concat!("[`Generator::", stringify!($name), "`] of the process's generator.")]
            ///
            /// ```
            /// use tensor::random::{self, Generator};
            /// random::manual_seed(7);
            #[doc = concat!("assert_eq!(random::", stringify!($name), $call, "?, Generator::new(7).", stringify!($name), $call, "?);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// As there.
            pub fn $name<$T: $Bound>($($argument: $A),*) -> Result<Tensor<Dynamic, $T>> {
                GENERATOR.$name($($argument),*)
            }
        )*
    };
}

of_the_process! {
    rand<T: Differentiable>(sizes: &[usize]), "::<f32>(&[3])";
    randn<T: Differentiable>(sizes: &[usize]), "::<f32>(&[3])";
    uniform<T: Differentiable>(low: f64, high: f64, sizes: &[usize]), "::<f32>(-1., 1., &[3])";
    normal<T: Differentiable>(mean: f64, deviation: f64, sizes: &[usize]), "::<f32>(5., 2., &[3])";
    exponential<T: Differentiable>(rate: f64, sizes: &[usize]), "::<f32>(4., &[3])";
    randint<T: Numeric>(low: i64, high: i64, sizes: &[usize]), "::<i64>(1, 7, &[3])";
}

/// [`Generator::randperm`] of the process's generator.
///
/// ```
/// use tensor::random::{self, Generator};
/// random::manual_seed(7);
/// assert_eq!(random::randperm(5)?, Generator::new(7).randperm(5)?);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// As there.
pub fn randperm(count: usize) -> Result<Tensor<Dynamic, i64>> {
    GENERATOR.randperm(count)
}

/// [`Generator::multinomial`] of the process's generator.
///
/// ```
/// use tensor::prelude::*;
/// assert_eq!(tensor::random::multinomial(&tensor![0., 3., 0.], 1, false)?.to_vec()?, [1]);
/// # Ok::<(), tensor::Error>(())
/// ```
///
/// # Errors
/// As there.
pub fn multinomial<T: Differentiable>(
    weights: &Tensor<impl Shape, T>,
    count: usize,
    replacement: bool,
) -> Result<Tensor<Dynamic, i64>> {
    GENERATOR.multinomial(weights, count, replacement)
}

macro_rules! elementwise {
    ($($name:ident)*) => {
        $(
            #[doc = concat!("[`Generator::", stringify!($name), "`] of the process's generator.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            /// use tensor::random::{self, Generator};
            /// let x = tensor![0.5, 1.];
            /// random::manual_seed(7);
            #[doc = concat!("assert_eq!(random::", stringify!($name), "(&x)?, Generator::new(7).", stringify!($name), "(&x)?);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// As there.
            pub fn $name<S: Shape, T: Differentiable>(x: &Tensor<S, T>) -> Result<Tensor<S, T>> {
                GENERATOR.$name(x)
            }
        )*
    };
}

elementwise! { rand_like randn_like bernoulli gamma poisson }
