// Copies from memory to shared memory that are under way while a thread goes on: `cp.async` of the sm_80.
#pragma once

#include "common.cuh"

// to = from, BYTES of them at multiples of as many, or 0 where nothing is `there`: `from` is not read then. 4, 8 or 16 bytes.
template <int BYTES>
INLINE void copy_async(void* to, const void* from, bool there) {
#if defined(CUDA_EMU)
    emu::copy_async(to, from, BYTES, there);
#else
    const uint32_t place = uint32_t(__cvta_generic_to_shared(to)), bytes = there ? BYTES : 0;
    if constexpr (BYTES == 16) {
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(place), "l"(from), "r"(bytes) : "memory");
    } else {
        asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(place), "l"(from), "n"(BYTES), "r"(bytes) : "memory");
    }
#endif
}

// Until the thread's own copies have come. What those of other threads have brought can be read after a barrier.
INLINE void wait_for_copies() {
#if defined(CUDA_EMU)
    emu::wait_for_copies();
#else
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}
