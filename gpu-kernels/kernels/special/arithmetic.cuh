// Logarithms of sums and products, and the arithmetic of IEEE 754 that has corners.
//
// Source: tensor/src/kernels/special/{logarithm,rounding,float}.rs.
#pragma once

#include "special/series.cuh"

namespace special {

INLINE double logit(double x) {
    if (x >= 0.25 && x < 0.75) return Math<double>::log1p((2.0 * x - 1.0) / (1.0 - x));
    return log_of(x) - Math<double>::log1p(-x);
}

INLINE double entr(double x) {
    if (x > 0) return -x * log_of(x);
    return x == 0 ? 0.0 : (is_nan(x) ? x : -Math<double>::infinity());
}

// log(exp(a) + exp(b)), or to base 2.
INLINE double logaddexp(double a, double b, bool base_two) {
    if (is_infinite(a) && a == b) return a;
    const double distance = -::fabs(a - b), more = Math<double>::log1p(base_two ? ::exp2(distance) : exp_of(distance));
    return larger(a, b) + (base_two ? more / LN_2 : more);
}

// x log(y), or x log(1 + y); 0 where x is, unless y is NaN.
INLINE double xlogy(double x, double y, bool plus_one) {
    if (is_nan(y)) return y;
    if (x == 0) return 0;
    return x * (plus_one ? Math<double>::log1p(y) : log_of(y));
}

// The exact remainder with the sign of the divisor.
template <class T>
INLINE T remainder(T a, T b) {
    const T rest = T(rest_of(a, b));
    return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
}

// The floor of the exact quotient.
template <class T>
INLINE T floor_divide(T a, T b) {
    if (b == 0) return a / b;
    const T rest = T(rest_of(a, b));
    T quotient = (a - rest) / b;
    if (rest != 0 && (b < 0) != (rest < 0)) quotient -= T(1);
    if (quotient == 0) return T(::copysign(0.0, double(a / b)));
    const T floor = T(::floor(double(quotient)));
    return quotient - floor > T(0.5) ? floor + T(1) : floor;
}

template <class T>
INLINE T trunc_divide(T a, T b) {
    return T(::trunc(double(a / b)));
}

// The nearest multiple of 10^-decimals; the host has `power` = 10^|decimals|.
template <class T>
INLINE T round_decimals(T x, double decimals, double power) {
    if (decimals == 0) return T(::rint(double(x)));
    const T by = T(power);
    return decimals > 0 ? T(::rint(double(T(x * by)))) / by : T(::rint(double(T(x / by)))) * by;
}

// x 2^n, rounded once; a power that is no whole number is rounded by itself.
CALLED double ldexp(double x, double n) {
    if (n != ::trunc(n)) return x * ::exp2(n);
    // Infinities become the ends of 32 bits.
    return ::ldexp(x, int(n < -4000.0 ? -4000.0 : (n > 4000.0 ? 4000.0 : n)));
}

// 0 below 0, `at_zero` at 0, 1 above; 0 for NaN.
INLINE double heaviside(double x, double at_zero) { return x == 0 ? at_zero : (x > 0 ? 1.0 : 0.0); }

}  // namespace special
