//! A tensor as a safetensors file holds it.

use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::{Any, Refusal};

/// A tensor as a safetensors file holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The element type as PyTorch calls it; complex numbers are stored as two of theirs.
    pub word: &'static str,
    /// The size of each axis.
    pub sizes: Vec<usize>,
    /// The elements in double precision.
    pub numbers: Vec<f64>,
    /// The elements, where they are integers.
    pub integers: Option<Vec<i64>>,
}

impl Stored {
    /// Reads a tensor of a file.
    ///
    /// # Errors
    /// Where its element type is none that PyTorch's files have.
    pub fn read(view: &TensorView<'_>) -> Result<Self, String> {
        let bytes = view.data();
        let (word, numbers, integers) = match view.dtype() {
            Dtype::F64 => ("float64", each(bytes, f64::from_le_bytes), None),
            Dtype::F32 => ("float32", each(bytes, |bytes| f32::from_le_bytes(bytes).into()), None),
            Dtype::BF16 => ("bfloat16", each(bytes, |bytes| brain(u16::from_le_bytes(bytes))), None),
            Dtype::F16 => ("float16", each(bytes, |bytes| half(u16::from_le_bytes(bytes))), None),
            Dtype::I64 => whole("int64", each(bytes, i64::from_le_bytes)),
            Dtype::I32 => whole("int32", each(bytes, |bytes| i32::from_le_bytes(bytes).into())),
            Dtype::I16 => whole("int16", each(bytes, |bytes| i16::from_le_bytes(bytes).into())),
            Dtype::I8 => whole("int8", each(bytes, |bytes| i8::from_le_bytes(bytes).into())),
            Dtype::U8 => whole("uint8", each(bytes, |bytes: [u8; 1]| bytes[0].into())),
            Dtype::BOOL => whole("bool", each(bytes, |bytes: [u8; 1]| (bytes[0] != 0).into())),
            other => return Err(format!("tensors of {other:?}")),
        };
        Ok(Self {
            word,
            sizes: view.shape().to_vec(),
            numbers,
            integers,
        })
    }

    /// As a tensor of the library.
    ///
    /// # Errors
    /// Where the element type is missing there.
    pub fn any(&self) -> Result<Any, Refusal> {
        match (&self.integers, self.word) {
            (Some(integers), "int64") => {
                Ok(tensor::Tensor::<tensor::Dynamic, i64>::from_slice(integers, &self.sizes)?.into())
            }
            _ => Any::from_numbers(self.word, &self.numbers, &self.sizes),
        }
    }

    /// The largest of the values that are finite.
    pub fn largest(&self) -> f64 {
        let finite = self.numbers.iter().filter(|number| number.is_finite());
        finite.fold(0.0, |largest, number| number.abs().max(largest))
    }
}

/// The tensors that integers make.
type Parts = (&'static str, Vec<f64>, Option<Vec<i64>>);

fn whole(word: &'static str, integers: Vec<i64>) -> Parts {
    (
        word,
        integers.iter().map(|&number| number as f64).collect(),
        Some(integers),
    )
}

fn each<N, const SIZE: usize>(bytes: &[u8], number: impl Fn([u8; SIZE]) -> N) -> Vec<N> {
    bytes.as_chunks::<SIZE>().0.iter().map(|chunk| number(*chunk)).collect()
}

/// The upper half of a `float32`.
fn brain(bits: u16) -> f64 {
    f32::from_bits(u32::from(bits) << 16).into()
}

/// Five bits of exponent, ten of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    sign * match exponent {
        0 => fraction * 2f64.powi(-14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits() {
        let found = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00].map(half);
        assert_eq!(found, [1.0, -2.0, 2f64.powi(-24), 65504.0, f64::INFINITY]);
        assert!(half(0x7e00).is_nan());
        assert_eq!([0x3f80, 0xc040].map(brain), [1.0, -3.0]);
    }
}
