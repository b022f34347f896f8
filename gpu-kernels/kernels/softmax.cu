// Softmax along the rows of x[rows, cols], its logarithm, and their gradients.
//
//   softmax            out = exp(x - most) / sum(exp(x - most)), most = the row's largest
//                      of the logarithm: out = x - most - log(sum(exp(x - most)))
//   softmax_backward   d_x = out * (d_out - sum(d_out * out))
//                      of the logarithm: d_x = d_out - exp(out) * sum(d_out)
//
// d_x may be d_out. Instances `_log_` are those of the logarithm. Launch: `_lanes` for rows that some lanes of a warp keep (KEPT * 32 columns at most), `width` lanes a row, blocks of
// BLOCK threads, stepping by the grid; `_blocks` for longer ones, a block of ROW_BLOCK threads a row, stepping by the grid.
// Source: tensor/src/kernels/rows/softmax.rs.

#include "rows.cuh"

template <class T, bool LOG>
INLINE void softmax_lanes(const T* x, T* out, int64_t rows, int64_t cols, int width) {
    RowLanes lanes(rows, width);
    for (; lanes.any(); lanes.next()) {
        const T* from = x + lanes.row * cols;
        T* to = out + lanes.row * cols;
        T kept[KEPT<T>];
        T most = -Math<T>::infinity(), sum = T(0);
        lanes.each<T>(cols, [&](int i, int col) {
            kept[i] = from[col];
            most = larger(most, kept[i]);
        });
        most = warp_fold<Largest>(most, width);
        lanes.each<T>(cols, [&](int i, int) {
            const T power = Math<T>::exp(kept[i] - most);
            kept[i] = LOG ? kept[i] - most : power;
            sum += power;
        });
        sum = warp_fold<Sum>(sum, width);
        const T last = LOG ? Math<T>::log(sum) : T(1) / sum;
        lanes.each<T>(cols, [&](int i, int col) { to[col] = LOG ? kept[i] - last : kept[i] * last; });
    }
}

template <class T, bool LOG>
INLINE void softmax_blocks(const T* x, T* out, int64_t rows, int64_t cols) {
    __shared__ T shared[ROW_BLOCK / 32];
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* from = x + row * cols;
        T* to = out + row * cols;
        const Exponentials<T> found = exponentials_of(from, cols, shared);
        const T last = LOG ? Math<T>::log(found.sum) : T(1) / found.sum;
        each_of_block(cols, [&](int64_t col) {
            const T below = from[col] - found.most;
            to[col] = LOG ? below - last : Math<T>::exp(below) * last;
        });
    }
}

// What the row's sum is of, and the gradient of an element.
template <bool LOG, class T>
INLINE T term(T y, T d) {
    return LOG ? d : d * y;
}
template <bool LOG, class T>
INLINE T grad(T y, T d, T sum) {
    return LOG ? d - Math<T>::exp(y) * sum : y * (d - sum);
}

template <class T, bool LOG>
INLINE void backward_lanes(const T* out, const T* d_out, T* d_x, int64_t rows, int64_t cols, int width) {
    RowLanes lanes(rows, width);
    for (; lanes.any(); lanes.next()) {
        const int64_t first = lanes.row * cols;
        T y[KEPT<T>], d[KEPT<T>];
        T sum = T(0);
        lanes.each<T>(cols, [&](int i, int col) {
            y[i] = out[first + col];
            d[i] = d_out[first + col];
            sum += term<LOG>(y[i], d[i]);
        });
        sum = warp_fold<Sum>(sum, width);
        lanes.each<T>(cols, [&](int i, int col) { d_x[first + col] = grad<LOG>(y[i], d[i], sum); });
    }
}

template <class T, bool LOG>
INLINE void backward_blocks(const T* out, const T* d_out, T* d_x, int64_t rows, int64_t cols) {
    __shared__ T shared[ROW_BLOCK / 32];
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const int64_t first = row * cols;
        T sum = T(0);
        each_of_block(cols, [&](int64_t col) { sum += term<LOG>(out[first + col], d_out[first + col]); });
        sum = block_fold<Sum>(sum, shared);
        each_of_block(cols, [&](int64_t col) { d_x[first + col] = grad<LOG>(out[first + col], d_out[first + col], sum); });
    }
}

#define SOFTMAX(LOG, T, TYPE)                                                                                         \
    KERNEL __launch_bounds__(BLOCK, 2) softmax_lanes_##TYPE(const T* x, T* out, int64_t rows, int64_t cols, int width) { \
        softmax_lanes<T, LOG>(x, out, rows, cols, width);                                                             \
    }                                                                                                                 \
    EMU_EXPORT(softmax_lanes_##TYPE)                                                                                  \
    KERNEL __launch_bounds__(ROW_BLOCK) softmax_blocks_##TYPE(const T* x, T* out, int64_t rows, int64_t cols) {       \
        softmax_blocks<T, LOG>(x, out, rows, cols);                                                                   \
    }                                                                                                                 \
    EMU_EXPORT(softmax_blocks_##TYPE)                                                                                 \
    KERNEL __launch_bounds__(BLOCK, 2) softmax_backward_lanes_##TYPE(                                                 \
        const T* out, const T* d_out, T* d_x, int64_t rows, int64_t cols, int width) {                                \
        backward_lanes<T, LOG>(out, d_out, d_x, rows, cols, width);                                                   \
    }                                                                                                                 \
    EMU_EXPORT(softmax_backward_lanes_##TYPE)                                                                         \
    KERNEL __launch_bounds__(ROW_BLOCK) softmax_backward_blocks_##TYPE(                                               \
        const T* out, const T* d_out, T* d_x, int64_t rows, int64_t cols) {                                           \
        backward_blocks<T, LOG>(out, d_out, d_x, rows, cols);                                                         \
    }                                                                                                                 \
    EMU_EXPORT(softmax_backward_blocks_##TYPE)

SOFTMAX(false, float, f32)
SOFTMAX(false, double, f64)
SOFTMAX(true, float, log_f32)
SOFTMAX(true, double, log_f64)
