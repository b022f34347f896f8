//! [`Memory`]: elements of a type that is a value, as whole numbers, which every type has.

use gpu_kernels::{Ptr, Type, Typed};
use tensor::{bf16, f16};

use super::view::View;
use crate::Chance;
use crate::gpu::naive::Array;

/// Elements on the device, between bytes that must stay as they are.
#[derive(Debug)]
pub(super) struct Memory {
    of: Type,
    words: Array<i64>,
    count: usize,
}

/// What lies before and behind.
const GUARD: i64 = 0x5a5a_5a5a_5a5a_5a5a;

/// The bytes of an element.
fn encoded(of: Type, number: i64) -> Vec<u8> {
    let wide = number as f64;
    match of {
        Type::F32 => (wide as f32).to_ne_bytes().to_vec(),
        Type::F64 => wide.to_ne_bytes().to_vec(),
        Type::F16 => f16::from_f64(wide).to_ne_bytes().to_vec(),
        Type::BF16 => bf16::from_f64(wide).to_ne_bytes().to_vec(),
        Type::I64 => number.to_ne_bytes().to_vec(),
        Type::I32 => (number as i32).to_ne_bytes().to_vec(),
        Type::U8 => vec![number as u8],
        Type::Bool => vec![u8::from(number != 0)],
    }
}

/// The number that some bytes are; NaN is the least there is.
fn decoded(of: Type, bytes: &[u8]) -> i64 {
    let whole = |x: f64| if x.is_nan() { i64::MIN } else { x as i64 };
    match of {
        Type::F32 => whole(f32::from_ne_bytes(bytes.try_into().expect("four bytes")).into()),
        Type::F64 => whole(f64::from_ne_bytes(bytes.try_into().expect("eight bytes"))),
        Type::F16 => whole(f16::from_ne_bytes(bytes.try_into().expect("two bytes")).into()),
        Type::BF16 => whole(bf16::from_ne_bytes(bytes.try_into().expect("two bytes")).into()),
        Type::I64 => i64::from_ne_bytes(bytes.try_into().expect("eight bytes")),
        Type::I32 => i32::from_ne_bytes(bytes.try_into().expect("four bytes")).into(),
        Type::U8 => bytes[0].into(),
        Type::Bool => {
            assert!(bytes[0] < 2, "a truth value is 0 or 1");
            bytes[0].into()
        }
    }
}

/// The number that is left of one as an element of this type.
pub(super) fn kept(of: Type, number: i64) -> i64 {
    decoded(of, &encoded(of, number))
}

impl Memory {
    /// These numbers.
    pub(super) fn new(of: Type, numbers: &[i64]) -> Self {
        let mut bytes: Vec<u8> = numbers.iter().flat_map(|&number| encoded(of, number)).collect();
        bytes.resize(bytes.len().next_multiple_of(8), 0x5a);
        let words = bytes
            .chunks(8)
            .map(|word| i64::from_ne_bytes(word.try_into().expect("eight bytes")));
        let words: Vec<i64> = std::iter::once(GUARD).chain(words).chain([GUARD]).collect();
        Self {
            of,
            words: Array::new(crate::gpu::gpu(), &words),
            count: numbers.len(),
        }
    }

    /// So many small numbers around 0.
    pub(super) fn random(of: Type, chance: &mut Chance, count: usize) -> (Self, Vec<i64>) {
        let numbers: Vec<i64> = (0..count).map(|_| kept(of, chance.below(9) as i64 - 3)).collect();
        (Self::new(of, &numbers), numbers)
    }

    /// The address of the first.
    pub(super) fn address(&self) -> u64 {
        self.words.ptr().offset(1).address()
    }

    /// All of them.
    ///
    /// # Panics
    /// If a byte beside them was written.
    #[track_caller]
    pub(super) fn read(&self) -> Vec<i64> {
        let words = self.words.read();
        assert!(
            words[0] == GUARD && words.last() == Some(&GUARD),
            "written beside the data"
        );
        let bytes: Vec<u8> = words[1..].iter().flat_map(|word| word.to_ne_bytes()).collect();
        let size = self.of.size();
        let (data, behind) = bytes.split_at(self.count * size);
        assert!(behind.iter().all(|&byte| byte == 0x5a), "written behind the data");
        data.chunks(size).map(|bytes| decoded(self.of, bytes)).collect()
    }

    /// A view of them as launchers take it.
    pub(super) fn seen<'a>(&self, view: &'a View) -> Typed<'a> {
        Typed {
            of: self.of,
            address: self.address() + (view.first * self.of.size()) as u64,
            strides: &view.strides,
        }
    }

    /// The same, of `i64`.
    pub(super) fn seen_as_indices<'a>(&self, view: &'a View) -> gpu_kernels::Strided<'a, i64> {
        assert_eq!(self.of, Type::I64);
        gpu_kernels::Strided {
            ptr: Ptr::new(self.seen(view).address),
            strides: &view.strides,
        }
    }
}
