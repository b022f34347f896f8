//! The instruction sets, chosen once at run time: AVX-512, AVX2 with fused multiply-add, and what every target has.
//!
//! A kernel is one generic body, `#[inline(always)]`, which `tiered!` compiles once for each [`Tier`] inside a function
//! with that tier's instructions enabled; loops over slices are then vectorised by the compiler with those instructions.
//! Only products name vector registers themselves, through [`Lanes`].
//!
//! `TENSOR_SIMD=portable` or `avx2` holds the choice down, to test the other tiers on a machine that has more.

mod lanes;
pub mod stream;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::sync::atomic::{AtomicU8, Ordering};

use super::real::Real;
pub use lanes::{Array, Lanes};

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What the target always has.
    Portable = 1,
    /// AVX2 and FMA.
    Avx2 = 2,
    /// AVX-512 F, BW, DQ, VL and FMA.
    Avx512 = 3,
}

/// An instruction set as a type. A value can only be used inside code that has its instructions enabled.
pub trait Tier: Copy + 'static {
    /// Which one.
    const LEVEL: Level;
    /// Whether a fused multiply-add is one instruction.
    const FUSED: bool;
    /// Rows of a product's tile: with two registers a row they fill the registers.
    const ROWS: usize;
    /// Its register of single precision.
    type F32: Lanes<f32>;
    /// Its register of double precision.
    type F64: Lanes<f64>;

    /// `a * b + c`, in one instruction or two.
    #[inline(always)]
    fn mul_add<T: Real>(a: T, b: T, c: T) -> T {
        if Self::FUSED { a.fused(b, c) } else { a * b + c }
    }
}

/// What the target always has.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Tier for Portable {
    const LEVEL: Level = Level::Portable;
    const FUSED: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
    const ROWS: usize = 4;
    type F32 = Array<f32, 4>;
    type F64 = Array<f64, 2>;
}

/// AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub struct Avx2;

#[cfg(target_arch = "x86_64")]
impl Tier for Avx2 {
    const LEVEL: Level = Level::Avx2;
    const FUSED: bool = true;
    const ROWS: usize = 6;
    type F32 = x86::Avx2F32;
    type F64 = x86::Avx2F64;
}

/// AVX-512.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug)]
pub struct Avx512;

#[cfg(target_arch = "x86_64")]
impl Tier for Avx512 {
    const LEVEL: Level = Level::Avx512;
    const FUSED: bool = true;
    const ROWS: usize = 14;
    type F32 = x86::Avx512F32;
    type F64 = x86::Avx512F64;
}

/// Asks for the cache line of an address, which may lie anywhere.
#[inline(always)]
pub fn prefetch<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch does not fault, and every x86-64 has it.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}

/// The best instruction set of this machine.
#[inline(always)]
pub fn level() -> Level {
    match LEVEL.load(Ordering::Relaxed) {
        3 => Level::Avx512,
        2 => Level::Avx2,
        1 => Level::Portable,
        _ => detect(),
    }
}

static LEVEL: AtomicU8 = AtomicU8::new(0);

#[cold]
#[inline(never)]
fn detect() -> Level {
    let wanted = match std::env::var("TENSOR_SIMD").as_deref() {
        Ok("portable") => Level::Portable,
        Ok("avx2") => Level::Avx2,
        Ok(_) | Err(_) => Level::Avx512,
    };
    let level = wanted.min(available());
    LEVEL.store(level as u8, Ordering::Relaxed);
    level
}

#[cfg(target_arch = "x86_64")]
fn available() -> Level {
    let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    let avx512 = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match (avx2, avx512) {
        (true, true) => Level::Avx512,
        (true, false) => Level::Avx2,
        (false, _) => Level::Portable,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn available() -> Level {
    Level::Portable
}

/// Compiles one body for every [`Tier`] and calls the one of this machine.
///
/// ```text
/// tiered! { pub fn scale<S, T>(factor: T, x: &mut [T]) { for x in x { *x = *x * factor; } } }
/// ```
macro_rules! tiered {
    ($(#[$meta:meta])* $vis:vis fn $name:ident<$S:ident, $T:ident $(, $F:ident: $bound:path)?>(
        $($arg:ident: $ty:ty),* $(,)?
    ) $(-> $ret:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(clippy::too_many_arguments)]
        #[inline]
        $vis fn $name<$T: $crate::kernels::real::Real $(, $F: $bound)?>($($arg: $ty),*) $(-> $ret)? {
            // A body of plain loops names no instruction.
            #[inline(always)]
            #[allow(clippy::too_many_arguments, clippy::extra_unused_type_parameters)]
            fn body<$S: $crate::kernels::simd::Tier, $T: $crate::kernels::real::Real $(, $F: $bound)?>($($arg: $ty),*) $(-> $ret)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
            #[allow(clippy::too_many_arguments)]
            fn avx512<$T: $crate::kernels::real::Real $(, $F: $bound)?>($($arg: $ty),*) $(-> $ret)? {
                body::<$crate::kernels::simd::Avx512, $T $(, $F)?>($($arg),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
            #[allow(clippy::too_many_arguments)]
            fn avx2<$T: $crate::kernels::real::Real $(, $F: $bound)?>($($arg: $ty),*) $(-> $ret)? {
                body::<$crate::kernels::simd::Avx2, $T $(, $F)?>($($arg),*)
            }

            match $crate::kernels::simd::level() {
                // SAFETY: `level` has seen that the machine has these instructions.
                #[cfg(target_arch = "x86_64")]
                $crate::kernels::simd::Level::Avx512 => unsafe { avx512::<$T $(, $F)?>($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::kernels::simd::Level::Avx2 => unsafe { avx2::<$T $(, $F)?>($($arg),*) },
                #[cfg(not(target_arch = "x86_64"))]
                $crate::kernels::simd::Level::Avx512 | $crate::kernels::simd::Level::Avx2 => {
                    body::<$crate::kernels::simd::Portable, $T $(, $F)?>($($arg),*)
                }
                $crate::kernels::simd::Level::Portable => {
                    body::<$crate::kernels::simd::Portable, $T $(, $F)?>($($arg),*)
                }
            }
        }
    };
}

pub(crate) use tiered;
