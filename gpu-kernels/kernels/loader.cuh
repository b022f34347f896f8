// How tiles of an operand get from memory to shared memory, the next one while the threads compute with this one.
#pragma once

#include "copy.cuh"
#include "product.cuh"

// How an operand lies. Its lines are the rows of A and the columns of B: what k runs along.
enum class Layout {
    // The k's of a line are neighbours.
    AlongK,
    // The lines are neighbours, and 16 bytes of them can be moved at once.
    AlongLines,
    // Anything else.
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

// Moves tiles of LINES lines by DEPTH k's with THREADS threads, each the same pieces of every tile. In shared memory lines are
// neighbours, since a thread computes with several neighbouring ones of a k at once; the k's are STRIDE apart, so that copies that
// transpose meet fewer banks twice.
template <class T, int LINES, int DEPTH, int THREADS, Layout LAYOUT>
struct Loader {
    static constexpr int STRIDE = LINES + Wide<T>::COUNT;
    // Elements of a piece, and pieces of a thread.
    static constexpr int WIDTH = LAYOUT == Layout::AlongLines ? Wide<T>::COUNT : 1;
    static constexpr int COUNT = LINES * DEPTH / WIDTH / THREADS;
    static_assert(COUNT * WIDTH * THREADS == LINES * DEPTH, "every thread moves as much");
    static_assert(THREADS % DEPTH == 0 && THREADS * WIDTH % LINES == 0, "a thread's pieces are at equal distances");

    const T* from;
    // The k of the thread's first piece in the tile, where that goes in shared memory, and the ways from one piece to the next.
    int k, k_step, place, place_step;
    int64_t piece_step, tile_step;
    // Bit i: the line of piece i is there.
    uint32_t there;

    INLINE Loader(const Lines<T>& lines, int64_t first_k) {
        const int thread = threadIdx.x;
        const bool along_k = LAYOUT == Layout::AlongK || (LAYOUT == Layout::Any && lines.line_step != 1);
        constexpr int ACROSS = LINES / WIDTH;
        k = along_k ? thread % DEPTH : thread / ACROSS;
        k_step = along_k ? 0 : THREADS / ACROSS;
        const int line = along_k ? thread / DEPTH : thread % ACROSS * WIDTH;
        const int line_step = along_k ? THREADS / DEPTH : 0;
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

    // Sends for the next tile, of which `left` k's are there. What is outside becomes 0.
    INLINE void load(T (&tile)[DEPTH][STRIDE], int left) {
        T* const to = &tile[0][0] + place;
#pragma unroll
        for (int i = 0; i < COUNT; ++i) {
            const bool inside = (there >> i & 1) && k + i * k_step < left;
            copy_async<int(sizeof(T)) * WIDTH>(to + i * place_step, from + i * piece_step, inside);
        }
        from += tile_step;
    }
};
