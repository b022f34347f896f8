// The types that CUDA C++ has built in.
#pragma once

#include <cstdint>

struct uint3 {
    unsigned x, y, z;
};

struct dim3 {
    unsigned x, y, z;
    dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

// Vectors have the alignment that CUDA gives them: a load of one is a load of 8 or 16 bytes.
#define EMU_VECTORS(Type, name, align2, align4)                                      \
    struct alignas(align2) name##2 { Type x, y; };                                   \
    struct name##3 { Type x, y, z; };                                                \
    struct alignas(align4) name##4 { Type x, y, z, w; };                             \
    inline name##2 make_##name##2(Type x, Type y) { return {x, y}; }                 \
    inline name##3 make_##name##3(Type x, Type y, Type z) { return {x, y, z}; }      \
    inline name##4 make_##name##4(Type x, Type y, Type z, Type w) { return {x, y, z, w}; }

EMU_VECTORS(float, float, 8, 16)
EMU_VECTORS(double, double, 16, 16)
EMU_VECTORS(int, int, 8, 16)
EMU_VECTORS(long long, longlong, 16, 16)
EMU_VECTORS(unsigned long long, ulonglong, 16, 16)
EMU_VECTORS(short, short, 4, 8)
EMU_VECTORS(unsigned char, uchar, 2, 4)
#undef EMU_VECTORS

struct alignas(8) uint2 {
    unsigned x, y;
};
struct alignas(16) uint4 {
    unsigned x, y, z, w;
};
inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
inline uint3 make_uint3(unsigned x, unsigned y, unsigned z) { return {x, y, z}; }
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
