// Reductions over any axes of a view, of any strides. Every sum is a tree that depends on the sizes alone.
//
// reduce_warps      out[o] = f over i of x[kept(o) + folded(i)]: a warp an output, for few inputs. A grid-stride loop over outputs.
// reduce_blocks     the same, a block an output. Grid: outputs in x, parts of the inputs in y.
// reduce_columns    the same where neighbouring outputs have neighbouring inputs: a lane an output, the warps of a block for different
//                   inputs. Grid: 32 outputs in x, parts of the inputs in y.
// reduce_partials   out[o] = f over the parts of partial[o][part]: a warp an output.
// arg_warps         out[row] = the first place of the largest (smallest) of x[row, cols]; NaN wins: a warp a row.
// arg_blocks        the same, a block a row.
// square_blocks     partial[block] = the sum of the squares of the elements that are the block's.
//
// A result is divided (a mean), then added to what is there if that is asked for. Where blocks take parts of the inputs they write
// partial[o][part] instead. BLOCK threads. Semantics are those of tensor/src/kernels/reduce.

#include "axes.cuh"
#include "block.cuh"

#define WARPS (BLOCK / 32)

// Where results go.
template <class T>
struct Results {
    T* out;
    double divisor;
    uint32_t accumulate;

    template <class A>
    INLINE void put(int64_t at, A value) const {
        const T result = T(value / A(divisor));
        out[at] = accumulate ? out[at] + result : result;
    }
};

// The elements first, first + step, .. below end of those that `folded` counts from `x` on, four chains of them at a time.
template <class F, class T>
INLINE typename F::template In<T> fold(const T* x, const Axes& folded, int64_t first, int64_t end, int64_t step) {
    using A = typename F::template In<T>;
    A chains[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) chains[i] = F::template identity<A>();
    if (folded.rank <= 1) {
        const int64_t stride = folded.rank == 1 ? folded.steps[0] : 0, hop = step * stride;
        const T* at = x + first * stride;
        int64_t i = first;
        for (; i + 7 * step < end; i += 8 * step, at += 8 * hop) {
            T values[8];
#pragma unroll
            for (int j = 0; j < 8; ++j) values[j] = at[j * hop];
#pragma unroll
            for (int j = 0; j < 8; ++j) chains[j % 4] = F::join(chains[j % 4], A(values[j]));
        }
        for (; i < end; i += step, at += hop) chains[0] = F::join(chains[0], A(*at));
    } else {
        int64_t i = first;
        for (; i + 3 * step < end; i += 4 * step) {
            T values[4];
#pragma unroll
            for (int j = 0; j < 4; ++j) values[j] = x[offset_of(folded, i + j * step)];
#pragma unroll
            for (int j = 0; j < 4; ++j) chains[j] = F::join(chains[j], A(values[j]));
        }
        for (; i < end; i += step) chains[0] = F::join(chains[0], A(x[offset_of(folded, i)]));
    }
    return F::join(F::join(chains[0], chains[1]), F::join(chains[2], chains[3]));
}

template <class F, class T>
INLINE void reduce_warps(const T* x, const Axes& kept, const Axes& folded, int64_t outputs, int64_t inputs, const Results<T>& results) {
    const int lane = threadIdx.x % 32;
    for (int64_t o = int64_t(blockIdx.x) * WARPS + threadIdx.x / 32; o < outputs; o += int64_t(gridDim.x) * WARPS) {
        const auto value = warp_fold<F>(fold<F>(x + offset_of(kept, o), folded, lane, inputs, 32));
        if (lane == 0) results.put(o, value);
    }
}

template <class F, class T>
INLINE void reduce_blocks(
    const T* x, const Axes& kept, const Axes& folded, int64_t outputs, int64_t inputs, typename F::template In<T>* partial,
    const Results<T>& results) {
    using A = typename F::template In<T>;
    __shared__ A shared[WARPS];
    int64_t first, end;
    part_of_block(inputs, first, end);
    for (int64_t o = blockIdx.x; o < outputs; o += gridDim.x) {
        const A value = block_fold<F>(fold<F>(x + offset_of(kept, o), folded, first + threadIdx.x, end, BLOCK), shared);
        if (threadIdx.x == 0) {
            if (partial) {
                partial[o * gridDim.y + blockIdx.y] = value;
            } else {
                results.put(o, value);
            }
        }
    }
}

template <class F, class T>
INLINE void reduce_columns(
    const T* x, const Axes& kept, const Axes& folded, int64_t outputs, int64_t inputs, typename F::template In<T>* partial,
    const Results<T>& results) {
    using A = typename F::template In<T>;
    __shared__ A shared[WARPS][32];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int64_t o = int64_t(blockIdx.x) * 32 + lane;
    int64_t first, end;
    part_of_block(inputs, first, end);
    A value = F::template identity<A>();
    if (o < outputs) value = fold<F>(x + offset_of(kept, o), folded, first + warp, end, WARPS);
    shared[warp][lane] = value;
    __syncthreads();
    if (warp != 0 || o >= outputs) return;
#pragma unroll
    for (int i = 1; i < WARPS; ++i) value = F::join(value, shared[i][lane]);
    if (partial) {
        partial[o * gridDim.y + blockIdx.y] = value;
    } else {
        results.put(o, value);
    }
}

template <class F, class T>
INLINE void reduce_partials(
    const typename F::template In<T>* partial, int64_t parts, int64_t outputs, const Results<T>& results) {
    using A = typename F::template In<T>;
    const int lane = threadIdx.x % 32;
    for (int64_t o = int64_t(blockIdx.x) * WARPS + threadIdx.x / 32; o < outputs; o += int64_t(gridDim.x) * WARPS) {
        A value = F::template identity<A>();
        for (int64_t part = lane; part < parts; part += 32) value = F::join(value, partial[o * parts + part]);
        value = warp_fold<F>(value);
        if (lane == 0) results.put(o, value);
    }
}

// An element of a row and where it is.
template <class T>
struct Place {
    T value;
    int64_t at;
};

// The one that wins: NaN, then the largest (smallest), then the first.
template <class F, class T>
INLINE Place<T> better(Place<T> a, Place<T> b) {
    const bool nan_a = a.value != a.value, nan_b = b.value != b.value;
    const bool same = nan_a || nan_b ? nan_a && nan_b : a.value == b.value;
    if (same) return a.at <= b.at ? a : b;
    const T winner = F::join(a.value, b.value);
    return nan_a || (!nan_b && winner == a.value) ? a : b;
}

// Of the lanes of a warp; every lane gets it.
template <class F, class T>
INLINE Place<T> warp_best(Place<T> place) {
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
        const Place<T> other = {
            __shfl_xor_sync(0xffffffffu, place.value, distance),
            __shfl_xor_sync(0xffffffffu, place.at, distance),
        };
        place = better<F>(place, other);
    }
    return place;
}

// Of the columns first, first + step, .. of a row. What no column has loses even against the same value.
template <class F, class T>
INLINE Place<T> best_of_row(const T* row, int64_t cols, int64_t first, int64_t step) {
    Place<T> best = {F::template identity<T>(), cols};
    for (int64_t col = first; col < cols; col += step) best = better<F>(best, Place<T>{row[col], col});
    return best;
}

template <class F, class T>
INLINE void arg_warps(const T* x, int64_t* out, int64_t rows, int64_t cols) {
    const int lane = threadIdx.x % 32;
    for (int64_t row = int64_t(blockIdx.x) * WARPS + threadIdx.x / 32; row < rows; row += int64_t(gridDim.x) * WARPS) {
        const Place<T> best = warp_best<F>(best_of_row<F>(x + row * cols, cols, lane, 32));
        if (lane == 0) out[row] = best.at;
    }
}

template <class F, class T>
INLINE void arg_blocks(const T* x, int64_t* out, int64_t rows, int64_t cols) {
    __shared__ T values[WARPS];
    __shared__ int64_t places[WARPS];
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
        Place<T> best = warp_best<F>(best_of_row<F>(x + row * cols, cols, threadIdx.x, BLOCK));
        if (lane == 0) {
            values[warp] = best.value;
            places[warp] = best.at;
        }
        __syncthreads();
        if (warp == 0) {
            best = lane < WARPS ? Place<T>{values[lane], places[lane]} : Place<T>{F::template identity<T>(), cols};
            best = warp_best<F>(best);
            if (lane == 0) out[row] = best.at;
        }
        __syncthreads();
    }
}

template <class T>
INLINE void square_blocks(const T* x, double* partial, int64_t count) {
    __shared__ double shared[WARPS];
    const int64_t step = step_of_grid();
    double sums[4] = {};
    int64_t i = first_of_grid();
    for (; i + 3 * step < count; i += 4 * step) {
#pragma unroll
        for (int j = 0; j < 4; ++j) {
            const double value = double(x[i + j * step]);
            sums[j] = fma(value, value, sums[j]);
        }
    }
    for (; i < count; i += step) {
        const double value = double(x[i]);
        sums[0] = fma(value, value, sums[0]);
    }
    const double sum = block_fold<Sum>((sums[0] + sums[1]) + (sums[2] + sums[3]), shared);
    if (threadIdx.x == 0) partial[blockIdx.x] = sum;
}

#define REDUCE(F, NAME, T, TYPE)                                                                                                 \
    KERNEL __launch_bounds__(BLOCK, 4) reduce_warps_##NAME##_##TYPE(                                                                \
        const T* x, Axes kept, Axes folded, int64_t outputs, int64_t inputs, T* out, double divisor, uint32_t accumulate) {      \
        reduce_warps<F>(x, kept, folded, outputs, inputs, Results<T>{out, divisor, accumulate});                                 \
    }                                                                                                                            \
    EMU_EXPORT(reduce_warps_##NAME##_##TYPE)                                                                                     \
    KERNEL __launch_bounds__(BLOCK, 4) reduce_blocks_##NAME##_##TYPE(                                                               \
        const T* x, Axes kept, Axes folded, int64_t outputs, int64_t inputs, F::In<T>* partial, T* out, double divisor,          \
        uint32_t accumulate) {                                                                                                   \
        reduce_blocks<F>(x, kept, folded, outputs, inputs, partial, Results<T>{out, divisor, accumulate});                       \
    }                                                                                                                            \
    EMU_EXPORT(reduce_blocks_##NAME##_##TYPE)                                                                                    \
    KERNEL __launch_bounds__(BLOCK, 4) reduce_columns_##NAME##_##TYPE(                                                              \
        const T* x, Axes kept, Axes folded, int64_t outputs, int64_t inputs, F::In<T>* partial, T* out, double divisor,          \
        uint32_t accumulate) {                                                                                                   \
        reduce_columns<F>(x, kept, folded, outputs, inputs, partial, Results<T>{out, divisor, accumulate});                      \
    }                                                                                                                            \
    EMU_EXPORT(reduce_columns_##NAME##_##TYPE)                                                                                   \
    KERNEL __launch_bounds__(BLOCK, 4) reduce_partials_##NAME##_##TYPE(                                                             \
        const F::In<T>* partial, int64_t parts, int64_t outputs, T* out, double divisor, uint32_t accumulate) {                  \
        reduce_partials<F, T>(partial, parts, outputs, Results<T>{out, divisor, accumulate});                                    \
    }                                                                                                                            \
    EMU_EXPORT(reduce_partials_##NAME##_##TYPE)

#define ARG(F, NAME, T, TYPE)                                                                                            \
    KERNEL __launch_bounds__(BLOCK, 4) arg_warps_##NAME##_##TYPE(const T* x, int64_t* out, int64_t rows, int64_t cols) {    \
        arg_warps<F>(x, out, rows, cols);                                                                                \
    }                                                                                                                    \
    EMU_EXPORT(arg_warps_##NAME##_##TYPE)                                                                                \
    KERNEL __launch_bounds__(BLOCK, 4) arg_blocks_##NAME##_##TYPE(const T* x, int64_t* out, int64_t rows, int64_t cols) {   \
        arg_blocks<F>(x, out, rows, cols);                                                                               \
    }                                                                                                                    \
    EMU_EXPORT(arg_blocks_##NAME##_##TYPE)

#define ALL(T, TYPE)                                                                                            \
    REDUCE(Sum, sum, T, TYPE)                                                                                   \
    REDUCE(Product, prod, T, TYPE)                                                                              \
    REDUCE(Largest, max, T, TYPE)                                                                               \
    REDUCE(Smallest, min, T, TYPE)                                                                              \
    ARG(Largest, max, T, TYPE)                                                                                  \
    ARG(Smallest, min, T, TYPE)                                                                                 \
    KERNEL __launch_bounds__(BLOCK, 4) square_blocks_##TYPE(const T* x, double* partial, int64_t count) {          \
        square_blocks(x, partial, count);                                                                       \
    }                                                                                                           \
    EMU_EXPORT(square_blocks_##TYPE)

ALL(float, f32)
ALL(double, f64)
