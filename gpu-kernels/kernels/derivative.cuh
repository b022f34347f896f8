// The derivatives of elementwise operations, of an operation's input or of its output, for elements in registers.
//
// Semantics are those of tensor/src/kernels/chain/backward.rs.
#pragma once

#include "chain.cuh"

// d = d * exponent * x^(exponent - 1)
template <class T, int N>
INLINE void power_by_input(const Step& step, const T (&x)[N], T (&d)[N]) {
    const T exponent = T(step.a);
    if (exponent == T(0)) {
        each(d, [](T) { return T(0); });
    } else if (exponent == T(1)) {
        // as it is
    } else if (exponent == T(0.5)) {
        in_turn(d, x, [](T d, T x) { return d * T(0.5) / Math<T>::sqrt(x); });
    } else if (exponent == T(2)) {
        each(d, x, [](T d, T x) { return d * (x + x); });
    } else {
        const T less = T(step.a - 1.0);
        in_turn(d, x, [=](T d, T x) { return d * (exponent * Math<T>::pow(x, less)); });
    }
}

// d[i] = d[i] * step'(x[i]) for N = 1 or 4 neighbours, the first of which has `index`.
template <class T, int N>
INLINE void derive_by_input(const Step& step, const T (&x)[N], T (&d)[N], uint64_t index, uint64_t seed) {
    switch (step.code) {
        case Code::Relu:
            each(d, x, [](T d, T x) { return x <= T(0) ? T(0) : d; });
            break;
        case Code::LeakyRelu: {
            const T slope = T(step.a);
            each(d, x, [=](T d, T x) { return x > T(0) ? d : d * slope; });
            break;
        }
        case Code::Tanh:
            in_turn(d, x, [](T d, T x) {
                const T y = Math<T>::tanh(x);
                return d * (T(1) - y * y);
            });
            break;
        case Code::Sigmoid:
            in_turn(d, x, [](T d, T x) {
                const T y = sigmoid(x);
                return d * ((T(1) - y) * y);
            });
            break;
        case Code::Gelu:
            in_turn(d, x, [](T d, T x) { return d * Math<T>::fused(x, normal_density(x), normal_cumulative(x)); });
            break;
        case Code::GeluTanh:
            in_turn(d, x, [](T d, T x) {
                const T t = Math<T>::tanh(gelu_angle(x)), half = T(0.5);
                const T slope = Math<T>::fused(x * x, T(3 * GELU_CUBIC * GELU_SCALE), T(GELU_SCALE));
                return d * (Math<T>::fused(half, t, half) + half * x * (T(1) - t * t) * slope);
            });
            break;
        case Code::Silu:
            in_turn(d, x, [](T d, T x) {
                const T y = sigmoid(x);
                return d * y * Math<T>::fused(x, T(1) - y, T(1));
            });
            break;
        case Code::Elu: {
            const T alpha = T(step.a);
            in_turn(d, x, [=](T d, T x) { return x <= T(0) ? d * alpha * Math<T>::exp(x) : d; });
            break;
        }
        case Code::Softplus: {
            const T beta = T(step.a), threshold = T(step.b);
            in_turn(d, x, [=](T d, T x) {
                const T scaled = x * beta;
                return scaled > threshold ? d : d * sigmoid(scaled);
            });
            break;
        }
        case Code::Abs:
            each(d, x, [](T d, T x) { return d * sign(x); });
            break;
        case Code::Square:
            each(d, x, [](T d, T x) { return d * (x + x); });
            break;
        case Code::Sqrt:
            in_turn(d, x, [](T d, T x) { return d / (Math<T>::sqrt(x) * T(2)); });
            break;
        case Code::Recip:
            in_turn(d, x, [](T d, T x) {
                const T y = T(1) / x;
                return -d * y * y;
            });
            break;
        case Code::Exp:
            in_turn(d, x, [](T d, T x) { return d * Math<T>::exp(x); });
            break;
        case Code::Log:
            in_turn(d, x, [](T d, T x) { return d / x; });
            break;
        case Code::Sin:
            in_turn(d, x, [](T d, T x) { return d * Math<T>::cos(x); });
            break;
        case Code::Cos:
            in_turn(d, x, [](T d, T x) { return d * -Math<T>::sin(x); });
            break;
        case Code::Erf:
            in_turn(d, x, [](T d, T x) { return d * T(1.1283791670955126) * Math<T>::exp(-(x * x)); });
            break;
        case Code::Powf:
            power_by_input(step, x, d);
            break;
        case Code::Neg:
            each(d, [](T d) { return -d; });
            break;
        case Code::Affine: {
            const T scale = T(step.a);
            each(d, [=](T d) { return d * scale; });
            break;
        }
        case Code::Dropout:
            drop_out(step, d, index, seed);
            break;
        case Code::Sign:
        case Code::Zero:
            each(d, [](T) { return T(0); });
            break;
    }
}

// d[i] = d[i] * step' where the derivative is known from the step's output y[i], or is the same everywhere and y is not read.
template <class T, int N>
INLINE void derive_by_output(const Step& step, const T (&y)[N], T (&d)[N], uint64_t index, uint64_t seed) {
    switch (step.code) {
        case Code::Relu:
            each(d, y, [](T d, T y) { return y <= T(0) ? T(0) : d; });
            break;
        case Code::LeakyRelu: {
            const T slope = T(step.a);
            each(d, y, [=](T d, T y) { return y > T(0) ? d : d * slope; });
            break;
        }
        case Code::Tanh:
            each(d, y, [](T d, T y) { return d * (T(1) - y * y); });
            break;
        case Code::Sigmoid:
            each(d, y, [](T d, T y) { return d * ((T(1) - y) * y); });
            break;
        case Code::Elu: {
            const T alpha = T(step.a);
            each(d, y, [=](T d, T y) { return y > T(0) ? d : d * (y + alpha); });
            break;
        }
        case Code::Sqrt:
            in_turn(d, y, [](T d, T y) { return d / (y + y); });
            break;
        case Code::Exp:
            each(d, y, [](T d, T y) { return d * y; });
            break;
        case Code::Recip:
            each(d, y, [](T d, T y) { return -d * y * y; });
            break;
        case Code::Neg:
            each(d, [](T d) { return -d; });
            break;
        case Code::Affine: {
            const T scale = T(step.a);
            each(d, [=](T d) { return d * scale; });
            break;
        }
        case Code::Dropout:
            drop_out(step, d, index, seed);
            break;
        case Code::Sign:
        case Code::Zero:
            each(d, [](T) { return T(0); });
            break;
        // The launcher refuses these: their derivative is not known from the output.
        case Code::Gelu:
        case Code::GeluTanh:
        case Code::Silu:
        case Code::Softplus:
        case Code::Abs:
        case Code::Square:
        case Code::Log:
        case Code::Sin:
        case Code::Cos:
        case Code::Erf:
        case Code::Powf:
            each(d, [](T) { return Math<T>::nan(); });
            break;
    }
}
