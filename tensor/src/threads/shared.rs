//! [`Shared`]: one slice that several tasks write, each its own part.

use std::marker::PhantomData;

/// A mutable slice of which tasks take disjoint parts.
#[derive(Debug)]
pub struct Shared<'a, T> {
    start: *mut T,
    length: usize,
    life: PhantomData<&'a mut [T]>,
}

// SAFETY: only `part` gives access, and its callers take disjoint parts.
unsafe impl<T: Send> Sync for Shared<'_, T> {}
// SAFETY: it stands for a `&mut [T]`.
unsafe impl<T: Send> Send for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    /// Shares `slice` among tasks.
    #[inline(always)]
    pub fn new(slice: &'a mut [T]) -> Self {
        Self {
            start: slice.as_mut_ptr(),
            length: slice.len(),
            life: PhantomData,
        }
    }

    /// `length` elements from `first` on.
    ///
    /// # Safety
    /// No two parts that live at the same time overlap.
    ///
    /// # Panics
    /// If the part does not lie inside the slice.
    #[inline(always)]
    #[allow(clippy::mut_from_ref)] // The contract above is what makes it exclusive.
    pub unsafe fn part(&self, first: usize, length: usize) -> &'a mut [T] {
        assert!(first <= self.length && length <= self.length - first);
        // SAFETY: inside the slice by the check, exclusive by the contract.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(first), length) }
    }

    /// The first element, for kernels that walk by pointers; the same contract as [`Shared::part`] holds for what they reach.
    #[inline(always)]
    pub fn pointer(&self) -> *mut T {
        self.start
    }
}
