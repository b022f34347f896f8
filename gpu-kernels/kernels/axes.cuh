// Some axes of a view, in whose row-major order the view's elements are counted.
#pragma once

#include "common.cuh"

// Axes at most, after the host has joined what it can.
#define AXES_AT_MOST 8

// Outermost axis first; no axis at all is one element. launch/reduce.rs writes the same bytes.
struct Axes {
    int64_t rank;
    int64_t sizes[AXES_AT_MOST];
    // In elements; 0 repeats, negative ones walk backwards.
    int64_t steps[AXES_AT_MOST];
};

// How far from the view's first element the one with this number is.
INLINE int64_t offset_of(const Axes& axes, int64_t number) {
    int64_t offset = 0;
#pragma unroll 1
    for (int axis = int(axes.rank) - 1; axis > 0; --axis) {
        const int64_t size = axes.sizes[axis];
        int64_t rest;
        if (((number | size) >> 32) == 0) {
            // A division by 32 bits takes a fraction of the time.
            rest = uint32_t(number) / uint32_t(size);
        } else {
            rest = number / size;
        }
        offset += (number - rest * size) * axes.steps[axis];
        number = rest;
    }
    return axes.rank > 0 ? offset + number * axes.steps[0] : offset;
}

// The inputs that the blocks of this blockIdx.y take.
INLINE void part_of_block(int64_t inputs, int64_t& first, int64_t& end) {
    const int64_t length = (inputs + gridDim.y - 1) / gridDim.y;
    first = blockIdx.y * length;
    end = inputs - first < length ? inputs : first + length;
}
