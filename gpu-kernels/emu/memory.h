// Device memory, and what must not happen to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace emu {

// Looks whether anything was written where nothing may be, and reports it as done by `who`.
void check_memory(const std::string& who);

// Whether so many bytes are of one allocation.
bool is_device_memory(uintptr_t address, size_t bytes);

// Whether so many bytes may be read and written just now; reports it if not, as done by `who`.
bool may_use(uintptr_t address, size_t bytes, const std::string& who);

// Whether these bytes are of one allocation of pinned memory.
bool is_pinned(const void* address, size_t bytes);

}  // namespace emu
