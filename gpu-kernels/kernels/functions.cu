// Functions of one number and of two over strided views of float or double, reckoned in double precision and rounded once:
//
//   of_one    out[index] = f(x[index])
//   of_two    out[index] = f(a[index], b[index])
//
// What depends on the format (remainders, quotients, decimals, neighbours) is reckoned in it. Types and functions are numbers that all
// threads share. Shapes and launch: as elements.cu. Source: tensor/src/kernels/special, tensor/src/kernels/elementwise/{math,pair}.rs.

#include "chain.cuh"
#include "elements.cuh"
#include "functions.cuh"
#include "special/arithmetic.cuh"
#include "special/bessel.cuh"
#include "special/incomplete.cuh"
#include "walk.cuh"

INLINE double value_of(const Function& f, bool single, double x) {
    switch (f.op) {
        case Special::Floor:
            return ::floor(x);
        case Special::Ceil:
            return ::ceil(x);
        case Special::Round:
            return ::rint(x);
        case Special::RoundTo:
            return single ? double(special::round_decimals(float(x), f.a, f.b)) : special::round_decimals(x, f.a, f.b);
        case Special::Trunc:
            return ::trunc(x);
        case Special::Tan:
            return ::tan(x);
        case Special::Asin:
            return ::asin(x);
        case Special::Acos:
            return ::acos(x);
        case Special::Atan:
            return ::atan(x);
        case Special::Sinh:
            return ::sinh(x);
        case Special::Cosh:
            return ::cosh(x);
        case Special::Asinh:
            return ::asinh(x);
        case Special::Acosh:
            return ::acosh(x);
        case Special::Atanh:
            return ::atanh(x);
        case Special::Exp2:
            return ::exp2(x);
        case Special::Expm1:
            return Math<double>::expm1(x);
        case Special::Log2:
            return ::log2(x);
        case Special::Log10:
            return ::log10(x);
        case Special::Log1p:
            return Math<double>::log1p(x);
        case Special::LogSigmoid:
            return (x < 0 ? x : 0) - Math<double>::log1p(special::exp_of(-::fabs(x)));
        case Special::Logit:
            return special::logit(x);
        case Special::Sinc:
            return special::sinc(x);
        case Special::Entr:
            return special::entr(x);
        case Special::Erfc:
            return special::erfc(x);
        case Special::Erfcx:
            return special::erfcx(x);
        case Special::Erfinv:
            return special::erfinv(x);
        case Special::Ndtr:
            return special::ndtr(x);
        case Special::LogNdtr:
            return special::log_ndtr(x);
        case Special::Ndtri:
            return special::ndtri(x);
        case Special::Lgamma:
            return special::lgamma(x);
        case Special::Digamma:
            return special::digamma(x);
        case Special::Polygamma:
            return special::polygamma(x, f.a, f.b);
        case Special::Multigamma:
            return special::multigamma(x, f.a, f.b);
        case Special::I0:
            return special::i0(x);
        case Special::I0e:
            return special::i0e(x);
        case Special::I1:
            return special::i1(x);
        case Special::I1e:
            return special::i1e(x);
        case Special::BesselJ0:
            return special::bessel_j0(x);
        case Special::BesselJ1:
            return special::bessel_j1(x);
        case Special::BesselY0:
            return special::bessel_y0(x);
        case Special::BesselY1:
            return special::bessel_y1(x);
        case Special::K0:
            return special::k0(x);
        case Special::K0e:
            return special::k0e(x);
        case Special::K1:
            return special::k1(x);
        case Special::K1e:
            return special::k1e(x);
    }
    return Math<double>::nan();
}

// What is not one rounding of a value in double precision.
template <class T>
INLINE double in_format(Pair op, T a, T b) {
    switch (op) {
        case Pair::Remainder:
            return special::remainder(a, b);
        case Pair::FloorDivide:
            return special::floor_divide(a, b);
        case Pair::TruncDivide:
            return special::trunc_divide(a, b);
        default:
            return nextafter(a, b);
    }
}

INLINE double value_of(Pair op, bool single, double a, double b) {
    switch (op) {
        case Pair::Remainder:
        case Pair::FloorDivide:
        case Pair::TruncDivide:
        case Pair::Nextafter:
            return single ? in_format(op, float(a), float(b)) : in_format(op, a, b);
        case Pair::Atan2:
            return ::atan2(a, b);
        case Pair::Hypot:
            return ::hypot(a, b);
        case Pair::Fmod:
            return special::rest_of(a, b);
        case Pair::Fmax:
            return a >= b || b != b ? a : b;
        case Pair::Fmin:
            return a <= b || b != b ? a : b;
        case Pair::Copysign:
            return ::copysign(a, b);
        case Pair::Ldexp:
            return special::ldexp(a, b);
        case Pair::Heaviside:
            return special::heaviside(a, b);
        case Pair::Logaddexp:
        case Pair::Logaddexp2:
            return special::logaddexp(a, b, op == Pair::Logaddexp2);
        case Pair::Xlogy:
        case Pair::Xlog1py:
            return special::xlogy(a, b, op == Pair::Xlog1py);
        case Pair::Zeta:
            return special::zeta(a, b);
        case Pair::Igamma:
        case Pair::Igammac:
            return special::incomplete_gamma(a, b, op == Pair::Igammac);
    }
    return Math<double>::nan();
}

INLINE double read(bool single, const uint8_t* x, int64_t at) { return single ? element<float>(x, at) : element<double>(x, at); }

INLINE void write(bool single, uint8_t* out, int64_t at, double value) {
    if (single) {
        set_element(out, at, float(value));
    } else {
        set_element(out, at, value);
    }
}

KERNEL __launch_bounds__(BLOCK) of_one(Function f, Type type, Walk<2> walk, const uint8_t* x, uint8_t* out, uint32_t n) {
    const bool single = type == Type::F32;
    for (uint32_t i = first_element(false); i < n; i += step_of_elements()) {
        int32_t at[4][2];
        double v[4] = {};
        offsets_at(walk, i, BLOCK, at);
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane)
            if (i + lane * BLOCK < n) v[lane] = read(single, x, at[lane][0]);
        in_turn(v, [&](double x) { return value_of(f, single, x); });
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane)
            if (i + lane * BLOCK < n) write(single, out, at[lane][1], v[lane]);
    }
}
EMU_EXPORT(of_one)

KERNEL __launch_bounds__(BLOCK) of_two(Pair op, Type type, Walk<3> walk, const uint8_t* a, const uint8_t* b, uint8_t* out, uint32_t n) {
    const bool single = type == Type::F32;
    for (uint32_t i = first_element(false); i < n; i += step_of_elements()) {
        int32_t at[4][3];
        double u[4] = {}, v[4] = {};
        offsets_at(walk, i, BLOCK, at);
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane) {
            if (i + lane * BLOCK < n) {
                u[lane] = read(single, a, at[lane][0]);
                v[lane] = read(single, b, at[lane][1]);
            }
        }
        in_turn(u, v, [&](double a, double b) { return value_of(op, single, a, b); });
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane)
            if (i + lane * BLOCK < n) write(single, out, at[lane][2], u[lane]);
    }
}
EMU_EXPORT(of_two)
