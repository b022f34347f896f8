// The driver itself, its devices and its contexts.
#include "driver.h"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "memory.h"

namespace emu {

std::recursive_mutex lock;
thread_local bool has_context = false;
static int lost_with = SUCCESS;

static std::map<std::string, uint64_t>& numbers() {
    static std::map<std::string, uint64_t> all = [] {
        std::map<std::string, uint64_t> knobs = {
            {"memory", uint64_t(4) << 30}, {"driver_version", 13000}, {"devices", 1}, {"fault_in", 0}, {"lose_in", 0},
            {"lose_with", 46}, {"capability", 90}, {"full_loads", 0},
        };
        for (auto& [name, value] : knobs) {
            std::string variable = "EMU_" + name;
            for (char& letter : variable) letter = char(toupper(letter));
            if (const char* text = getenv(variable.c_str())) value = strtoull(text, nullptr, 10);
        }
        return knobs;
    }();
    return all;
}

uint64_t& number(const char* name) { return numbers()[name]; }

void lose(int answer) {
    if (lost_with == SUCCESS) lost_with = answer;
}

int lost() { return lost_with; }

void report_violation(const std::string& what) {
    fprintf(stderr, "cuda_emu: %s\n", what.c_str());
    lose(ILLEGAL_ADDRESS);
}

Call::Call() : guard_(lock) {
    uint64_t& calls_left = number("lose_in");
    if (calls_left > 0 && --calls_left == 0) lose(int(number("lose_with")));
    answer_ = lost_with;
}

}  // namespace emu

using namespace emu;

extern "C" __attribute__((visibility("default"))) void cuEmuSet(const char* name, uint64_t value) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    number(name) = value;
}

extern "C" __attribute__((visibility("default"))) uint64_t cuEmuGet(const char* name) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    return number(name);
}

API cuInit(unsigned) { return number("devices") > 0 ? SUCCESS : NO_DEVICE; }

API cuDriverGetVersion(int* version) {
    *version = int(number("driver_version"));
    return SUCCESS;
}

API cuGetErrorString(int code, const char** text) {
    switch (code) {
        case SUCCESS: *text = "no error"; break;
        case INVALID_VALUE: *text = "invalid argument"; break;
        case OUT_OF_MEMORY: *text = "out of memory"; break;
        case NO_DEVICE: *text = "no CUDA-capable device is detected"; break;
        case INVALID_DEVICE: *text = "invalid device ordinal"; break;
        case INVALID_IMAGE: *text = "device kernel image is invalid"; break;
        case INVALID_CONTEXT: *text = "invalid device context"; break;
        case 214: *text = "uncorrectable ECC error encountered"; break;
        case INVALID_PTX: *text = "a PTX JIT compilation failed"; break;
        case UNSUPPORTED_PTX_VERSION: *text = "the provided PTX was compiled with an unsupported toolchain."; break;
        case INVALID_HANDLE: *text = "invalid resource handle"; break;
        case NOT_FOUND: *text = "named symbol not found"; break;
        case NOT_READY: *text = "device not ready"; break;
        case ILLEGAL_ADDRESS: *text = "an illegal memory access was encountered"; break;
        default: *text = nullptr; return INVALID_VALUE;
    }
    return SUCCESS;
}

API cuGetErrorName(int code, const char** text) { return cuGetErrorString(code, text); }

API cuDeviceGetCount(int* count) {
    *count = int(number("devices"));
    return SUCCESS;
}

API cuDeviceGet(int* device, int index) {
    if (index < 0 || index >= int(number("devices"))) return INVALID_DEVICE;
    *device = index;
    return SUCCESS;
}

API cuDeviceGetName(char* name, int bytes, int) {
    snprintf(name, size_t(bytes), "emulated device");
    return SUCCESS;
}

API cuDeviceTotalMem_v2(size_t* bytes, int) {
    *bytes = number("memory");
    return SUCCESS;
}

// Those of a Hopper card, as far as anybody asks.
API cuDeviceGetAttribute(int* value, int attribute, int) {
    switch (attribute) {
        case 1: *value = 1024; break;         // threads of a block
        case 2: case 3: *value = 1024; break; // block size, x and y
        case 4: *value = 64; break;           // block size, z
        case 5: *value = 0x7fffffff; break;   // grid size, x
        case 6: case 7: *value = 65535; break;// grid size, y and z
        case 8: *value = 49152; break;        // shared memory of a block
        case 10: *value = 32; break;          // lanes of a warp
        case 12: *value = 65536; break;       // registers of a block
        case 16: *value = 132; break;         // multiprocessors
        case 39: *value = 2048; break;        // threads of a multiprocessor
        case 75: *value = int(number("capability")) / 10; break;  // compute capability
        case 76: *value = int(number("capability")) % 10; break;
        case 81: *value = 233472; break;      // shared memory of a multiprocessor
        case 97: *value = 232448; break;      // shared memory that a block can ask for
        default: *value = 0;
    }
    return SUCCESS;
}

static int the_context;

API cuDevicePrimaryCtxRetain(void** context, int device) {
    BEGIN;
    if (device < 0 || device >= int(number("devices"))) return INVALID_DEVICE;
    *context = &the_context;
    return SUCCESS;
}

API cuDevicePrimaryCtxRelease_v2(int) {
    BEGIN;
    drain_all();
    return lost();
}

API cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return SUCCESS; }

API cuDevicePrimaryCtxGetState(int, unsigned* flags, int* active) {
    *flags = 0;
    *active = 1;
    return SUCCESS;
}

API cuCtxSetCurrent(void* context) {
    BEGIN;
    has_context = context != nullptr;
    return SUCCESS;
}

API cuCtxGetCurrent(void** context) {
    *context = has_context ? &the_context : nullptr;
    return SUCCESS;
}

API cuCtxPushCurrent_v2(void* context) { return cuCtxSetCurrent(context); }

API cuCtxPopCurrent_v2(void** context) {
    *context = &the_context;
    has_context = false;
    return SUCCESS;
}

API cuCtxGetDevice(int* device) {
    *device = 0;
    return has_context ? SUCCESS : INVALID_CONTEXT;
}

API cuCtxGetApiVersion(void*, unsigned* version) {
    *version = 3020;
    return SUCCESS;
}

API cuCtxSynchronize() {
    BEGIN;
    number("sync")++;
    drain_all();
    return lost();
}
