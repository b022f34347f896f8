// The operations by number. gpu-kernels/src/chain.rs and gpu-kernels/src/launch/strided.rs have the same; a check of the suite
// reads this file and compares.
#pragma once

#include <stdint.h>

// One number in, one out.
enum class Code : uint32_t {
    Relu = 0,
    LeakyRelu = 1,
    Tanh = 2,
    Sigmoid = 3,
    Gelu = 4,
    GeluTanh = 5,
    Silu = 6,
    Elu = 7,
    Softplus = 8,
    Neg = 9,
    Abs = 10,
    Square = 11,
    Sqrt = 12,
    Recip = 13,
    Exp = 14,
    Log = 15,
    Sin = 16,
    Cos = 17,
    Erf = 18,
    Sign = 19,
    Affine = 20,
    Powf = 21,
    Dropout = 22,
    // Dropout of everything.
    Zero = 23,
};

// Two numbers in, one out.
enum class Binary : uint32_t {
    Add = 0,
    Sub = 1,
    Mul = 2,
    Div = 3,
    Pow = 4,
    Maximum = 5,
    Minimum = 6,
};

// One operation of a chain with its attributes, as the host writes it.
struct Step {
    Code code;
    // slope, alpha, beta, scale, exponent; of dropout 1 / (1 - p)
    double a;
    // threshold, shift; of dropout 1 - p
    double b;
    // dropout: a random word below it drops the element
    uint32_t threshold;
    // dropout: which of the seed's sequences of random words
    uint64_t stream;
};
