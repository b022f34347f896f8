//! The state of a model beside its parameters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::device::Device;
use crate::kernels::chain::Random;
use crate::model::{Home, Program};

/// Where the random numbers of a model begin: its first parameters, and its dropouts.
///
/// The default is the process's own, another for each model: see [`manual_seed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Sets the seed that the next model without one of its own gets, such as `net!(..)` as an expression; the model after that
/// gets the next number, and so on. A process begins with 0.
///
/// ```
/// use tensor::prelude::*;
/// manual_seed(7);
/// let first = net!(linear(2, 1));
/// manual_seed(7);
/// let again = net!(linear(2, 1));
/// assert_eq!(*first.0.weight, *again.0.weight);
/// ```
pub fn manual_seed(seed: u64) {
    NEXT.store(seed, Ordering::Relaxed);
}

impl Default for Seed {
    fn default() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// Device, mode, random numbers, and the frames that wait for the next forward.
#[derive(Debug)]
pub struct Core {
    device: Device,
    seed: AtomicU64,
    calls: AtomicU64,
    training: AtomicBool,
    home: Arc<Home>,
}

impl Core {
    pub(crate) fn new(device: Device, seed: u64) -> Self {
        Self {
            device,
            seed: AtomicU64::new(seed),
            calls: AtomicU64::new(0),
            training: AtomicBool::new(true),
            home: Arc::default(),
        }
    }

    /// Where the model is.
    pub fn device(&self) -> Device {
        self.device
    }

    /// The seed it was made with.
    pub fn seed(&self) -> Seed {
        Seed(self.seed.load(Ordering::Relaxed))
    }

    /// Whether dropouts drop.
    pub fn is_training(&self) -> bool {
        self.training.load(Ordering::Relaxed)
    }

    pub(crate) fn set_training(&self, training: bool) {
        self.training.store(training, Ordering::Relaxed);
    }

    pub(crate) fn home(&self) -> &Arc<Home> {
        &self.home
    }

    /// How many passes took random numbers so far.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Goes on where another model was.
    pub(crate) fn resume(&self, seed_of: &Self) {
        self.calls.store(seed_of.calls(), Ordering::Relaxed);
        self.set_training(seed_of.is_training());
    }

    pub(crate) fn set_seed(&self, seed: u64) {
        self.seed.store(seed, Ordering::Relaxed);
    }

    pub(crate) fn set_calls(&self, calls: u64) {
        self.calls.store(calls, Ordering::Relaxed);
    }

    /// The random numbers of the next pass; none where nothing drops.
    pub(crate) fn random(&self, program: &Program) -> Option<Random> {
        (program.streams > 0 && self.is_training()).then(|| Random {
            seed: self.seed().0,
            // From 1 on: the streams of call 0 are those that the first parameters were drawn from.
            call: self.calls.fetch_add(1, Ordering::Relaxed) + 1,
        })
    }
}
