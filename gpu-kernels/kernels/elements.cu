// Operations over strided views of any rank and of every element type, one element after the other:
//
//   put         out[index] = value, by the width of an element
//   take        out[index] = x[index], by the width of an element
//   cast        out[index] = x[index] as another type
//   compare     out[index] = a[index] op b[index]
//   select      out[index] = condition[index] ? a[index] : b[index], by the width of an element
//
// Truth values are bytes, 0 or 1; float16 and bfloat16 are their 16 bits. Types and operations are numbers that all threads share.
// Shapes: up to 8 axes, which the host has joined, ordered and cut so that 32 bits hold every index and offset.
// Launch: blocks of 256 threads, stepping by the whole grid; a thread takes four elements that lie a block apart.
// Source: tensor/src/kernels/strided, tensor/src/kernels/elementwise.

#include "elements.cuh"
#include "walk.cuh"

// Calls f(offsets) for each of this thread's elements.
template <int N, class F>
INLINE void for_each(const Walk<N>& walk, uint32_t n, F f) {
    for (uint32_t i = first_element(false); i < n; i += step_of_elements()) {
        int32_t at[4][N];
        offsets_at(walk, i, BLOCK, at);
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane)
            if (i + lane * BLOCK < n) f(at[lane]);
    }
}

KERNEL __launch_bounds__(BLOCK) cast(Type from, Type to, Walk<2> walk, const uint8_t* x, uint8_t* out, uint32_t n) {
    // Through a double, or a whole number where neither end has fractions: nothing is rounded on the way.
    if (is_whole(from) && is_whole(to)) {
        for_each(walk, n, [=](const int32_t(&at)[2]) { write(to, out, at[1], read_whole(from, x, at[0])); });
    } else {
        for_each(walk, n, [=](const int32_t(&at)[2]) { write(to, out, at[1], read_double(from, x, at[0])); });
    }
}
EMU_EXPORT(cast)

template <class T>
INLINE uint8_t holds(Compare op, T a, T b) {
    switch (op) {
        case Compare::Eq:
            return a == b;
        case Compare::Ne:
            return a != b;
        case Compare::Lt:
            return a < b;
        case Compare::Le:
            return a <= b;
        case Compare::Gt:
            return a > b;
        case Compare::Ge:
            return a >= b;
    }
    return 0;
}

KERNEL __launch_bounds__(BLOCK) compare(Compare op, Type type, Walk<3> walk, const uint8_t* a, const uint8_t* b, uint8_t* out,
                                        uint32_t n) {
    if (is_whole(type)) {
        for_each(walk, n, [=](const int32_t(&at)[3]) {
            out[at[2]] = holds(op, read_whole(type, a, at[0]), read_whole(type, b, at[1]));
        });
    } else {
        for_each(walk, n, [=](const int32_t(&at)[3]) {
            out[at[2]] = holds(op, read_double(type, a, at[0]), read_double(type, b, at[1]));
        });
    }
}
EMU_EXPORT(compare)

#define MOVE(T, type)                                                                                                \
    KERNEL __launch_bounds__(BLOCK) put_##type(uint64_t value, Walk<1> walk, T* out, uint32_t n) {                   \
        for_each(walk, n, [=](const int32_t(&at)[1]) { out[at[0]] = T(value); });                                    \
    }                                                                                                                \
    EMU_EXPORT(put_##type)                                                                                           \
    KERNEL __launch_bounds__(BLOCK) take_##type(Walk<2> walk, const T* x, T* out, uint32_t n) {                      \
        for_each(walk, n, [=](const int32_t(&at)[2]) { out[at[1]] = x[at[0]]; });                                    \
    }                                                                                                                \
    EMU_EXPORT(take_##type)

#define SELECT(T, type)                                                                                              \
    KERNEL __launch_bounds__(BLOCK) select_##type(Walk<4> walk, const uint8_t* condition, const T* a, const T* b,    \
                                                  T* out, uint32_t n) {                                              \
        for_each(walk, n, [=](const int32_t(&at)[4]) { out[at[3]] = condition[at[0]] ? a[at[1]] : b[at[2]]; });      \
    }                                                                                                                \
    EMU_EXPORT(select_##type)

MOVE(uint8_t, u8)
MOVE(uint16_t, u16)
SELECT(uint8_t, u8)
SELECT(uint16_t, u16)
SELECT(uint32_t, u32)
SELECT(uint64_t, u64)
