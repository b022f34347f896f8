// What kernels/*.cu are compiled to call where an index is outside of its array, or an address is not aligned as its type: a card
// stops at a misaligned vector, and reads past a shared array what lies there. These are the names and the layouts of the compiler's
// undefined-behaviour sanitizer, of which no more is linked.
#include <cstdint>
#include <cstdio>
#include <string>

#include "engine.h"

namespace emu {

struct Location {
    const char* file;
    uint32_t line;
    uint32_t column;
};

struct Type {
    uint16_t kind;
    uint16_t info;
    char name[1];
};

struct OutOfBounds {
    Location location;
    const Type* array;
    const Type* index;
};

struct Mismatch {
    Location location;
    const Type* type;
    uint8_t log_alignment;
    uint8_t kind;
};

static std::string at(const Location& location) { return " at " + std::string(location.file) + ":" + std::to_string(location.line); }

static void out_of_bounds(const OutOfBounds& data, uintptr_t index) {
    violation("index " + std::to_string(int64_t(index)) + " of an array " + data.array->name + at(data.location));
}

static void mismatch(const Mismatch& data, uintptr_t address) {
    char number[32];
    snprintf(number, sizeof number, "%#zx", size_t(address));
    if (address == 0) violation("null is used as " + std::string(data.type->name) + at(data.location));
    violation("address " + std::string(number) + " is not aligned as " + data.type->name + at(data.location));
}

}  // namespace emu

extern "C" {
void __ubsan_handle_out_of_bounds(emu::OutOfBounds* data, uintptr_t index) { emu::out_of_bounds(*data, index); }
void __ubsan_handle_out_of_bounds_abort(emu::OutOfBounds* data, uintptr_t index) { emu::out_of_bounds(*data, index); }
void __ubsan_handle_type_mismatch_v1(emu::Mismatch* data, uintptr_t address) { emu::mismatch(*data, address); }
void __ubsan_handle_type_mismatch_v1_abort(emu::Mismatch* data, uintptr_t address) { emu::mismatch(*data, address); }
}
