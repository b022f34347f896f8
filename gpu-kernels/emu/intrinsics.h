// The functions that CUDA C++ has built in: barriers, warps, atomics, arithmetic.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "engine.h"

namespace emu {

template <class To, class From>
inline To reinterpret(From from) {
    static_assert(sizeof(To) <= 8 && sizeof(From) <= 8);
    To to{};
    std::memcpy(&to, &from, sizeof from < sizeof to ? sizeof from : sizeof to);
    return to;
}

// What lane `source` gives, or one's own where there is no such lane in the group.
template <class T>
inline T shuffle(const char* where, uint32_t mask, T value, int source, bool inside) {
    const uint64_t* given = exchange(where, mask, reinterpret<uint64_t>(value));
    if (!inside) return value;
    if (!(mask >> source & 1)) violation(std::string(where) + " reads a lane that is not in its mask");
    return reinterpret<T>(given[source]);
}

inline int group(int width) { return int(lane()) & ~(width - 1); }

}  // namespace emu

#define __syncthreads() ((void)emu::barrier(__FILE__, __LINE__, false))
#define __syncthreads_count(predicate) emu::barrier(__FILE__, __LINE__, (predicate) != 0)
#define __syncthreads_or(predicate) (emu::barrier(__FILE__, __LINE__, (predicate) != 0) != 0)
#define __syncthreads_and(predicate) (emu::barrier(__FILE__, __LINE__, (predicate) == 0) == 0)

inline void __syncwarp(uint32_t mask = ~0u) { emu::exchange("__syncwarp", mask, 0); }
inline void __threadfence() {}
inline void __threadfence_block() {}

template <class T>
inline T __shfl_sync(uint32_t mask, T value, int source, int width = 32) {
    return emu::shuffle("__shfl_sync", mask, value, emu::group(width) + (source & (width - 1)), true);
}
template <class T>
inline T __shfl_xor_sync(uint32_t mask, T value, int bits, int width = 32) {
    const int source = int(emu::lane()) ^ bits;
    return emu::shuffle("__shfl_xor_sync", mask, value, source, source < emu::group(width) + width);
}
template <class T>
inline T __shfl_down_sync(uint32_t mask, T value, unsigned distance, int width = 32) {
    const int source = int(emu::lane() + distance);
    return emu::shuffle("__shfl_down_sync", mask, value, source, source < emu::group(width) + width);
}
template <class T>
inline T __shfl_up_sync(uint32_t mask, T value, unsigned distance, int width = 32) {
    const int source = int(emu::lane()) - int(distance);
    return emu::shuffle("__shfl_up_sync", mask, value, source, source >= emu::group(width));
}
inline uint32_t __ballot_sync(uint32_t mask, int predicate) {
    const uint64_t* given = emu::exchange("__ballot_sync", mask, predicate != 0);
    uint32_t lanes = 0;
    for (unsigned l = 0; l < emu::WARP; l++) {
        const bool there = mask >> l & 1 && emu::engine.current->linear - emu::lane() + l < emu::engine.count;
        if (there) lanes |= uint32_t(given[l] & 1) << l;
    }
    return lanes;
}
inline int __any_sync(uint32_t mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(uint32_t mask, int predicate) { return __ballot_sync(mask, predicate == 0) == 0; }
inline uint32_t __activemask() { return 1u << emu::lane(); }

// All threads of a launch share one thread of the host: reading and writing cannot be interrupted.
template <class T>
struct EmuSame {
    using Type = T;
};
template <class T>
inline T atomicAdd(T* place, typename EmuSame<T>::Type value) {
    const T old = *place;
    *place = old + value;
    return old;
}
template <class T>
inline T atomicMax(T* place, typename EmuSame<T>::Type value) {
    const T old = *place;
    *place = value > old ? value : old;
    return old;
}
template <class T>
inline T atomicMin(T* place, typename EmuSame<T>::Type value) {
    const T old = *place;
    *place = value < old ? value : old;
    return old;
}
template <class T>
inline T atomicExch(T* place, typename EmuSame<T>::Type value) {
    const T old = *place;
    *place = value;
    return old;
}
template <class T>
inline T atomicOr(T* place, typename EmuSame<T>::Type value) {
    const T old = *place;
    *place = old | value;
    return old;
}
template <class T>
inline T atomicCAS(T* place, typename EmuSame<T>::Type expected, typename EmuSame<T>::Type value) {
    const T old = *place;
    if (old == expected) *place = value;
    return old;
}

template <class T>
inline T __ldg(const T* place) {
    return *place;
}

inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline double rsqrt(double x) { return 1.0 / sqrt(x); }
inline float rsqrt(float x) { return rsqrtf(x); }
inline float __expf(float x) { return expf(x); }
inline float __logf(float x) { return logf(x); }
inline float __sinf(float x) { return sinf(x); }
inline float __cosf(float x) { return cosf(x); }
inline float __powf(float x, float y) { return powf(x, y); }
inline float __fdividef(float a, float b) { return a / b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __dsqrt_rn(double a) { return sqrt(a); }
inline void sincospif(float x, float* sine, float* cosine) {
    *sine = float(sin(M_PI * x));
    *cosine = float(cos(M_PI * x));
}
inline void sincospi(double x, double* sine, double* cosine) {
    *sine = sin(M_PI * x);
    *cosine = cos(M_PI * x);
}

// Sums and products that the compiler must not join into one operation: an empty `asm` stands between.
#define EMU_ROUNDED(Type, name, expression)   \
    inline Type name(Type a, Type b) {        \
        volatile Type result = expression;    \
        return result;                        \
    }
EMU_ROUNDED(float, __fadd_rn, a + b)
EMU_ROUNDED(float, __fsub_rn, a - b)
EMU_ROUNDED(float, __fmul_rn, a* b)
EMU_ROUNDED(double, __dadd_rn, a + b)
EMU_ROUNDED(double, __dsub_rn, a - b)
EMU_ROUNDED(double, __dmul_rn, a* b)
#undef EMU_ROUNDED

inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned(uint64_t(a) * b >> 32); }
inline int __mulhi(int a, int b) { return int(int64_t(a) * b >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __clz(int x) { return x ? __builtin_clz(unsigned(x)) : 32; }
inline int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }

inline int __float_as_int(float x) { return emu::reinterpret<int>(x); }
inline unsigned __float_as_uint(float x) { return emu::reinterpret<unsigned>(x); }
inline float __int_as_float(int x) { return emu::reinterpret<float>(x); }
inline float __uint_as_float(unsigned x) { return emu::reinterpret<float>(x); }
inline long long __double_as_longlong(double x) { return emu::reinterpret<long long>(x); }
inline double __longlong_as_double(long long x) { return emu::reinterpret<double>(x); }

// A float for an integer, rounded to the nearest, as CUDA's conversions do.
inline float __int2float_rn(int x) { return float(x); }
inline float __uint2float_rn(unsigned x) { return float(x); }
inline float __double2float_rn(double x) { return float(x); }

template <class T>
inline T min(T a, T b) {
    return b < a ? b : a;
}
template <class T>
inline T max(T a, T b) {
    return a < b ? b : a;
}
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
