//! Launchers: what kernels take, said once for the host.

mod elements;
mod elementwise;
mod functions;
mod gemm;
mod gpu;
mod grid;
mod layer_norm;
mod linear;
mod loss;
mod optimizers;
mod places;
mod random;
mod reduce;
mod softmax;
mod strided;
mod whole;

use std::ffi::c_void;
use std::sync::Arc;

use crate::device::Device;
use crate::error::Result;
use crate::module::{Family, Kernel};
use crate::stream::Function;

pub use elements::Typed;
pub use gemm::{Epilogue, Tiles};
pub use gpu::Gpu;
pub use grid::SHARED_WITH_KERNELS;
pub use layer_norm::LayerNormGrads;
pub use linear::Linear;
pub use optimizers::{Adam, Sgd};
pub use reduce::{Extreme, Reduce};
pub use strided::Binary;

/// How a kernel is laid out over the device.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Launch<'a> {
    /// Blocks.
    pub(crate) grid: (u32, u32, u32),
    /// Threads of a block.
    pub(crate) block: (u32, u32, u32),
    /// Bytes of shared memory that the launch adds to what the kernel declares.
    pub(crate) shared: u32,
    /// The device, in whose stream it waits for its turn.
    pub(crate) device: &'a Device,
}

/// Declares the kernels of a family: `softmax[f32, f64](x: u64, rows: i64)` stands for `softmax_f32` and `softmax_f64` with these
/// parameters. A kernel without instances has empty brackets.
///
/// It makes the struct; `new`; a method for each kernel, whose first argument says which instance; and `SIGNATURES`, which a test
/// compares with the PTX.
macro_rules! family {
    (
        $(#[$attribute:meta])*
        $visible:vis struct $family:ident from $module:literal {
            $( $kernel:ident [ $($instance:ident),* ] ( $($argument:ident : $type:ty),* $(,)? ); )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug)]
        $visible struct $family {
            $( pub(crate) $kernel: Box<[$crate::module::Kernel]>, )*
        }

        impl $family {
            /// Every kernel's full name, with the bytes of each of its parameters.
            pub(crate) const SIGNATURES: &'static [(&'static str, &'static [usize])] = &{
                const NAMES: &[(&[&str], &[usize])] = &[
                    $( (family!(@names $kernel [$($instance),*]), &[$( size_of::<$type>() ),*]), )*
                ];
                $crate::launch::flatten::<{ $crate::launch::count(NAMES) }>(NAMES)
            };

            /// The kernels of one device; none is loaded yet.
            pub(crate) fn new() -> Self {
                let family = $crate::module::Family::new($module);
                Self {
                    $( $kernel: $crate::launch::kernels_of(&family, family!(@names $kernel [$($instance),*])), )*
                }
            }

            $(
                /// # Safety
                /// Pointers among the arguments are of memory that the kernel may use so until the launch is done.
                #[allow(clippy::too_many_arguments)]
                pub(crate) unsafe fn $kernel(
                    &self,
                    which: usize,
                    at: $crate::launch::Launch<'_>,
                    $( $argument: $type ),*
                ) -> $crate::error::Result<()> {
                    let mut arguments = [$( (&raw const $argument).cast_mut().cast::<std::ffi::c_void>() ),*];
                    // SAFETY: the types are those of the kernel, which a test compares; the caller promises the rest.
                    unsafe { $crate::launch::launch(self.$kernel[which].function(at.device)?, at, &mut arguments) }
                }
            )*
        }
    };
    (@names $kernel:ident []) => { &[stringify!($kernel)] };
    (@names $kernel:ident [$($instance:ident),+]) => { &[$( concat!(stringify!($kernel), "_", stringify!($instance)) ),+] };
}
pub(crate) use family;

/// # Safety
/// As `Stream::launch`.
pub(crate) unsafe fn launch(function: Function, at: Launch<'_>, arguments: &mut [*mut c_void]) -> Result<()> {
    // SAFETY: the caller promises it.
    unsafe {
        at.device
            .stream
            .launch(function, at.grid, at.block, at.shared, arguments)
    }
}

/// The kernels of these names.
pub(crate) fn kernels_of(family: &Arc<Family>, names: &[&'static str]) -> Box<[Kernel]> {
    names.iter().map(|name| Kernel::new(family, name)).collect()
}

type Signature = (&'static str, &'static [usize]);
type Instances = (&'static [&'static str], &'static [usize]);

/// How many kernels there are with all their instances.
pub(crate) const fn count(kernels: &[Instances]) -> usize {
    let (mut index, mut sum) = (0, 0);
    while index < kernels.len() {
        sum += kernels[index].0.len();
        index += 1;
    }
    sum
}

/// One signature for each instance.
pub(crate) const fn flatten<const N: usize>(kernels: &[Instances]) -> [Signature; N] {
    let mut all: [Signature; N] = [("", &[]); N];
    let (mut at, mut kernel) = (0, 0);
    while kernel < kernels.len() {
        let mut instance = 0;
        while instance < kernels[kernel].0.len() {
            all[at] = (kernels[kernel].0[instance], kernels[kernel].1);
            (at, instance) = (at + 1, instance + 1);
        }
        kernel += 1;
    }
    all
}

/// Lists the families: each is a line, its field and its type.
macro_rules! kernels {
    ($( $field:ident: $family:path, $module:literal; )*) => {
        /// Every family of kernels.
        #[derive(Debug)]
        pub(crate) struct Kernels {
            $( pub(crate) $field: $family, )*
        }

        impl Kernels {
            /// The kernels of one device; none is loaded yet.
            pub(crate) fn new() -> Self {
                Self { $( $field: <$family>::new(), )* }
            }
        }

        /// Each family with what the host says of its kernels: every full name, and the bytes of each parameter.
        pub const SIGNATURES: &[(&str, &[(&str, &[usize])])] = &[$( ($module, <$family>::SIGNATURES) ),*];
    };
}

// A family has three lines: its module above, its field here, its launchers' file.
kernels! {
    elementwise: elementwise::Elementwise, "elementwise";
    elements: elements::Elements, "elements";
    functions: functions::Functions, "functions";
    whole: whole::WholeNumbers, "whole";
    places: places::Places, "places";
    strided: strided::StridedKernels, "strided";
    random: random::Random, "random";
    optimizers: optimizers::Optimizers, "optimizers";
    gemm: gemm::Gemm, "gemm";
    reduce: reduce::Reductions, "reduce";
    softmax: softmax::Softmax, "softmax";
    layer_norm: layer_norm::LayerNorm, "layer_norm";
    loss: loss::Losses, "loss";
}
