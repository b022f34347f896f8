// Random numbers: element i depends on seed, stream and i alone, and is the one that the CPU makes.
//
//   uniform   out[i] = low + (high - low) u, in [low, high), where u of 24 bits (float) or 53 (double) comes of one word or two
//   normal    pairs out[2 j], out[2 j + 1] = mean + std * sqrt(-2 log(1 - u)) * (cos, sin)(2 pi v) of the four words of block j
//
// Shapes: flat memory of n elements.
// Launch: blocks of 256 threads, four neighbours a thread, stepping by the whole grid.
// Source: tensor/src/kernels/random/philox.rs; Box and Muller (1958).

#include "philox.cuh"

INLINE void uniform_four(float (&out)[4], uint64_t seed, uint64_t stream, uint64_t i) {
    uint32_t words[4];
    philox(seed, stream, i / 4, words);
#pragma unroll
    for (int lane = 0; lane < 4; ++lane) out[lane] = unit<float>(words[lane], 0);
}

INLINE void uniform_four(double (&out)[4], uint64_t seed, uint64_t stream, uint64_t i) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
        uint32_t words[4];
        philox(seed, stream, i / 2 + half, words);
        out[2 * half] = unit<double>(words[0], words[1]);
        out[2 * half + 1] = unit<double>(words[2], words[3]);
    }
}

template <class T>
INLINE void uniform(T low, T high, uint64_t seed, uint64_t stream, T* out, uint64_t n) {
    const bool wide = is_wide(out);
    const T width = high - low;
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T v[4];
        uniform_four(v, seed, stream, i);
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) {
            // Rounding may reach `high` from below; it is excluded.
            const T value = Math<T>::fused(v[lane], width, low);
            v[lane] = value < high || width <= T(0) ? value : low;
        }
        store(out + i, v, wide, n - i);
    }
}

template <class T>
INLINE void normal(T mean, T deviation, uint64_t seed, uint64_t stream, T* out, uint64_t n) {
    const bool wide = is_wide(out);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T v[4] = {};
#pragma unroll 1
        for (int half = 0; half < 2; ++half) {
            uint32_t words[4];
            philox(seed, stream, i / 2 + half, words);
            // In (0, 1], where the logarithm is finite.
            const T u = T(1) - unit<T>(words[0], words[1]);
            const T radius = Math<T>::sqrt(Math<T>::log(u) * T(-2)) * deviation;
            const T angle = unit<T>(words[2], words[3]) * T(6.283185307179586);
            // The code is there once: the first pair makes room for the second.
            v[0] = v[2];
            v[1] = v[3];
            v[2] = mean + radius * Math<T>::cos(angle);
            v[3] = mean + radius * Math<T>::sin(angle);
        }
        store(out + i, v, wide, n - i);
    }
}

#define RANDOM(T, type)                                                                                                       \
    KERNEL __launch_bounds__(BLOCK, 4) uniform_##type(double low, double high, uint64_t seed, uint64_t stream, T* out,        \
                                                      uint64_t n) {                                                           \
        uniform(T(low), T(high), seed, stream, out, n);                                                                       \
    }                                                                                                                         \
    EMU_EXPORT(uniform_##type)                                                                                                \
    KERNEL __launch_bounds__(BLOCK, 4) normal_##type(double mean, double deviation, uint64_t seed, uint64_t stream, T* out,   \
                                                     uint64_t n) {                                                            \
        normal(T(mean), T(deviation), seed, stream, out, n);                                                                  \
    }                                                                                                                         \
    EMU_EXPORT(normal_##type)

RANDOM(float, f32)
RANDOM(double, f64)
