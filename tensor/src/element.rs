//! Element types: what a tensor can hold.

use std::fmt::{Debug, Display};

use half::{bf16, f16};

use crate::kernels::Real;

/// An element type as a value: buffers carry it, backends match on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DType {
    /// 32-bit floats.
    F32,
    /// 64-bit floats.
    F64,
    /// 16-bit floats of IEEE 754: 11 bits of precision, up to 65504.
    F16,
    /// The upper half of a 32-bit float: 8 bits of precision, its range.
    BF16,
    /// 64-bit integers: labels, indices.
    I64,
    /// 32-bit integers.
    I32,
    /// Bytes.
    U8,
    /// Truth values: masks.
    Bool,
}

/// The kinds of elements. What an operation takes is said in these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With fractions.
    Float,
    /// Whole numbers.
    Integer,
    /// True or false.
    Bool,
}

impl DType {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::F32,
        Self::F64,
        Self::F16,
        Self::BF16,
        Self::I64,
        Self::I32,
        Self::U8,
        Self::Bool,
    ];

    /// The name that Rust gives the type.
    ///
    /// ```
    /// assert_eq!(tensor::DType::BF16.name(), "bf16");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::F16 => "f16",
            Self::BF16 => "bf16",
            Self::I64 => "i64",
            Self::I32 => "i32",
            Self::U8 => "u8",
            Self::Bool => "bool",
        }
    }

    /// Its kind.
    ///
    /// ```
    /// use tensor::{DType, Kind};
    /// assert_eq!((DType::F16.kind(), DType::U8.kind(), DType::Bool.kind()), (Kind::Float, Kind::Integer, Kind::Bool));
    /// ```
    pub const fn kind(self) -> Kind {
        match self {
            Self::F32 | Self::F64 | Self::F16 | Self::BF16 => Kind::Float,
            Self::I64 | Self::I32 | Self::U8 => Kind::Integer,
            Self::Bool => Kind::Bool,
        }
    }

    /// Whether models can compute in it.
    ///
    /// ```
    /// use tensor::DType;
    /// assert!(DType::F64.is_float() && !DType::F16.is_float() && !DType::I64.is_float());
    /// ```
    pub const fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// A number that is added where a division by 0 might be; where it is 0, the distance from 1 to the next number.
    pub(crate) fn or_epsilon(self, eps: f64) -> f64 {
        match self {
            _ if eps != 0.0 => eps,
            Self::F64 => f64::EPSILON,
            Self::F16 => f64::powi(2.0, -10),
            Self::BF16 => f64::powi(2.0, -7),
            _ => f64::from(f32::EPSILON),
        }
    }

    /// Whether it is a float of 16 bits, which is computed with as `f32` and rounded once.
    ///
    /// ```
    /// use tensor::DType;
    /// assert!(DType::BF16.is_half() && !DType::F32.is_half());
    /// ```
    pub const fn is_half(self) -> bool {
        matches!(self, Self::F16 | Self::BF16)
    }

    /// Bytes of one element.
    ///
    /// ```
    /// assert_eq!(tensor::DType::ALL.map(tensor::DType::size), [4, 8, 2, 2, 8, 4, 1, 1]);
    /// ```
    pub const fn size(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::BF16 => 2,
            Self::U8 | Self::Bool => 1,
        }
    }

    /// [`Element::Float`] as a value.
    ///
    /// ```
    /// use tensor::DType;
    /// assert_eq!((DType::F16.float(), DType::I64.float()), (DType::F16, DType::F32));
    /// ```
    pub const fn float(self) -> Self {
        match self.kind() {
            Kind::Float => self,
            Kind::Integer | Kind::Bool => Self::F32,
        }
    }

    /// [`Element::Sum`] as a value.
    ///
    /// ```
    /// use tensor::DType;
    /// assert_eq!((DType::F16.sum(), DType::Bool.sum()), (DType::F16, DType::I64));
    /// ```
    pub const fn sum(self) -> Self {
        match self.kind() {
            Kind::Float => self,
            Kind::Integer | Kind::Bool => Self::I64,
        }
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A type that tensors hold: `f32`, `f64`, `f16`, `bf16`, `i64`, `i32`, `u8` or `bool`.
///
/// Elements of two types never meet in one operation: that does not compile, and `Tensor::cast` says
/// which is meant. Two results have a type of their own: functions with fractions (`sin`, `/`) of integers and truth values are `f32`, sums and
/// products of them `i64`.
pub trait Element:
    sealed::Sealed + Copy + Default + PartialEq + PartialOrd + Debug + Display + Send + Sync + 'static
{
    /// The same type as a value.
    const DTYPE: DType;
    /// What a function with fractions makes of such elements: floats stay, others become `f32`.
    type Float: Differentiable;
    /// What sums and products of such elements are: floats stay, others become `i64`.
    type Sum: Element;
    /// The nearest value of this type; what is too large for an integer becomes its largest.
    fn from_f64(value: f64) -> Self;
    /// The value in double precision; integers beyond 2^53 are rounded.
    fn as_f64(self) -> f64;
    /// The value of this type with the same lowest bits; of a truth value, whether it is not 0.
    fn from_i64(value: i64) -> Self;
    /// The whole part, cut to what 64 bits hold.
    fn as_i64(self) -> i64;
}

/// An element type that has arithmetic: all but `bool`.
pub trait Numeric: Element {}

/// An element type without fractions that has arithmetic: `i64`, `i32` or `u8`.
pub trait Integer: Numeric {}

/// An element type that has bits of its own: the integers and `bool`.
pub trait Bits: Element {}

/// An element type with fractions, of which gradients are taken: `f32`, `f64`, `f16` or `bf16`.
pub trait Differentiable: Numeric + Element<Float = Self, Sum = Self> {}

/// An element type in which models compute: `f32` (the default everywhere) or `f64`.
pub trait Float: Differentiable + Real {}

/// A number of 16 bits, rounded once: fast where the number is one of 32 bits.
#[inline(always)]
fn half<T>(value: f64, narrow: impl Fn(f32) -> T, exact: impl Fn(f64) -> T) -> T {
    let single = value as f32;
    if f64::from(single) == value || value.is_nan() {
        narrow(single)
    } else {
        exact(value)
    }
}

macro_rules! element {
    ($($T:ident $dtype:ident $float:ident $sum:ident, $from:expr, $to:expr, $from_whole:expr, $to_whole:expr;)*) => {
        $(
            impl sealed::Sealed for $T {}

            impl Element for $T {
                const DTYPE: DType = DType::$dtype;
                type Float = $float;
                type Sum = $sum;

                #[inline(always)]
                fn from_f64(value: f64) -> Self {
                    $from(value)
                }
                #[inline(always)]
                fn as_f64(self) -> f64 {
                    $to(self)
                }
                #[inline(always)]
                fn from_i64(value: i64) -> Self {
                    $from_whole(value)
                }
                #[inline(always)]
                fn as_i64(self) -> i64 {
                    $to_whole(self)
                }
            }
        )*
    };
}

element! {
    f32 F32 f32 f32, |x| x as f32, |x| x as f64, |x| x as f32, |x| x as i64;
    f64 F64 f64 f64, |x| x, |x| x, |x| x as f64, |x| x as i64;
    f16 F16 f16 f16, |x| half(x, f16::from_f32, f16::from_f64_const), f16::to_f64, |x| f16::from_f64(x as f64), |x| f16::to_f64(x) as i64;
    bf16 BF16 bf16 bf16, |x| half(x, bf16::from_f32, bf16::from_f64_const), bf16::to_f64, |x| bf16::from_f64(x as f64), |x| bf16::to_f64(x) as i64;
    i64 I64 f32 i64, |x| x as i64, |x| x as f64, |x| x, |x| x;
    i32 I32 f32 i64, |x| x as i32, |x| x as f64, |x| x as i32, |x| x as i64;
    u8 U8 f32 i64, |x| x as u8, |x| x as f64, |x| x as u8, |x| x as i64;
    bool Bool f32 i64, |x| x != 0.0, |x| f64::from(u8::from(x)), |x| x != 0, i64::from;
}

impl Numeric for f32 {}
impl Numeric for f64 {}
impl Numeric for f16 {}
impl Numeric for bf16 {}
impl Numeric for i64 {}
impl Numeric for i32 {}
impl Numeric for u8 {}

impl Integer for i64 {}
impl Integer for i32 {}
impl Integer for u8 {}

impl Bits for i64 {}
impl Bits for i32 {}
impl Bits for u8 {}
impl Bits for bool {}

impl Differentiable for f32 {}
impl Differentiable for f64 {}
impl Differentiable for f16 {}
impl Differentiable for bf16 {}

impl Float for f32 {}
impl Float for f64 {}
