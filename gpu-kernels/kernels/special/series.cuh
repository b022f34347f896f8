// Sums of powers and of Chebyshev polynomials, and the elementary functions that special functions are made of, each there once: they
// are called, so that a kernel with many functions stays small.
//
// Source: tensor/src/kernels/special/series.rs; why each formula is as it is stands there.
#pragma once

#include "common.cuh"

// A function that is called and not part of its caller.
#define CALLED inline NOINLINE __device__

namespace special {

constexpr double PI = 3.141592653589793;
constexpr double LN_PI = 1.1447298858494002;
constexpr double LN_2 = 0.6931471805599453;
constexpr double SQRT_2 = 1.4142135623730951;
constexpr double FRAC_1_SQRT_2 = 0.7071067811865476;
constexpr double FRAC_2_PI = 0.6366197723675814;

CALLED double exp_of(double x) { return ::exp(x); }
CALLED double log_of(double x) { return ::log(x); }
CALLED double rest_of(double a, double b) { return ::fmod(a, b); }

INLINE bool is_infinite(double x) { return ::fabs(x) == Math<double>::infinity(); }
INLINE bool is_nan(double x) { return x != x; }
INLINE bool is_even(double x) { return 2.0 * ::floor(0.5 * x) == x; }

// c[0] + c[1] x + c[2] x^2 + ..
template <int N>
INLINE double polynomial(double x, const double (&c)[N]) {
    double value = 0;
#pragma unroll 1
    for (int i = N - 1; i >= 0; --i) value = value * x + c[i];
    return value;
}

// c[0] + c[1] T_1(t) + .. of n coefficients; close to the ends in Reinsch's form.
CALLED double chebyshev(double t, const double* c, int n) {
    double b = 0, before = 0;
    if (::fabs(t) < 0.6) {
#pragma unroll 1
        for (int i = n - 1; i > 0; --i) {
            const double next = 2.0 * t * b - before + c[i];
            before = b;
            b = next;
        }
        return t * b - before + c[0];
    }
    const double sign = ::copysign(1.0, t), from_end = t - sign;
    double difference = 0;
#pragma unroll 1
    for (int i = n - 1; i > 0; --i) {
        difference = 2.0 * from_end * b + sign * difference + c[i];
        b = difference + sign * b;
    }
    return from_end * b + sign * difference + c[0];
}

template <int N>
INLINE double chebyshev(double t, const double (&c)[N]) {
    return chebyshev(t, c, N);
}

// The same for a function of low <= x <= high.
template <int N>
INLINE double chebyshev_on(double x, double low, double high, const double (&c)[N]) {
    return chebyshev((2.0 * x - (low + high)) / (high - low), c, N);
}

// log(1 + x) - x without cancellation.
CALLED double log1p_minus(double x) {
    if (!(x >= -0.5 && x <= 1.0)) return Math<double>::log1p(x) - x;
    const double r = x / (2.0 + x), square = r * r;
    double sum = 0;
#pragma unroll 1
    for (int k = 17; k >= 0; --k) sum = sum * square + 1.0 / double(2 * k + 3);
    return r * (2.0 * square * sum - x);
}

// exp(factor x^2), `factor` a power of two of either sign: the square's rounding error is not amplified.
CALLED double exp_square(double x, double factor) {
    if (::fabs(x) > 40.0) return factor < 0 ? 0.0 : Math<double>::infinity();
    // The square of the first 26 bits is exact.
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= ~uint64_t(0x7ffffff);
    double high;
    memcpy(&high, &bits, sizeof high);
    return exp_of(factor * high * high) * exp_of(factor * (x - high) * (x + high));
}

// sin(pi x), exactly 0 at integers.
CALLED double sin_pi(double x) {
    const double turns = x - 2.0 * ::rint(0.5 * x), size = ::fabs(turns);
    return ::copysign(Math<double>::sin(PI * (size > 0.5 ? 1.0 - size : size)), turns);
}

// cot(pi x), infinite at integers.
INLINE double cot_pi(double x) {
    const double part = x - ::rint(x), size = ::fabs(part);
    const double near = size <= 0.25 ? size : 0.5 - size;
    const double tan = Math<double>::sin(PI * near) / Math<double>::cos(PI * near);
    return ::copysign(size <= 0.25 ? 1.0 / tan : tan, part);
}

INLINE double sinc(double x) { return ::fabs(x) < 1e-9 ? 1.0 : sin_pi(x) / (PI * x); }

}  // namespace special
