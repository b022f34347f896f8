// Chains of elementwise operations over contiguous memory, each one pass: forward, with a bias before it, and backward.
//
//   chain                out[i] = steps(x[i])
//   bias_chain           v = x[r][c] + bias[c];  pre[r][c] = v;  out[r][c] = steps(v)
//   chain_by_input       d_x[i] = d_out[i] * steps'(x[i])
//   chain_by_output      d_x[i] = d_out[i] * steps' where y[i] = steps(x[i]) tells it
//   add                  out[i] = a[i] + b[i]
//
// Shapes: flat memory of n elements; bias_chain [rows, cols] with a bias of [cols]. Results may lie where the operand of the same
// index is read.
// Launch: blocks of 256 threads, as many as the card holds several times over; a thread takes four neighbouring elements, then steps
// by the whole grid. Steps are parameters, at most 16 a launch, and the same for every thread, so no branch on them diverges. The
// index of an element in a stream of dropout is its index in the memory.
// Source: tensor/src/kernels/chain.

#include "chain.cuh"
#include "derivative.cuh"

// Steps a launch.
#define STEPS 16

struct Steps {
    uint32_t count;
    uint32_t unused;
    Step at[STEPS];
};

// out = steps(x)
template <class T>
INLINE void chain(const Steps& steps, uint64_t seed, const T* x, T* out, uint64_t n) {
    const bool wide = is_wide(x) && is_wide(out);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T v[4];
        load(v, x + i, wide, n - i);
#pragma unroll 1
        for (uint32_t step = 0; step < steps.count; ++step) apply_each(steps.at[step], v, i, seed);
        store(out + i, v, wide, n - i);
    }
}

// v = x + bias, pre = v, out = steps(v); bias and pre may be null.
template <class T>
INLINE void bias_chain(const Steps& steps, uint64_t seed, const T* x, const T* bias, T* pre, T* out, uint64_t n, uint64_t cols) {
    const bool wide = is_wide(x) && is_wide(out) && is_wide(pre), wide_bias = is_wide(bias);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T v[4];
        load(v, x + i, wide, n - i);
        if (bias != nullptr) {
            // A quotient of 32 bits takes a fraction of the time of one of 64.
            uint64_t col = n >> 32 == 0 ? uint32_t(i) % uint32_t(cols) : i % cols;
            T b[4];
            if (cols % 4 == 0) {
                load(b, bias + col, wide_bias, 4);
            } else {
#pragma unroll
                for (int lane = 0; lane < 4; ++lane) {
                    b[lane] = bias[col];
                    col = col + 1 == cols ? 0 : col + 1;
                }
            }
            each(v, b, [](T v, T b) { return v + b; });
        }
        if (pre != nullptr) store(pre + i, v, wide, n - i);
#pragma unroll 1
        for (uint32_t step = 0; step < steps.count; ++step) apply_each(steps.at[step], v, i, seed);
        store(out + i, v, wide, n - i);
    }
}

// d_x = d_out * steps'(x), one step at least; the values between the steps are computed again, and kept in dynamic shared memory, in
// a place of the thread's own: four elements for each step but the last, whose input stays in registers.
template <class T>
INLINE void chain_by_input(const Steps& steps, uint64_t seed, const T* x, const T* d_out, T* d_x, uint64_t n) {
    const bool wide = is_wide(x) && is_wide(d_out) && is_wide(d_x);
    const uint32_t last = steps.count - 1;
    DYN_SHARED(Four<T>, inputs);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T v[4], d[4];
        load(v, x + i, wide, n - i);
        load(d, d_out + i, wide, n - i);
#pragma unroll 1
        for (uint32_t step = 0; step < last; ++step) {
#pragma unroll
            for (int lane = 0; lane < 4; ++lane) inputs[step * BLOCK + threadIdx.x].at[lane] = v[lane];
            apply_each(steps.at[step], v, i, seed);
        }
#pragma unroll 1
        for (uint32_t step = last;; --step) {
            derive_by_input(steps.at[step], v, d, i, seed);
            if (step == 0) break;
#pragma unroll
            for (int lane = 0; lane < 4; ++lane) v[lane] = inputs[(step - 1) * BLOCK + threadIdx.x].at[lane];
        }
        store(d_x + i, d, wide, n - i);
    }
}

// d_x = d_out * steps' for steps of which at most the first reads its output, which is y * scale: what dropouts after it have made of
// it is undone. y is null where no step reads it.
template <class T>
INLINE void chain_by_output(const Steps& steps, uint64_t seed, const T* y, T scale, const T* d_out, T* d_x, uint64_t n) {
    const bool wide = is_wide(y) && is_wide(d_out) && is_wide(d_x);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T v[4], d[4];
        load(d, d_out + i, wide, n - i);
        if (y != nullptr) load(v, y + i, wide, n - i);
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) v[lane] = y != nullptr ? v[lane] * scale : T(0);
#pragma unroll 1
        for (uint32_t step = steps.count; step-- > 0;) derive_by_output(steps.at[step], v, d, i, seed);
        store(d_x + i, d, wide, n - i);
    }
}

// out = a + b
template <class T>
INLINE void add(const T* a, const T* b, T* out, uint64_t n) {
    const bool wide = is_wide(a) && is_wide(b) && is_wide(out);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T u[4], v[4];
        load(u, a + i, wide, n - i);
        load(v, b + i, wide, n - i);
        each(u, v, [](T a, T b) { return a + b; });
        store(out + i, u, wide, n - i);
    }
}

#define ELEMENTWISE(T, type)                                                                                                   \
    KERNEL __launch_bounds__(BLOCK, 4) chain_##type(Steps steps, uint64_t seed, const T* x, T* out, uint64_t n) {              \
        chain(steps, seed, x, out, n);                                                                                         \
    }                                                                                                                          \
    EMU_EXPORT(chain_##type)                                                                                                   \
    KERNEL __launch_bounds__(BLOCK, 4) bias_chain_##type(Steps steps, uint64_t seed, const T* x, const T* __restrict__ bias,   \
                                                         T* pre, T* out, uint64_t n, uint64_t cols) {                          \
        bias_chain(steps, seed, x, bias, pre, out, n, cols);                                                                   \
    }                                                                                                                          \
    EMU_EXPORT(bias_chain_##type)                                                                                              \
    KERNEL __launch_bounds__(BLOCK, 3) chain_by_input_##type(Steps steps, uint64_t seed, const T* x, const T* d_out, T* d_x,   \
                                                             uint64_t n) {                                                     \
        chain_by_input(steps, seed, x, d_out, d_x, n);                                                                         \
    }                                                                                                                          \
    EMU_EXPORT(chain_by_input_##type)                                                                                          \
    KERNEL __launch_bounds__(BLOCK, 4) chain_by_output_##type(Steps steps, uint64_t seed, const T* y, double scale,            \
                                                              const T* d_out, T* d_x, uint64_t n) {                            \
        chain_by_output(steps, seed, y, T(scale), d_out, d_x, n);                                                              \
    }                                                                                                                          \
    EMU_EXPORT(chain_by_output_##type)                                                                                         \
    KERNEL __launch_bounds__(BLOCK, 4) add_##type(const T* a, const T* b, T* out, uint64_t n) { add(a, b, out, n); }           \
    EMU_EXPORT(add_##type)

ELEMENTWISE(float, f32)
ELEMENTWISE(double, f64)
