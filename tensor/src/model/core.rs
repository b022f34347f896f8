//! The state of a model beside its parameters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::device::Device;
use crate::kernels::chain::Random;
use crate::model::{Home, Program, around};
use crate::nn::Builder;
use crate::random::seed::Seed;
use crate::tape::drawn;

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
    /// The state of a model that is being laid out.
    pub fn new(builder: &Builder<'_>) -> Self {
        Self {
            device: builder.device(),
            seed: AtomicU64::new(builder.seed().0),
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

    /// Whether dropouts drop. Inside the body of another model's forward that one's mode holds.
    pub fn is_training(&self) -> bool {
        around::is_training().unwrap_or_else(|| self.training.load(Ordering::Relaxed))
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
        self.set_training(seed_of.training.load(Ordering::Relaxed));
    }

    /// Goes on where a file says, as far as it does.
    pub(crate) fn resume_at(&self, seed: Option<u64>, calls: Option<u64>) {
        if let Some(seed) = seed {
            self.seed.store(seed, Ordering::Relaxed);
        }
        if let Some(calls) = calls {
            self.calls.store(calls, Ordering::Relaxed);
        }
    }

    /// The random numbers of the next pass; none where nothing drops.
    pub(crate) fn random(&self, program: &Program) -> Option<Random> {
        if program.streams == 0 || !self.is_training() {
            return None;
        }
        let own = || Random {
            seed: self.seed().0,
            // From 1 on: the streams of call 0 are those that the first parameters were drawn from.
            call: drawn(|| self.calls.fetch_add(1, Ordering::Relaxed) + 1),
        };
        around::random().unwrap_or_else(|| Some(own()))
    }
}
