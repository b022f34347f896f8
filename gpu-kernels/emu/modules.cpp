// Modules and launches. Of a module's PTX only the version and the names of its entries are read; the kernels are those that were
// compiled for the host.
#include <cstdio>
#include <cstring>
#include <map>

#include "driver.h"
#include "kernels.h"
#include "memory.h"

namespace emu {

constexpr int MOST_SHARED = 232448;

struct Function {
    std::string name;
    Prepared prepared;
    // The dynamic shared memory that a launch may have without asking.
    int shared = 49152;
};

struct Module {
    std::map<std::string, Function> functions;
};

// The options of cuModuleLoadDataEx that are looked at.
enum Option { ERROR_LOG = 5, ERROR_LOG_BYTES = 6 };

static void log(const std::string& text, unsigned count, const int* options, void** values) {
    char* buffer = nullptr;
    size_t bytes = 0;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == ERROR_LOG) buffer = static_cast<char*>(values[i]);
        if (options[i] == ERROR_LOG_BYTES) bytes = reinterpret_cast<size_t>(values[i]);
    }
    if (buffer && bytes) snprintf(buffer, bytes, "%s", text.c_str());
}

}  // namespace emu

using namespace emu;

API cuModuleLoadDataEx(void** handle, const void* image, unsigned count, int* options, void** values) {
    BEGIN;
    if (!has_context) return INVALID_CONTEXT;
    uint64_t& full_loads = number("full_loads");
    if (full_loads > 0) {
        --full_loads;
        return OUT_OF_MEMORY;
    }
    const char* text = static_cast<const char*>(image);
    const char* version = strstr(text, ".version ");
    int major = 0, minor = 0;
    if (!version || sscanf(version, ".version %d.%d", &major, &minor) != 2) {
        log("emulated ptxas: line 1; fatal: no .version directive", count, options, values);
        return INVALID_PTX;
    }
    // CUDA 11.0 takes PTX 7.0, 12.0 takes 8.0, and so on.
    if (major * 10 + minor > int(number("driver_version")) / 100 - 40) return UNSUPPORTED_PTX_VERSION;
    auto module = std::make_unique<Module>();
    for (const char* at = text; (at = strstr(at, ".entry "));) {
        at += strlen(".entry ");
        const std::string name(at, strcspn(at, " (\n\t"));
        const auto found = kernels().find(name);
        if (found == kernels().end()) {
            log("no host build of the kernel " + name, count, options, values);
            return INVALID_IMAGE;
        }
        module->functions[name] = {name, found->second};
    }
    *handle = module.release();
    return SUCCESS;
}

API cuModuleLoadData(void** handle, const void* image) { return cuModuleLoadDataEx(handle, image, 0, nullptr, nullptr); }

API cuModuleUnload(void* handle) {
    BEGIN;
    drain_all();
    delete static_cast<Module*>(handle);
    return SUCCESS;
}

API cuModuleGetFunction(void** function, void* handle, const char* name) {
    BEGIN;
    auto& functions = static_cast<Module*>(handle)->functions;
    const auto found = functions.find(name);
    if (found == functions.end()) return NOT_FOUND;
    *function = &found->second;
    return SUCCESS;
}

API cuFuncGetAttribute(int* value, int attribute, void* function) {
    *value = attribute == 0 ? 1024 : attribute == 8 ? static_cast<Function*>(function)->shared : 0;
    return SUCCESS;
}

API cuFuncSetAttribute(void* function, int attribute, int value) {
    BEGIN;
    if (attribute == 8) {
        if (value > MOST_SHARED) return INVALID_VALUE;
        static_cast<Function*>(function)->shared = value;
    }
    return SUCCESS;
}

API cuFuncSetCacheConfig(void*, int) { return SUCCESS; }

API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void*, int threads, size_t) {
    *blocks = threads > 0 ? 2048 / threads : 1;
    return SUCCESS;
}

API cuLaunchKernel(void* handle, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                   void* stream, void** arguments, void** extra) {
    BEGIN;
    const Function* function = static_cast<Function*>(handle);
    const bool grid_fits = gx > 0 && gy > 0 && gz > 0 && gx <= 0x7fffffff && gy <= 65535 && gz <= 65535;
    const bool block_fits = bx > 0 && by > 0 && bz > 0 && bx <= 1024 && by <= 1024 && bz <= 64 && uint64_t(bx) * by * bz <= 1024;
    if (extra || !grid_fits || !block_fits || int(shared) > function->shared) return INVALID_VALUE;
    number("launches")++;
    uint64_t& launches_left = number("fault_in");
    const bool fault = launches_left > 0 && --launches_left == 0;
    Work work = function->prepared(dim3(gx, gy, gz), dim3(bx, by, bz), shared, arguments);
    const std::string name = function->name;
    return enqueue(stream, [=] {
        if (fault || !work()) {
            lose(ILLEGAL_ADDRESS);
            return;
        }
        check_memory("the kernel " + name);
    });
}
