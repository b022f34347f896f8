// The update rules of the optimizers, each one pass over flat memory. They are PyTorch's.
//
//   sgd    g = sign * grad + decay * p
//          buffer = kept * buffer + taken * g
//          p = p + step * (g + ahead * buffer), the buffer or g, with Nesterov, momentum or neither
//   adam   g = sign * grad + decay * p
//          m = m + toward (g - m),  v = beta2 v + rest2 g^2
//          p = kept * p + step * m / (sqrt(v) * scale + eps), where the largest v so far may stand for v (AMSGrad)
//
// Shapes: flat memory of n elements for parameters, gradients and each moment.
// Launch: blocks of 256 threads, four neighbours a thread, stepping by the whole grid. A kernel does nothing while the record of
// faults holds one: the gradients are then of no worth, and the parameters stay as they were.
// Source: tensor/src/kernels/optimizers; Kingma and Ba (2015), Reddi, Kale and Kumar (2018), Loshchilov and Hutter (2019).

#include "common.cuh"

// A running mean whose gradient stays away would end among the subnormal numbers, where rounding holds it. What is below `floor`, the
// smallest normal number, is 0.
template <class T>
INLINE T settled(T mean, T floor) {
    return Math<T>::abs(mean) < floor ? T(0) : mean;
}

// The factors are made in double precision on the host, and rounded once here.
struct Sgd {
    double sign;
    double decay;
    double kept;
    double taken;
    double ahead;
    double step;
    // What a fresh buffer holds does not count, not even NaN.
    uint32_t first;
    uint32_t nesterov;
};

template <class T>
INLINE void sgd(const Fault* fault, const Sgd& rule, T* values, const T* grads, T* buffer, uint64_t n) {
    if (fault->kind != 0) return;
    const bool wide = is_wide(values) && is_wide(grads) && is_wide(buffer);
    const T sign = T(rule.sign), decay = T(rule.decay), kept = T(rule.kept), taken = T(rule.taken);
    const T ahead = T(rule.ahead), step = T(rule.step);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T p[4], g[4], velocity[4] = {};
        load(p, values + i, wide, n - i);
        load(g, grads + i, wide, n - i);
        if (buffer != nullptr && !rule.first) load(velocity, buffer + i, wide, n - i);
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) {
            g[lane] = Math<T>::fused(decay, p[lane], sign * g[lane]);
            velocity[lane] = settled(Math<T>::fused(velocity[lane], kept, taken * g[lane]), Math<T>::min_positive());
        }
        if (buffer != nullptr) {
            store(buffer + i, velocity, wide, n - i);
#pragma unroll
            for (int lane = 0; lane < 4; ++lane)
                g[lane] = rule.nesterov ? Math<T>::fused(ahead, velocity[lane], g[lane]) : velocity[lane];
        }
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) p[lane] = Math<T>::fused(step, g[lane], p[lane]);
        store(values + i, p, wide, n - i);
    }
}

struct Adam {
    double sign;
    // What remains of a parameter before the step.
    double kept;
    // What of a parameter is added to its gradient.
    double decay;
    double toward;
    double beta2;
    double rest2;
    // The inverse of the square root of what corrects v.
    double scale;
    double eps;
    double step;
};

template <class T>
INLINE void adam(const Fault* fault, const Adam& rule, T* values, const T* grads, T* first, T* second, T* largest, uint64_t n) {
    if (fault->kind != 0) return;
    const bool wide = is_wide(values) && is_wide(grads) && is_wide(first) && is_wide(second) && is_wide(largest);
    const T sign = T(rule.sign), kept = T(rule.kept), decay = T(rule.decay), toward = T(rule.toward);
    const T beta2 = T(rule.beta2), rest2 = T(rule.rest2), scale = T(rule.scale), eps = T(rule.eps), step = T(rule.step);
    // Without an eps beside its root v is never held at 0.
    const T floor = rule.eps > 0.0 ? Math<T>::min_positive() : T(0);
    for (uint64_t i = 4 * first_of_grid(); i < n; i += 4 * step_of_grid()) {
        T p[4], g[4], m[4], v[4], top[4];
        load(p, values + i, wide, n - i);
        load(g, grads + i, wide, n - i);
        load(m, first + i, wide, n - i);
        load(v, second + i, wide, n - i);
        if (largest != nullptr) load(top, largest + i, wide, n - i);
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) {
            const T grad = Math<T>::fused(decay, p[lane], sign * g[lane]);
            m[lane] = settled(Math<T>::fused(toward, grad - m[lane], m[lane]), Math<T>::min_positive());
            v[lane] = settled(Math<T>::fused(rest2 * grad, grad, v[lane] * beta2), floor);
            top[lane] = largest != nullptr ? larger(top[lane], v[lane]) : v[lane];
            const T root = Math<T>::fused(Math<T>::sqrt(top[lane]), scale, eps);
            p[lane] = p[lane] * kept + step * m[lane] / root;
        }
        store(values + i, p, wide, n - i);
        store(first + i, m, wide, n - i);
        store(second + i, v, wide, n - i);
        if (largest != nullptr) store(largest + i, top, wide, n - i);
    }
}

#define OPTIMIZERS(T, type)                                                                                                   \
    KERNEL __launch_bounds__(BLOCK, 4) sgd_##type(const Fault* fault, Sgd rule, T* values, const T* grads, T* buffer,         \
                                                  uint64_t n) {                                                               \
        sgd(fault, rule, values, grads, buffer, n);                                                                           \
    }                                                                                                                         \
    EMU_EXPORT(sgd_##type)                                                                                                    \
    KERNEL __launch_bounds__(BLOCK, 2) adam_##type(const Fault* fault, Adam rule, T* values, const T* grads, T* first,        \
                                                   T* second, T* largest, uint64_t n) {                                       \
        adam(fault, rule, values, grads, first, second, largest, n);                                                          \
    }                                                                                                                         \
    EMU_EXPORT(adam_##type)

OPTIMIZERS(float, f32)
OPTIMIZERS(double, f64)
