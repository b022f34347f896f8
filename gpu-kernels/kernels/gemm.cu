// Matrix products: out[m, n] (+)= a[m, k] b[k, n], then v = out + bias[col], pre = v, out = activation(v).
//
// gemm_large, gemm_small   by tiles. The suffix says what lies side by side in A, then in B: `kn` is A's k's and B's columns (both row by
//                          row), `kk` A's and B's k's, `mn` A's rows and B's columns, `mk`. Rows and columns must lie so that 16 bytes of
//                          them can be moved at once.
// gemm_any                 by the small tiles, for operands of any strides.
// gemm_dots, gemm_columns  few rows or few columns, the k's of the large operand side by side or its lines.
// gemm_join                adds the sums of parts of k in order, where blocks of several gridDim.y took one each.
//
// launch/gemm/plan.rs chooses among them. Grids: a block a tile in x, parts of k in y; `Tile::THREADS` threads, BLOCK for
// the rest; gemm_join: BLOCK / slices elements a block.

#include "thin.cuh"
#include "tile.cuh"

// out = the sum of the `parts` results in `partial` [parts, m, n], with all that follows the product. `slices` threads of a block share
// an element, a power of two: slice i adds the parts i, i + slices, .., and the slices are added in order.
template <class T>
INLINE void join(const MatrixProduct<T>& p, const T* partial, int64_t parts, int slices) {
    __shared__ T shared[BLOCK];
    const int width = BLOCK / slices, slice = threadIdx.x / width;
    const int64_t count = p.m * p.n, at = int64_t(blockIdx.x) * width + threadIdx.x % width;
    T sum = T(0);
    if (at < count) {
#pragma unroll 4
        for (int64_t part = slice; part < parts; part += slices) sum += partial[part * count + at];
    }
    shared[threadIdx.x] = sum;
    __syncthreads();
    if (slice != 0 || at >= count) return;
    for (int i = 1; i < slices; ++i) sum += shared[i * width + threadIdx.x];
    const int64_t row = at / p.n;
    finish(p, row, at - row * p.n, sum);
}

#define TILED(T, NAME, THREADS, BLOCKS, A, B, ...)                                     \
    KERNEL __launch_bounds__(THREADS, BLOCKS) NAME(MatrixProduct<T> p) {               \
        multiply<T, __VA_ARGS__, Layout::A, Layout::B>(p);                             \
    }                                                                                  \
    EMU_EXPORT(NAME)

#define LAYOUTS(T, SIZE, TYPE, THREADS, BLOCKS, ...)                                               \
    TILED(T, gemm_##SIZE##_kn_##TYPE, THREADS, BLOCKS, AlongK, AlongLines, __VA_ARGS__)            \
    TILED(T, gemm_##SIZE##_kk_##TYPE, THREADS, BLOCKS, AlongK, AlongK, __VA_ARGS__)                \
    TILED(T, gemm_##SIZE##_mn_##TYPE, THREADS, BLOCKS, AlongLines, AlongLines, __VA_ARGS__)        \
    TILED(T, gemm_##SIZE##_mk_##TYPE, THREADS, BLOCKS, AlongLines, AlongK, __VA_ARGS__)

#define THIN(T, TYPE)                                                                       \
    KERNEL __launch_bounds__(BLOCK, 2) gemm_dots_##TYPE(MatrixProduct<T> p) { dots(p); }       \
    EMU_EXPORT(gemm_dots_##TYPE)                                                            \
    KERNEL __launch_bounds__(BLOCK, 4) gemm_columns_##TYPE(MatrixProduct<T> p) { columns(p); } \
    EMU_EXPORT(gemm_columns_##TYPE)                                                         \
    KERNEL __launch_bounds__(BLOCK) gemm_join_##TYPE(                                           \
        MatrixProduct<T> p, const T* partial, int64_t parts, int slices) {                  \
        join(p, partial, parts, slices);                                                    \
    }                                                                                       \
    EMU_EXPORT(gemm_join_##TYPE)

// Threads a block, blocks a multiprocessor; warps along rows and columns, rows and columns a thread, k's a tile. launch/gemm/plan.rs
// knows the sides of the tiles: 128 by 128 and 64 by 64 in single precision, 128 by 64 and 64 by 32 in double.
LAYOUTS(float, large, f32, 256, 2, 4, 2, 8, 8, 16)
LAYOUTS(float, small, f32, 128, 4, 2, 2, 8, 4, 16)
TILED(float, gemm_any_f32, 128, 4, Any, Any, 2, 2, 8, 4, 16)
LAYOUTS(double, large, f64, 256, 2, 4, 2, 8, 4, 8)
LAYOUTS(double, small, f64, 128, 4, 2, 2, 8, 2, 8)
TILED(double, gemm_any_f64, 128, 4, Any, Any, 2, 2, 8, 2, 8)
THIN(float, f32)
THIN(double, f64)
