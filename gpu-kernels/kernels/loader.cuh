// How a tile of an operand gets from memory to shared memory, through registers, so that the next tile is under way while the threads
// compute with this one.
#pragma once

#include "product.cuh"

// How an operand lies. Its lines are the rows of A and the columns of B: what k runs along.
enum class Layout {
    // The k's of a line are neighbours, 16 bytes of them at a time.
    AlongK,
    // The lines are neighbours, 16 bytes of them at a time.
    AlongLines,
    // Any strides and any address, element by element.
    Any,
};

// An operand as its lines.
template <class T>
struct Lines {
    const T* at;
    int64_t line_step, k_step;
    // How many lines there are from `at` on.
    int64_t count;
};

// Moves a tile of LINES lines by DEPTH k's with THREADS threads. In shared memory lines are neighbours, since the threads read several
// neighbouring ones of a k at once; rows are STRIDE apart, so that the transposing stores of a warp meet fewer banks twice.
template <class T, int LINES, int DEPTH, int THREADS, Layout LAYOUT>
struct Loader {
    static constexpr int STRIDE = LINES + Wide<T>::COUNT;
    static constexpr int WIDTH = LAYOUT == Layout::Any ? 1 : Wide<T>::COUNT;
    static constexpr int COUNT = LINES * DEPTH / WIDTH / THREADS;
    static_assert(COUNT * WIDTH * THREADS == LINES * DEPTH, "every thread moves as much");
    static_assert(THREADS % (DEPTH / WIDTH) == 0 && (THREADS * WIDTH) % LINES == 0, "a thread's pieces are at equal distances");

    const T* from;
    // The k of the thread's first piece in the tile, where that goes in shared memory, and the ways from one piece to the next.
    int k, k_step, place, place_step;
    int64_t piece_step, tile_step;
    // Bit i: the line of piece i is there.
    uint32_t there;
    T kept[COUNT][WIDTH];

    INLINE Loader(const Lines<T>& lines, int64_t first_k) {
        const int thread = threadIdx.x;
        const bool along_k = LAYOUT == Layout::AlongK || (LAYOUT == Layout::Any && lines.line_step != 1);
        constexpr int ALONG_K = DEPTH / WIDTH, ALONG_LINES = LINES / WIDTH;
        k = along_k ? thread % ALONG_K * WIDTH : thread / ALONG_LINES;
        k_step = along_k ? 0 : THREADS / ALONG_LINES;
        const int line = along_k ? thread / ALONG_K : thread % ALONG_LINES * WIDTH;
        const int line_step = along_k ? THREADS / ALONG_K : 0;
        place = k * STRIDE + line;
        place_step = k_step * STRIDE + line_step;
        const int64_t line_stride = LAYOUT == Layout::AlongLines ? 1 : lines.line_step;
        const int64_t k_stride = LAYOUT == Layout::AlongK ? 1 : lines.k_step;
        from = lines.at + line * line_stride + (first_k + k) * k_stride;
        piece_step = line_step * line_stride + k_step * k_stride;
        tile_step = DEPTH * k_stride;
        there = 0;
#pragma unroll
        for (int i = 0; i < COUNT; ++i) there |= uint32_t(line + i * line_step < lines.count) << i;
    }

    // Asks for the next tile, of which `left` k's are there. What is outside becomes 0.
    INLINE void load(int left) {
#pragma unroll
        for (int i = 0; i < COUNT; ++i) {
            if ((there >> i & 1) && k + i * k_step < left) {
                if constexpr (WIDTH == 1) {
                    kept[i][0] = from[i * piece_step];
                } else {
                    const Wide<T> wide = *reinterpret_cast<const Wide<T>*>(from + i * piece_step);
#pragma unroll
                    for (int j = 0; j < WIDTH; ++j) kept[i][j] = wide.at[j];
                }
            } else {
#pragma unroll
                for (int j = 0; j < WIDTH; ++j) kept[i][j] = T(0);
            }
        }
        from += tile_step;
    }

    // Puts it where all threads can read it.
    INLINE void store(T (&tile)[DEPTH][STRIDE]) const {
#pragma unroll
        for (int i = 0; i < COUNT; ++i) {
            T* to = &tile[0][0] + place + i * place_step;
            if constexpr (LAYOUT == Layout::AlongLines) {
                Wide<T> wide;
#pragma unroll
                for (int j = 0; j < WIDTH; ++j) wide.at[j] = kept[i][j];
                *reinterpret_cast<Wide<T>*>(to) = wide;
            } else {
#pragma unroll
                for (int j = 0; j < WIDTH; ++j) to[j * STRIDE] = kept[i][j];
            }
        }
    }
};
