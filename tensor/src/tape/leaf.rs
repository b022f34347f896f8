//! Where the gradient of a tensor that the user made is kept.

use std::sync::{Mutex, PoisonError};

use crate::device::Device;
use crate::element::DType;
use crate::error::Error;
use crate::layout::Axes;
use crate::tape::{Hook, Value};

/// The gradient of a tensor that the user made.
#[derive(Debug)]
pub(crate) struct Leaf {
    gradient: Mutex<Option<Value>>,
    hooks: Mutex<Vec<Hook>>,
    device: Device,
    dtype: DType,
    sizes: Axes<usize>,
}

impl Leaf {
    /// A leaf for a value.
    pub(crate) fn of(value: &Value) -> Self {
        Self {
            gradient: Mutex::default(),
            hooks: Mutex::default(),
            device: value.device(),
            dtype: value.dtype(),
            sizes: value.sizes().into(),
        }
    }

    pub(crate) fn hook(&self, hook: Hook) {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner).push(hook);
    }

    pub(crate) fn hooks(&self) -> Vec<Hook> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Leaves an error where the gradient should be.
    pub(crate) fn poison(&self, error: &Error) {
        let failed = Value::poisoned(self.device, self.dtype, &self.sizes, error.clone());
        *self.gradient.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
    }

    pub(crate) fn gradient(&self) -> Option<Value> {
        self.gradient.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn clear(&self) {
        *self.gradient.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(crate) fn accumulate(&self, gradient: Value) {
        let mut slot = self.gradient.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = Some(match slot.take() {
            None => gradient,
            Some(sum) => sum.plus(&gradient),
        });
    }
}
