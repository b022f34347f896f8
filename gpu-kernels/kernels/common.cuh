// What every kernel stands on: the words that a GPU's compiler and the emulator spell differently, the record of faults,
// elementary functions by element type, and memory in groups of four elements.
//
// Two compilers read these files: nvcc makes PTX of them, and with -DCUDA_EMU a host's C++17 compiler makes the emulated kernels.
#pragma once

#include <math.h>
#include <stdint.h>

#if defined(CUDA_EMU)
#include "cuda_emu.h"
#define NOINLINE __attribute__((noinline))
#else
// `KERNEL name(..)` has the name that the launchers look up; `EMU_EXPORT(name)` after it makes it known to the emulator.
#define KERNEL extern "C" __global__ void
#define EMU_EXPORT(name)
// Dynamic shared memory as `T* name`.
#define DYN_SHARED(T, name)                                            \
    extern __shared__ __align__(16) unsigned char dyn_shared_bytes_[]; \
    T* name = reinterpret_cast<T*>(dyn_shared_bytes_)
#define NEG_INF (__int_as_float(0xff800000))
#define NOINLINE __noinline__
#endif

// A function of kernels that becomes part of its caller.
#define INLINE __device__ __forceinline__

// Threads a block of the kernels that go over memory.
#define BLOCK 256

// What a kernel found wrong in its data; the host reads it with the next download. `kind` is set by the first that finds something.
struct Fault {
    // 0: nothing; 1: the label `found` of `row` is none of `size` classes; 2: the index `found` is outside an axis of `size`; 3: a whole
    // number was to be divided by 0.
    uint32_t kind;
    // Of kinds 2 and 3: the number of the operation in places.cu and in whole.cu.
    uint32_t operation;
    int64_t row;
    int64_t found;
    int64_t size;
};

INLINE void note(Fault* fault, const Fault& what) {
    if (atomicCAS(&fault->kind, 0u, what.kind) == 0u) {
        fault->operation = what.operation;
        fault->row = what.row;
        fault->found = what.found;
        fault->size = what.size;
    }
}

// Elementary functions of float and double by one name. None of them is an approximation of the fast kind: they are within a few
// units in the last place. The long ones in double precision are functions that are called, so that kernels stay small.
template <class T>
struct Math;

template <>
struct Math<float> {
    static INLINE float infinity() { return __builtin_huge_valf(); }
    static INLINE float nan() { return __builtin_nanf(""); }
    // The smallest positive number that is not subnormal.
    static INLINE float min_positive() { return 1.17549435e-38f; }
    // a * b + c, rounded once.
    static INLINE float fused(float a, float b, float c) { return fmaf(a, b, c); }
    static INLINE float abs(float x) { return fabsf(x); }
    static INLINE float sqrt(float x) { return sqrtf(x); }
    static INLINE float exp(float x) { return expf(x); }
    // exp(x) - 1 without cancellation.
    static INLINE float expm1(float x) { return expm1f(x); }
    static INLINE float log(float x) { return logf(x); }
    // log(1 + x) without cancellation.
    static INLINE float log1p(float x) { return log1pf(x); }
    static INLINE float tanh(float x) { return tanhf(x); }
    static INLINE float erf(float x) { return erff(x); }
    static INLINE float sin(float x) { return sinf(x); }
    static INLINE float cos(float x) { return cosf(x); }
    static INLINE float pow(float x, float exponent) { return powf(x, exponent); }
};

template <>
struct Math<double> {
    static INLINE double infinity() { return __builtin_huge_val(); }
    static INLINE double nan() { return __builtin_nan(""); }
    static INLINE double min_positive() { return 2.2250738585072014e-308; }
    static INLINE double fused(double a, double b, double c) { return fma(a, b, c); }
    static INLINE double abs(double x) { return fabs(x); }
    static INLINE double sqrt(double x) { return ::sqrt(x); }
    static INLINE double exp(double x) { return ::exp(x); }
    static NOINLINE __device__ double expm1(double x) { return ::expm1(x); }
    static INLINE double log(double x) { return ::log(x); }
    static NOINLINE __device__ double log1p(double x) { return ::log1p(x); }
    static NOINLINE __device__ double tanh(double x) { return ::tanh(x); }
    static NOINLINE __device__ double erf(double x) { return ::erf(x); }
    static NOINLINE __device__ double sin(double x) { return ::sin(x); }
    static NOINLINE __device__ double cos(double x) { return ::cos(x); }
    static NOINLINE __device__ double pow(double x, double exponent) { return ::pow(x, exponent); }
};

// The larger; NaN wins.
template <class T>
INLINE T larger(T a, T b) {
    return a > b || a != a ? a : b;
}

// The smaller; NaN wins.
template <class T>
INLINE T smaller(T a, T b) {
    return a < b || a != a ? a : b;
}

// -1, 0 or 1; of NaN 0.
template <class T>
INLINE T sign(T x) {
    return x < T(0) ? T(-1) : (x > T(0) ? T(1) : T(0));
}

// Where a loop over the whole grid begins and how far it steps, in threads of a one-dimensional launch.
INLINE uint64_t first_of_grid() { return uint64_t(blockIdx.x) * blockDim.x + threadIdx.x; }
INLINE uint64_t step_of_grid() { return uint64_t(gridDim.x) * blockDim.x; }

// Four elements, moved 16 bytes at a time.
template <class T>
struct __align__(16) Four {
    T at[4];
};

// Whether memory at `address` can be moved 16 bytes at a time.
INLINE bool is_wide(const void* address) { return reinterpret_cast<uintptr_t>(address) % 16 == 0; }

// x[0..count] = from[0..count], count <= 4; `wide`: `from` lies at a multiple of 16 bytes. The other elements of x become 0.
template <class T>
INLINE void load(T (&x)[4], const T* from, bool wide, uint64_t count) {
    if (wide && count >= 4) {
        const Four<T> four = *reinterpret_cast<const Four<T>*>(from);
#pragma unroll
        for (int i = 0; i < 4; ++i) x[i] = four.at[i];
    } else {
#pragma unroll
        for (uint32_t i = 0; i < 4; ++i) x[i] = i < count ? from[i] : T(0);
    }
}

// to[0..count] = x[0..count], as `load`.
template <class T>
INLINE void store(T* to, const T (&x)[4], bool wide, uint64_t count) {
    if (wide && count >= 4) {
        Four<T> four;
#pragma unroll
        for (int i = 0; i < 4; ++i) four.at[i] = x[i];
        *reinterpret_cast<Four<T>*>(to) = four;
    } else {
#pragma unroll
        for (uint32_t i = 0; i < 4; ++i)
            if (i < count) to[i] = x[i];
    }
}
