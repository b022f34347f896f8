//! From element types as values to element types as types: what every backend does first.

/// `$body` with `$T` as the float type that an operand has.
macro_rules! float {
    ($operand:expr, $T:ident => $body:expr) => {
        match $operand.buffer.dtype() {
            $crate::element::DType::F32 => {
                type $T = f32;
                $body
            }
            $crate::element::DType::F64 => {
                type $T = f64;
                $body
            }
            $crate::element::DType::I64 => unreachable!("`Backend::supports` says that it is for floats"),
        }
    };
}

/// `$body` with `$T` as the type that an operand has.
macro_rules! element {
    ($operand:expr, $T:ident => $body:expr) => {
        match $operand.buffer.dtype() {
            $crate::element::DType::I64 => {
                type $T = i64;
                $body
            }
            $crate::element::DType::F32 | $crate::element::DType::F64 => float!($operand, $T => $body),
        }
    };
}

pub(super) use {element, float};
