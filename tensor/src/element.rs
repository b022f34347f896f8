//! Element types: what a tensor can hold.

use std::fmt::{Debug, Display};

use crate::kernels::Real;

/// An element type as a value: buffers carry it, backends match on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DType {
    /// 32-bit floats.
    F32,
    /// 64-bit floats.
    F64,
    /// 64-bit integers: labels, indices.
    I64,
}

impl DType {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::F32, Self::F64, Self::I64];

    /// The name that Rust gives the type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::I64 => "i64",
        }
    }

    /// Whether models can compute in it.
    pub const fn is_float(self) -> bool {
        match self {
            Self::F32 | Self::F64 => true,
            Self::I64 => false,
        }
    }

    /// Bytes of one element.
    pub const fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F64 | Self::I64 => 8,
        }
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for i64 {}
}

/// A type that tensors hold: `f32`, `f64` or `i64`. Any bytes are a valid value of it.
pub trait Element:
    sealed::Sealed + Copy + Default + PartialEq + PartialOrd + Debug + Display + Send + Sync + 'static
{
    /// The same type as a value.
    const DTYPE: DType;
    /// The nearest value of this type.
    fn from_f64(value: f64) -> Self;
    /// The value in double precision; integers beyond 2^53 are rounded.
    fn as_f64(self) -> f64;
}

/// An element type with fractions, in which models compute: `f32` (the default everywhere) or `f64`.
pub trait Float: Element + Real {}

impl Element for f32 {
    const DTYPE: DType = DType::F32;
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    fn as_f64(self) -> f64 {
        self.into()
    }
}

impl Element for f64 {
    const DTYPE: DType = DType::F64;
    fn from_f64(value: f64) -> Self {
        value
    }
    fn as_f64(self) -> f64 {
        self
    }
}

impl Element for i64 {
    const DTYPE: DType = DType::I64;
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    fn as_f64(self) -> f64 {
        self as f64
    }
}

impl Float for f32 {}
impl Float for f64 {}
