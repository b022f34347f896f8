//! Tensors as data of the crate `serde`: element type, sizes, and the elements row by row.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{self, Serialize, SerializeStruct, Serializer};

use crate::device::Device;
use crate::element::{DType, Element};
use crate::layout::{describe, len};
use crate::shape::Shape;
use crate::tape::Value;
use crate::tensors::Tensor;

/// The words for floats that texts such as JSON have no numbers for.
const WORDS: [(&str, f64); 3] = [("nan", f64::NAN), ("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY)];

/// One element.
struct Item<T>(T);

impl<T: Element> Serialize for Item<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (number, whole) = (self.0.as_f64(), self.0.as_i64());
        if serializer.is_human_readable() && !number.is_finite() {
            let word = WORDS.iter().find(|(_, value)| value.total_cmp(&number).is_eq());
            return serializer.serialize_str(word.map_or("nan", |(word, _)| word));
        }
        match T::DTYPE {
            DType::F64 => serializer.serialize_f64(number),
            DType::F32 | DType::F16 | DType::BF16 => serializer.serialize_f32(number as f32),
            DType::I64 => serializer.serialize_i64(whole),
            DType::I32 => serializer.serialize_i32(whole as i32),
            DType::U8 => serializer.serialize_u8(whole as u8),
            DType::Bool => serializer.serialize_bool(whole != 0),
        }
    }
}

impl<'de, T: Element> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = Reader(PhantomData);
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(visitor);
        }
        match T::DTYPE {
            DType::F64 => deserializer.deserialize_f64(visitor),
            DType::F32 | DType::F16 | DType::BF16 => deserializer.deserialize_f32(visitor),
            DType::I64 => deserializer.deserialize_i64(visitor),
            DType::I32 => deserializer.deserialize_i32(visitor),
            DType::U8 => deserializer.deserialize_u8(visitor),
            DType::Bool => deserializer.deserialize_bool(visitor),
        }
    }
}

struct Reader<T>(PhantomData<T>);

impl<T: Element> Visitor<'_> for Reader<T> {
    type Value = Item<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an element of {}", T::DTYPE.name())
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Item<T>, E> {
        match T::DTYPE {
            DType::Bool => Ok(Item(T::from_i64(truth.into()))),
            _ => Err(E::invalid_type(de::Unexpected::Bool(truth), &self)),
        }
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Item<T>, E> {
        let item = match T::DTYPE {
            DType::Bool => return Err(E::invalid_type(de::Unexpected::Signed(number), &self)),
            DType::F32 | DType::F64 | DType::F16 | DType::BF16 => return Ok(Item(T::from_f64(number as f64))),
            DType::I64 | DType::I32 | DType::U8 => T::from_i64(number),
        };
        match item.as_i64() == number {
            true => Ok(Item(item)),
            false => Err(E::invalid_value(de::Unexpected::Signed(number), &self)),
        }
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Item<T>, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => self.visit_f64(number as f64),
        }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Item<T>, E> {
        match T::DTYPE {
            DType::F32 | DType::F64 | DType::F16 | DType::BF16 => Ok(Item(T::from_f64(number))),
            _ => Err(E::invalid_type(de::Unexpected::Float(number), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Item<T>, E> {
        match WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, number)) => self.visit_f64(*number),
            None => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }
}

impl<S: Shape, T: Element> Serialize for Tensor<S, T> {
    /// `{ dtype, sizes, data }`, with the elements row by row. In texts, NaN and infinite numbers are words.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let text = serde_json::to_string(&tensor![[1.5], [2.]]).expect("numbers");
    /// assert_eq!(text, r#"{"dtype":"f32","sizes":[2,1],"data":[1.5,2.0]}"#);
    /// let x: Tensor<Dynamic> = serde_json::from_str(&text).expect("the same");
    /// assert_eq!(x.sizes(), [2, 1]);
    /// ```
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let data = self.to_vec().map_err(ser::Error::custom)?;
        let items: Vec<Item<T>> = data.into_iter().map(Item).collect();
        let mut out = serializer.serialize_struct("Tensor", 3)?;
        out.serialize_field("dtype", T::DTYPE.name())?;
        out.serialize_field("sizes", self.sizes())?;
        out.serialize_field("data", &items)?;
        out.end()
    }
}

/// What [`Tensor`] is read from.
#[derive(serde::Deserialize)]
#[serde(rename = "Tensor", bound = "T: Element")]
struct Parts<T> {
    dtype: String,
    sizes: Vec<usize>,
    data: Vec<Item<T>>,
}

impl<'de, S: Shape, T: Element> Deserialize<'de> for Tensor<S, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = Parts::<T>::deserialize(deserializer)?;
        if parts.dtype != T::DTYPE.name() {
            return Err(de::Error::custom(format!(
                "expected elements of {}, found {}",
                T::DTYPE.name(),
                parts.dtype
            )));
        }
        S::check(&parts.sizes).map_err(de::Error::custom)?;
        if len(&parts.sizes) != parts.data.len() {
            return Err(de::Error::custom(format!(
                "expected {} elements for {}, found {}",
                len(&parts.sizes),
                describe(&parts.sizes),
                parts.data.len()
            )));
        }
        let data: Vec<T> = parts.data.into_iter().map(|item| item.0).collect();
        Ok(Self::of(Value::from_slice(Device::cpu(), &parts.sizes, &data)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Dynamic;
    use half::f16;

    fn comes_back<T: Element>(data: &[T]) -> String {
        let tensor = Tensor::<Dynamic, T>::from(data.to_vec());
        let text = serde_json::to_string(&tensor).expect("text");
        let read: Tensor<Dynamic, T> = serde_json::from_str(&text).expect("the same");
        let bits = |tensor: &Tensor<Dynamic, T>| format!("{:?}", tensor.to_vec().expect("elements"));
        assert_eq!(bits(&read), bits(&tensor));
        text
    }

    #[test]
    fn all_elements_come_back() {
        let text = comes_back(&[
            0.1f32,
            -0.0,
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MIN_POSITIVE,
        ]);
        assert!(text.contains(r#"[0.1,-0.0,"nan","inf","-inf","#), "{text}");
        comes_back(&[0.1f64, f64::MAX]);
        comes_back(&[f16::from_f32(0.1), f16::MAX]);
        comes_back(&[i64::MIN, i64::MAX]);
        comes_back(&[i32::MIN]);
        comes_back(&[0u8, 255]);
        comes_back(&[true, false]);
        comes_back::<f32>(&[]);
    }

    #[test]
    fn other_data_are_errors() {
        let read = |text: &str| {
            serde_json::from_str::<Tensor<Dynamic, u8>>(text)
                .expect_err("other data")
                .to_string()
        };
        let text =
            |dtype: &str, sizes: &str, data: &str| format!(r#"{{"dtype":"{dtype}","sizes":{sizes},"data":{data}}}"#);
        let cases = [
            (text("f32", "[1]", "[1]"), "expected elements of u8, found f32"),
            (text("u8", "[2]", "[1]"), "expected 2 elements for [2], found 1"),
            (text("u8", "[1]", "[256]"), "an element of u8"),
            (text("u8", "[1]", "[1.5]"), "an element of u8"),
            (text("u8", "[1]", "[true]"), "an element of u8"),
            (text("u8", "[1]", "[\"inf\"]"), "an element of u8"),
            (text("u8", "[4294967296,4294967296]", "[]"), "expected"),
        ];
        for (text, words) in cases {
            let error = read(&text);
            assert!(error.contains(words), "{error}");
        }
    }
}
