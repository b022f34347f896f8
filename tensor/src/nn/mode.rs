//! Training or evaluation.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a layer trains or is used: dropouts drop, and statistics are taken and kept, in training alone.
///
/// A field of layers for which it matters; the layer's own `train()` and `eval()` change it. It begins as training. A clone is a copy.
#[derive(Debug)]
pub struct Mode(AtomicBool);

impl Mode {
    /// Whether it is training.
    pub fn is_training(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set_training(&self, training: bool) {
        self.0.store(training, Ordering::Relaxed);
    }
}

impl Default for Mode {
    fn default() -> Self {
        Self(AtomicBool::new(true))
    }
}

impl Clone for Mode {
    fn clone(&self) -> Self {
        Self(AtomicBool::new(self.is_training()))
    }
}
