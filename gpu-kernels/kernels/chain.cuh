// Elementwise operations on elements in registers, one at a time or four neighbours, forward and backward. Which operation it is, is
// read from a `Step`, the same for all threads of a launch, so the branches are uniform.
//
// Semantics are those of tensor/src/kernels/chain: ties, NaN, the special powers and the conventions of PyTorch at 0.
#pragma once

#include "codes.cuh"
#include "common.cuh"
#include "philox.cuh"

// sqrt(2 / pi) and the cubic term, of the tanh form of GELU.
#define GELU_SCALE 0.7978845608028654
#define GELU_CUBIC 0.044715

// x[i] = f(x[i]), side by side: for operations of a few instructions.
template <class T, int N, class F>
INLINE void each(T (&x)[N], F f) {
#pragma unroll
    for (int i = 0; i < N; ++i) x[i] = f(x[i]);
}

// d[i] = f(d[i], x[i]), side by side.
template <class T, int N, class F>
INLINE void each(T (&d)[N], const T (&x)[N], F f) {
#pragma unroll
    for (int i = 0; i < N; ++i) d[i] = f(d[i], x[i]);
}

// x[i] = f(x[i]) where f is long: its code is there once, and the elements pass by it in turn, in registers all the while.
template <class T, int N, class F>
INLINE void in_turn(T (&x)[N], F f) {
#pragma unroll 1
    for (int turn = 0; turn < N; ++turn) {
        const T y = f(x[0]);
#pragma unroll
        for (int i = 0; i + 1 < N; ++i) x[i] = x[i + 1];
        x[N - 1] = y;
    }
}

// d[i] = f(d[i], x[i]) in turn.
template <class T, int N, class F>
INLINE void in_turn(T (&d)[N], const T (&values)[N], F f) {
    T x[N];
#pragma unroll
    for (int i = 0; i < N; ++i) x[i] = values[i];
#pragma unroll 1
    for (int turn = 0; turn < N; ++turn) {
        const T y = f(d[0], x[0]);
#pragma unroll
        for (int i = 0; i + 1 < N; ++i) {
            d[i] = d[i + 1];
            x[i] = x[i + 1];
        }
        d[N - 1] = y;
    }
}

// 1 / (1 + exp(-x)); where the exponential overflows, that is 0.
template <class T>
INLINE T sigmoid(T x) {
    return T(1) / (T(1) + Math<T>::exp(-x));
}

// The normal distribution's density and its cumulative function.
template <class T>
INLINE T normal_density(T x) {
    return Math<T>::exp(x * x * T(-0.5)) * T(0.3989422804014327);
}

template <class T>
INLINE T normal_cumulative(T x) {
    return Math<T>::fused(Math<T>::erf(x * T(0.7071067811865476)), T(0.5), T(0.5));
}

// The argument of the tanh form's tanh.
template <class T>
INLINE T gelu_angle(T x) {
    return T(GELU_SCALE) * Math<T>::fused(x * x * x, T(GELU_CUBIC), x);
}

// x = mask * x / (1 - p), which is its own backward: `index` is that of x[0] in the stream, the others follow it.
template <class T, int N>
INLINE void drop_out(const Step& step, T (&x)[N], uint64_t index, uint64_t seed) {
    uint32_t words[N];
    random_words(seed, step.stream, index, words);
    const T scale = T(step.a);
#pragma unroll
    for (int i = 0; i < N; ++i) x[i] = words[i] < step.threshold ? T(0) : x[i] * scale;
}

// x to a fixed power; the common ones without logarithms.
template <class T, int N>
INLINE void power(T exponent, T (&x)[N]) {
    if (exponent == T(0)) {
        each(x, [](T) { return T(1); });
    } else if (exponent == T(1)) {
        // as it is
    } else if (exponent == T(2)) {
        each(x, [](T x) { return x * x; });
    } else if (exponent == T(3)) {
        each(x, [](T x) { return x * x * x; });
    } else if (exponent == T(0.5)) {
        in_turn(x, [](T x) { return Math<T>::sqrt(x); });
    } else if (exponent == T(-1)) {
        in_turn(x, [](T x) { return T(1) / x; });
    } else {
        in_turn(x, [=](T x) { return Math<T>::pow(x, exponent); });
    }
}

// x[i] = step(x[i]) for N = 1 or 4 neighbours, the first of which has `index`.
template <class T, int N>
INLINE void apply_each(const Step& step, T (&x)[N], uint64_t index, uint64_t seed) {
    switch (step.code) {
        case Code::Relu:
            each(x, [](T x) { return x < T(0) ? T(0) : x; });
            break;
        case Code::LeakyRelu: {
            const T slope = T(step.a);
            each(x, [=](T x) { return x > T(0) ? x : x * slope; });
            break;
        }
        case Code::Tanh:
            in_turn(x, [](T x) { return Math<T>::tanh(x); });
            break;
        case Code::Sigmoid:
            in_turn(x, [](T x) { return sigmoid(x); });
            break;
        case Code::Gelu:
            in_turn(x, [](T x) { return x * normal_cumulative(x); });
            break;
        case Code::GeluTanh:
            in_turn(x, [](T x) {
                const T half = T(0.5) * x;
                return Math<T>::fused(half, Math<T>::tanh(gelu_angle(x)), half);
            });
            break;
        case Code::Silu:
            in_turn(x, [](T x) { return x / (T(1) + Math<T>::exp(-x)); });
            break;
        case Code::Elu: {
            const T alpha = T(step.a);
            in_turn(x, [=](T x) { return x > T(0) ? x : alpha * Math<T>::expm1(x); });
            break;
        }
        case Code::Softplus: {
            const T beta = T(step.a), threshold = T(step.b);
            in_turn(x, [=](T x) {
                const T scaled = x * beta;
                return scaled > threshold ? x : Math<T>::log1p(Math<T>::exp(scaled)) / beta;
            });
            break;
        }
        case Code::Neg:
            each(x, [](T x) { return -x; });
            break;
        case Code::Abs:
            each(x, [](T x) { return Math<T>::abs(x); });
            break;
        case Code::Square:
            each(x, [](T x) { return x * x; });
            break;
        case Code::Sqrt:
            in_turn(x, [](T x) { return Math<T>::sqrt(x); });
            break;
        case Code::Recip:
            in_turn(x, [](T x) { return T(1) / x; });
            break;
        case Code::Exp:
            in_turn(x, [](T x) { return Math<T>::exp(x); });
            break;
        case Code::Log:
            in_turn(x, [](T x) { return Math<T>::log(x); });
            break;
        case Code::Sin:
            in_turn(x, [](T x) { return Math<T>::sin(x); });
            break;
        case Code::Cos:
            in_turn(x, [](T x) { return Math<T>::cos(x); });
            break;
        case Code::Erf:
            in_turn(x, [](T x) { return Math<T>::erf(x); });
            break;
        case Code::Sign:
            each(x, [](T x) { return sign(x); });
            break;
        case Code::Affine: {
            const T scale = T(step.a), shift = T(step.b);
            // Adding 0 would lose the sign of -0.
            if (shift == T(0)) {
                each(x, [=](T x) { return x * scale; });
            } else {
                each(x, [=](T x) { return Math<T>::fused(x, scale, shift); });
            }
            break;
        }
        case Code::Powf:
            power(T(step.a), x);
            break;
        case Code::Dropout:
            drop_out(step, x, index, seed);
            break;
        case Code::Zero:
            each(x, [](T) { return T(0); });
            break;
    }
}

// step(value) of the element with `index`.
template <class T>
INLINE T apply(const Step& step, T value, uint64_t index, uint64_t seed) {
    T x[1] = {value};
    apply_each(step, x, index, seed);
    return x[0];
}
