// How kernels go over the rows of a contiguous matrix: a short row is kept in the registers of some lanes of a warp, a long one is gone
// over by a whole block as often as need be.
#pragma once

#include "block.cuh"

// Threads of a block that has a row of its own.
#define ROW_BLOCK 512

// Values of a row that a lane keeps: 128 bytes.
template <class T>
constexpr int KEPT = 128 / int(sizeof(T));

// `width` neighbouring lanes, a power of two, as the place of one row at a time: as many as it has columns, or the whole warp. Lane `lane`
// of them keeps the columns lane, lane + 32, .. All lanes of a warp go through the loop together, so that they can shuffle; those beyond the last
// row, which is not `there`, keep nothing.
struct RowLanes {
    int width, lane;
    int64_t row, rows, step;
    bool there;

    INLINE RowLanes(int64_t rows, int width_) : width(width_), rows(rows) {
        const int of_warp = 32 / width;
        lane = threadIdx.x % width;
        const int64_t warp = first_of_grid() / 32;
        row = warp * of_warp + threadIdx.x % 32 / width;
        step = step_of_grid() / 32 * of_warp;
        there = row < rows;
    }

    // Whether any of the warp's lanes has a row.
    INLINE bool any() const { return row - threadIdx.x % 32 / width < rows; }

    INLINE void next() {
        row += step;
        there = row < rows;
    }

    // f(i, col): the i-th column that the lane keeps.
    template <class T, class F>
    INLINE void each(int64_t cols, F f) const {
        const int end = there ? int(cols) : 0;
#pragma unroll
        for (int i = 0; i < KEPT<T>; ++i) {
            if (i * 32 >= end) break;
            const int col = lane + i * 32;
            if (col < end) f(i, col);
        }
    }
};

// f(col) for the columns that the thread has where a block has the row.
template <class F>
INLINE void each_of_block(int64_t cols, F f) {
#pragma unroll 4
    for (int64_t col = threadIdx.x; col < cols; col += ROW_BLOCK) f(col);
}

// The largest of some values and the sum of their exponentials, each over exp(largest), gathered in one pass (Milakov and Gimelshein,
// "Online normalizer calculation for softmax", 2018).
template <class T>
struct Exponentials {
    T most, sum;

    INLINE Exponentials() : most(-Math<T>::infinity()), sum(T(0)) {}

    // Takes N more values.
    template <int N>
    INLINE void add(const T (&x)[N]) {
        T next = most;
#pragma unroll
        for (int i = 0; i < N; ++i) next = larger(next, x[i]);
        // While all are minus infinity there is nothing to add, and no difference to take.
        if (next == -Math<T>::infinity()) return;
        sum *= Math<T>::exp(most - next);
#pragma unroll
        for (int i = 0; i < N; ++i) sum += Math<T>::exp(x[i] - next);
        most = next;
    }

    // Of all threads of the block; every thread gets it.
    INLINE void fold(T* shared) {
        const T all = block_fold<Largest>(most, shared);
        sum = block_fold<Sum>(sum * Math<T>::exp(most - all), shared);
        most = all;
    }
};

// Those of a row that a block has.
template <class T>
INLINE Exponentials<T> exponentials_of(const T* row, int64_t cols, T* shared) {
    Exponentials<T> found;
    int64_t col = threadIdx.x;
    for (; col + 3 * ROW_BLOCK < cols; col += 4 * ROW_BLOCK) {
        const T x[4] = {row[col], row[col + ROW_BLOCK], row[col + 2 * ROW_BLOCK], row[col + 3 * ROW_BLOCK]};
        found.add(x);
    }
    for (; col < cols; col += ROW_BLOCK) {
        const T x[1] = {row[col]};
        found.add(x);
    }
    found.fold(shared);
    return found;
}
