//! A tensor of whatever element type, and the macros that run one expression for all of them.
//!
//! ```text
//! float!(|x| x.exp())                              over a local `x: Any` (or `&Any`)
//! float!(call, |input| input.exp())                the same, with `input` read from the call: argument 0, or the keyword of that name
//! number!(call, |input, other| input.add(other))   arguments 0 and 1, of one element type
//! ```
//!
//! `each!` is for all element types, `number!` for those with arithmetic, `float!` for those with fractions, `real!` for those of these
//! that models compute in (f32 and f64), `integer!` for those without fractions. Inside the expression a name is a `&Tensor<Dynamic, T>`, and `?` works. What comes out may be anything that is
//! [`IntoAnswer`](super::IntoAnswer): tensors of any shape, numbers, lists and tuples of these, results of all that. An element type
//! that the expression does not take is a [`Refusal::Form`].

use tensor::{DType, Dynamic, Element, Error, Kind, Shape, Tensor, bf16, f16};

use super::Refusal;

/// Lists the element types. A new one is added here, and in the macros below.
macro_rules! kinds {
    ($($Kind:ident $T:ty, $word:literal;)*) => {
        /// A tensor of whatever element type.
        #[derive(Clone, Debug)]
        pub enum Any {
            $(#[doc = concat!("Of `", stringify!($T), "`.")] $Kind(Tensor<Dynamic, $T>),)*
        }

        $(
            impl Listed for $T {
                const WORD: &'static str = $word;

                fn wrap(tensor: Tensor<Dynamic, Self>) -> Any {
                    Any::$Kind(tensor)
                }

                fn of(any: &Any) -> Option<&Tensor<Dynamic, Self>> {
                    #[allow(unreachable_patterns, reason = "where there is one kind")]
                    match any {
                        Any::$Kind(tensor) => Some(tensor),
                        _ => None,
                    }
                }
            }
        )*

        impl Any {
            /// The size of each axis.
            pub fn sizes(&self) -> &[usize] {
                match self { $(Self::$Kind(tensor) => tensor.sizes(),)* }
            }

            /// The element type.
            pub fn dtype(&self) -> DType {
                match self { $(Self::$Kind(_) => <$T>::DTYPE,)* }
            }

            /// The element type as PyTorch calls it.
            pub fn word(&self) -> &'static str {
                match self { $(Self::$Kind(_) => $word,)* }
            }

            /// Why the tensor could not be computed, where it could not.
            pub fn error(&self) -> Option<&Error> {
                match self { $(Self::$Kind(tensor) => tensor.error(),)* }
            }

            /// A tensor of an element type that is a value: `numbers` are rounded to it.
            ///
            /// # Errors
            /// Where there are not as many numbers as the sizes say, or the element type is missing here.
            pub fn from_numbers(word: &str, numbers: &[f64], sizes: &[usize]) -> Result<Self, Refusal> {
                match word {
                    $($word => {
                        let data = numbers.iter().map(|&number| <$T as Element>::from_f64(number)).collect();
                        Ok(Self::$Kind(Tensor::from_vec(data, sizes)?))
                    })*
                    _ => Err(Refusal::missing(format!("tensors of {word}"))),
                }
            }

            /// The same values in another element type; the gradient goes through.
            ///
            /// # Errors
            /// Where the element type is missing here.
            pub fn cast(&self, word: &str) -> Result<Self, Refusal> {
                match word {
                    $($word => Ok(self.cast_to::<$T>()),)*
                    _ => Err(Refusal::missing(format!("tensors of {word}"))),
                }
            }

            /// The integers: exact, where [`Any::numbers`] rounds those beyond 2^53.
            ///
            /// # Errors
            /// Where the tensor could not be computed.
            pub fn integers(&self) -> tensor::Result<Vec<i64>> {
                Ok(match self { $(Self::$Kind(tensor) => tensor.to_vec()?.into_iter().map(Element::as_i64).collect(),)* })
            }

            fn cast_to<To: Listed>(&self) -> Self {
                match self { $(Self::$Kind(tensor) => tensor.cast::<To>().into(),)* }
            }

            /// The elements in double precision.
            ///
            /// # Errors
            /// Where the tensor could not be computed.
            pub fn numbers(&self) -> tensor::Result<Vec<f64>> {
                Ok(match self { $(Self::$Kind(tensor) => tensor.to_vec()?.into_iter().map(Element::as_f64).collect(),)* })
            }
        }
    };
}

kinds! {
    F32 f32, "float32";
    F64 f64, "float64";
    F16 f16, "float16";
    BF16 bf16, "bfloat16";
    I64 i64, "int64";
    I32 i32, "int32";
    U8 u8, "uint8";
    Bool bool, "bool";
}

/// An element type that [`Any`] has a place for.
pub trait Listed: Element {
    /// As PyTorch calls it.
    const WORD: &'static str;
    /// Forgets the element type.
    fn wrap(tensor: Tensor<Dynamic, Self>) -> Any;
    /// Remembers it, where it is this one.
    fn of(any: &Any) -> Option<&Tensor<Dynamic, Self>>;
}

impl<S: Shape, T: Listed> From<Tensor<S, T>> for Any {
    fn from(tensor: Tensor<S, T>) -> Self {
        T::wrap(tensor.into_dynamic())
    }
}

impl Any {
    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.sizes().len()
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.sizes().iter().product()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// As a tensor of one element type.
    ///
    /// # Errors
    /// Where it has another one.
    pub fn typed<T: Listed>(&self) -> Result<&Tensor<Dynamic, T>, Refusal> {
        T::of(self)
            .ok_or_else(|| Refusal::form(format!("a tensor of {} where one of {} is taken", self.word(), T::WORD)))
    }

    /// Whether the elements have fractions.
    pub fn is_float(&self) -> bool {
        self.dtype().kind() == Kind::Float
    }

    /// A tensor with one number, of the element type of this one.
    ///
    /// # Errors
    /// Where the element type has no such thing.
    pub fn scalar_like(&self, number: f64) -> Result<Self, Refusal> {
        Self::from_numbers(self.word(), &[number], &[])
    }

    /// The same tensor as a leaf whose gradient is wanted, where its elements have fractions.
    pub fn requires_grad(self) -> Self {
        match self {
            Self::F32(tensor) => tensor.requires_grad().into(),
            Self::F64(tensor) => tensor.requires_grad().into(),
            Self::F16(tensor) => tensor.requires_grad().into(),
            Self::BF16(tensor) => tensor.requires_grad().into(),
            other => other,
        }
    }

    /// Whether a gradient is wanted of anything that the tensor was computed from.
    pub fn is_tracked(&self) -> bool {
        match self {
            Self::F32(tensor) => tensor.is_tracked(),
            Self::F64(tensor) => tensor.is_tracked(),
            Self::F16(tensor) => tensor.is_tracked(),
            Self::BF16(tensor) => tensor.is_tracked(),
            _ => false,
        }
    }
}

/// Runs the expression for the first of the kinds that all names are of. The other macros are this one with their kinds.
macro_rules! of_kinds {
    (@ [$($Kind:ident)+] $names:tt $body:expr, $otherwise:expr) => {
        'found: {
            $($crate::conformance::any::of_kind!('found $Kind $names $body);)+
            $otherwise
        }
    };
    ($kinds:tt $what:literal, $call:ident, |$($name:ident),+| $body:expr) => {{
        let [$($name),+] = $call.inputs([$(stringify!($name)),+])?;
        $crate::conformance::any::of_kinds!($kinds $what, |$($name),+| $body)
    }};
    ($kinds:tt $what:literal, |$($name:ident),+| $body:expr) => {
        $crate::conformance::any::of_kinds!(@ $kinds ($($name),+) $body, {
            let words = [$($name.word()),+].join(" and ");
            Err($crate::conformance::Refusal::form(format!("{words} where {} are taken", $what)))
        })
    };
}

/// Runs the expression where all names are of one kind.
macro_rules! of_kind {
    ($found:lifetime $Kind:ident ($($name:ident),+) $body:expr) => {
        if let ($($crate::conformance::Any::$Kind($name),)+) = ($(&$name,)+) {
            break $found $crate::conformance::IntoAnswer::into_answer($body);
        }
    };
}

/// For tensors of all element types.
macro_rules! each {
    ($($rest:tt)+) => { $crate::conformance::any::of_kinds!([F32 F64 F16 BF16 I64 I32 U8 Bool] "tensors of one element type", $($rest)+) };
}

/// For tensors of numbers: all but bools.
#[allow(unused_macros, reason = "the families of operators are being filled")]
macro_rules! number {
    ($($rest:tt)+) => { $crate::conformance::any::of_kinds!([F32 F64 F16 BF16 I64 I32 U8] "numbers of one element type", $($rest)+) };
}

/// For tensors of numbers with fractions.
macro_rules! float {
    ($($rest:tt)+) => { $crate::conformance::any::of_kinds!([F32 F64 F16 BF16] "floats of one element type", $($rest)+) };
}

/// For tensors of numbers that models compute in.
#[allow(unused_macros, reason = "the families of operators are being filled")]
macro_rules! real {
    ($($rest:tt)+) => { $crate::conformance::any::of_kinds!([F32 F64] "float32 or float64", $($rest)+) };
}

/// For tensors of numbers without fractions.
#[allow(unused_macros, reason = "the families of operators are being filled")]
macro_rules! integer {
    ($($rest:tt)+) => { $crate::conformance::any::of_kinds!([I64 I32 U8] "integers of one element type", $($rest)+) };
}

#[allow(unused_imports, reason = "the families of operators are being filled")]
pub(crate) use {each, float, integer, number, of_kind, of_kinds, real};
