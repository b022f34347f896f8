//! Matrix products by cuBLASLt, where it is installed.
//!
//! The library is looked for at run time and nothing depends on it. What it does not take is left to the kernels of ours:
//! `launch/gemm` decides.

mod plan;

use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::{Mutex, OnceLock, PoisonError};

use cudarc::cublaslt::{result, sys};

use self::plan::{Key, Lay, Plan};
use crate::device::Device;
use crate::error::{Error, Result};
use crate::operand::Operand;
use crate::ptr::{Float, Ptr};

/// The variable that turns the library off where it is `0`.
const VARIABLE: &str = "TENSOR_CUBLAS";

/// What NVIDIA advises for Hopper; others need less.
const WORKSPACE_BYTES: usize = 32 << 20;

/// More plans than any program has shapes; then all are made anew.
const MOST_PLANS: usize = 4096;

/// `out (+)= a b + bias`, `out = max(out, 0)`: the products that the library knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product<T> {
    /// `[m, k]`.
    pub(crate) a: Operand<T>,
    /// `[k, n]`.
    pub(crate) b: Operand<T>,
    /// `[m, n]`, row by row without gaps.
    pub(crate) out: Ptr<T>,
    pub(crate) m: usize,
    pub(crate) n: usize,
    pub(crate) k: usize,
    /// Whether the product is added to what is there.
    pub(crate) accumulate: bool,
    /// `[n]`.
    pub(crate) bias: Option<Ptr<T>>,
    /// Whether what is negative becomes 0 at the end.
    pub(crate) relu: bool,
}

/// The library, for one device.
#[derive(Debug)]
pub(crate) struct Blas {
    handle: sys::cublasLtHandle_t,
    /// By what they are for; none where the library has no algorithm.
    plans: Mutex<HashMap<Key, Option<Plan>>>,
    /// Its address and size. All products are in one stream, so they share it.
    workspace: OnceLock<(u64, usize)>,
}

// SAFETY: the library's handles may be used by any thread.
unsafe impl Send for Blas {}
// SAFETY: plans are behind a lock, and handles may be used by several threads at once.
unsafe impl Sync for Blas {}

impl Blas {
    /// The library for the current context's device; none where it is not installed or not wanted.
    pub(crate) fn open() -> Option<Self> {
        let off = std::env::var_os(VARIABLE).is_some_and(|value| value == "0");
        // The library finds the card's driver by itself, whatever driver we were given.
        if off || cuda_shim::is_instead() {
            return None;
        }
        // SAFETY: the initialisers of NVIDIA's library may run in any program.
        if !unsafe { sys::is_culib_present() } {
            return None;
        }
        Some(Self {
            handle: result::create_handle().ok()?,
            plans: Mutex::default(),
            workspace: OnceLock::new(),
        })
    }

    /// Multiplies, if the library can; nothing where it cannot.
    ///
    /// # Safety
    /// All elements of the operands lie in this device's memory; `out` is of `m * n` elements of it, apart from the others.
    pub(crate) unsafe fn try_gemm<T: Float>(&self, device: &Device, product: Product<T>) -> Option<Result<()>> {
        let key = Key::of(&product)?;
        if let Err(error) = device.enter() {
            return Some(Err(error));
        }
        let (workspace, workspace_bytes) = *self.workspace.get_or_init(|| {
            // Without a workspace the library takes other algorithms.
            device
                .allocate(WORKSPACE_BYTES)
                .map_or((0, 0), |address| (address, WORKSPACE_BYTES))
        });
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if plans.len() >= MOST_PLANS {
            plans.clear();
        }
        let plan = plans
            .entry(key)
            .or_insert_with(|| Plan::new(self.handle, &key, workspace_bytes).ok());
        let plan = plan.as_ref()?;
        // The bias is a part of the plan, which is ours while the lock is.
        if let Some(Err(error)) = product.bias.map(|bias| plan.set_bias(bias.address())) {
            return Some(Err(failed("cublasLtMatmulDescSetAttribute", error)));
        }
        let (one, beta) = (
            Scale::<T>::of(1.0),
            Scale::<T>::of(if product.accumulate { 1.0 } else { 0.0 }),
        );
        let at = |ptr: Ptr<T>| ptr.address() as *const c_void;
        // Row by row is column by column of the transposed: out' = b' a'.
        // SAFETY: the plan is of these operands; the caller promises the memory.
        let answer = unsafe {
            result::matmul(
                self.handle,
                plan.description.0,
                one.as_ptr(),
                beta.as_ptr(),
                at(product.b.ptr),
                plan.b.0,
                at(product.a.ptr),
                plan.a.0,
                at(product.out),
                plan.out.0,
                product.out.address() as *mut c_void,
                plan.out.0,
                &raw const plan.algorithm,
                workspace as *mut c_void,
                workspace_bytes,
                device.stream.raw() as sys::cudaStream_t,
            )
        };
        match answer {
            // It chose what it cannot do: with the workspace that there is, or at all. It is not asked again.
            Err(error) if is_refusal(error) => {
                plans.insert(key, None);
                None
            }
            answer => Some(answer.map_err(|error| failed("cublasLtMatmul", error))),
        }
    }
}

/// A factor in the type that the library wants it in: that of the elements.
struct Scale<T>(T);

impl<T: Float> Scale<T> {
    fn of(factor: f64) -> Self {
        Self(T::from_f64(factor))
    }

    fn as_ptr(&self) -> *const c_void {
        (&raw const self.0).cast()
    }
}

/// Whether the library did nothing, so that our kernels can.
fn is_refusal(error: result::CublasError) -> bool {
    use sys::cublasStatus_t as Status;
    matches!(
        error.0,
        Status::CUBLAS_STATUS_NOT_SUPPORTED
            | Status::CUBLAS_STATUS_INVALID_VALUE
            | Status::CUBLAS_STATUS_ARCH_MISMATCH
            | Status::CUBLAS_STATUS_ALLOC_FAILED
    )
}

fn failed(call: &'static str, error: result::CublasError) -> Error {
    Error::Driver {
        call,
        code: error.0 as u32,
        what: format!("{:?}", error.0),
    }
}

impl Key {
    /// What the library must know to choose an algorithm; none where it does not take such operands.
    fn of<T: Float>(product: &Product<T>) -> Option<Self> {
        let (m, n, k) = (product.m, product.n, product.k);
        if m == 0 || n == 0 || k == 0 || product.bias.is_some_and(|bias| bias.address() % 16 != 0) {
            return None;
        }
        Some(Self {
            double: T::INDEX == 1,
            sizes: [m, n, k],
            a: Lay::of(product.a, m, k)?,
            b: Lay::of(product.b, k, n)?,
            out_alignment: plan::alignment(product.out.address()),
            accumulate: product.accumulate,
            bias: product.bias.is_some(),
            relu: product.relu,
        })
    }
}
