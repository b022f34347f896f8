// The functions of one number and of two by number. gpu-kernels/src/launch/functions.rs has the same numbers; a check of the suite
// reads this file and compares.
#pragma once

#include <stdint.h>

// One number in, one out.
enum class Special : uint32_t {
    Floor = 0,
    Ceil = 1,
    Round = 2,
    RoundTo = 3,
    Trunc = 4,
    Tan = 5,
    Asin = 6,
    Acos = 7,
    Atan = 8,
    Sinh = 9,
    Cosh = 10,
    Asinh = 11,
    Acosh = 12,
    Atanh = 13,
    Exp2 = 14,
    Expm1 = 15,
    Log2 = 16,
    Log10 = 17,
    Log1p = 18,
    LogSigmoid = 19,
    Logit = 20,
    Sinc = 21,
    Entr = 22,
    Erfc = 23,
    Erfcx = 24,
    Erfinv = 25,
    Ndtr = 26,
    LogNdtr = 27,
    Ndtri = 28,
    Lgamma = 29,
    Digamma = 30,
    Polygamma = 31,
    Multigamma = 32,
    I0 = 33,
    I0e = 34,
    I1 = 35,
    I1e = 36,
    BesselJ0 = 37,
    BesselJ1 = 38,
    BesselY0 = 39,
    BesselY1 = 40,
    K0 = 41,
    K0e = 42,
    K1 = 43,
    K1e = 44,
};

// Two numbers in, one out.
enum class Pair : uint32_t {
    Atan2 = 0,
    Hypot = 1,
    Fmod = 2,
    Remainder = 3,
    FloorDivide = 4,
    TruncDivide = 5,
    Fmax = 6,
    Fmin = 7,
    Copysign = 8,
    Nextafter = 9,
    Ldexp = 10,
    Heaviside = 11,
    Logaddexp = 12,
    Logaddexp2 = 13,
    Xlogy = 14,
    Xlog1py = 15,
    Zeta = 16,
    Igamma = 17,
    Igammac = 18,
};

// A function of one number with its attributes, as the host writes it.
struct Function {
    Special op;
    uint32_t unused;
    // RoundTo: decimals, 10^|decimals|; Polygamma: order, its factorial; Multigamma: dimensions, the constant.
    double a;
    double b;
};
