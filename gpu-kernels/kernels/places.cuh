// What becomes of an element where another comes, by number. gpu-kernels/src/launch/places.rs has the same numbers; a check of the
// suite reads this file and compares.
#pragma once

#include <stdint.h>

enum class Scatter : uint32_t {
    Set = 0,
    Add = 1,
    Prod = 2,
    Max = 3,
    Min = 4,
    // Of the record of faults alone: no element comes to a place.
    Gather = 5,
};

// The axis along which an index decides.
struct Along {
    // Its size, and the step of what is read or written by the index.
    int64_t size;
    int64_t step;
    // Of a scatter: how many indices a slice has, and the steps of the index and of the source along them.
    int64_t count;
    int64_t index_step;
    int64_t source_step;
};
