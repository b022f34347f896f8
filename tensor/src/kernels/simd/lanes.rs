//! [`Lanes`]: a vector register, for the few kernels that name registers.

use crate::kernels::real::Real;

/// A vector register of numbers `T`.
///
/// # Safety
/// Every method of an implementor may use the instructions of its tier: call them only inside code that has these enabled.
/// Pointers must be valid for the elements that the method names; no alignment is asked for.
#[allow(clippy::missing_safety_doc)] // One contract for all methods, above.
pub unsafe trait Lanes<T>: Copy {
    /// How many numbers it holds.
    const COUNT: usize;
    /// All zero.
    unsafe fn zero() -> Self;
    /// The same number everywhere.
    unsafe fn splat(value: T) -> Self;
    /// `COUNT` numbers.
    unsafe fn load(from: *const T) -> Self;
    /// The first `count` numbers, zero behind them; `count <= COUNT`.
    unsafe fn load_first(from: *const T, count: usize) -> Self;
    /// Writes `COUNT` numbers.
    unsafe fn store(self, to: *mut T);
    /// Writes the first `count` numbers; `count <= COUNT`.
    unsafe fn store_first(self, to: *mut T, count: usize);
    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;
    /// `self * a + b`.
    unsafe fn mul_add(self, a: Self, b: Self) -> Self;
    /// The sum of all lanes.
    unsafe fn sum(self) -> T;
    /// How many columns [`Lanes::transpose`] takes at a time: 16 bytes of each row.
    const PIECE: usize = 16 / size_of::<T>();
    /// Writes the `PIECE` columns from `column` on of the rows that start at `rows`, each as a register of `COUNT` numbers, `to_step` apart.
    unsafe fn transpose(rows: &[*const T; 16], column: usize, to: *mut T, to_step: usize);
}

/// A register in portable code: the compiler makes of it what it can.
#[derive(Clone, Copy, Debug)]
pub struct Array<T, const N: usize>([T; N]);

// SAFETY: plain arithmetic, pointers as the trait says.
unsafe impl<T: Real, const N: usize> Lanes<T> for Array<T, N> {
    const COUNT: usize = N;
    #[inline(always)]
    unsafe fn zero() -> Self {
        Self([T::ZERO; N])
    }
    #[inline(always)]
    unsafe fn splat(value: T) -> Self {
        Self([value; N])
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { from.cast::<[T; N]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn load_first(from: *const T, count: usize) -> Self {
        let mut lanes = [T::ZERO; N];
        for (i, lane) in lanes.iter_mut().enumerate().take(count) {
            // SAFETY: `i < count`.
            *lane = unsafe { *from.add(i) };
        }
        Self(lanes)
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: the caller's promise.
        unsafe { to.cast::<[T; N]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut T, count: usize) {
        for (i, lane) in self.0.iter().enumerate().take(count) {
            // SAFETY: `i < count`.
            unsafe { *to.add(i) = *lane };
        }
    }
    #[inline(always)]
    unsafe fn add(mut self, other: Self) -> Self {
        for i in 0..N {
            self.0[i] += other.0[i];
        }
        self
    }
    #[inline(always)]
    unsafe fn mul_add(mut self, a: Self, b: Self) -> Self {
        for i in 0..N {
            self.0[i] = self.0[i] * a.0[i] + b.0[i];
        }
        self
    }
    #[inline(always)]
    unsafe fn sum(self) -> T {
        self.0.iter().fold(T::ZERO, |sum, &lane| sum + lane)
    }
    #[inline(always)]
    unsafe fn transpose(rows: &[*const T; 16], column: usize, to: *mut T, to_step: usize) {
        for (i, row) in rows.iter().enumerate().take(N) {
            for j in 0..Self::PIECE {
                // SAFETY: the caller's promise.
                unsafe { *to.add(j * to_step + i) = *row.add(column + j) };
            }
        }
    }
}
