//! Where the dropouts of a layer have their random numbers from.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::random::seed::Seed;
use crate::tape::drawn;

/// Where the dropouts of a layer have their random numbers from: each forward in training gets others, and what is computed again for a
/// checkpoint the same.
///
/// A field of layers that drop. The same seed gives the same numbers, forward by forward. A clone goes on from the same place.
#[derive(Debug)]
pub struct Chance {
    seed: Seed,
    calls: AtomicU64,
}

impl Chance {
    pub(crate) fn new(seed: Seed) -> Self {
        Self {
            seed,
            calls: AtomicU64::new(0),
        }
    }

    /// The seed of the next forward.
    pub(crate) fn next(&self) -> Seed {
        self.seed.part(drawn(|| self.calls.fetch_add(1, Ordering::Relaxed)))
    }
}

impl Clone for Chance {
    fn clone(&self) -> Self {
        Self {
            seed: self.seed,
            calls: AtomicU64::new(self.calls.load(Ordering::Relaxed)),
        }
    }
}
