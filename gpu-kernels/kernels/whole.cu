// Arithmetic of whole numbers, which wraps around, and of the bits of truth values, over strided views:
//
//   whole           out[index] = a[index] op b[index], of any such type
//   fold_blocks     out[o][part] = f over the part's inputs i of x[kept(o) + folded(i)], of int64: a block an output
//   fold_threads    the same, a thread an output, for neighbouring outputs with neighbouring inputs
//   product         out[row][col] (+)= sum over i of a[row][i] b[i][col], of int64
//
// Where numbers wrap around, the order of a sum makes no difference. A division by 0 gives 0 and is noted. Types and operations are
// numbers that all threads share. Shapes: as elements.cu; of the folds as reduce.cu.
// Launch: whole as elements.cu. Folds: BLOCK threads, outputs in x, parts of the inputs in y. product: blocks of SIDE x SIDE threads,
// a thread an element, tiles of a and b in shared memory; cols in x, rows in y.
// Source: tensor/src/kernels/elementwise/{whole,pair}.rs, tensor/src/kernels/{reduce,gemm}/whole.rs.

#include "axes.cuh"
#include "chain.cuh"
#include "elements.cuh"
#include "walk.cuh"
#include "whole.cuh"

// The sum, difference and product of the lowest 64 bits.
INLINE int64_t plus(int64_t a, int64_t b) { return int64_t(uint64_t(a) + uint64_t(b)); }
INLINE int64_t minus(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }
INLINE int64_t times(int64_t a, int64_t b) { return int64_t(uint64_t(a) * uint64_t(b)); }
INLINE int64_t size_of(int64_t x) { return x < 0 ? minus(0, x) : x; }

// The quotient towards 0, where b is not 0; that of the least number and -1 wraps around.
inline NOINLINE __device__ int64_t quotient(int64_t a, int64_t b) { return b == -1 ? minus(0, a) : a / b; }

// a / b and what is left, as `op` divides.
INLINE int64_t divide(Whole op, int64_t a, int64_t b) {
    const int64_t whole = quotient(a, b), rest = minus(a, times(whole, b));
    const bool moved = rest != 0 && (rest < 0) != (b < 0);
    switch (op) {
        case Whole::Fmod:
            return rest;
        case Whole::Remainder:
            return moved ? plus(rest, b) : rest;
        case Whole::FloorDivide:
            return moved ? whole - 1 : whole;
        default:
            return whole;
    }
}

// By squaring; of a negative power the whole part: 0, but for 1 and -1.
INLINE int64_t whole_power(int64_t base, int64_t exponent) {
    if (exponent < 0) return base == 1 ? 1 : (base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0);
    int64_t out = 1;
    for (uint64_t left = exponent; left > 0; left >>= 1) {
        if (left & 1) out = times(out, base);
        base = times(base, base);
    }
    return out;
}

// Euclid's; never negative, but for what has no absolute value.
INLINE int64_t gcd(int64_t a, int64_t b) {
    uint64_t x = size_of(a), y = size_of(b);
    while (y != 0) {
        const uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    return x;
}

INLINE int64_t lcm(int64_t a, int64_t b) {
    const int64_t divisor = gcd(a, b);
    return divisor == 0 ? 0 : size_of(times(quotient(a, divisor), b));
}

// The bits of an element of this type.
INLINE int64_t bits_in(Type type) { return type == Type::I64 ? 64 : (type == Type::I32 ? 32 : 8); }

INLINE void compute(Whole op, Type type, int64_t (&a)[4], const int64_t (&b)[4], bool (&by_zero)[4]) {
    const int64_t bits = bits_in(type);
    switch (op) {
        case Whole::Add:
            return each(a, b, plus);
        case Whole::Sub:
            return each(a, b, minus);
        case Whole::Mul:
            return each(a, b, times);
        case Whole::Pow:
            return in_turn(a, b, whole_power);
        case Whole::Maximum:
            return each(a, b, [](int64_t a, int64_t b) { return a > b ? a : b; });
        case Whole::Minimum:
            return each(a, b, [](int64_t a, int64_t b) { return a < b ? a : b; });
        case Whole::Fmod:
        case Whole::Remainder:
        case Whole::FloorDivide:
        case Whole::TruncDivide:
#pragma unroll
            for (int lane = 0; lane < 4; ++lane) by_zero[lane] = b[lane] == 0;
            return in_turn(a, b, [=](int64_t a, int64_t b) { return b == 0 ? 0 : divide(op, a, b); });
        case Whole::Heaviside:
            return each(a, b, [](int64_t a, int64_t b) { return a == 0 ? b : int64_t(a > 0); });
        case Whole::BitAnd:
            return each(a, b, [](int64_t a, int64_t b) { return a & b; });
        case Whole::BitOr:
            return each(a, b, [](int64_t a, int64_t b) { return a | b; });
        case Whole::BitXor:
            return each(a, b, [](int64_t a, int64_t b) { return a ^ b; });
        case Whole::ShiftLeft:
            return each(a, b, [=](int64_t a, int64_t b) { return b < 0 || b >= bits ? 0 : int64_t(uint64_t(a) << b); });
        case Whole::ShiftRight:
            return each(a, b, [=](int64_t a, int64_t b) { return a >> (b < 0 || b >= bits ? 63 : b); });
        case Whole::Gcd:
            return in_turn(a, b, gcd);
        case Whole::Lcm:
            return in_turn(a, b, lcm);
    }
}

KERNEL __launch_bounds__(BLOCK) whole(Whole op, Type type, Walk<3> walk, const uint8_t* a, const uint8_t* b, uint8_t* out, uint32_t n,
                                      Fault* fault) {
    for (uint32_t i = first_element(false); i < n; i += step_of_elements()) {
        int32_t at[4][3];
        // Elements that are not there are divided by 1.
        int64_t u[4] = {}, v[4] = {1, 1, 1, 1};
        bool by_zero[4] = {};
        offsets_at(walk, i, BLOCK, at);
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane) {
            if (i + lane * BLOCK < n) {
                u[lane] = read_whole(type, a, at[lane][0]);
                v[lane] = read_whole(type, b, at[lane][1]);
            }
        }
        compute(op, type, u, v, by_zero);
        if (by_zero[0] || by_zero[1] || by_zero[2] || by_zero[3]) note(fault, Fault{3, uint32_t(op), 0, 0, 0});
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane)
            if (i + lane * BLOCK < n) write(type, out, at[lane][2], u[lane]);
    }
}
EMU_EXPORT(whole)

INLINE int64_t of_nothing(Fold fold) {
    switch (fold) {
        case Fold::Sum:
            return 0;
        case Fold::Prod:
            return 1;
        case Fold::Max:
            return INT64_MIN;
        default:
            return INT64_MAX;
    }
}

INLINE int64_t join(Fold fold, int64_t a, int64_t b) {
    switch (fold) {
        case Fold::Sum:
            return plus(a, b);
        case Fold::Prod:
            return times(a, b);
        case Fold::Max:
            return a > b ? a : b;
        default:
            return a < b ? a : b;
    }
}

// The inputs first, first + step, .. below end, four reads under way together.
INLINE int64_t fold_inputs(Fold fold, const int64_t* x, const Axes& folded, int64_t first, int64_t end, int64_t step) {
    int64_t value = of_nothing(fold), i = first;
#pragma unroll 1
    for (; i + 3 * step < end; i += 4 * step) {
        int64_t values[4];
#pragma unroll
        for (int j = 0; j < 4; ++j) values[j] = x[offset_of(folded, i + j * step)];
        value = join(fold, value, join(fold, join(fold, values[0], values[1]), join(fold, values[2], values[3])));
    }
#pragma unroll 1
    for (; i < end; i += step) value = join(fold, value, x[offset_of(folded, i)]);
    return value;
}

KERNEL __launch_bounds__(BLOCK) fold_blocks(Fold fold, const int64_t* x, Axes kept, Axes folded, int64_t outputs, int64_t inputs,
                                            int64_t* out) {
    __shared__ int64_t shared[BLOCK];
    int64_t first, end;
    part_of_block(inputs, first, end);
    for (int64_t o = blockIdx.x; o < outputs; o += gridDim.x) {
        shared[threadIdx.x] = fold_inputs(fold, x + offset_of(kept, o), folded, first + threadIdx.x, end, BLOCK);
        __syncthreads();
#pragma unroll 1
        for (int half = BLOCK / 2; half > 0; half /= 2) {
            if (threadIdx.x < half) shared[threadIdx.x] = join(fold, shared[threadIdx.x], shared[threadIdx.x + half]);
            __syncthreads();
        }
        if (threadIdx.x == 0) out[o * gridDim.y + blockIdx.y] = shared[0];
        __syncthreads();
    }
}
EMU_EXPORT(fold_blocks)

KERNEL __launch_bounds__(BLOCK) fold_threads(Fold fold, const int64_t* x, Axes kept, Axes folded, int64_t outputs, int64_t inputs,
                                             int64_t* out) {
    int64_t first, end;
    part_of_block(inputs, first, end);
    for (int64_t o = first_of_grid(); o < outputs; o += step_of_grid())
        out[o * gridDim.y + blockIdx.y] = fold_inputs(fold, x + offset_of(kept, o), folded, first, end, 1);
}
EMU_EXPORT(fold_threads)

#define SIDE 16

KERNEL __launch_bounds__(SIDE * SIDE) product(const int64_t* a, int64_t a_row, int64_t a_col, const int64_t* b, int64_t b_row,
                                              int64_t b_col, int64_t* out, int64_t m, int64_t n, int64_t k, uint32_t accumulate) {
    __shared__ int64_t left[SIDE][SIDE + 1];
    __shared__ int64_t right[SIDE][SIDE + 1];
    const int x = threadIdx.x, y = threadIdx.y;
    const int64_t col = int64_t(blockIdx.x) * SIDE + x;
    for (int64_t first = int64_t(blockIdx.y) * SIDE; first < m; first += int64_t(gridDim.y) * SIDE) {
        const int64_t row = first + y;
        int64_t sum = 0;
        for (int64_t i = 0; i < k; i += SIDE) {
            left[y][x] = row < m && i + x < k ? a[row * a_row + (i + x) * a_col] : 0;
            right[y][x] = i + y < k && col < n ? b[(i + y) * b_row + col * b_col] : 0;
            __syncthreads();
#pragma unroll
            for (int j = 0; j < SIDE; ++j) sum = plus(sum, times(left[y][j], right[j][x]));
            __syncthreads();
        }
        if (row < m && col < n) out[row * n + col] = accumulate ? plus(out[row * n + col], sum) : sum;
    }
}
EMU_EXPORT(product)
