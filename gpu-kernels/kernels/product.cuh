// A matrix product as its kernels get it, and what is done with its elements before they are written.
#pragma once

#include "chain.cuh"

// What `MatrixProduct::flags` says.
#define ACCUMULATE 1u
#define ACTIVATE 2u
#define PARTIAL 4u

// out (+)= a b of [m, k] and [k, n], and what follows it; gpu-kernels/src/launch/gemm/mod.rs writes the same bytes.
//
// Element (i, j) of an operand lies at i * row + j * col. `out` and `pre` are row-major without gaps. The blocks of one blockIdx.y take
// `part` of the k's; where they are not all, the flag PARTIAL says that `out` is scratch memory with room for all their sums.
template <class T>
struct MatrixProduct {
    const T* a;
    int64_t a_row, a_col;
    const T* b;
    int64_t b_row, b_col;
    T* out;
    // null, or [n]
    const T* bias;
    // null, or where the value before the activation goes
    T* pre;
    int64_t m, n, k;
    int64_t part;
    // ACCUMULATE, ACTIVATE, PARTIAL
    uint32_t flags;
    // the activation: Relu, Softplus or one between them by number
    Step step;
};

// 16 bytes, moved at once.
template <class T>
struct __align__(16) Wide {
    static constexpr int COUNT = 16 / sizeof(T);
    T at[COUNT];
};

// Where `address` is, a GPU moves 16 bytes at once or stops; the emulator's processor would move them from anywhere.
INLINE void must_be_wide([[maybe_unused]] const void* address) {
#if defined(CUDA_EMU)
    if (!is_wide(address)) emu::violation("16 bytes at once where they do not lie so");
#endif
}

// x[0..count] = from[0..count], all of x if `count` is more; at once where `wide` says that they are there and lie at a multiple of 16 bytes.
template <class T>
INLINE void load_wide(T* x, const T* from, bool wide, int64_t count) {
    if (wide) {
        must_be_wide(from);
        const Wide<T> all = *reinterpret_cast<const Wide<T>*>(from);
#pragma unroll
        for (int i = 0; i < Wide<T>::COUNT; ++i) x[i] = all.at[i];
    } else {
#pragma unroll
        for (int i = 0; i < Wide<T>::COUNT; ++i)
            if (i < count) x[i] = from[i];
    }
}

// to[0..count] = x[0..count], as `load_wide`.
template <class T>
INLINE void store_wide(T* to, const T* x, bool wide, int64_t count) {
    if (wide) {
        must_be_wide(to);
        Wide<T> all;
#pragma unroll
        for (int i = 0; i < Wide<T>::COUNT; ++i) all.at[i] = x[i];
        *reinterpret_cast<Wide<T>*>(to) = all;
    } else {
#pragma unroll
        for (int i = 0; i < Wide<T>::COUNT; ++i)
            if (i < count) to[i] = x[i];
    }
}

// x[i] = activation(x[i]): the operations up to Softplus. Each call names its operation, so that the others' code is not there too.
template <class T, int N>
INLINE void activate_each(const Step& step, T (&x)[N]) {
    const auto as = [&](Code code) { return Step{code, step.a, step.b, 0, 0}; };
    switch (step.code) {
        case Code::Relu: return apply_each(as(Code::Relu), x, 0, 0);
        case Code::LeakyRelu: return apply_each(as(Code::LeakyRelu), x, 0, 0);
        case Code::Tanh: return apply_each(as(Code::Tanh), x, 0, 0);
        case Code::Sigmoid: return apply_each(as(Code::Sigmoid), x, 0, 0);
        case Code::Gelu: return apply_each(as(Code::Gelu), x, 0, 0);
        case Code::GeluTanh: return apply_each(as(Code::GeluTanh), x, 0, 0);
        case Code::Silu: return apply_each(as(Code::Silu), x, 0, 0);
        case Code::Elu: return apply_each(as(Code::Elu), x, 0, 0);
        case Code::Softplus: return apply_each(as(Code::Softplus), x, 0, 0);
        default: return;
    }
}

// The same for many elements, in groups of four that pass by the code in turn.
template <class T, int N>
INLINE void activate(const Step& step, T (&x)[N]) {
    if (step.code == Code::Relu) {
        each(x, [](T x) { return x < T(0) ? T(0) : x; });
        return;
    }
#pragma unroll 1
    for (int turn = 0; turn < N / 4; ++turn) {
        T group[4] = {x[0], x[1], x[2], x[3]};
        activate_each(step, group);
#pragma unroll
        for (int i = 0; i + 4 < N; ++i) x[i] = x[i + 4];
#pragma unroll
        for (int i = 0; i < 4; ++i) x[N - 4 + i] = group[i];
    }
}

// One element with all that follows the product: for kernels in which a thread has few of them.
template <class T>
INLINE void finish(const MatrixProduct<T>& p, int64_t row, int64_t col, T value) {
    const int64_t at = row * p.n + col;
    if (p.flags & ACCUMULATE) value += p.out[at];
    if (p.bias) value += p.bias[col];
    if (p.pre) p.pre[at] = value;
    T result[1] = {value};
    if (p.flags & ACTIVATE) activate_each(p.step, result);
    p.out[at] = result[0];
}
