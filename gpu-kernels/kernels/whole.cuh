// The operations on whole numbers by number. gpu-kernels/src/launch/whole.rs has the same numbers; a check of the suite reads this file
// and compares.
#pragma once

#include <stdint.h>

// Two numbers in, one out.
enum class Whole : uint32_t {
    Add = 0,
    Sub = 1,
    Mul = 2,
    Pow = 3,
    Maximum = 4,
    Minimum = 5,
    Fmod = 6,
    Remainder = 7,
    FloorDivide = 8,
    TruncDivide = 9,
    Heaviside = 10,
    BitAnd = 11,
    BitOr = 12,
    BitXor = 13,
    ShiftLeft = 14,
    ShiftRight = 15,
    Gcd = 16,
    Lcm = 17,
};

// What becomes of many numbers.
enum class Fold : uint32_t {
    Sum = 0,
    Prod = 1,
    Max = 2,
    Min = 3,
};
