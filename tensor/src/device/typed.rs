//! From element types as values to element types as types: what every backend does first.

/// `$body` with `$T` as the type that an operand has, which is one in which models compute.
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
            other => unreachable!("`Backend::supports` says that it is not for {}", other.name()),
        }
    };
}

/// `$body` with `$T` as the type of whole numbers that an operand has.
macro_rules! integer {
    ($operand:expr, $T:ident => $body:expr) => {
        match $operand.buffer.dtype() {
            $crate::element::DType::I64 => {
                type $T = i64;
                $body
            }
            $crate::element::DType::I32 => {
                type $T = i32;
                $body
            }
            $crate::element::DType::U8 => {
                type $T = u8;
                $body
            }
            other => unreachable!("`Backend::supports` says that it is not for {}", other.name()),
        }
    };
}

/// `$body` with `$T` as the type that an operand has.
macro_rules! element {
    ($operand:expr, $T:ident => $body:expr) => {
        match $operand.buffer.dtype() {
            $crate::element::DType::I64 | $crate::element::DType::I32 | $crate::element::DType::U8 => {
                integer!($operand, $T => $body)
            }
            $crate::element::DType::F32 | $crate::element::DType::F64 => float!($operand, $T => $body),
            $crate::element::DType::F16 => {
                type $T = half::f16;
                $body
            }
            $crate::element::DType::BF16 => {
                type $T = half::bf16;
                $body
            }
            $crate::element::DType::Bool => {
                type $T = bool;
                $body
            }
        }
    };
}

pub(crate) use {element, float, integer};
