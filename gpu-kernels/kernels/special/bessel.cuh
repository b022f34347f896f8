// Bessel functions, plain and modified.
//
// Source: tensor/src/kernels/special/{bessel,modified}.rs.
#pragma once

#include "special/series.cuh"
#include "special/tables.cuh"

namespace special {

// The first kind of order 0 for x <= 8, and of order 1 divided by x.
INLINE double j0_near(double x) { return x < 1e-8 ? 1.0 : chebyshev(x * x / 32.0 - 1.0, J0); }
INLINE double j1_near(double x) { return x * chebyshev(x * x / 32.0 - 1.0, J1); }

// Hankel's amplitudes P and Q for x > 8, of order 0 or 1.
struct Amplitudes {
    double p;
    double q;
    double sine;
    double cosine;

    INLINE Amplitudes(double x, bool first) {
        const double quotient = 8.0 / x, t = 2.0 * quotient * quotient - 1.0, scale = ::sqrt(1.0 / PI / x);
        p = scale * (first ? chebyshev(t, P1) : chebyshev(t, P0));
        q = scale * (first ? chebyshev(t, Q1) : chebyshev(t, Q0)) / x;
        sine = Math<double>::sin(x);
        cosine = Math<double>::cos(x);
    }
};

// Of the first kind (or the second), of order 0 (or 1), for x > 8.
CALLED double far(double x, bool second, bool first) {
    const Amplitudes at(x, first);
    const double sum = at.sine + at.cosine, difference = at.sine - at.cosine;
    if (first) return second ? at.q * difference - at.p * sum : at.p * difference + at.q * sum;
    return second ? at.p * difference + at.q * sum : at.p * sum - at.q * difference;
}

INLINE double bessel_j0(double x) {
    x = ::fabs(x);
    return x <= 8.0 ? j0_near(x) : far(x, false, false);
}

INLINE double bessel_j1(double x) {
    const double size = ::fabs(x);
    if (size <= 8.0) return j1_near(x);
    const double value = far(size, false, true);
    return x < 0 ? -value : value;
}

INLINE double bessel_y0(double x) {
    if (x == 0) return -Math<double>::infinity();
    if (x < 0) return Math<double>::nan();
    if (!(x <= 8.0)) return far(x, true, false);
    return chebyshev(x * x / 32.0 - 1.0, Y0) + FRAC_2_PI * log_of(x) * j0_near(x);
}

INLINE double bessel_y1(double x) {
    if (x == 0) return -Math<double>::infinity();
    if (x < 0) return Math<double>::nan();
    if (!(x <= 8.0)) return far(x, true, true);
    return x * chebyshev(x * x / 32.0 - 1.0, Y1) + FRAC_2_PI * (log_of(x) * j1_near(x) - 1.0 / x);
}

// exp(x) value, also where the exponential alone would overflow; NaN at infinity.
CALLED double grown(double x, double value) {
    if (x < 700.0) return exp_of(x) * value;
    const double half = exp_of(0.5 * x);
    return half * value * half;
}

// exp(-|x|) i0(x)
CALLED double i0e(double x) {
    x = ::fabs(x);
    if (x <= 4.0) return chebyshev_on(x, 0.0, 4.0, I0E);
    if (x <= 8.0) return chebyshev_on(x, 4.0, 8.0, I0E_MIDDLE);
    return chebyshev(16.0 / x - 1.0, I0E_FAR) / ::sqrt(x);
}

INLINE double i0(double x) { return grown(::fabs(x), i0e(x)); }

// exp(-|x|) i1(x)
CALLED double i1e(double x) {
    const double size = ::fabs(x);
    double value;
    if (size <= 4.0) {
        value = size * chebyshev_on(size, 0.0, 4.0, I1E);
    } else if (size <= 8.0) {
        value = chebyshev_on(size, 4.0, 8.0, I1E_MIDDLE);
    } else {
        value = chebyshev(16.0 / size - 1.0, I1E_FAR) / ::sqrt(size);
    }
    return ::copysign(value, x);
}

INLINE double i1(double x) { return grown(::fabs(x), i1e(x)); }

// exp(-x) value, also where the exponential alone would lose bits.
INLINE double shrunk(double x, double value) {
    const double half = exp_of(-0.5 * x);
    return half * value * half;
}

// exp(x) k0(x) for x > 1, and of order 1.
INLINE double k0e_far(double x) { return chebyshev(2.0 / x - 1.0, K0E_FAR) / ::sqrt(x); }
INLINE double k1e_far(double x) { return chebyshev(2.0 / x - 1.0, K1E_FAR) / ::sqrt(x); }

CALLED double k0(double x) {
    if (x > 1.0) return shrunk(x, k0e_far(x));
    if (x == 0) return Math<double>::infinity();
    return chebyshev(2.0 * x * x - 1.0, K0) - log_of(0.5 * x) * i0(x);
}

INLINE double k0e(double x) { return x > 1.0 ? k0e_far(x) : exp_of(x) * k0(x); }

CALLED double k1(double x) {
    if (x > 1.0) return shrunk(x, k1e_far(x));
    if (x == 0) return Math<double>::infinity();
    return x * chebyshev(2.0 * x * x - 1.0, K1) + (log_of(0.5 * x) * i1(x) + 1.0 / x);
}

INLINE double k1e(double x) { return x > 1.0 ? k1e_far(x) : exp_of(x) * k1(x); }

}  // namespace special
