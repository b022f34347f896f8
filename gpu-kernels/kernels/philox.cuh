// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
//
// The key is the seed, the counter's high half the stream, its low half the number of a block of four words, so that element i of a
// stream is the same whichever thread makes it: word i % 4 of block i / 4.
#pragma once

#include "common.cuh"

// words = the four words of block `block`.
INLINE void philox(uint64_t seed, uint64_t stream, uint64_t block, uint32_t (&words)[4]) {
    uint32_t c0 = uint32_t(block), c1 = uint32_t(block >> 32), c2 = uint32_t(stream), c3 = uint32_t(stream >> 32);
    uint32_t k0 = uint32_t(seed), k1 = uint32_t(seed >> 32);
#pragma unroll
    for (int round = 0; round < 10; ++round) {
        const uint64_t a = uint64_t(0xd2511f53u) * c0, b = uint64_t(0xcd9e8d57u) * c2;
        c0 = uint32_t(b >> 32) ^ c1 ^ k0;
        c1 = uint32_t(b);
        c2 = uint32_t(a >> 32) ^ c3 ^ k1;
        c3 = uint32_t(a);
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

// words = the words of the elements from `index` on, one or four.
INLINE void random_words(uint64_t seed, uint64_t stream, uint64_t index, uint32_t (&words)[1]) {
    uint32_t block[4];
    philox(seed, stream, index / 4, block);
    const uint32_t low = index & 1 ? block[1] : block[0], high = index & 1 ? block[3] : block[2];
    words[0] = index & 2 ? high : low;
}

INLINE void random_words(uint64_t seed, uint64_t stream, uint64_t index, uint32_t (&words)[4]) {
    philox(seed, stream, index / 4, words);
    const uint32_t skipped = uint32_t(index & 3);
    if (skipped != 0) {
        uint32_t next[4];
        philox(seed, stream, index / 4 + 1, next);
        for (uint32_t i = 0; i < skipped; ++i) {
            words[0] = words[1];
            words[1] = words[2];
            words[2] = words[3];
            words[3] = next[0];
            next[0] = next[1];
            next[1] = next[2];
        }
    }
}

// A number in [0, 1) of two random words: 24 bits of the first in single precision, 53 of both in double.
template <class T>
INLINE T unit(uint32_t high, uint32_t low);

template <>
INLINE float unit<float>(uint32_t high, uint32_t) {
    return float(high >> 8) * (1.0f / 16777216.0f);
}

template <>
INLINE double unit<double>(uint32_t high, uint32_t low) {
    return double((uint64_t(high) << 21) | (low >> 11)) * (1.0 / 9007199254740992.0);
}
