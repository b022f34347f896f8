// Losses, and their gradients in the same pass. A block writes the sum of its part of the loss, in double precision, to
// partial[blockIdx.x]; reduce_partials adds those in order and divides by their number of rows or elements.
//
//   cross_entropy   sum over rows of log(sum over c of exp(logits[row, c])) - logits[row, label], from differences to the row's largest;
//                   d_logits = (softmax(logits) - one_hot(label)) / rows. A label that names no class: the loss is NaN, the row's
//                   gradient 0, and the fault is noted. `_lanes` and `_blocks` as in softmax.cu.
//   mse             sum of (x - y)^2; d_x = 2 (x - y) / count. Blocks of BLOCK threads, stepping by the grid.
//
// Shapes: logits, d_logits [rows, classes], labels [rows]; x, y, d_x [count]. The gradients may be null. Source:
// tensor/src/kernels/rows/{cross_entropy,mse}.rs.

#include "rows.cuh"

// Whether the label names a class; notes the fault if not, the first that is found.
INLINE bool is_class(int64_t label, int64_t classes, int64_t row, Fault* fault, bool first) {
    if (label >= 0 && label < classes) return true;
    if (first) note(fault, Fault{1, 0, row, label, classes});
    return false;
}

template <class T>
INLINE void entropy_lanes(
    const T* logits, const int64_t* labels, double* partial, T* d_logits, Fault* fault, int64_t rows, int64_t classes, int width) {
    __shared__ double shared[BLOCK / 32];
    double loss = 0;
    RowLanes lanes(rows, width);
    for (; lanes.any(); lanes.next()) {
        const T* from = logits + lanes.row * classes;
        T kept[KEPT<T>];
        T most = -Math<T>::infinity(), sum = T(0);
        lanes.each<T>(classes, [&](int i, int c) {
            kept[i] = from[c];
            most = larger(most, kept[i]);
        });
        most = warp_fold<Largest>(most, width);
        lanes.each<T>(classes, [&](int i, int) {
            kept[i] = Math<T>::exp(kept[i] - most);
            sum += kept[i];
        });
        sum = warp_fold<Sum>(sum, width);
        if (!lanes.there) continue;
        const int64_t label = labels[lanes.row];
        const bool good = is_class(label, classes, lanes.row, fault, lanes.lane == 0);
        if (lanes.lane == 0) loss += good ? double(Math<T>::log(sum) - (from[label] - most)) : Math<double>::nan();
        if (d_logits) {
            T* to = d_logits + lanes.row * classes;
            const T factor = T(1) / T(rows), scale = factor / sum;
            lanes.each<T>(classes, [&](int i, int c) {
                const T grad = kept[i] * scale - (c == label ? factor : T(0));
                to[c] = good ? grad : T(0);
            });
        }
    }
    loss = block_fold<Sum>(loss, shared);
    if (threadIdx.x == 0) partial[blockIdx.x] = loss;
}

template <class T>
INLINE void entropy_blocks(
    const T* logits, const int64_t* labels, double* partial, T* d_logits, Fault* fault, int64_t rows, int64_t classes) {
    __shared__ T shared[ROW_BLOCK / 32];
    double loss = 0;
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* from = logits + row * classes;
        const Exponentials<T> found = exponentials_of(from, classes, shared);
        const int64_t label = labels[row];
        const bool good = is_class(label, classes, row, fault, threadIdx.x == 0);
        loss += good ? double(Math<T>::log(found.sum) - (from[label] - found.most)) : Math<double>::nan();
        if (d_logits) {
            // `d_logits` may not be `logits`: the label's element above is read by every thread.
            T* to = d_logits + row * classes;
            const T factor = T(1) / T(rows), scale = factor / found.sum;
            each_of_block(classes, [&](int64_t c) {
                const T grad = Math<T>::exp(from[c] - found.most) * scale - (c == label ? factor : T(0));
                to[c] = good ? grad : T(0);
            });
        }
    }
    if (threadIdx.x == 0) partial[blockIdx.x] = loss;
}

template <class T>
INLINE void square_differences(const T* x, const T* y, double* partial, T* d_x, int64_t count) {
    __shared__ double shared[BLOCK / 32];
    const int64_t step = step_of_grid();
    const T factor = T(2) / T(count);
    double loss = 0;
#pragma unroll 4
    for (int64_t i = first_of_grid(); i < count; i += step) {
        const T difference = x[i] - y[i];
        loss += double(difference * difference);
        if (d_x) d_x[i] = difference * factor;
    }
    loss = block_fold<Sum>(loss, shared);
    if (threadIdx.x == 0) partial[blockIdx.x] = loss;
}

#define LOSSES(T, TYPE)                                                                                                          \
    KERNEL __launch_bounds__(BLOCK, 2) cross_entropy_lanes_##TYPE(                                                               \
        const T* logits, const int64_t* labels, double* partial, T* d_logits, Fault* fault, int64_t rows, int64_t classes,       \
        int width) {                                                                                                             \
        entropy_lanes(logits, labels, partial, d_logits, fault, rows, classes, width);                                           \
    }                                                                                                                            \
    EMU_EXPORT(cross_entropy_lanes_##TYPE)                                                                                       \
    KERNEL __launch_bounds__(ROW_BLOCK) cross_entropy_blocks_##TYPE(                                                             \
        const T* logits, const int64_t* labels, double* partial, T* d_logits, Fault* fault, int64_t rows, int64_t classes) {     \
        entropy_blocks(logits, labels, partial, d_logits, fault, rows, classes);                                                 \
    }                                                                                                                            \
    EMU_EXPORT(cross_entropy_blocks_##TYPE)                                                                                      \
    KERNEL __launch_bounds__(BLOCK, 4) mse_##TYPE(const T* x, const T* y, double* partial, T* d_x, int64_t count) {              \
        square_differences(x, y, partial, d_x, count);                                                                           \
    }                                                                                                                            \
    EMU_EXPORT(mse_##TYPE)

LOSSES(float, f32)
LOSSES(double, f64)
