// The gamma function, its logarithm and that one's derivatives; Hurwitz' zeta function.
//
// Source: tensor/src/kernels/special/{gamma,digamma,zeta}.rs.
#pragma once

#include "special/series.cuh"
#include "special/tables.cuh"

namespace special {

// lgamma(1 + x) for -1/2 <= x <= 2.
CALLED double lgamma_1p(double x) {
    if (x <= 0.5) return x * chebyshev_on(x, -0.5, 0.5, LGAMMA_1);
    return (x - 1.0) * chebyshev_on(x - 1.0, -0.5, 1.0, LGAMMA_2);
}

// What Stirling's formula lacks, for x >= 10.
CALLED double stirling(double x) {
    const double inverse = 1.0 / x;
    const double c[] = {1.0 / 12.0,   -1.0 / 360.0,      1.0 / 1260.0, -1.0 / 1680.0,
                        1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0,  -3617.0 / 122400.0};
    return inverse * polynomial(inverse * inverse, c);
}

// log(|gamma(x)|)
CALLED double lgamma(double x) {
    if (is_nan(x)) return x;
    if (is_infinite(x) || (x <= 0 && x == ::floor(x))) return Math<double>::infinity();
    if (::fabs(x) <= 0.5) return lgamma_1p(x) - log_of(::fabs(x));
    const double size = ::fabs(x);
    double value;
    if (size < 3.0) {
        // The sum makes 0 of -0.
        value = lgamma_1p(size - 1.0) + 0.0;
    } else if (size < 6.0) {
        value = chebyshev_on(size, 3.0, 6.0, LGAMMA_3);
    } else if (size < 12.0) {
        value = chebyshev_on(size, 6.0, 12.0, LGAMMA_6);
    } else {
        value = (size - 0.5) * (log_of(size) - 1.0) + (0.4189385332046727 + stirling(size));
    }
    // Below 0 the reflection.
    return x < 0 ? LN_PI - log_of(::fabs(x * sin_pi(x))) - value : value;
}

// gamma(x) for 0 < x <= 12.
CALLED double gamma(double x) {
    double factor = 1, divisor = 1;
    while (x > 3.0) {
        x -= 1.0;
        factor *= x;
    }
    while (x < 2.0) {
        divisor *= x;
        x += 1.0;
    }
    return chebyshev_on(x, 2.0, 3.0, GAMMA_2) * factor / divisor;
}

// The logarithm of the gamma function of p dimensions; the host has `constant` = p (p - 1) / 4 log(pi).
INLINE double multigamma(double x, double p, double constant) {
    double sum = 0;
#pragma unroll 1
    for (double j = 0; j < p; j += 1.0) sum += lgamma(x - 0.5 * j);
    return sum + constant;
}

// digamma(x) for x > 0.
CALLED double digamma_above(double x) {
    double less = 0;
    if (x < 1.0) {
        less = 1.0 / x;
        x += 1.0;
    }
    double value;
    if (x < 2.0) {
        value = (((x - DIGAMMA_ROOT[0]) - DIGAMMA_ROOT[1]) - DIGAMMA_ROOT[2]) * chebyshev_on(x, 1.0, 2.0, DIGAMMA_1);
    } else if (x < 5.0) {
        value = chebyshev_on(x, 2.0, 5.0, DIGAMMA_2);
    } else if (x < 12.0) {
        value = chebyshev_on(x, 5.0, 12.0, DIGAMMA_5);
    } else {
        const double inverse = 1.0 / x, square = inverse * inverse;
        const double c[] = {1.0 / 12.0,  -1.0 / 120.0,     1.0 / 252.0, -1.0 / 240.0,
                            1.0 / 132.0, -691.0 / 32760.0, 1.0 / 12.0,  -3617.0 / 8160.0};
        value = log_of(x) - (0.5 * inverse + square * polynomial(square, c));
    }
    return value - less;
}

CALLED double digamma(double x) {
    if (x == 0) return ::copysign(Math<double>::infinity(), -x);
    if (!(x < 0)) return digamma_above(x);
    if (x == ::floor(x)) return Math<double>::nan();
    return digamma_above(-x) - 1.0 / x - PI * cot_pi(x);
}

// What rounding took from sum = a + b.
INLINE double two_sum_error(double a, double b, double sum) {
    const double part = sum - a;
    return (a - (sum - part)) + (b - part);
}

// zeta(s, q) for s > 1, q > 0.
CALLED double zeta_above(double s, double q) {
    const double bernoulli[] = {
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30240.0,
        -1.0 / 1209600.0,
        1.0 / 47900160.0,
        -691.0 / 1307674368000.0,
        1.0 / 74724249600.0,
        -3617.0 / 10670622842880000.0,
        43867.0 / 5109094217170944000.0,
        -174611.0 / 802857662698291200000.0,
        77683.0 / 14101100039391805440000.0,
        -236364091.0 / 1693824136731743669452800000.0,
    };
    double sum = 0, lost = 0, w = q, k = 0;
    while (w < 10.0 + s) {
        const double term = Math<double>::pow(w, -s) * (1.0 - s * two_sum_error(q, k, w) / w);
        if (is_infinite(term)) return term;
        const double next = sum + term;
        lost += two_sum_error(sum, term, next);
        sum = next;
        if (s > 2.0 && term <= 1e-18 * sum) return sum + lost;
        k += 1.0;
        w = q + k;
    }
    const double power = Math<double>::pow(w, -s);
    const double integral = Math<double>::pow(w, 1.0 - s) * (1.0 - (s - 1.0) * two_sum_error(q, k, w) / w) / (s - 1.0);
    double factor = s / w, series = 0.5;
#pragma unroll 1
    for (int j = 0; j < 12; ++j) {
        series += factor * bernoulli[j];
        const double n = s + double(2 * j + 1);
        factor *= n / w * ((n + 1.0) / w);
    }
    return sum + (integral + (power * series + lost));
}

CALLED double zeta(double s, double q) {
    const double infinity = Math<double>::infinity(), nan = Math<double>::nan();
    if (s == 1.0) return infinity;
    if (is_nan(s) || is_nan(q) || s < 1.0) return nan;
    if (q <= 0) {
        if (q == ::floor(q)) return infinity;
        if (s != ::floor(s) || is_infinite(s)) return nan;
        // The terms below 0 are, but for their sign, those of two series above.
        const double below = zeta_above(s, ::ceil(q) - q) - zeta_above(s, 1.0 - q);
        return zeta_above(s, q - ::floor(q)) + (is_even(s) ? below : -below);
    }
    // The powers of 1 stay, those of smaller numbers grow.
    if (is_infinite(s)) return q < 1.0 ? infinity : (q == 1.0 ? 1.0 : nan);
    return is_infinite(q) ? nan : zeta_above(s, q);
}

// The derivative of this order of digamma; the host has its factorial.
INLINE double polygamma(double x, double order, double factorial) {
    if (order == 0) return digamma(x);
    if (order == 1.0 && is_infinite(x)) return x > 0 ? 0.0 : Math<double>::nan();
    const double size = factorial * zeta(order + 1.0, x);
    return is_even(order) ? -size : size;
}

}  // namespace special
