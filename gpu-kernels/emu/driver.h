// What the parts of the emulated driver share: its lock, its answers, its counters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace emu {

// The driver's answers, by CUDA's numbers.
enum Answer : int {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    INVALID_PTX = 218,
    UNSUPPORTED_PTX_VERSION = 222,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
};

// One call at a time, as work of one stream runs within calls that wait for it.
extern std::recursive_mutex lock;

// A number that the tests read or set: a counter or a knob. Knobs start from the environment (EMU_MEMORY for `memory`).
uint64_t& number(const char* name);

// Begins a call: takes the lock, counts the call, and answers for a device that is lost already.
class Call {
   public:
    Call();
    // What the call must answer with if it must not go on.
    int answer() const { return answer_; }

   private:
    std::lock_guard<std::recursive_mutex> guard_;
    int answer_;
};

// From now on every call answers with this.
void lose(int answer);
// What was lost, or SUCCESS.
int lost();

// The calling thread has a context.
extern thread_local bool has_context;

// Adds work to a stream; its answer, where it runs at once.
int enqueue(void* stream, std::function<void()> work);
// Waits for all streams.
void drain_all();

// Says on stderr what was wrong, and loses the device.
void report_violation(const std::string& what);

}  // namespace emu

// A function of the driver's interface. All begin with a `Call`.
#define API extern "C" __attribute__((visibility("default"))) int
#define BEGIN    \
    emu::Call call; \
    if (call.answer() != emu::SUCCESS) return call.answer()
