#include "async.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "engine.h"

namespace emu {

namespace {

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

// Those that a thread of the block has not waited for, and how many there are of all threads.
std::vector<Copy> open[MAX_THREADS];
size_t open_count = 0;
unsigned so_far = 0;

}  // namespace

void copy_async(void* to, const void* from, int bytes, bool there) {
    const uintptr_t addresses = reinterpret_cast<uintptr_t>(to) | reinterpret_cast<uintptr_t>(from);
    if (addresses % uintptr_t(bytes)) violation("an uneven asynchronous copy");
    const Copy copy = {to, from, bytes, there};
    if (++so_far % 2) {
        copy.run();
    } else {
        open[engine.current->linear].push_back(copy);
        open_count++;
    }
}

void wait_for_copies() {
    std::vector<Copy>& own = open[engine.current->linear];
    for (const Copy& copy : own) copy.run();
    open_count -= own.size();
    own.clear();
}

bool forget_copies() {
    if (open_count == 0) return false;
    for (std::vector<Copy>& copies : open) copies.clear();
    open_count = 0;
    return true;
}

}  // namespace emu
