// How kernels go over strided operands of any rank: division by invariant integers after Granlund and Montgomery (1994).
#pragma once

#include "common.cuh"

#define AXES 8

// How N operands are walked together: sizes and each operand's strides in elements, outermost axis first.
template <int N>
struct Walk {
    uint32_t rank;
    uint32_t sizes[AXES];
    // i / size = (high half of (i * factor) + i) >> shift for i below 2^31.
    uint32_t factors[AXES];
    uint32_t shifts[AXES];
    int32_t strides[N][AXES];
};

// The operands' offsets of the elements `i`, `i + step`, .. in row-major order; past the end they mean nothing.
template <int L, int N>
INLINE void offsets_at(const Walk<N>& walk, uint32_t i, uint32_t step, int32_t (&offsets)[L][N]) {
    uint32_t rest[L];
#pragma unroll
    for (int lane = 0; lane < L; ++lane) {
        rest[lane] = i + lane * step;
#pragma unroll
        for (int operand = 0; operand < N; ++operand) offsets[lane][operand] = 0;
    }
#pragma unroll 1
    for (uint32_t axis = walk.rank - 1; axis > 0; --axis) {
        const uint32_t size = walk.sizes[axis], factor = walk.factors[axis], shift = walk.shifts[axis];
#pragma unroll
        for (int lane = 0; lane < L; ++lane) {
            const uint32_t high = uint32_t((uint64_t(rest[lane]) * factor) >> 32);
            const uint32_t quotient = (high + rest[lane]) >> shift;
            const uint32_t index = rest[lane] - quotient * size;
            rest[lane] = quotient;
#pragma unroll
            for (int operand = 0; operand < N; ++operand) offsets[lane][operand] += index * walk.strides[operand][axis];
        }
    }
#pragma unroll
    for (int lane = 0; lane < L; ++lane) {
#pragma unroll
        for (int operand = 0; operand < N; ++operand) offsets[lane][operand] += rest[lane] * walk.strides[operand][0];
    }
}

// The thread's first element, and how far the grid steps: four elements a thread.
INLINE uint32_t first_element(bool wide) {
    return wide ? 4 * (blockIdx.x * BLOCK + threadIdx.x) : 4 * blockIdx.x * BLOCK + threadIdx.x;
}
INLINE uint32_t step_of_elements() { return 4 * gridDim.x * BLOCK; }
