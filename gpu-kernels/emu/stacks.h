// Stacks, and changing from one to another.
#pragma once

#include <cstddef>

namespace emu {

struct Carrier {
    // Its lowest address; null for the host's own stack.
    char* stack = nullptr;
    // Where it was left: a stack pointer, or a ucontext.
    void* left = nullptr;
};

constexpr size_t STACK_BYTES = 64 << 10;

// A new stack that runs `entry` when it is first changed to. Below it is a page that nobody may touch.
Carrier* new_carrier(void (*entry)());

// Makes it as new.
void rewind(Carrier* carrier, void (*entry)());

// Leaves one stack for another, and returns when somebody comes back to it.
void change(Carrier* from, Carrier* to);

}  // namespace emu
