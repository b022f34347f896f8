// An allocation has pages of its own, and around them a wide space that nobody may touch: reading far off is a fault. The few bytes
// between its end and its last page's end are looked at after every kernel and every copy. They and fresh memory are full of POISON,
// which is NaN in both floating-point types: whoever reads what nobody wrote, or past an end, reckons with NaN.
//
// A caching allocator says which blocks it cuts its allocations into, and when they are free. Then what lies between the end of a
// block and the end of its place is looked at too, and free places are full of POISON.
#include "memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

#include "access.h"
#include "driver.h"

namespace emu {

constexpr unsigned char POISON = 0xff;
constexpr size_t ALIGNMENT = 256;
// The space on either side of an allocation. Its size costs nothing, as there are no pages in it.
constexpr size_t GAP = size_t(64) << 20;
// How much is looked at behind a block, and at each end of a free place, after every kernel; all of it is when the place is used again.
constexpr size_t EDGE = 1024;

struct Block {
    size_t bytes;
    size_t place;
    bool free;
};

struct Allocation {
    size_t bytes;
    char* pages;
    size_t page_bytes;
    bool pinned;
    // By address, once an allocator has said so.
    std::map<uintptr_t, Block> blocks;
};

static std::map<uintptr_t, Allocation> allocations;

static size_t page() {
    static const size_t bytes = size_t(sysconf(_SC_PAGESIZE));
    return bytes;
}

static size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

static Allocation* allocation_at(uintptr_t address) {
    auto next = allocations.upper_bound(address);
    if (next == allocations.begin()) return nullptr;
    --next;
    return address < next->first + std::max<size_t>(next->second.bytes, 1) ? &next->second : nullptr;
}

static uintptr_t start_of(const Allocation& allocation) {
    return reinterpret_cast<uintptr_t>(allocation.pages) + GAP + allocation.page_bytes -
           round_up(allocation.bytes, ALIGNMENT);
}

static std::pair<const uintptr_t, Block>* block_at(Allocation& allocation, uintptr_t address) {
    auto next = allocation.blocks.upper_bound(address);
    if (next == allocation.blocks.begin()) return nullptr;
    --next;
    return address < next->first + next->second.place ? &*next : nullptr;
}

// The first byte that is not POISON; null if all are.
static const unsigned char* first_written(uintptr_t address, size_t bytes) {
    const auto* at = reinterpret_cast<const unsigned char*>(address);
    if (bytes == 0 || (at[0] == POISON && memcmp(at, at + 1, bytes - 1) == 0)) return nullptr;
    while (*at == POISON) at++;
    return at;
}

static std::string in_hex(uintptr_t address) {
    char text[24];
    snprintf(text, sizeof text, "%#zx", size_t(address));
    return text;
}

static std::string after(uintptr_t address, uintptr_t start, size_t bytes) {
    const bool past = address >= start + bytes;
    const size_t distance = past ? address - (start + bytes) : address - start;
    return std::to_string(distance) + (past ? " bytes past the end of " : " bytes into ") + "the " + std::to_string(bytes) +
           " bytes at " + in_hex(start);
}

std::string describe(uintptr_t address) {
    if (address < 65536) return "next to null";
    auto next = allocations.upper_bound(address);
    if (next != allocations.begin()) {
        auto [start, allocation] = *std::prev(next);
        if (address < start + allocation.bytes + (size_t(1) << 30)) {
            auto* block = block_at(allocation, address);
            if (block && block->second.free) return "in a free block, " + after(address, block->first, block->second.place);
            if (block) return after(address, block->first, block->second.bytes);
            return after(address, start, allocation.bytes);
        }
    }
    if (next != allocations.end() && next->first - address < (size_t(1) << 30)) {
        return std::to_string(next->first - address) + " bytes before the " + std::to_string(next->second.bytes) + " bytes at " +
               in_hex(next->first);
    }
    return "near no memory of the device";
}

static bool intact(uintptr_t address, size_t bytes, const std::string& who) {
    const unsigned char* bad = first_written(address, bytes);
    if (!bad) return true;
    report_violation(who + " wrote " + describe(reinterpret_cast<uintptr_t>(bad)));
    return false;
}

void check_memory(const std::string& who) {
    for (const auto& [start, allocation] : allocations) {
        if (allocation.pinned) continue;
        const uintptr_t before = reinterpret_cast<uintptr_t>(allocation.pages) + GAP, end = start + allocation.bytes;
        if (!intact(before, start - before, who)) return;
        if (!intact(end, round_up(allocation.bytes, ALIGNMENT) - allocation.bytes, who)) return;
        for (const auto& [address, block] : allocation.blocks) {
            if (!block.free) {
                if (!intact(address + block.bytes, std::min(EDGE, block.place - block.bytes), who)) return;
                continue;
            }
            const size_t edge = std::min(EDGE, block.place);
            if (!intact(address, edge, who)) return;
            if (!intact(address + block.place - edge, edge, who)) return;
        }
    }
}

bool is_device_memory(uintptr_t address, size_t bytes) {
    Allocation* allocation = allocation_at(address);
    return allocation && !allocation->pinned && address + bytes <= start_of(*allocation) + allocation->bytes;
}

bool is_pinned(const void* address, size_t bytes) {
    const uintptr_t at = reinterpret_cast<uintptr_t>(address);
    Allocation* allocation = allocation_at(at);
    return allocation && allocation->pinned && at + bytes <= start_of(*allocation) + allocation->bytes;
}

bool may_use(uintptr_t address, size_t bytes, const std::string& who) {
    Allocation* allocation = allocation_at(address);
    bool inside = allocation && !allocation->pinned && address + bytes <= start_of(*allocation) + allocation->bytes;
    if (inside && !allocation->blocks.empty()) {
        auto* block = block_at(*allocation, address);
        inside = block && !block->second.free && address + bytes <= block->first + block->second.bytes;
    }
    if (!inside) report_violation(who + " of " + std::to_string(bytes) + " bytes at " + in_hex(address) + ", " + describe(address));
    return inside;
}

static int allocate(uintptr_t* address, size_t bytes, bool pinned) {
    if (bytes == 0) return INVALID_VALUE;
    uint64_t& live = number("live_bytes");
    if (!pinned && live + bytes > number("memory")) return OUT_OF_MEMORY;
    Allocation allocation{bytes, nullptr, round_up(round_up(bytes, ALIGNMENT), page()), pinned, {}};
    void* pages = mmap(nullptr, allocation.page_bytes + 2 * GAP, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) return OUT_OF_MEMORY;
    allocation.pages = static_cast<char*>(pages);
    mprotect(allocation.pages + GAP, allocation.page_bytes, PROT_READ | PROT_WRITE);
    const uintptr_t start = start_of(allocation);
    memset(allocation.pages + GAP, POISON, allocation.page_bytes);
    allocations[start] = std::move(allocation);
    if (!pinned) live += bytes;
    number(pinned ? "host_alloc" : "mem_alloc")++;
    *address = start;
    return SUCCESS;
}

static int release(uintptr_t address, bool pinned) {
    const auto found = allocations.find(address);
    if (found == allocations.end() || found->second.pinned != pinned) return INVALID_VALUE;
    const Allocation& allocation = found->second;
    for (const auto& [at, block] : allocation.blocks) {
        if (block.free && !intact(at, block.place, "somebody")) return lost();
    }
    if (!pinned) number("live_bytes") -= allocation.bytes;
    number(pinned ? "host_free" : "mem_free")++;
    // The addresses are not given out again: whoever still uses them is found.
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    mmap(allocation.pages, allocation.page_bytes + 2 * GAP, PROT_NONE, flags, -1, 0);
    allocations.erase(found);
    return SUCCESS;
}

// A block of an allocator comes into use: its place must be as it was left.
static void use_block(uintptr_t address, size_t bytes, size_t place) {
    Allocation* allocation = allocation_at(address);
    if (!allocation) return;
    if (allocation->blocks.empty()) allocation->blocks[start_of(*allocation)] = {0, allocation->bytes, true};
    // Free places are cut and joined as the allocator likes; what is left of those that the block lies in stays free.
    const uintptr_t end = address + place;
    auto at = allocation->blocks.upper_bound(address);
    --at;
    while (at != allocation->blocks.end() && at->first < end) {
        const auto [start, block] = *at;
        if (!block.free) {
            report_violation("the allocator gives " + in_hex(address) + " away, which is in use");
            return;
        }
        at = allocation->blocks.erase(at);
        if (start < address) allocation->blocks[start] = {0, address - start, true};
        if (start + block.place > end) {
            at = allocation->blocks.emplace(end, Block{0, start + block.place - end, true}).first;
        }
    }
    if (!intact(address, place, "somebody")) return;
    allocation->blocks[address] = {bytes, place, false};
}

static void free_block(uintptr_t address) {
    Allocation* allocation = allocation_at(address);
    auto found = allocation ? allocation->blocks.find(address) : std::map<uintptr_t, Block>::iterator{};
    if (!allocation || found == allocation->blocks.end() || found->second.free) {
        report_violation("the allocator frees " + in_hex(address) + ", which is no block in use");
        return;
    }
    found->second.free = true;
    memset(reinterpret_cast<void*>(address), POISON, found->second.place);
}

}  // namespace emu

using namespace emu;

extern "C" __attribute__((visibility("default"))) void cuEmuBlock(uint64_t address, size_t bytes, size_t place, void* stream) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    if (lost() == SUCCESS) enqueue(stream, [=] { use_block(address, bytes, place); });
}

extern "C" __attribute__((visibility("default"))) void cuEmuBlockFreed(uint64_t address, size_t, void* stream) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    if (lost() == SUCCESS) enqueue(stream, [=] { free_block(address); });
}

API cuMemAlloc_v2(uint64_t* address, size_t bytes) {
    BEGIN;
    return has_context ? allocate(address, bytes, false) : INVALID_CONTEXT;
}

API cuMemFree_v2(uint64_t address) {
    BEGIN;
    if (address == 0) return SUCCESS;
    // The driver waits for everything before it takes memory back.
    drain_all();
    if (lost() != SUCCESS) return lost();
    return release(address, false);
}

API cuMemAllocHost_v2(void** address, size_t bytes) {
    BEGIN;
    return has_context ? allocate(reinterpret_cast<uintptr_t*>(address), bytes, true) : INVALID_CONTEXT;
}

API cuMemHostAlloc(void** address, size_t bytes, unsigned) { return cuMemAllocHost_v2(address, bytes); }

API cuMemFreeHost(void* address) {
    BEGIN;
    drain_all();
    return release(reinterpret_cast<uintptr_t>(address), true);
}

API cuMemGetInfo_v2(size_t* free, size_t* total) {
    BEGIN;
    *total = number("memory");
    *free = *total - std::min<size_t>(*total, number("live_bytes"));
    return SUCCESS;
}
