// Elements of every type by number, read and written through double precision or as whole numbers. gpu-kernels/src/launch/elements.rs
// has the same numbers; a check of the suite compares what they do.
#pragma once

#include <string.h>

#include "common.cuh"

enum class Type : uint32_t {
    F32 = 0,
    F64 = 1,
    F16 = 2,
    BF16 = 3,
    I64 = 4,
    I32 = 5,
    U8 = 6,
    Bool = 7,
};

// What is neither a floating point number nor its half: the types from I64 on.
INLINE bool is_whole(Type type) { return type >= Type::I64; }

enum class Compare : uint32_t {
    Eq = 0,
    Ne = 1,
    Lt = 2,
    Le = 3,
    Gt = 4,
    Ge = 5,
};

INLINE uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

INLINE double double_of(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// The nearest number with so many bits of mantissa and this bias of the exponent, in 16 bits; of two the even one.
template <int MANTISSA, int BIAS>
INLINE uint16_t narrow(double x) {
    const uint64_t bits = bits_of(x), size = bits & 0x7fffffffffffffffu;
    const uint16_t sign = uint16_t(bits >> 48 & 0x8000);
    const uint16_t infinity = uint16_t((2 * BIAS + 1) << MANTISSA);
    if (size > 0x7ff0000000000000u) return sign | infinity | uint16_t(1 << (MANTISSA - 1));
    const int exponent = int(size >> 52) - 1023 + BIAS;
    if (exponent > 2 * BIAS) return sign | infinity;
    uint64_t kept = size & 0xfffffffffffffu;
    int cut = 52 - MANTISSA;
    uint64_t above = uint64_t(exponent > 0 ? exponent : 0) << MANTISSA;
    if (exponent <= 0) {
        // Below the normal numbers: the leading one is written out, and more bits go.
        kept |= 0x10000000000000u;
        cut += 1 - exponent;
        if (cut > 54) return sign;
    }
    const uint64_t rest = kept & ((uint64_t(1) << cut) - 1), half = uint64_t(1) << (cut - 1);
    uint64_t rounded = above + (kept >> cut);
    // A carry goes on into the exponent, up to infinity.
    rounded += rest > half || (rest == half && (rounded & 1));
    return sign | uint16_t(rounded);
}

template <int MANTISSA, int BIAS>
INLINE double widen(uint16_t x) {
    const uint64_t sign = uint64_t(x & 0x8000) << 48;
    const uint32_t exponent = (x & 0x7fff) >> MANTISSA;
    const uint64_t mantissa = x & ((1 << MANTISSA) - 1);
    if (exponent == 2 * BIAS + 1) return double_of(sign | 0x7ff0000000000000u | mantissa << (52 - MANTISSA));
    if (exponent == 0) {
        // mantissa * 2^(1 - BIAS - MANTISSA)
        const double size = double(mantissa) * double_of(uint64_t(1023 + 1 - BIAS - MANTISSA) << 52);
        return sign ? -size : size;
    }
    return double_of(sign | uint64_t(exponent + 1023 - BIAS) << 52 | mantissa << (52 - MANTISSA));
}

// As Rust's `as` does it: what is too large becomes the largest, and NaN 0.
INLINE int64_t saturated(double x, double lowest, double beyond, int64_t least, int64_t most) {
    if (x != x) return 0;
    if (x >= beyond) return most;
    if (x <= lowest) return least;
    return int64_t(x);
}

template <class T>
INLINE T element(const uint8_t* x, int64_t at) {
    return reinterpret_cast<const T*>(x)[at];
}

template <class T>
INLINE void set_element(uint8_t* out, int64_t at, T value) {
    reinterpret_cast<T*>(out)[at] = value;
}

INLINE int64_t read_whole(Type type, const uint8_t* x, int64_t at) {
    switch (type) {
        case Type::I64:
            return element<int64_t>(x, at);
        case Type::I32:
            return element<int32_t>(x, at);
        default:
            return x[at];
    }
}

INLINE double read_double(Type type, const uint8_t* x, int64_t at) {
    switch (type) {
        case Type::F32:
            return element<float>(x, at);
        case Type::F64:
            return element<double>(x, at);
        case Type::F16:
            return widen<10, 15>(element<uint16_t>(x, at));
        case Type::BF16:
            return widen<7, 127>(element<uint16_t>(x, at));
        default:
            return double(read_whole(type, x, at));
    }
}

// The lowest bits; of a truth value, whether it is not 0.
INLINE void write(Type type, uint8_t* out, int64_t at, int64_t value) {
    switch (type) {
        case Type::I64:
            return set_element(out, at, value);
        case Type::I32:
            return set_element(out, at, int32_t(uint32_t(value)));
        case Type::U8:
            return set_element(out, at, uint8_t(value));
        default:
            return set_element(out, at, uint8_t(value != 0));
    }
}

INLINE void write(Type type, uint8_t* out, int64_t at, double value) {
    switch (type) {
        case Type::F32:
            return set_element(out, at, float(value));
        case Type::F64:
            return set_element(out, at, value);
        case Type::F16:
            return set_element(out, at, narrow<10, 15>(value));
        case Type::BF16:
            return set_element(out, at, narrow<7, 127>(value));
        case Type::I64:
            return set_element(out, at, saturated(value, -9223372036854775808.0, 9223372036854775808.0, INT64_MIN, INT64_MAX));
        case Type::I32:
            return set_element(out, at, int32_t(saturated(value, -2147483648.0, 2147483647.0, INT32_MIN, INT32_MAX)));
        case Type::U8:
            return set_element(out, at, uint8_t(saturated(value, 0.0, 255.0, 0, 255)));
        default:
            return set_element(out, at, uint8_t(value != 0.0));
    }
}
