// Static shared memory: the variables of kernels that are declared `__shared__`.
#pragma once

#include <string>

namespace emu {

// Fills what blocks of the kernel use with 0xff, before each block.
void poison_shared(const std::string& kernel);

// Learns from its first block what a kernel uses.
void note_shared(const std::string& kernel);

}  // namespace emu
