// Reads and writes of kernels that hit no memory.
#pragma once

#include <cstdint>
#include <string>

namespace emu {

// Has the processor's faults in kernels reported as violations; all others stay what they are.
void watch_accesses();

// What is near an address, for people: "12 bytes past the end of the 400 bytes at 0x..".
std::string describe(uintptr_t address);

}  // namespace emu
