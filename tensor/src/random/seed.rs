//! Where random numbers begin.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::random;

/// Where the random numbers of a model begin: its first parameters, and its dropouts.
///
/// The default is the process's own, another for each model: see [`manual_seed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

impl Seed {
    /// A seed for the `index`-th of what begins with this one, unlike that of any other: Steele, Lea and Flood's SplitMix64.
    pub(crate) fn part(self, index: u64) -> Self {
        let step = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = self.0.wrapping_add(step);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(mixed ^ (mixed >> 31))
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Sets the seed that the next model without one of its own gets, such as `net!(..)` as an expression; the model after that
/// gets the next number, and so on; and that of [`random::generator`](crate::random::generator). A process begins with 0.
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
    random::manual_seed(seed);
}

impl Default for Seed {
    fn default() -> Self {
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}
