// Copies from memory to shared memory that are under way while a thread goes on: `cp.async` of the sm_80.
#pragma once

#include "common.cuh"

#if defined(CUDA_EMU)
#include <cstring>
#include <vector>

// The emulator makes every other copy at once and the rest when they are waited for, so that a kernel that relies on either is caught.
namespace emu {
struct Copy {
    void* to;
    const void* from;
    int bytes;
    bool there;

    void run() const {
        if (there) {
            memcpy(to, from, size_t(bytes));
        } else {
            memset(to, 0, size_t(bytes));
        }
    }
};

// Those that a thread of the block has not waited for.
inline std::vector<Copy> copies[1024];
inline unsigned copies_so_far = 0;
}  // namespace emu
#endif

// to = from, BYTES of them at multiples of as many, or 0 where nothing is `there`: `from` is not read then. 4, 8 or 16 bytes.
template <int BYTES>
INLINE void copy_async(void* to, const void* from, bool there) {
#if defined(CUDA_EMU)
    if ((reinterpret_cast<uintptr_t>(to) | reinterpret_cast<uintptr_t>(from)) % BYTES) emu::violation("an uneven asynchronous copy");
    const emu::Copy copy = {to, from, BYTES, there};
    if (++emu::copies_so_far % 2) {
        copy.run();
    } else {
        emu::copies[threadIdx.x].push_back(copy);
    }
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
    for (const emu::Copy& copy : emu::copies[threadIdx.x]) copy.run();
    emu::copies[threadIdx.x].clear();
#else
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}
