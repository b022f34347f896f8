//! The registers of x86-64.

use std::arch::x86_64::*;

use super::Lanes;

/// Ones then zeros: a mask for the first `count` lanes starts at `8 - count`.
static FIRST_32: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
/// As above: a mask starts at `4 - count`.
static FIRST_64: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

macro_rules! lanes {
    (
        $(#[$meta:meta])* $name:ident($register:ty) of $T:ty, $count:literal,
        $setzero:ident, $set1:ident, $loadu:ident, $storeu:ident, $add:ident, $fmadd:ident,
        load_first: |$from:ident, $load_count:ident| $load_first:expr,
        store_first: |$value:ident, $to:ident, $store_count:ident| $store_first:expr,
        sum: |$sum_value:ident| $sum:expr,
        quarters: |$rows:ident, $column:ident, $first:ident| $quarters:expr,
        transpose: |$loaded:ident| $pieces:literal, $transposed:expr,
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name($register);

        // SAFETY: each method is the instruction of its name; the trait passes the conditions on to the caller.
        unsafe impl Lanes<$T> for $name {
            const COUNT: usize = $count;
            #[inline(always)]
            unsafe fn zero() -> Self {
                // SAFETY: the caller has the instructions enabled, as for every method below.
                Self(unsafe { $setzero() })
            }
            #[inline(always)]
            unsafe fn splat(value: $T) -> Self {
                // SAFETY: as above.
                Self(unsafe { $set1(value) })
            }
            #[inline(always)]
            unsafe fn load(from: *const $T) -> Self {
                // SAFETY: as above; the pointer is the caller's promise.
                Self(unsafe { $loadu(from) })
            }
            #[inline(always)]
            unsafe fn load_first($from: *const $T, $load_count: usize) -> Self {
                // SAFETY: as above.
                Self(unsafe { $load_first })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $T) {
                // SAFETY: as above.
                unsafe { $storeu(to, self.0) }
            }
            #[inline(always)]
            unsafe fn store_first(self, $to: *mut $T, $store_count: usize) {
                let $value = self.0;
                // SAFETY: as above.
                unsafe { $store_first }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn mul_add(self, a: Self, b: Self) -> Self {
                // SAFETY: as above.
                Self(unsafe { $fmadd(self.0, a.0, b.0) })
            }
            #[inline(always)]
            unsafe fn sum(self) -> $T {
                let $sum_value = self.0;
                // SAFETY: as above.
                unsafe { $sum }
            }
            #[inline(always)]
            unsafe fn transpose(rows: &[*const $T; 16], $column: usize, to: *mut $T, to_step: usize) {
                // A register takes 16 bytes of every `PIECE`th row, so that only neighbouring numbers are left to be swapped.
                let quarters = |$first: usize| {
                    let $rows = rows;
                    // SAFETY: as above.
                    unsafe { $quarters }
                };
                let $loaded: [$register; $pieces] = std::array::from_fn(quarters);
                // SAFETY: as above.
                let columns: [$register; $pieces] = unsafe { $transposed };
                for (j, column) in columns.into_iter().enumerate() {
                    // SAFETY: as above.
                    unsafe { $storeu(to.add(j * to_step), column) };
                }
            }
        }
    };
}

lanes! {
    /// Sixteen `f32`.
    Avx512F32(__m512) of f32, 16,
    _mm512_setzero_ps, _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_fmadd_ps,
    load_first: |from, count| _mm512_maskz_loadu_ps(((1u32 << count) - 1) as __mmask16, from),
    store_first: |value, to, count| _mm512_mask_storeu_ps(to, ((1u32 << count) - 1) as __mmask16, value),
    sum: |value| _mm512_reduce_add_ps(value),
    quarters: |rows, column, i| {
        let low = _mm512_castps128_ps512(_mm_loadu_ps(rows[i].add(column)));
        let low = _mm512_insertf32x4::<1>(low, _mm_loadu_ps(rows[i + 4].add(column)));
        let low = _mm512_insertf32x4::<2>(low, _mm_loadu_ps(rows[i + 8].add(column)));
        _mm512_insertf32x4::<3>(low, _mm_loadu_ps(rows[i + 12].add(column)))
    },
    transpose: |z| 4, {
        let (a, b) = (_mm512_unpacklo_ps(z[0], z[1]), _mm512_unpackhi_ps(z[0], z[1]));
        let (c, d) = (_mm512_unpacklo_ps(z[2], z[3]), _mm512_unpackhi_ps(z[2], z[3]));
        let [a, b, c, d] = [a, b, c, d].map(|x| _mm512_castps_pd(x));
        let (first, second) = (_mm512_unpacklo_pd(a, c), _mm512_unpackhi_pd(a, c));
        let (third, fourth) = (_mm512_unpacklo_pd(b, d), _mm512_unpackhi_pd(b, d));
        [first, second, third, fourth].map(|x| _mm512_castpd_ps(x))
    },
}

lanes! {
    /// Eight `f64`.
    Avx512F64(__m512d) of f64, 8,
    _mm512_setzero_pd, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd, _mm512_fmadd_pd,
    load_first: |from, count| _mm512_maskz_loadu_pd(((1u32 << count) - 1) as __mmask8, from),
    store_first: |value, to, count| _mm512_mask_storeu_pd(to, ((1u32 << count) - 1) as __mmask8, value),
    sum: |value| _mm512_reduce_add_pd(value),
    quarters: |rows, column, i| {
        let low = _mm512_castpd128_pd512(_mm_loadu_pd(rows[i].add(column)));
        let low = _mm512_insertf64x2::<1>(low, _mm_loadu_pd(rows[i + 2].add(column)));
        let low = _mm512_insertf64x2::<2>(low, _mm_loadu_pd(rows[i + 4].add(column)));
        _mm512_insertf64x2::<3>(low, _mm_loadu_pd(rows[i + 6].add(column)))
    },
    transpose: |z| 2, [_mm512_unpacklo_pd(z[0], z[1]), _mm512_unpackhi_pd(z[0], z[1])],
}

lanes! {
    /// Eight `f32`.
    Avx2F32(__m256) of f32, 8,
    _mm256_setzero_ps, _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_fmadd_ps,
    load_first: |from, count| _mm256_maskload_ps(
        from,
        _mm256_loadu_si256(FIRST_32.as_ptr().add(8 - count).cast()),
    ),
    store_first: |value, to, count| _mm256_maskstore_ps(
        to,
        _mm256_loadu_si256(FIRST_32.as_ptr().add(8 - count).cast()),
        value,
    ),
    sum: |value| {
        let half = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps::<1>(value));
        let quarter = _mm_add_ps(half, _mm_movehl_ps(half, half));
        _mm_cvtss_f32(_mm_add_ss(quarter, _mm_movehdup_ps(quarter)))
    },
    quarters: |rows, column, i| {
        let low = _mm256_castps128_ps256(_mm_loadu_ps(rows[i].add(column)));
        _mm256_insertf128_ps::<1>(low, _mm_loadu_ps(rows[i + 4].add(column)))
    },
    transpose: |z| 4, {
        let (a, b) = (_mm256_unpacklo_ps(z[0], z[1]), _mm256_unpackhi_ps(z[0], z[1]));
        let (c, d) = (_mm256_unpacklo_ps(z[2], z[3]), _mm256_unpackhi_ps(z[2], z[3]));
        let [a, b, c, d] = [a, b, c, d].map(|x| _mm256_castps_pd(x));
        let (first, second) = (_mm256_unpacklo_pd(a, c), _mm256_unpackhi_pd(a, c));
        let (third, fourth) = (_mm256_unpacklo_pd(b, d), _mm256_unpackhi_pd(b, d));
        [first, second, third, fourth].map(|x| _mm256_castpd_ps(x))
    },
}

lanes! {
    /// Four `f64`.
    Avx2F64(__m256d) of f64, 4,
    _mm256_setzero_pd, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd, _mm256_fmadd_pd,
    load_first: |from, count| _mm256_maskload_pd(
        from,
        _mm256_loadu_si256(FIRST_64.as_ptr().add(4 - count).cast()),
    ),
    store_first: |value, to, count| _mm256_maskstore_pd(
        to,
        _mm256_loadu_si256(FIRST_64.as_ptr().add(4 - count).cast()),
        value,
    ),
    sum: |value| {
        let half = _mm_add_pd(_mm256_castpd256_pd128(value), _mm256_extractf128_pd::<1>(value));
        _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)))
    },
    quarters: |rows, column, i| {
        let low = _mm256_castpd128_pd256(_mm_loadu_pd(rows[i].add(column)));
        _mm256_insertf128_pd::<1>(low, _mm_loadu_pd(rows[i + 2].add(column)))
    },
    transpose: |z| 2, [_mm256_unpacklo_pd(z[0], z[1]), _mm256_unpackhi_pd(z[0], z[1])],
}
