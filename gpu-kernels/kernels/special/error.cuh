// The error function, its complement, their inverses, and the normal distribution.
//
// Source: tensor/src/kernels/special/{error,normal}.rs.
#pragma once

#include "special/series.cuh"
#include "special/tables.cuh"

namespace special {

// exp(x^2) erfc(x) for x >= 0.
CALLED double scaled(double x) {
    const double t = x < 3.75 ? (x - 3.75) / (x + 3.75) : 1.0 - 7.5 / (x + 3.75);
    return chebyshev(t, ERFCX) / (1.0 + 2.0 * x);
}

// erf(x) for |x| <= 1.
INLINE double erf_near(double x) { return x * chebyshev(2.0 * x * x - 1.0, ERF); }

CALLED double erfc(double x) {
    const double size = ::fabs(x);
    if (size < 0.5) return 1.0 - erf_near(x);
    const double tail = exp_square(size, -1.0) * scaled(size);
    return x < 0 ? 2.0 - tail : tail;
}

CALLED double erf(double x) { return ::fabs(x) <= 1.0 ? erf_near(x) : ::copysign(1.0 - erfc(::fabs(x)), x); }

CALLED double erfcx(double x) {
    if (::fabs(x) < 0.5) return exp_square(x, 1.0) * erfc(x);
    if (x > 0 || is_nan(x)) return scaled(x);
    return 2.0 * exp_square(x, 1.0) - scaled(-x);
}

// The y with erf(y) = x, for |x| <= 1/2.
INLINE double erfinv_near(double x) { return x * chebyshev(8.0 * x * x - 1.0, ERFINV); }

// The y with erfc(y) = q, for q <= 1/2; infinite at 0, NaN below.
CALLED double erfcinv(double q) {
    if (q == 0) return Math<double>::infinity();
    const double r = ::sqrt(-log_of(q));
    double quotient;
    if (r < 1.7) {
        quotient = chebyshev_on(r, 0.8, 1.7, ERFCINV_A);
    } else if (r < 3.5) {
        quotient = chebyshev_on(r, 1.7, 3.5, ERFCINV_B);
    } else if (r < 7.0) {
        quotient = chebyshev_on(r, 3.5, 7.0, ERFCINV_C);
    } else if (r < 14.0) {
        quotient = chebyshev_on(r, 7.0, 14.0, ERFCINV_D);
    } else {
        quotient = chebyshev_on(r, 14.0, 28.0, ERFCINV_E);
    }
    return r * quotient;
}

INLINE double erfinv(double x) {
    const double size = ::fabs(x);
    return size <= 0.5 ? erfinv_near(x) : ::copysign(erfcinv(1.0 - size), x);
}

// The probability of a standard normal variable below x.
CALLED double ndtr(double x) {
    const double below = x > 0 ? -x : x;
    const double value = below > -0.7 ? 0.5 + 0.5 * erf(below * FRAC_1_SQRT_2)
                                      : 0.5 * exp_square(below, -0.5) * erfcx(-below * FRAC_1_SQRT_2);
    return x > 0 ? 1.0 - value : value;
}

INLINE double log_ndtr(double x) {
    if (x > 0) return Math<double>::log1p(-ndtr(-x));
    if (x > -1.0) return log_of(ndtr(x));
    return log_of(0.5 * erfcx(-x * FRAC_1_SQRT_2)) - 0.5 * x * x;
}

INLINE double ndtri(double p) {
    if (p < 0.25) return -SQRT_2 * erfcinv(2.0 * p);
    if (p < 0.75) return SQRT_2 * erfinv(2.0 * p - 1.0);
    return SQRT_2 * erfcinv(2.0 * (1.0 - p));
}

}  // namespace special
