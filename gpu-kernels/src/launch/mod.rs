//! Launchers: what kernels take, said once for the host.

mod elementwise;
mod gemm;
mod layer_norm;
mod linear;
mod loss;
mod optimizers;
mod random;
mod reduce;
mod softmax;
mod strided;

use std::ffi::c_void;

use crate::error::Result;
use crate::module::{Function, Module};
use crate::stream::Stream;

pub use gemm::{Epilogue, Operand, Tiles};
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
    /// Where it waits for its turn.
    pub(crate) stream: &'a Stream,
}

/// Declares the kernels of a family: `softmax[f32, f64](x: u64, rows: i64)` stands for `softmax_f32` and `softmax_f64` with these
/// parameters. A kernel without instances has empty brackets.
///
/// It makes the struct; `load`, which finds the kernels in the family's module; a method for each kernel, whose first argument
/// says which instance; and `SIGNATURES`, which a test compares with the PTX.
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
            $( $kernel: &'static [$crate::module::Function], )*
        }

        impl $family {
            /// Every kernel's full name, with the bytes of each of its parameters.
            pub(crate) const SIGNATURES: &'static [(&'static str, &'static [usize])] = &{
                const NAMES: &[(&[&str], &[usize])] = &[
                    $( (family!(@names $kernel [$($instance),*]), &[$( size_of::<$type>() ),*]), )*
                ];
                $crate::launch::flatten::<{ $crate::launch::count(NAMES) }>(NAMES)
            };

            /// Finds the kernels, in the current context.
            pub(crate) fn load() -> $crate::error::Result<Self> {
                let module = $crate::module::Module::load($module)?;
                Ok(Self {
                    $( $kernel: $crate::launch::functions(module, family!(@names $kernel [$($instance),*]))?, )*
                })
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
                    unsafe { $crate::launch::launch(self.$kernel[which], at, &mut arguments) }
                }
            )*
        }
    };
    (@names $kernel:ident []) => { &[stringify!($kernel)] };
    (@names $kernel:ident [$($instance:ident),+]) => { &[$( concat!(stringify!($kernel), "_", stringify!($instance)) ),+] };
}
pub(crate) use family;

/// # Safety
/// As [`Stream::launch`].
pub(crate) unsafe fn launch(function: Function, at: Launch<'_>, arguments: &mut [*mut c_void]) -> Result<()> {
    // SAFETY: the caller promises it.
    unsafe { at.stream.launch(function, at.grid, at.block, at.shared, arguments) }
}

/// The kernels of these names.
pub(crate) fn functions(module: &'static Module, names: &[&str]) -> Result<&'static [Function]> {
    let functions: Result<Vec<Function>> = names.iter().map(|name| module.function(name)).collect();
    Ok(functions?.leak())
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
        /// Every family of kernels, loaded.
        #[derive(Debug)]
        pub(crate) struct Kernels {
            $( pub(crate) $field: $family, )*
        }

        impl Kernels {
            /// Loads all families into the context that `enter` makes current. The driver compiles them at the first time on a
            /// machine, which takes seconds, so each has a thread.
            pub(crate) fn load(enter: &(dyn Fn() -> Result<()> + Sync)) -> Result<Self> {
                std::thread::scope(|scope| {
                    $( let $field = scope.spawn(|| enter().and_then(|()| <$family>::load())); )*
                    Ok(Self { $( $field: $field.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?, )* })
                })
            }
        }

        /// Each family with what the host says of its kernels: every full name, and the bytes of each parameter.
        pub const SIGNATURES: &[(&str, &[(&str, &[usize])])] = &[$( ($module, <$family>::SIGNATURES) ),*];
    };
}

// A family has three lines: its module above, its field here, its launchers' file.
kernels! {
    elementwise: elementwise::Elementwise, "elementwise";
    strided: strided::StridedKernels, "strided";
    random: random::Random, "random";
    optimizers: optimizers::Optimizers, "optimizers";
    gemm: gemm::Gemm, "gemm";
    reduce: reduce::Reductions, "reduce";
    softmax: softmax::Softmax, "softmax";
    layer_norm: layer_norm::LayerNorm, "layer_norm";
    loss: loss::Losses, "loss";
}
