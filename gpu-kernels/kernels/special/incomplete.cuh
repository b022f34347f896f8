// The incomplete gamma functions, regularized.
//
// Source: tensor/src/kernels/special/incomplete.rs.
#pragma once

#include "special/error.cuh"
#include "special/gamma.cuh"

namespace special {

// Whether P is not much larger than Q.
INLINE bool is_below(double a, double x) { return x < a + 0.5 * ::sqrt(a); }

// a (log(x / a) - (x / a - 1))
CALLED double exponent(double a, double x) {
    const double mu = (x - a) / a;
    return mu < -0.5 ? a * (log_of(x / a) - mu) : a * log1p_minus(mu);
}

// x^a exp(-x) / gamma(a)
CALLED double density(double a, double x) {
    if (a < 10.0) {
        const double half = exp_of(-0.5 * x);
        return Math<double>::pow(x, a) * half / gamma(a) * half;
    }
    return exp_of(exponent(a, x) - stirling(a)) * ::sqrt(a / (2.0 * PI));
}

// P as a sum of positive terms.
CALLED double power_series(double a, double x) {
    double term = 1, sum = 0, n = a;
    while (term > 1e-17 * sum) {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    const double first = density(a, x) / a;
    return first + first * sum;
}

// Q by a continued fraction: Lentz' method says how deep to go; from there it is evaluated upwards.
CALLED double continued_fraction(double a, double x) {
    const double scale = density(a, x);
    if (scale == 0) return 0;
    double c = Math<double>::infinity(), d = 1.0 / (x + 1.0 - a);
    int depth = 0;
#pragma unroll 1
    for (int step = 1; step < 10000; ++step) {
        depth = step;
        const double i = step, numerator = -i * (i - a), denominator = x + 1.0 - a + 2.0 * i;
        d = 1.0 / (numerator * d + denominator);
        c = denominator + numerator / c;
        if (::fabs(c * d - 1.0) < 3e-16) break;
    }
    // Where it converges slowly the last changes are not yet all that is missing.
    depth += depth / 2;
    double below = x + 1.0 - a + 2.0 * depth;
#pragma unroll 1
    for (int step = depth; step > 0; --step) {
        const double i = step;
        below = x + 1.0 - a + 2.0 * (i - 1.0) - i * (i - a) / below;
    }
    return scale / below;
}

// Q for x <= 1.1 and small a.
CALLED double small(double a, double x) {
    const double logarithm = a * log_of(x) - lgamma_1p(a);
    double power = 1, sum = 0;
#pragma unroll 1
    for (int step = 1; step < 40; ++step) {
        const double n = step;
        power *= -x / n;
        sum += power / (a + n);
    }
    return -Math<double>::expm1(logarithm) - exp_of(logarithm) * a * sum;
}

// Q where the uniform expansion is not used.
CALLED double upper(double a, double x) {
    const bool lower_is_small = x > 1.1 ? is_below(a, x) : (x <= 0.5 ? -0.4 / log_of(x) < a : 1.1 * x < a);
    if (lower_is_small) return 1.0 - power_series(a, x);
    return x > 1.1 ? continued_fraction(a, x) : small(a, x);
}

// P (or Q) by Temme's uniform expansion.
CALLED double uniform(double a, double x, bool wants_upper) {
    const double square = -exponent(a, x);
    const bool above = x >= a;
    const double eta = ::copysign(::sqrt(2.0 * square / a), x - a);
    double sum = polynomial(eta, TEMME_7);
    sum = sum / a + polynomial(eta, TEMME_6);
    sum = sum / a + polynomial(eta, TEMME_5);
    sum = sum / a + polynomial(eta, TEMME_4);
    sum = sum / a + polynomial(eta, TEMME_3);
    sum = sum / a + polynomial(eta, TEMME_2);
    sum = sum / a + polynomial(eta, TEMME_1);
    sum = sum / a + polynomial(eta, TEMME_0);
    const double rest = sum / ::sqrt(2.0 * PI * a), tail = 0.5 * erfcx(::sqrt(square));
    // The smaller of the two.
    const double smaller = exp_of(-square) * (above ? tail + rest : tail - rest);
    return above == wants_upper ? smaller : 1.0 - smaller;
}

// P(a, x), or Q(a, x) = 1 - P(a, x), accurate where it is small.
CALLED double incomplete_gamma(double a, double x, bool wants_upper) {
    const bool both = (a == 0 && x == 0) || (is_infinite(a) && is_infinite(x));
    if (is_nan(a) || is_nan(x) || a < 0 || x < 0 || both) return Math<double>::nan();
    if (a == 0 || is_infinite(x)) return wants_upper ? 0.0 : 1.0;
    if (x == 0 || is_infinite(a)) return wants_upper ? 1.0 : 0.0;
    // Large orders, and arguments not too far from them.
    if (a > 200.0 && ::fabs(x - a) < 0.3 * a) return uniform(a, x, wants_upper);
    if (wants_upper) return upper(a, x);
    return x <= 1.0 || is_below(a, x) ? power_series(a, x) : 1.0 - upper(a, x);
}

}  // namespace special
