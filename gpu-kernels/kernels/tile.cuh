// Products by tiles: a block of threads computes a tile of the result, every thread a part of it in registers.
//
// After Volkov and Demmel, "Benchmarking GPUs to tune dense linear algebra", 2008; the order of the lanes is that of CUTLASS.
#pragma once

#include "loader.cuh"

// The shape of a tile. A warp's 4 by 8 lanes compute (4 TM) by (8 TN) elements; ROWS by COLS warps make the block.
template <class T, int ROWS, int COLS, int TM, int TN, int DEPTH_>
struct Tile {
    static constexpr int THREADS = 32 * ROWS * COLS;
    static constexpr int M = ROWS * 4 * TM, N = COLS * 8 * TN, DEPTH = DEPTH_;
    static constexpr int WIDTH = Wide<T>::COUNT;
    static_assert(TM % WIDTH == 0 && TN % WIDTH == 0, "a thread reads 16 bytes at once");

    // The thread's first row and column in the tile; its other rows and columns follow in groups of WIDTH, 4 and 8 groups apart.
    // Neighbouring lanes share their columns, every other lane its rows: so a warp's reads of shared memory need half as many passes.
    static INLINE int row() { return threadIdx.x / 32 / COLS * (4 * TM) + ((threadIdx.x & 1) + (threadIdx.x / 16 & 1) * 2) * WIDTH; }
    static INLINE int col() { return threadIdx.x / 32 % COLS * (8 * TN) + (threadIdx.x / 2 & 7) * WIDTH; }
    // How far behind the first its i-th row and column are.
    static INLINE constexpr int row_step(int i) { return i / WIDTH * (4 * WIDTH) + i % WIDTH; }
    static INLINE constexpr int col_step(int j) { return j / WIDTH * (8 * WIDTH) + j % WIDTH; }
};

// Where the block's tile begins in the result, in an order in which blocks that run at the same time share rows and columns.
template <class Tile>
INLINE void place_of_block(int64_t m, int64_t n, int64_t& first_row, int64_t& first_col) {
    constexpr uint32_t BAND = 8;
    const uint32_t rows = uint32_t((m + Tile::M - 1) / Tile::M), cols = uint32_t((n + Tile::N - 1) / Tile::N);
    const uint32_t band = blockIdx.x / (BAND * cols), within = blockIdx.x - band * (BAND * cols);
    const uint32_t height = rows - band * BAND < BAND ? rows - band * BAND : BAND;
    first_row = int64_t(band * BAND + within % height) * Tile::M;
    first_col = int64_t(within / height) * Tile::N;
}

// What a thread has computed, with all that follows the product, into the result.
template <class T, class Tile, int TM, int TN>
INLINE void write(const MatrixProduct<T>& p, T (&sums)[TM * TN], int64_t row, int64_t col) {
    constexpr int WIDTH = Tile::WIDTH;
    T* const out = p.out + (p.flags & PARTIAL ? blockIdx.y * (p.m * p.n) : 0);
    const bool wide = p.n % WIDTH == 0 && is_wide(out) && is_wide(p.pre);

    if (p.flags & ACCUMULATE) {
#pragma unroll
        for (int i = 0; i < TM; ++i) {
            const int64_t r = row + Tile::row_step(i);
#pragma unroll
            for (int j = 0; j < TN; j += WIDTH) {
                const int64_t c = col + Tile::col_step(j);
                if (r < p.m && c < p.n) {
                    T before[WIDTH] = {};
                    load_wide(before, out + r * p.n + c, wide, p.n - c);
#pragma unroll
                    for (int e = 0; e < WIDTH; ++e) sums[i * TN + j + e] += before[e];
                }
            }
        }
    }
    if (p.bias) {
#pragma unroll
        for (int j = 0; j < TN; ++j) {
            const int64_t c = col + Tile::col_step(j);
            const T bias = c < p.n ? p.bias[c] : T(0);
#pragma unroll
            for (int i = 0; i < TM; ++i) sums[i * TN + j] += bias;
        }
    }
    // Once for `pre`, where it is wanted, and once for `out`.
#pragma unroll 1
    for (int turn = p.pre ? 0 : 1; turn < 2; ++turn) {
        T* const to = turn == 0 ? p.pre : out;
        if (turn == 1 && (p.flags & ACTIVATE)) activate(p.step, sums);
#pragma unroll
        for (int i = 0; i < TM; ++i) {
            const int64_t r = row + Tile::row_step(i);
#pragma unroll
            for (int j = 0; j < TN; j += WIDTH) {
                const int64_t c = col + Tile::col_step(j);
                if (r < p.m && c < p.n) store_wide(to + r * p.n + c, &sums[i * TN + j], wide, p.n - c);
            }
        }
    }
}

// The product: tile after tile along k, the next one on its way to the half of shared memory that is not read.
template <class T, int ROWS, int COLS, int TM, int TN, int DEPTH, Layout A, Layout B>
INLINE void multiply(const MatrixProduct<T>& p) {
    using Tile = ::Tile<T, ROWS, COLS, TM, TN, DEPTH>;
    using LoadA = Loader<T, Tile::M, DEPTH, Tile::THREADS, A>;
    using LoadB = Loader<T, Tile::N, DEPTH, Tile::THREADS, B>;
    constexpr int WIDTH = Tile::WIDTH;
    __align__(16) __shared__ T tiles_a[2][DEPTH][LoadA::STRIDE];
    __align__(16) __shared__ T tiles_b[2][DEPTH][LoadB::STRIDE];
    // Registers are what is short in the loop: here is what is needed after it.
    __shared__ int64_t place[2];

    int64_t first_row, first_col;
    place_of_block<Tile>(p.m, p.n, first_row, first_col);
    if (threadIdx.x == 0) {
        place[0] = first_row;
        place[1] = first_col;
    }
    const int64_t first_k = blockIdx.y * p.part;
    int left = int(p.k - first_k < p.part ? p.k - first_k : p.part);
    LoadA a(Lines<T>{p.a + first_row * p.a_row, p.a_row, p.a_col, p.m - first_row}, first_k);
    LoadB b(Lines<T>{p.b + first_col * p.b_col, p.b_col, p.b_row, p.n - first_col}, first_k);

    T sums[TM * TN] = {};
    a.load(tiles_a[0], left);
    b.load(tiles_b[0], left);
    int half = 0;
    const int row = Tile::row(), col = Tile::col();
#pragma unroll 1
    for (; left > 0; left -= DEPTH, half ^= 1) {
        // This tile has come, and nobody reads the one before any more.
        wait_for_copies();
        __syncthreads();
        if (left > DEPTH) {
            a.load(tiles_a[half ^ 1], left - DEPTH);
            b.load(tiles_b[half ^ 1], left - DEPTH);
        }
#pragma unroll
        for (int k = 0; k < DEPTH; ++k) {
            T x[TM], y[TN];
#pragma unroll
            for (int i = 0; i < TM; i += WIDTH) load_wide(&x[i], &tiles_a[half][k][row + Tile::row_step(i)], true, WIDTH);
#pragma unroll
            for (int j = 0; j < TN; j += WIDTH) load_wide(&y[j], &tiles_b[half][k][col + Tile::col_step(j)], true, WIDTH);
#pragma unroll
            for (int i = 0; i < TM; ++i) {
#pragma unroll
                for (int j = 0; j < TN; ++j) sums[i * TN + j] = Math<T>::fused(x[i], y[j], sums[i * TN + j]);
            }
        }
    }
    wait_for_copies();
    __syncthreads();
    write<T, Tile, TM, TN>(p, sums, place[0] + row, place[1] + col);
}
