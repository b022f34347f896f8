//! Stores past the caches, for results that are larger than they are.
//!
//! A plain store first reads the line it writes to, and puts out of the cache what somebody may still need. Where a result is so
//! large that its beginning has left the cache before anybody reads it, neither is of use.

/// Results of so many bytes and more go past the caches: as many as a large third cache has.
const LARGE: usize = if cfg!(test) { 4 << 10 } else { 32 << 20 };

/// Whether results of so many bytes go past the caches.
#[inline(always)]
pub fn pays(bytes: usize) -> bool {
    cfg!(target_arch = "x86_64") && bytes >= LARGE
}

/// `to = from`, past the caches. Others see it after a [`fence`] of this thread's.
///
/// # Panics
/// If the slices differ in length.
#[inline(always)]
pub fn stream<T: Copy>(from: &[T], to: &mut [T]) {
    assert_eq!(from.len(), to.len());
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
        let head = to.as_ptr().align_offset(16).min(to.len());
        let piece = 16 / size_of::<T>().clamp(1, 16);
        let middle = (to.len() - head) / piece * piece;
        to[..head].copy_from_slice(&from[..head]);
        // SAFETY: both slices hold the middle, which is a multiple of 16 bytes and begins, where it is written, at one.
        unsafe {
            let (from, to) = (from.as_ptr().add(head), to.as_mut_ptr().add(head));
            for first in (0..middle).step_by(piece) {
                let bytes = _mm_loadu_si128(from.add(first).cast());
                _mm_stream_si128(to.add(first).cast::<__m128i>(), bytes);
            }
        }
        to[head + middle..].copy_from_slice(&from[head + middle..]);
    }
    #[cfg(not(target_arch = "x86_64"))]
    to.copy_from_slice(from);
}

/// [`stream`] to where a multiple of 16 bytes begins, of as many bytes as one.
///
/// # Safety
/// As many elements as are in `from` lie from `to` on, as said, in memory that nobody else uses.
#[inline(always)]
pub unsafe fn stream_aligned<T: Copy>(from: &[T], to: *mut T) {
    debug_assert!(to.addr().is_multiple_of(16) && size_of_val(from).is_multiple_of(16));
    #[cfg(target_arch = "x86_64")]
    for piece in 0..size_of_val(from) / 16 {
        use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
        // SAFETY: the caller's promise.
        unsafe {
            let bytes = _mm_loadu_si128(from.as_ptr().cast::<__m128i>().add(piece));
            _mm_stream_si128(to.cast::<__m128i>().add(piece), bytes);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    // SAFETY: the caller's promise.
    unsafe {
        to.copy_from_nonoverlapping(from.as_ptr(), from.len());
    }
}

/// Lets others see what this thread has streamed before whatever it writes from here on: a task ends with it.
#[inline(always)]
pub fn fence() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: it touches no memory, and every x86-64 has it.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_arrives_wherever_it_lies() {
        let from: Vec<u16> = (0..200).collect();
        for first in 0..9 {
            for length in [0, 1, 7, 8, 9, 15, 16, 17, 100] {
                let mut to = vec![0u16; 200];
                stream(&from[first..first + length], &mut to[9..9 + length]);
                fence();
                assert_eq!(to[9..9 + length], from[first..first + length]);
                assert!(to[..9].iter().chain(&to[9 + length..]).all(|&x| x == 0));
            }
        }
        let from = [1.5f64, -0.0, f64::INFINITY];
        let mut to = [0.0; 3];
        stream(&from, &mut to);
        fence();
        assert_eq!(to.map(f64::to_bits), from.map(f64::to_bits));
    }
}
