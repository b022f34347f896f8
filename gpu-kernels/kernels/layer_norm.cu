// Layer normalisation (Ba, Kiros and Hinton, 2016) along the rows of x[rows, cols], and its gradients.
//
//   layer_norm            out = (x - mean) * rstd * weight + bias, rstd = 1 / sqrt(variance + eps), the variance without Bessel's
//                         correction; stats[rows, 2] = mean, rstd
//   layer_norm_backward   with h = (x - mean) * rstd and g = d_out * weight: d_x = rstd * (g - mean(g) - h * mean(g * h))
//   layer_norm_columns    d_weight (+)= sum over rows of d_out * h, d_bias (+)= sum over rows of d_out
//
// d_x may be d_out. Launch: `_lanes` for short rows, which some lanes of a warp keep, `width` lanes a row, blocks of BLOCK threads;
// `_kept` for rows that the threads of a block keep, GROUPS * 4 elements each, a block a row; `_blocks` for longer ones, a block of
// ROW_BLOCK threads a row, which goes over it three times. All step by the grid.
// layer_norm_columns: blocks of BLOCK threads, a lane a column, the warps of a block for different rows; grid: 32 columns in x, parts of
// the rows in y, which write partial[col][part] in double precision for reduce_partials where there are several.
// Source: tensor/src/kernels/rows/layer_norm.rs.

#include "rows.cuh"

template <class T>
INLINE void normalise_lanes(
    const T* x, const T* weight, const T* bias, T eps, T* stats, T* out, int64_t rows, int64_t cols, int width) {
    RowLanes lanes(rows, width);
    for (; lanes.any(); lanes.next()) {
        const T* from = x + lanes.row * cols;
        T* to = out + lanes.row * cols;
        T kept[KEPT<T>];
        T sum = T(0), squares = T(0);
        lanes.each<T>(cols, [&](int i, int col) {
            kept[i] = from[col];
            sum += kept[i];
        });
        const T mean = warp_fold<Sum>(sum, width) / T(cols);
        lanes.each<T>(cols, [&](int i, int) {
            kept[i] -= mean;
            squares = Math<T>::fused(kept[i], kept[i], squares);
        });
        const T variance = warp_fold<Sum>(squares, width) / T(cols);
        const T rstd = T(1) / Math<T>::sqrt(variance + eps);
        lanes.each<T>(cols, [&](int i, int col) { to[col] = Math<T>::fused(kept[i] * rstd, weight[col], bias[col]); });
        if (stats && lanes.there && lanes.lane == 0) {
            stats[2 * lanes.row] = mean;
            stats[2 * lanes.row + 1] = rstd;
        }
    }
}

// Groups of four elements that a thread keeps of a row.
template <class T>
constexpr int GROUPS = 16 / int(sizeof(T));

// f(group, col) for the groups that the thread keeps of a row; `col` is the first of four.
template <class T, class F>
INLINE void each_group(int64_t cols, F f) {
#pragma unroll
    for (int group = 0; group < GROUPS<T>; ++group) {
        const int64_t col = (int64_t(group) * blockDim.x + threadIdx.x) * 4;
        if (col < cols) f(group, col);
    }
}

template <class T>
INLINE void normalise_kept(const T* x, const T* weight, const T* bias, T eps, T* stats, T* out, int64_t rows, int64_t cols) {
    __shared__ T shared[ROW_BLOCK / 32];
    const bool wide_factors = is_wide(weight) && is_wide(bias);
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* from = x + row * cols;
        T* to = out + row * cols;
        const bool wide = is_wide(from) && is_wide(to);
        T kept[GROUPS<T>][4];
        T sum = T(0), squares = T(0);
        each_group<T>(cols, [&](int group, int64_t col) {
            load(kept[group], from + col, wide, cols - col);
            sum += (kept[group][0] + kept[group][1]) + (kept[group][2] + kept[group][3]);
        });
        const T mean = block_fold<Sum>(sum, shared) / T(cols);
        each_group<T>(cols, [&](int group, int64_t col) {
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                kept[group][i] -= mean;
                if (col + i < cols) squares = Math<T>::fused(kept[group][i], kept[group][i], squares);
            }
        });
        const T variance = block_fold<Sum>(squares, shared) / T(cols);
        const T rstd = T(1) / Math<T>::sqrt(variance + eps);
        each_group<T>(cols, [&](int group, int64_t col) {
            T factor[4], shift[4];
            load(factor, weight + col, wide_factors, cols - col);
            load(shift, bias + col, wide_factors, cols - col);
#pragma unroll
            for (int i = 0; i < 4; ++i) shift[i] = Math<T>::fused(kept[group][i] * rstd, factor[i], shift[i]);
            store(to + col, shift, wide, cols - col);
        });
        if (stats && threadIdx.x == 0) {
            stats[2 * row] = mean;
            stats[2 * row + 1] = rstd;
        }
    }
}

template <class T>
INLINE void normalise_blocks(const T* x, const T* weight, const T* bias, T eps, T* stats, T* out, int64_t rows, int64_t cols) {
    __shared__ T shared[ROW_BLOCK / 32];
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const T* from = x + row * cols;
        T* to = out + row * cols;
        T sum = T(0), squares = T(0);
        each_of_block(cols, [&](int64_t col) { sum += from[col]; });
        const T mean = block_fold<Sum>(sum, shared) / T(cols);
        each_of_block(cols, [&](int64_t col) {
            const T difference = from[col] - mean;
            squares = Math<T>::fused(difference, difference, squares);
        });
        const T variance = block_fold<Sum>(squares, shared) / T(cols);
        const T rstd = T(1) / Math<T>::sqrt(variance + eps);
        each_of_block(cols, [&](int64_t col) { to[col] = Math<T>::fused((from[col] - mean) * rstd, weight[col], bias[col]); });
        if (stats && threadIdx.x == 0) {
            stats[2 * row] = mean;
            stats[2 * row + 1] = rstd;
        }
    }
}

template <class T>
INLINE void backward_lanes(
    const T* x, const T* weight, const T* stats, const T* d_out, T* d_x, int64_t rows, int64_t cols, int width) {
    RowLanes lanes(rows, width);
    for (; lanes.any(); lanes.next()) {
        const int64_t first = lanes.row * cols;
        const T mean = lanes.there ? stats[2 * lanes.row] : T(0), rstd = lanes.there ? stats[2 * lanes.row + 1] : T(0);
        T h[KEPT<T>], g[KEPT<T>];
        T sum_g = T(0), sum_gh = T(0);
        lanes.each<T>(cols, [&](int i, int col) {
            h[i] = (x[first + col] - mean) * rstd;
            g[i] = d_out[first + col] * weight[col];
            sum_g += g[i];
            sum_gh = Math<T>::fused(g[i], h[i], sum_gh);
        });
        const T mean_g = warp_fold<Sum>(sum_g, width) / T(cols), mean_gh = warp_fold<Sum>(sum_gh, width) / T(cols);
        lanes.each<T>(cols, [&](int i, int col) { d_x[first + col] = rstd * (g[i] - mean_g - h[i] * mean_gh); });
    }
}

template <class T>
INLINE void backward_kept(const T* x, const T* weight, const T* stats, const T* d_out, T* d_x, int64_t rows, int64_t cols) {
    __shared__ T shared[ROW_BLOCK / 32];
    const bool wide_weight = is_wide(weight);
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const int64_t first = row * cols;
        const bool wide = is_wide(x + first) && is_wide(d_out + first) && is_wide(d_x + first);
        const T mean = stats[2 * row], rstd = stats[2 * row + 1];
        T h[GROUPS<T>][4], g[GROUPS<T>][4];
        T sum_g = T(0), sum_gh = T(0);
        each_group<T>(cols, [&](int group, int64_t col) {
            T factor[4];
            load(h[group], x + first + col, wide, cols - col);
            load(g[group], d_out + first + col, wide, cols - col);
            load(factor, weight + col, wide_weight, cols - col);
#pragma unroll
            for (int i = 0; i < 4; ++i) {
                h[group][i] = (h[group][i] - mean) * rstd;
                // Beyond the row the weight is 0.
                g[group][i] *= factor[i];
                sum_g += g[group][i];
                sum_gh = Math<T>::fused(g[group][i], h[group][i], sum_gh);
            }
        });
        const T mean_g = block_fold<Sum>(sum_g, shared) / T(cols), mean_gh = block_fold<Sum>(sum_gh, shared) / T(cols);
        each_group<T>(cols, [&](int group, int64_t col) {
            T d[4];
#pragma unroll
            for (int i = 0; i < 4; ++i) d[i] = rstd * (g[group][i] - mean_g - h[group][i] * mean_gh);
            store(d_x + first + col, d, wide, cols - col);
        });
    }
}

template <class T>
INLINE void backward_blocks(const T* x, const T* weight, const T* stats, const T* d_out, T* d_x, int64_t rows, int64_t cols) {
    __shared__ T shared[ROW_BLOCK / 32];
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        const int64_t first = row * cols;
        const T mean = stats[2 * row], rstd = stats[2 * row + 1];
        T sum_g = T(0), sum_gh = T(0);
        each_of_block(cols, [&](int64_t col) {
            const T g = d_out[first + col] * weight[col];
            sum_g += g;
            sum_gh = Math<T>::fused(g, (x[first + col] - mean) * rstd, sum_gh);
        });
        const T mean_g = block_fold<Sum>(sum_g, shared) / T(cols), mean_gh = block_fold<Sum>(sum_gh, shared) / T(cols);
        each_of_block(cols, [&](int64_t col) {
            const T h = (x[first + col] - mean) * rstd, g = d_out[first + col] * weight[col];
            d_x[first + col] = rstd * (g - mean_g - h * mean_gh);
        });
    }
}

// A sum of columns: where it goes, or null; whether it is added to what is there; where the sums of parts go, if there are several.
template <class T>
struct Column {
    T* out;
    uint32_t accumulate;
    double* partial;

    INLINE void put(int64_t col, double sum) const {
        if (partial) {
            partial[col * gridDim.y + blockIdx.y] = sum;
        } else {
            out[col] = accumulate ? out[col] + T(sum) : T(sum);
        }
    }
};

template <class T>
INLINE void sum_columns(
    const T* x, const T* stats, const T* d_out, const Column<T>& weight, const Column<T>& bias, int64_t rows, int64_t cols) {
    constexpr int WARPS = BLOCK / 32;
    __shared__ double shared[2][WARPS][32];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int64_t col = int64_t(blockIdx.x) * 32 + lane;
    const int64_t length = (rows + gridDim.y - 1) / gridDim.y, first = blockIdx.y * length;
    const int64_t end = rows - first < length ? rows : first + length;
    double of_weight = 0, of_bias = 0;
    if (col < cols) {
#pragma unroll 4
        for (int64_t row = first + warp; row < end; row += WARPS) {
            const T d = d_out[row * cols + col];
            of_bias += double(d);
            if (weight.out) of_weight += double(d * ((x[row * cols + col] - stats[2 * row]) * stats[2 * row + 1]));
        }
    }
    shared[0][warp][lane] = of_weight;
    shared[1][warp][lane] = of_bias;
    __syncthreads();
    // The first warp finishes the weight's sums, the second the bias's.
    if (warp >= 2 || col >= cols) return;
    double sum = 0;
#pragma unroll
    for (int i = 0; i < WARPS; ++i) sum += shared[warp][i][lane];
    if (warp == 0 && weight.out) weight.put(col, sum);
    if (warp == 1 && bias.out) bias.put(col, sum);
}

#define LAYER_NORM(T, TYPE)                                                                                                     \
    KERNEL __launch_bounds__(BLOCK, 2) layer_norm_lanes_##TYPE(                                                                 \
        const T* x, const T* weight, const T* bias, double eps, T* stats, T* out, int64_t rows, int64_t cols, int width) {      \
        normalise_lanes(x, weight, bias, T(eps), stats, out, rows, cols, width);                                                \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_lanes_##TYPE)                                                                                         \
    KERNEL __launch_bounds__(ROW_BLOCK) layer_norm_kept_##TYPE(                                                                 \
        const T* x, const T* weight, const T* bias, double eps, T* stats, T* out, int64_t rows, int64_t cols) {                 \
        normalise_kept(x, weight, bias, T(eps), stats, out, rows, cols);                                                        \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_kept_##TYPE)                                                                                          \
    KERNEL __launch_bounds__(ROW_BLOCK) layer_norm_blocks_##TYPE(                                                               \
        const T* x, const T* weight, const T* bias, double eps, T* stats, T* out, int64_t rows, int64_t cols) {                 \
        normalise_blocks(x, weight, bias, T(eps), stats, out, rows, cols);                                                      \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_blocks_##TYPE)                                                                                        \
    KERNEL __launch_bounds__(BLOCK, 2) layer_norm_backward_lanes_##TYPE(                                                        \
        const T* x, const T* weight, const T* stats, const T* d_out, T* d_x, int64_t rows, int64_t cols, int width) {           \
        backward_lanes(x, weight, stats, d_out, d_x, rows, cols, width);                                                        \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_backward_lanes_##TYPE)                                                                                \
    KERNEL __launch_bounds__(ROW_BLOCK) layer_norm_backward_kept_##TYPE(                                                        \
        const T* x, const T* weight, const T* stats, const T* d_out, T* d_x, int64_t rows, int64_t cols) {                      \
        backward_kept(x, weight, stats, d_out, d_x, rows, cols);                                                                \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_backward_kept_##TYPE)                                                                                 \
    KERNEL __launch_bounds__(ROW_BLOCK) layer_norm_backward_blocks_##TYPE(                                                      \
        const T* x, const T* weight, const T* stats, const T* d_out, T* d_x, int64_t rows, int64_t cols) {                      \
        backward_blocks(x, weight, stats, d_out, d_x, rows, cols);                                                              \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_backward_blocks_##TYPE)                                                                               \
    KERNEL __launch_bounds__(BLOCK, 4) layer_norm_columns_##TYPE(                                                               \
        const T* x, const T* stats, const T* d_out, T* d_weight, uint32_t accumulate_weight, double* partial_weight, T* d_bias, \
        uint32_t accumulate_bias, double* partial_bias, int64_t rows, int64_t cols) {                                           \
        const Column<T> weight{d_weight, accumulate_weight, partial_weight}, bias{d_bias, accumulate_bias, partial_bias};       \
        sum_columns(x, stats, d_out, weight, bias, rows, cols);                                                                 \
    }                                                                                                                           \
    EMU_EXPORT(layer_norm_columns_##TYPE)

LAYER_NORM(float, f32)
LAYER_NORM(double, f64)
