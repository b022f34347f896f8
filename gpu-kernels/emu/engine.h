// Runs the threads of a block on one thread of the host.
//
// A thread of the kernel runs until it must wait: at a barrier, or in an operation of its warp. Only then does it keep the stack
// that it ran on, and the next one gets another; threads that never wait run one after the other on the same stack. Blocks run one
// after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "types.h"

namespace emu {

constexpr unsigned WARP = 32;
constexpr unsigned MAX_THREADS = 1024;
constexpr unsigned MAX_WARPS = MAX_THREADS / WARP;

enum class State : uint8_t { NEW, RUNNABLE, AT_BARRIER, IN_WARP, DONE };

// A stack of the host, and where it was left.
struct Carrier;

struct Thread {
    uint3 id{};
    unsigned linear = 0;
    State state = State::NEW;
    // Which of the warp's two buffers of exchange is next.
    uint8_t turn = 0;
    // What it waits in: the mask and the name of the warp's operation, or the line of the barrier.
    uint32_t mask = 0;
    const char* where = "";
    int line = 0;
    Carrier* carrier = nullptr;
};

struct Warp {
    // What each lane gives, and which lanes have given it. Two buffers, since a fast lane may be one operation ahead.
    uint64_t given[2][WARP];
    uint32_t present[2];
    // Lanes that can go on.
    uint32_t runnable;
};

// What a kernel reads of its place (threadIdx and the like), and the state of its block.
struct Engine {
    Thread* current = nullptr;
    uint3 block{};
    dim3 grid, dim;
    Thread threads[MAX_THREADS];
    Warp warps[MAX_WARPS];
    unsigned count = 0;
    unsigned alive = 0;
    unsigned arrived = 0;
    // Votes of the barrier that threads are at, and of the one before, which slow threads still read.
    int votes[2] = {0, 0};
    unsigned barriers = 0;
    std::vector<unsigned char> dynamic;
    std::string kernel;
    std::function<void()> body;
    bool running = false;
};
extern Engine engine;

// Runs a kernel; false after a violation, which was reported then.
bool run(const char* kernel, dim3 grid, dim3 block, size_t shared, std::function<void()> body);

// Says what the kernel did wrong and where, and gives the launch up.
[[noreturn]] void violation(const std::string& what);

// Waits for all threads of the block; what the votes add up to.
int barrier(const char* where, int line, bool vote);

// Gives a value to the other lanes of the mask and waits for theirs; the values by lane.
const uint64_t* exchange(const char* where, uint32_t mask, uint64_t value);

inline unsigned lane() { return engine.current->linear % WARP; }

}  // namespace emu
