// Products with few rows or few columns: memory is what they wait for, so the large operand is read once, and the few lines of the
// small one are joined with it as it passes by.
#pragma once

#include "block.cuh"
#include "product.cuh"

// Lines of the small operand at most.
#define FEW 8

// A product as few lines and many, whichever of its operands they are.
template <class T>
struct Thin {
    const T *few, *many;
    int64_t few_line, few_k, many_line, many_k;
    int64_t many_count;
    int few_count;
    // Whether the few lines are the rows of the result, else its columns.
    bool rows;

    INLINE explicit Thin(const MatrixProduct<T>& p) {
        rows = p.m <= FEW;
        few = rows ? p.a : p.b;
        few_line = rows ? p.a_row : p.b_col;
        few_k = rows ? p.a_col : p.b_row;
        few_count = int(rows ? p.m : p.n);
        many = rows ? p.b : p.a;
        many_line = rows ? p.b_col : p.a_row;
        many_k = rows ? p.b_row : p.a_col;
        many_count = rows ? p.n : p.m;
    }

    // The element of the result that belongs to a line of each.
    INLINE void put(const MatrixProduct<T>& p, int i, int64_t j, T value) const {
        const int64_t row = rows ? i : j, col = rows ? j : i;
        if (p.flags & PARTIAL) {
            p.out[blockIdx.y * (p.m * p.n) + row * p.n + col] = value;
        } else {
            finish(p, row, col, value);
        }
    }
};

// The k's along the lines of the large operand: a warp for LINES of them, its lanes for different k's.
template <class T>
INLINE void dots(const MatrixProduct<T>& p) {
    constexpr int LINES = 2, WIDTH = Wide<T>::COUNT;
    const Thin<T> thin(p);
    const int lane = threadIdx.x % 32;
    const int64_t first = (int64_t(blockIdx.x) * (BLOCK / 32) + threadIdx.x / 32) * LINES;
    const int64_t first_k = blockIdx.y * p.part;
    const int64_t end = p.k - first_k < p.part ? p.k : first_k + p.part;
    if (first >= thin.many_count) return;
    // A second line where there is none would be the first again: read, and not written.
    const T* lines[LINES];
#pragma unroll
    for (int j = 0; j < LINES; ++j) lines[j] = thin.many + (first + j < thin.many_count ? first + j : first) * thin.many_line;

    T sums[FEW][LINES] = {};
    int64_t k = first_k;
    const bool wide = thin.few_k == 1 && thin.many_k == 1 && thin.few_line % WIDTH == 0 && thin.many_line % WIDTH == 0 &&
                      is_wide(thin.few) && is_wide(thin.many);
    if (wide) {
#pragma unroll 2
        for (k += lane * WIDTH; k + WIDTH <= end; k += 32 * WIDTH) {
            T y[LINES][WIDTH];
#pragma unroll
            for (int j = 0; j < LINES; ++j) load_wide(y[j], lines[j] + k, true, WIDTH);
#pragma unroll
            for (int i = 0; i < FEW; ++i) {
                if (i < thin.few_count) {
                    T x[WIDTH];
                    load_wide(x, thin.few + i * thin.few_line + k, true, WIDTH);
#pragma unroll
                    for (int j = 0; j < LINES; ++j) {
#pragma unroll
                        for (int e = 0; e < WIDTH; ++e) sums[i][j] = Math<T>::fused(x[e], y[j][e], sums[i][j]);
                    }
                }
            }
        }
        k = first_k + (end - first_k) / WIDTH * WIDTH;
    }
    for (k += lane; k < end; k += 32) {
        T y[LINES];
#pragma unroll
        for (int j = 0; j < LINES; ++j) y[j] = lines[j][k * thin.many_k];
#pragma unroll
        for (int i = 0; i < FEW; ++i) {
            if (i < thin.few_count) {
                const T x = thin.few[i * thin.few_line + k * thin.few_k];
#pragma unroll
                for (int j = 0; j < LINES; ++j) sums[i][j] = Math<T>::fused(x, y[j], sums[i][j]);
            }
        }
    }
    // Lane i * LINES + j finishes the element of the i-th few line and the j-th of these.
    T mine = T(0);
#pragma unroll
    for (int i = 0; i < FEW; ++i) {
#pragma unroll
        for (int j = 0; j < LINES; ++j) {
            const T sum = warp_fold<Sum>(sums[i][j]);
            if (lane == i * LINES + j) mine = sum;
        }
    }
    const int i = lane / LINES, j = lane % LINES;
    if (i < thin.few_count && first + j < thin.many_count) thin.put(p, i, first + j, mine);
}

// The lines of the large operand side by side: a lane for each, the warps of a block for different k's.
template <class T>
INLINE void columns(const MatrixProduct<T>& p) {
    constexpr int WARPS = BLOCK / 32;
    __shared__ T shared[WARPS][FEW][32];
    const Thin<T> thin(p);
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int64_t line = int64_t(blockIdx.x) * 32 + lane;
    const int64_t first_k = blockIdx.y * p.part;
    const int64_t end = p.k - first_k < p.part ? p.k : first_k + p.part;

    T sums[FEW] = {};
    if (line < thin.many_count) {
        const T* const many = thin.many + line * thin.many_line;
#pragma unroll 4
        for (int64_t k = first_k + warp; k < end; k += WARPS) {
            const T y = many[k * thin.many_k];
#pragma unroll
            for (int i = 0; i < FEW; ++i)
                if (i < thin.few_count) sums[i] = Math<T>::fused(thin.few[i * thin.few_line + k * thin.few_k], y, sums[i]);
        }
    }
#pragma unroll
    for (int i = 0; i < FEW; ++i) shared[warp][i][lane] = sums[i];
    __syncthreads();
    // Warp i finishes line i: there are as many of one as of the other at most.
    if (warp < thin.few_count && line < thin.many_count) {
        T sum = shared[0][warp][lane];
#pragma unroll
        for (int w = 1; w < WARPS; ++w) sum += shared[w][warp][lane];
        thin.put(p, warp, line, sum);
    }
}
static_assert(FEW <= BLOCK / 32, "a warp for each of the few lines");
