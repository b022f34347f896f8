// Copies and fills. Every one is checked against the memory that there is, when it is asked for and when it is done.
#include <cstring>
#include <memory>
#include <vector>

#include "driver.h"
#include "memory.h"

namespace emu {

static int to_device(uint64_t to, const void* from, size_t bytes, void* stream) {
    if (bytes == 0) return SUCCESS;
    if (!is_device_memory(to, bytes) || is_device_memory(reinterpret_cast<uintptr_t>(from), 1)) return INVALID_VALUE;
    number("copies_h2d")++;
    auto copy = [=](const void* source) {
        if (!may_use(to, bytes, "a copy to the device")) return;
        memcpy(reinterpret_cast<void*>(to), source, bytes);
        check_memory("a copy to the device");
    };
    if (is_pinned(from, bytes)) return enqueue(stream, [=] { copy(from); });
    // Pageable memory is read before the call returns.
    const auto* start = static_cast<const char*>(from);
    auto own = std::make_shared<std::vector<char>>(start, start + bytes);
    return enqueue(stream, [=] { copy(own->data()); });
}

static int from_device(void* to, uint64_t from, size_t bytes, void* stream) {
    if (bytes == 0) return SUCCESS;
    if (!is_device_memory(from, bytes) || is_device_memory(reinterpret_cast<uintptr_t>(to), 1)) return INVALID_VALUE;
    number("copies_d2h")++;
    return enqueue(stream, [=] {
        if (may_use(from, bytes, "a copy from the device")) memcpy(to, reinterpret_cast<const void*>(from), bytes);
    });
}

static int within_device(uint64_t to, uint64_t from, size_t bytes, void* stream) {
    if (bytes == 0) return SUCCESS;
    if (!is_device_memory(to, bytes) || !is_device_memory(from, bytes)) return INVALID_VALUE;
    return enqueue(stream, [=] {
        if (!may_use(to, bytes, "a copy to") || !may_use(from, bytes, "a copy from")) return;
        memmove(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), bytes);
        check_memory("a copy");
    });
}

template <class T>
static int fill(uint64_t to, T value, size_t count, void* stream) {
    if (count == 0) return SUCCESS;
    if (!is_device_memory(to, count * sizeof(T))) return INVALID_VALUE;
    return enqueue(stream, [=] {
        if (!may_use(to, count * sizeof(T), "a fill")) return;
        for (size_t i = 0; i < count; i++) reinterpret_cast<T*>(to)[i] = value;
        check_memory("a fill");
    });
}

}  // namespace emu

using namespace emu;

API cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, void* stream) {
    BEGIN;
    return to_device(to, from, bytes, stream);
}

API cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, void* stream) {
    BEGIN;
    return from_device(to, from, bytes, stream);
}

API cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
    BEGIN;
    return within_device(to, from, bytes, stream);
}

API cuMemcpyHtoD_v2(uint64_t to, const void* from, size_t bytes) {
    BEGIN;
    return to_device(to, from, bytes, nullptr);
}

API cuMemcpyDtoH_v2(void* to, uint64_t from, size_t bytes) {
    BEGIN;
    return from_device(to, from, bytes, nullptr);
}

API cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) {
    BEGIN;
    return within_device(to, from, bytes, nullptr);
}

API cuMemsetD8Async(uint64_t to, unsigned char value, size_t count, void* stream) {
    BEGIN;
    return fill(to, value, count, stream);
}

API cuMemsetD16Async(uint64_t to, unsigned short value, size_t count, void* stream) {
    BEGIN;
    return fill(to, value, count, stream);
}

API cuMemsetD32Async(uint64_t to, unsigned value, size_t count, void* stream) {
    BEGIN;
    return fill(to, value, count, stream);
}

API cuMemsetD8_v2(uint64_t to, unsigned char value, size_t count) {
    BEGIN;
    return fill(to, value, count, nullptr);
}

API cuMemsetD16_v2(uint64_t to, unsigned short value, size_t count) {
    BEGIN;
    return fill(to, value, count, nullptr);
}

API cuMemsetD32_v2(uint64_t to, unsigned value, size_t count) {
    BEGIN;
    return fill(to, value, count, nullptr);
}
