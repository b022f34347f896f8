// Operations over strided views of any rank: a stride of 0 repeats an element (broadcasting), a negative one walks backwards.
//
//   binary      out[index] = a[index] op b[index]
//   copy        out[index] = x[index], by the width of an element
//   transpose   out[..][row][col] = x[..][row][col], where x is contiguous along rows and out along cols
//   convert     out[index] = x[index] as another type
//   fill        out[index] = value
//
// Shapes: up to 8 axes, which the host has joined, ordered and cut so that 32 bits hold every index and offset.
// Launch: blocks of 256 threads, stepping by the whole grid. Where all operands allow it (`wide`) a thread takes four neighbours along
// the last axis, 16 bytes at a time; else four elements that lie a block apart, so that neighbouring threads read neighbours and four
// reads of a thread are under way together. transpose: blocks of 32 x 8 threads, tiles of 32 x 32 elements through shared memory, one
// column of padding against bank conflicts, so that both sides of the copy go along their memory.
// Source: tensor/src/kernels/strided; division by invariant integers after Granlund and Montgomery (1994).

#include "chain.cuh"
#include "walk.cuh"

// Four elements of an operand: neighbours where its step along the last axis is 1, four times the same where it is 0.
template <class T>
INLINE void load_along(T (&x)[4], const T* from, bool repeated, uint32_t count) {
    if (repeated) {
        const T value = *from;
#pragma unroll
        for (int lane = 0; lane < 4; ++lane) x[lane] = value;
    } else {
        load(x, from, true, count);
    }
}

template <class T>
INLINE void compute(Binary op, T (&a)[4], const T (&b)[4]) {
    switch (op) {
        case Binary::Add:
            each(a, b, [](T a, T b) { return a + b; });
            break;
        case Binary::Sub:
            each(a, b, [](T a, T b) { return a - b; });
            break;
        case Binary::Mul:
            each(a, b, [](T a, T b) { return a * b; });
            break;
        case Binary::Div:
            in_turn(a, b, [](T a, T b) { return a / b; });
            break;
        case Binary::Pow:
            in_turn(a, b, [](T a, T b) { return Math<T>::pow(a, b); });
            break;
        case Binary::Maximum:
            each(a, b, [](T a, T b) { return larger(a, b); });
            break;
        case Binary::Minimum:
            each(a, b, [](T a, T b) { return smaller(a, b); });
            break;
    }
}

// out = a op b; bit 0 of `repeated`: a repeats along the last axis, bit 1: b does.
template <class T>
INLINE void binary(Binary op, const Walk<3>& walk, const T* a, const T* b, T* out, uint32_t n, bool wide, uint32_t repeated) {
    for (uint32_t i = first_element(wide); i < n; i += step_of_elements()) {
        T u[4] = {}, v[4] = {};
        if (wide) {
            int32_t at[1][3];
            offsets_at(walk, i / 4, 0, at);
            load_along(u, a + at[0][0], repeated & 1, n - i);
            load_along(v, b + at[0][1], repeated & 2, n - i);
            compute(op, u, v);
            store(out + at[0][2], u, true, n - i);
        } else {
            int32_t at[4][3];
            offsets_at(walk, i, BLOCK, at);
#pragma unroll
            for (uint32_t lane = 0; lane < 4; ++lane) {
                if (i + lane * BLOCK < n) {
                    u[lane] = a[at[lane][0]];
                    v[lane] = b[at[lane][1]];
                }
            }
            compute(op, u, v);
#pragma unroll
            for (uint32_t lane = 0; lane < 4; ++lane)
                if (i + lane * BLOCK < n) out[at[lane][2]] = u[lane];
        }
    }
}

// A value as another type, as Rust's `as` does it through double: integers saturate, and NaN becomes 0.
template <class To>
struct From {
    template <class X>
    static INLINE To value(X x) {
        return To(double(x));
    }
};

template <>
struct From<int64_t> {
    template <class X>
    static INLINE int64_t value(X x) {
        const double wide = double(x);
        if (wide != wide) return 0;
        if (wide >= 9223372036854775808.0) return INT64_MAX;
        if (wide <= -9223372036854775808.0) return INT64_MIN;
        return int64_t(wide);
    }
};

template <class T>
struct Same {
    static INLINE T value(T x) { return x; }
};

// out = F(x)
template <class F, class X, class T>
INLINE void map(const Walk<2>& walk, const X* x, T* out, uint32_t n, bool wide, bool repeated) {
    for (uint32_t i = first_element(wide); i < n; i += step_of_elements()) {
        X u[4] = {};
        if (wide) {
            int32_t at[1][2];
            T v[4];
            offsets_at(walk, i / 4, 0, at);
            load_along(u, x + at[0][0], repeated, n - i);
#pragma unroll
            for (int lane = 0; lane < 4; ++lane) v[lane] = F::value(u[lane]);
            store(out + at[0][1], v, true, n - i);
        } else {
            int32_t at[4][2];
            offsets_at(walk, i, BLOCK, at);
#pragma unroll
            for (uint32_t lane = 0; lane < 4; ++lane)
                if (i + lane * BLOCK < n) u[lane] = x[at[lane][0]];
#pragma unroll
            for (uint32_t lane = 0; lane < 4; ++lane)
                if (i + lane * BLOCK < n) out[at[lane][1]] = F::value(u[lane]);
        }
    }
}

// out = value
template <class T>
INLINE void fill(T value, const Walk<1>& walk, T* out, uint32_t n, bool wide) {
    const T v[4] = {value, value, value, value};
    for (uint32_t i = first_element(wide); i < n; i += step_of_elements()) {
        if (wide) {
            int32_t at[1][1];
            offsets_at(walk, i / 4, 0, at);
            store(out + at[0][0], v, true, n - i);
        } else {
            int32_t at[4][1];
            offsets_at(walk, i, BLOCK, at);
#pragma unroll
            for (uint32_t lane = 0; lane < 4; ++lane)
                if (i + lane * BLOCK < n) out[at[lane][0]] = value;
        }
    }
}

#define TILE 32
// Rows of threads that go over a tile.
#define TILE_ROWS 8

// A stack of matrices: x steps by 1 along rows and x_step along cols, out by out_step along rows and 1 along cols; the walk goes
// over the matrices.
struct Planes {
    uint32_t rows;
    uint32_t cols;
    int32_t x_step;
    int32_t out_step;
    Walk<2> walk;
};

template <class T>
INLINE void transpose(const Planes& planes, const T* x, T* out, uint32_t tiles) {
    __shared__ T tile[TILE][TILE + 1];
    const uint32_t tiles_along = (planes.cols + TILE - 1) / TILE, tiles_down = (planes.rows + TILE - 1) / TILE;
    for (uint32_t number = blockIdx.x; number < tiles; number += gridDim.x) {
        const uint32_t line = number / tiles_along, plane = line / tiles_down;
        const uint32_t col = (number - line * tiles_along) * TILE, row = (line - plane * tiles_down) * TILE;
        int32_t at[1][2];
        offsets_at(planes.walk, plane, 0, at);
        // All reads of a thread are under way before the first is waited for.
        T v[TILE / TILE_ROWS];
#pragma unroll
        for (uint32_t i = 0; i < TILE / TILE_ROWS; ++i) {
            const uint32_t x_row = row + threadIdx.x, x_col = col + threadIdx.y + i * TILE_ROWS;
            const bool inside = x_row < planes.rows && x_col < planes.cols;
            v[i] = inside ? x[at[0][0] + int32_t(x_row) + int32_t(x_col) * planes.x_step] : T(0);
        }
#pragma unroll
        for (uint32_t i = 0; i < TILE / TILE_ROWS; ++i) tile[threadIdx.y + i * TILE_ROWS][threadIdx.x] = v[i];
        __syncthreads();
#pragma unroll
        for (uint32_t i = 0; i < TILE / TILE_ROWS; ++i) {
            const uint32_t y = threadIdx.y + i * TILE_ROWS, out_row = row + y, out_col = col + threadIdx.x;
            if (out_row < planes.rows && out_col < planes.cols)
                out[at[0][1] + int32_t(out_row) * planes.out_step + int32_t(out_col)] = tile[threadIdx.x][y];
        }
        __syncthreads();
    }
}

#define BINARY(T, type)                                                                                                      \
    KERNEL __launch_bounds__(BLOCK, 4) binary_##type(Binary op, Walk<3> walk, const T* a, const T* b, T* out, uint32_t n,    \
                                                     uint32_t wide, uint32_t repeated) {                                     \
        binary(op, walk, a, b, out, n, wide != 0, repeated);                                                                 \
    }                                                                                                                        \
    EMU_EXPORT(binary_##type)

#define MAP(name, F, X, T)                                                                                                   \
    KERNEL __launch_bounds__(BLOCK, 4) name(Walk<2> walk, const X* x, T* out, uint32_t n, uint32_t wide, uint32_t repeated) {\
        map<F>(walk, x, out, n, wide != 0, repeated != 0);                                                                   \
    }                                                                                                                        \
    EMU_EXPORT(name)

#define MOVE(T, type)                                                                                                        \
    MAP(copy_##type, Same<T>, T, T)                                                                                          \
    KERNEL __launch_bounds__(BLOCK, 4) fill_##type(uint64_t value, Walk<1> walk, T* out, uint32_t n, uint32_t wide) {        \
        fill(T(value), walk, out, n, wide != 0);                                                                             \
    }                                                                                                                        \
    EMU_EXPORT(fill_##type)                                                                                                  \
    KERNEL __launch_bounds__(BLOCK, 4) transpose_##type(Planes planes, const T* x, T* out, uint32_t tiles) {                 \
        transpose(planes, x, out, tiles);                                                                                    \
    }                                                                                                                        \
    EMU_EXPORT(transpose_##type)

BINARY(float, f32)
BINARY(double, f64)
// Elements are moved as words: their bits do not matter.
MOVE(uint32_t, u32)
MOVE(uint64_t, u64)
MAP(convert_f32_f64, From<double>, float, double)
MAP(convert_f32_i64, From<int64_t>, float, int64_t)
MAP(convert_f64_f32, From<float>, double, float)
MAP(convert_f64_i64, From<int64_t>, double, int64_t)
MAP(convert_i64_f32, From<float>, int64_t, float)
MAP(convert_i64_f64, From<double>, int64_t, double)
