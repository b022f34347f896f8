//! A CUDA device: what runs on it runs in the order of its one stream.

mod access;
mod chains;
mod elements;
mod errors;
mod matrices;
mod places;
mod primitives;
mod recurrent;
mod rows;
mod rules;
mod steps;
mod storage;
mod support;
mod updates;

use std::sync::{Mutex, PoisonError};

use gpu_kernels::Gpu;
use tensor_ops::Unary;

use self::steps::{Chain, chain};
use crate::device::{Backend, Keep, Matrix, MemoryUse, Operation, Pool, View};
use crate::element::DType;
use crate::error::{Error, Result};
use crate::kernels::chain::Random;

pub(super) use support::supports;

/// A device and what is kept of it.
#[derive(Debug)]
struct Cuda {
    name: String,
    gpu: &'static Gpu,
    pool: Pool,
}

/// The devices that were opened so far. They are never closed: a device is a value that is copied freely.
static OPENED: Mutex<Vec<&'static Cuda>> = Mutex::new(Vec::new());

/// The device of this number.
pub(crate) fn open(index: usize) -> Result<&'static dyn Backend> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(device) = opened.iter().find(|device| device.gpu.index() == index) {
        return Ok(*device);
    }
    let gpu = gpu(index)?;
    let device: &'static Cuda = Box::leak(Box::new(Cuda {
        name: name_of(index),
        gpu,
        pool: Pool::new(Keep::Headers),
    }));
    opened.push(device);
    Ok(device)
}

fn name_of(index: usize) -> String {
    format!("cuda:{index}")
}

fn gpu(index: usize) -> Result<&'static Gpu> {
    Gpu::open(index).map_err(|error| errors::named(&name_of(index), error))
}

pub(crate) fn count() -> Result<usize> {
    gpu_kernels::device_count().map_err(|error| errors::named("cuda", error))
}

pub(crate) fn name(index: usize) -> Result<String> {
    Ok(gpu(index)?.info().name.clone())
}

pub(crate) fn memory(index: usize) -> Result<MemoryUse> {
    let gpu = gpu(index)?;
    let memory = gpu.memory();
    Ok(MemoryUse {
        total: gpu.info().total_memory,
        in_use: memory.in_use,
        peak: memory.peak,
        reserved: memory.reserved,
    })
}

pub(crate) fn empty_cache(index: usize) -> Result<()> {
    gpu(index)?
        .release_unused()
        .map_err(|error| errors::named(&name_of(index), error))
}

impl Backend for Cuda {
    fn name(&self) -> &str {
        &self.name
    }

    fn supports(&self, operation: Operation, dtype: DType) -> bool {
        supports(operation, dtype)
    }
}

impl Cuda {
    /// An error of the driver's as ours.
    fn named(&self, error: gpu_kernels::Error) -> Error {
        errors::named(&self.name, error)
    }

    /// Runs an operation, if the device has it for such elements.
    fn attempt<R>(
        &self,
        operation: Operation,
        dtype: DType,
        launch: impl FnOnce() -> gpu_kernels::Result<R>,
    ) -> Result<R> {
        if !self.supports(operation, dtype) {
            return Err(self.unsupported(operation, dtype));
        }
        launch().map_err(|error| match error {
            // More axes than a kernel's argument has room for: it is not there for such operands.
            gpu_kernels::Error::TooManyAxes { .. } => self.unsupported(operation, dtype),
            error => self.named(error),
        })
    }

    /// As [`Cuda::attempt`], of what computes `outs`: what goes wrong stays in them.
    fn run(&self, operation: Operation, outs: &[Matrix<'_>], launch: impl FnOnce() -> gpu_kernels::Result<()>) {
        let dtype = outs.first().map_or(DType::F32, |out| out.buffer.dtype());
        if let Err(error) = self.attempt(operation, dtype, launch) {
            for out in outs {
                out.buffer.fail(error.clone());
            }
        }
    }

    /// As [`Cuda::run`], for what a chain of operations is a part of.
    fn run_chain(
        &self,
        operation: Operation,
        (ops, random): (&[Unary], Option<Random>),
        outs: &[Matrix<'_>],
        launch: impl FnOnce(&Chain) -> gpu_kernels::Result<()>,
    ) {
        match chain(ops, random) {
            Ok(chain) => self.run(operation, outs, || launch(&chain)),
            Err(op) => {
                for out in outs {
                    out.buffer
                        .fail(self.unsupported(Operation::Unary(op), out.buffer.dtype()));
                }
            }
        }
    }

    /// As [`Cuda::run`], for one view.
    fn run_view(&self, operation: Operation, out: View<'_>, launch: impl FnOnce() -> gpu_kernels::Result<()>) {
        self.run(operation, &[Matrix::new(out.buffer, 0, 0, 0)], launch);
    }

    /// As [`Cuda::run_view`], of an operation that the kernels may have a number for.
    fn run_known<C>(
        &self,
        operation: Operation,
        code: Option<C>,
        out: View<'_>,
        launch: impl FnOnce(C) -> gpu_kernels::Result<()>,
    ) {
        match code {
            Some(code) => self.run_view(operation, out, || launch(code)),
            None => out.buffer.fail(self.unsupported(operation, out.buffer.dtype())),
        }
    }

    fn unsupported(&self, operation: Operation, dtype: DType) -> Error {
        Error::Unsupported {
            operation: operation.name(),
            device: self.name.clone(),
            element: dtype.name(),
        }
    }
}
