// What the threads of a warp or of a block make of their values together. The tree depends on the number of threads alone, so the bits
// are the same every time.
#pragma once

#include "common.cuh"

// Operations that make one of two: what changes nothing, and in what type values of type T are gathered. Sums and products are
// gathered in double precision, so that only their result is rounded.
struct Sum {
    template <class T>
    using In = double;
    template <class T>
    static INLINE T identity() { return T(0); }
    template <class T>
    static INLINE T join(T a, T b) { return a + b; }
};

struct Product {
    template <class T>
    using In = double;
    template <class T>
    static INLINE T identity() { return T(1); }
    template <class T>
    static INLINE T join(T a, T b) { return a * b; }
};

// NaN wins.
struct Largest {
    template <class T>
    using In = T;
    template <class T>
    static INLINE T identity() { return -Math<T>::infinity(); }
    template <class T>
    static INLINE T join(T a, T b) { return larger(a, b); }
};

struct Smallest {
    template <class T>
    using In = T;
    template <class T>
    static INLINE T identity() { return Math<T>::infinity(); }
    template <class T>
    static INLINE T join(T a, T b) { return smaller(a, b); }
};

// One of the values of `width` neighbouring lanes, a power of two; every one of them gets it. All lanes of the warp call it.
template <class F, class T>
INLINE T warp_fold(T value, int width = 32) {
    for (int distance = width / 2; distance > 0; distance /= 2)
        value = F::join(value, T(__shfl_xor_sync(0xffffffffu, value, distance)));
    return value;
}

// One of the values of all threads of the block, which has whole warps; every thread gets it. All threads call it; `shared` has room for
// a value a warp, and may be used again at once.
template <class F, class T>
INLINE T block_fold(T value, T* shared) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
    value = warp_fold<F>(value);
    if (lane == 0) shared[warp] = value;
    __syncthreads();
    value = warp_fold<F>(lane < warps ? shared[lane] : F::template identity<T>());
    __syncthreads();
    return value;
}
