//! Where random numbers come from.

use std::sync::{Mutex, PoisonError};

use crate::kernels::random::Stream;

/// What the streams of generators have and those of models have not: one seed gives both other numbers.
const STREAMS: u64 = 1 << 63;

/// Where a generator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The seed.
    pub seed: u64,
    /// How many calls have taken numbers.
    pub calls: u64,
}

/// A source of random numbers with a seed of its own, for any number of threads. PyTorch's `torch.Generator`.
///
/// ```
/// use tensor::random::Generator;
/// let generator = Generator::new(7);
/// let first = generator.rand::<f64>(&[3])?;
/// let state = generator.state();
/// let second = generator.rand::<f64>(&[3])?;
/// assert_ne!(first, second);
/// generator.set_state(state);
/// assert_eq!(generator.rand::<f64>(&[3])?, second);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Debug)]
pub struct Generator {
    state: Mutex<State>,
}

impl Generator {
    /// A generator with a seed.
    ///
    /// ```
    /// use tensor::random::Generator;
    /// assert_eq!(Generator::new(7).randn::<f32>(&[3])?, Generator::new(7).randn::<f32>(&[3])?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub const fn new(seed: u64) -> Self {
        Self {
            state: Mutex::new(State { seed, calls: 0 }),
        }
    }

    /// Begins anew with a seed.
    ///
    /// ```
    /// let generator = tensor::random::Generator::new(7);
    /// let first = generator.rand::<f32>(&[3])?;
    /// generator.manual_seed(7);
    /// assert_eq!(generator.rand::<f32>(&[3])?, first);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn manual_seed(&self, seed: u64) {
        self.set_state(State { seed, calls: 0 });
    }

    /// The seed. PyTorch's `initial_seed()`.
    ///
    /// ```
    /// assert_eq!(tensor::random::Generator::new(7).seed(), 7);
    /// ```
    pub fn seed(&self) -> u64 {
        self.state().seed
    }

    /// Where it stands. PyTorch's `get_state()`.
    ///
    /// ```
    /// let generator = tensor::random::Generator::new(7);
    /// generator.rand::<f32>(&[3])?;
    /// assert_eq!((generator.state().seed, generator.state().calls), (7, 1));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts it where it stood, or where another stands.
    ///
    /// ```
    /// use tensor::random::Generator;
    /// let (one, other) = (Generator::new(7), Generator::new(8));
    /// other.set_state(one.state());
    /// assert_eq!(one.rand::<f32>(&[3])?, other.rand::<f32>(&[3])?);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn set_state(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The numbers of the next call.
    pub(crate) fn next(&self) -> Stream {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let call = state.calls;
        state.calls = call.wrapping_add(1);
        Stream::new(state.seed, STREAMS | call)
    }
}

impl Clone for Generator {
    /// Another generator, which goes on from the same place.
    fn clone(&self) -> Self {
        Self {
            state: Mutex::new(self.state()),
        }
    }
}
