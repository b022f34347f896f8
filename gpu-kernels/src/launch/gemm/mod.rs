//! Launchers of matrix products.

use super::grid::BLOCK;
use super::{Gpu, Launch, family};
use crate::blas;
use crate::chain::{Code, Step};
use crate::error::Result;
use crate::operand::Operand;
use crate::ptr::{Float, Ptr};

mod plan;

pub use plan::Tiles;
use plan::{Kernel, Layout, Pair, Plan, Shape};

family! {
    /// The kernels of `gemm.cu`.
    pub(crate) struct Gemm from "gemm" {
        gemm_large_kn[f32, f64](product: Product);
        gemm_large_kk[f32, f64](product: Product);
        gemm_large_mn[f32, f64](product: Product);
        gemm_large_mk[f32, f64](product: Product);
        gemm_small_kn[f32, f64](product: Product);
        gemm_small_kk[f32, f64](product: Product);
        gemm_small_mn[f32, f64](product: Product);
        gemm_small_mk[f32, f64](product: Product);
        gemm_any[f32, f64](product: Product);
        gemm_dots[f32, f64](product: Product);
        gemm_columns[f32, f64](product: Product);
        gemm_join[f32, f64](product: Product, partial: u64, parts: i64, slices: i32);
    }
}

/// What follows a product: `v = out + bias[col]`, `pre = v`, `out = activation(v)`.
#[derive(Debug)]
pub struct Epilogue<T> {
    /// `[n]`.
    pub bias: Option<Ptr<T>>,
    /// `[m, n]`: where the value before the activation goes.
    pub pre: Option<Ptr<T>>,
    /// Any step but a dropout.
    pub activation: Option<Step>,
}

impl<T> Clone for Epilogue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Epilogue<T> {}

impl<T> Default for Epilogue<T> {
    fn default() -> Self {
        Self {
            bias: None,
            pre: None,
            activation: None,
        }
    }
}

impl<T> Epilogue<T> {
    /// Refuses a dropout: its numbers need a seed.
    fn check(&self) {
        assert!(
            self.activation.is_none_or(|step| step.code != Code::Dropout),
            "a dropout is no activation of a product"
        );
    }
}

const ACCUMULATE: u32 = 1;
const ACTIVATE: u32 = 2;
const PARTIAL: u32 = 4;

/// The struct `MatrixProduct` of `product.cuh`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Product {
    a: u64,
    a_row: i64,
    a_col: i64,
    b: u64,
    b_row: i64,
    b_col: i64,
    out: u64,
    bias: u64,
    pre: u64,
    m: i64,
    n: i64,
    k: i64,
    part: i64,
    flags: u32,
    step: Step,
}

/// Multiplications from which on the library is asked: that alone takes the host 5 to 10 microseconds more than a launch (measured
/// on an H200), in which our kernels are through with a smaller product.
const WORK_FOR_LIBRARY: usize = 1 << 26;

/// The activations that the kernels of products know themselves.
fn is_known(step: &Step) -> bool {
    step.code as u32 <= Code::Softplus as u32
}

impl Gpu {
    /// `out (+)= a b`, then what the epilogue says. With `k` of 0 the product is zero.
    ///
    /// Shapes: `a` `[m, k]` and `b` `[k, n]` of any strides, `out` `[m, n]` row by row without gaps. The bits are the same every time on
    /// the same kind of device; where few blocks would have all the work, `k` is cut, and the parts are added in order.
    ///
    /// # Safety
    /// All elements of the operands lie in this device's memory; `out`, and `pre` apart from it, are of `m * n` elements of it, apart
    /// from the operands and the bias.
    ///
    /// # Errors
    /// No memory for the sums of parts; the device is lost.
    ///
    /// # Panics
    /// If the activation is a dropout: that needs a seed.
    #[allow(clippy::too_many_arguments)]
    pub unsafe fn gemm<T: Float>(
        &self,
        a: Operand<T>,
        b: Operand<T>,
        out: Ptr<T>,
        m: usize,
        n: usize,
        k: usize,
        accumulate: bool,
        epilogue: Epilogue<T>,
    ) -> Result<()> {
        epilogue.check();
        let multiprocessors = self.info().multiprocessors as usize;
        let plan = |shape: &Shape| Plan::of(shape, multiprocessors);
        // SAFETY: the caller's promise.
        unsafe {
            match self.gemm_by_library(a, b, out, [m, n], k, accumulate, epilogue) {
                Some(result) => result,
                None => self.gemm_planned(plan, a, b, out, [m, n], k, accumulate, epilogue),
            }
        }
    }

    /// By cuBLASLt, where it is installed and takes the product. It knows a bias and a ReLU; anything else follows in a launch more.
    ///
    /// # Safety
    /// As [`Gpu::gemm`].
    #[allow(clippy::too_many_arguments)]
    unsafe fn gemm_by_library<T: Float>(
        &self,
        a: Operand<T>,
        b: Operand<T>,
        out: Ptr<T>,
        [m, n]: [usize; 2],
        k: usize,
        accumulate: bool,
        epilogue: Epilogue<T>,
    ) -> Option<Result<()>> {
        let blas = self.blas.as_ref().filter(|_| m * n * k >= WORK_FOR_LIBRARY)?;
        let Epilogue { bias, pre, activation } = epilogue;
        let is_whole = pre.is_none() && activation.is_none_or(|step| step.code == Code::Relu);
        let product = blas::Product {
            a,
            b,
            out,
            m,
            n,
            k,
            accumulate,
            bias: bias.filter(|_| is_whole),
            relu: is_whole && activation.is_some(),
        };
        // SAFETY: the caller's promise.
        let result = unsafe { blas.try_gemm(self, product)? };
        if is_whole || result.is_err() {
            return Some(result);
        }
        // SAFETY: as above.
        Some(unsafe { self.bias_chain(activation.as_slice(), 0, out, bias, pre, out, m, n) })
    }

    /// As [`Gpu::gemm`], by tiles of this size and with `k` cut into so many parts or about as many: for checks and measurements.
    ///
    /// # Safety
    /// As [`Gpu::gemm`].
    ///
    /// # Errors
    /// As [`Gpu::gemm`].
    ///
    /// # Panics
    /// As [`Gpu::gemm`].
    #[allow(clippy::too_many_arguments)]
    pub unsafe fn gemm_by_tiles<T: Float>(
        &self,
        tiles: Tiles,
        parts: usize,
        a: Operand<T>,
        b: Operand<T>,
        out: Ptr<T>,
        m: usize,
        n: usize,
        k: usize,
        accumulate: bool,
        epilogue: Epilogue<T>,
    ) -> Result<()> {
        epilogue.check();
        let plan = |shape: &Shape| Plan::by_tiles(shape, tiles, parts);
        // SAFETY: the caller's promise.
        unsafe { self.gemm_planned(plan, a, b, out, [m, n], k, accumulate, epilogue) }
    }

    /// # Safety
    /// As [`Gpu::gemm`].
    #[allow(clippy::too_many_arguments)]
    unsafe fn gemm_planned<T: Float>(
        &self,
        plan: impl FnOnce(&Shape) -> Plan,
        a: Operand<T>,
        b: Operand<T>,
        out: Ptr<T>,
        [m, n]: [usize; 2],
        k: usize,
        accumulate: bool,
        epilogue: Epilogue<T>,
    ) -> Result<()> {
        let activation = epilogue.activation;
        if m == 0 || n == 0 {
            return Ok(());
        }
        let known = activation.filter(is_known);
        let address = |ptr: Option<Ptr<T>>| ptr.map_or(0, Ptr::address);
        let product = Product {
            a: a.ptr.address(),
            a_row: a.row as i64,
            a_col: a.col as i64,
            b: b.ptr.address(),
            b_row: b.row as i64,
            b_col: b.col as i64,
            out: out.address(),
            bias: address(epilogue.bias),
            pre: address(epilogue.pre),
            m: m as i64,
            n: n as i64,
            k: k as i64,
            part: k as i64,
            flags: u32::from(accumulate) * ACCUMULATE + u32::from(known.is_some()) * ACTIVATE,
            step: known.unwrap_or(Step::new(Code::Relu, 0.0, 0.0)),
        };
        let (bytes, steps) = (size_of::<T>(), [[a.row, a.col], [b.col, b.row]]);
        let shape = Shape {
            sides: [m, n],
            k,
            bytes,
            layouts: [
                Layout::of(product.a, bytes, steps[0], m),
                Layout::of(product.b, bytes, steps[1], n),
            ],
            steps,
        };
        // SAFETY: the caller's promise.
        unsafe {
            self.multiply::<T>(product, plan(&shape))?;
            match activation {
                Some(step) if !is_known(&step) => self.chain(&[step], 0, out, out, m * n),
                _ => Ok(()),
            }
        }
    }

    /// # Safety
    /// As [`Gpu::gemm`].
    unsafe fn multiply<T: Float>(&self, product: Product, plan: Plan) -> Result<()> {
        let at = self.launch((plan.blocks as u32, plan.parts as u32, 1), (plan.threads, 1, 1), 0)?;
        let part = plan.part as i64;
        if plan.parts == 1 {
            // SAFETY: the caller's promise.
            return unsafe { self.launch_product::<T>(at, Product { part, ..product }, plan) };
        }
        let count = (product.m * product.n) as usize;
        self.with_scratch(plan.parts * count * size_of::<T>(), |partial| {
            let parts = Product {
                part,
                out: partial,
                bias: 0,
                pre: 0,
                flags: PARTIAL,
                ..product
            };
            let width = BLOCK / plan.slices();
            let join = self.launch((count.div_ceil(width) as u32, 1, 1), (BLOCK as u32, 1, 1), 0)?;
            // SAFETY: the caller's promise; the scratch memory has room for the product of every part.
            unsafe {
                self.launch_product::<T>(at, parts, plan)?;
                self.kernels.gemm.gemm_join(
                    T::INDEX,
                    join,
                    product,
                    partial,
                    plan.parts as i64,
                    plan.slices() as i32,
                )
            }
        })
    }

    /// # Safety
    /// As [`Gpu::gemm`], of what the product says.
    unsafe fn launch_product<T: Float>(&self, at: Launch<'_>, product: Product, plan: Plan) -> Result<()> {
        let (kernels, which) = (&self.kernels.gemm, T::INDEX);
        // SAFETY: the caller's promise.
        unsafe {
            match plan.kernel {
                Kernel::Dots => kernels.gemm_dots(which, at, product),
                Kernel::Columns => kernels.gemm_columns(which, at, product),
                Kernel::Any => kernels.gemm_any(which, at, product),
                Kernel::Large(Pair::Kn) => kernels.gemm_large_kn(which, at, product),
                Kernel::Large(Pair::Kk) => kernels.gemm_large_kk(which, at, product),
                Kernel::Large(Pair::Mn) => kernels.gemm_large_mn(which, at, product),
                Kernel::Large(Pair::Mk) => kernels.gemm_large_mk(which, at, product),
                Kernel::Small(Pair::Kn) => kernels.gemm_small_kn(which, at, product),
                Kernel::Small(Pair::Kk) => kernels.gemm_small_kk(which, at, product),
                Kernel::Small(Pair::Mn) => kernels.gemm_small_mn(which, at, product),
                Kernel::Small(Pair::Mk) => kernels.gemm_small_mk(which, at, product),
            }
        }
    }
}
