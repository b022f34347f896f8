//! Whether a device can still be used.

use std::sync::OnceLock;

use cust::sys::CUresult;

use crate::driver;
use crate::error::{Error, Result};

/// The state of a device: good, until an answer of the driver says that it is lost. Then every later call gets that error.
#[derive(Debug, Default)]
pub(crate) struct Health {
    fatal: OnceLock<Error>,
}

impl Health {
    /// The error that the device is lost by.
    pub(crate) fn good(&self) -> Result<()> {
        self.fatal.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// The error that the driver's answer stands for; it is kept if it is the device's end.
    pub(crate) fn check(&self, call: &'static str, answer: CUresult) -> Result<()> {
        if answer == CUresult::CUDA_SUCCESS {
            return Ok(());
        }
        self.keep(driver::check(call, answer))
    }

    /// Keeps an error that is the device's end.
    pub(crate) fn keep<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| {
            if error.is_fatal() {
                self.fatal.get_or_init(|| error.clone()).clone()
            } else {
                error
            }
        })
    }
}
