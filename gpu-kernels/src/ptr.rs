//! Device addresses with the type of what lies there, and the types that can.

use std::fmt;
use std::marker::PhantomData;

/// The address of elements in device memory. The host cannot follow it.
#[repr(transparent)]
pub struct Ptr<T>(u64, PhantomData<*mut T>);

impl<T> Ptr<T> {
    /// What lies at this address.
    pub const fn new(address: u64) -> Self {
        Self(address, PhantomData)
    }

    /// Nothing.
    pub const fn null() -> Self {
        Self::new(0)
    }

    /// The address, as kernels take it.
    pub const fn address(self) -> u64 {
        self.0
    }

    /// So many elements further on.
    pub const fn offset(self, elements: isize) -> Self {
        let bytes = elements as i64 * size_of::<T>() as i64;
        Self::new(self.0.wrapping_add_signed(bytes))
    }

    /// The same address, of elements of another type.
    pub const fn cast<U>(self) -> Ptr<U> {
        Ptr::new(self.0)
    }
}

impl<T> Clone for Ptr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ptr<T> {}

impl<T> PartialEq for Ptr<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Ptr<T> {}

impl<T> fmt::Debug for Ptr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

// SAFETY: an address is a number to the host.
unsafe impl<T> Send for Ptr<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Ptr<T> {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for i64 {}
}

/// What device memory can hold: [`f32`], [`f64`] and [`i64`].
pub trait Element: sealed::Sealed + Copy + Default + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// Which instance of a kernel works on it, where there is one for each of the three.
    const ELEMENT: usize;
    /// The value's bits, as kernels take values of any type.
    fn bits(self) -> u64;
}

/// The numbers that kernels reckon in: [`f32`] and [`f64`].
pub trait Float: Element {
    /// Which instance of a kernel works on it.
    const INDEX: usize;
    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number.
    fn as_f64(self) -> f64;
}

impl Element for f32 {
    const ELEMENT: usize = 0;
    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
}

impl Element for f64 {
    const ELEMENT: usize = 1;
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

impl Element for i64 {
    const ELEMENT: usize = 2;
    fn bits(self) -> u64 {
        self as u64
    }
}

impl Float for f32 {
    const INDEX: usize = 0;
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    fn as_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Float for f64 {
    const INDEX: usize = 1;
    fn from_f64(value: f64) -> Self {
        value
    }
    fn as_f64(self) -> f64 {
        self
    }
}
