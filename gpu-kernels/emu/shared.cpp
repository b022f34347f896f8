// A `__shared__` variable is a static one here. CUDA has it fresh in each block, so it must be poisoned before each; its place is
// found in the symbol table of this very library, as that of a static variable of a function that is not the emulator's.
#include "shared.h"

#include <dlfcn.h>
#include <elf.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <vector>

namespace emu {

struct Variable {
    unsigned char* start;
    size_t bytes;
};

static std::vector<char> read_file(const char* path) {
    std::vector<char> bytes;
    if (FILE* file = fopen(path, "rb")) {
        char part[1 << 16];
        for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;) bytes.insert(bytes.end(), part, part + got);
        fclose(file);
    }
    return bytes;
}

static bool is_of_a_kernel(const char* name) {
    // _ZZ: inside of a function; then the function's name.
    return strncmp(name, "_ZZ", 3) == 0 && strncmp(name, "_ZZN3emu", 8) != 0 && strncmp(name, "_ZZNSt", 6) != 0 &&
           strncmp(name, "_ZZNKSt", 7) != 0 && strncmp(name, "_ZZSt", 5) != 0;
}

static std::vector<Variable> find_variables() {
    std::vector<Variable> found;
    Dl_info self;
    if (!dladdr(reinterpret_cast<void*>(&find_variables), &self)) return found;
    const std::vector<char> file = read_file(self.dli_fname);
    if (file.size() < sizeof(Elf64_Ehdr) || memcmp(file.data(), ELFMAG, SELFMAG) != 0) return found;
    const auto* header = reinterpret_cast<const Elf64_Ehdr*>(file.data());
    const auto* sections = reinterpret_cast<const Elf64_Shdr*>(file.data() + header->e_shoff);
    for (unsigned s = 0; s < header->e_shnum; s++) {
        if (sections[s].sh_type != SHT_SYMTAB) continue;
        const auto* symbols = reinterpret_cast<const Elf64_Sym*>(file.data() + sections[s].sh_offset);
        const char* names = file.data() + sections[sections[s].sh_link].sh_offset;
        for (size_t i = 0; i < sections[s].sh_size / sizeof(Elf64_Sym); i++) {
            const Elf64_Sym& symbol = symbols[i];
            if (ELF64_ST_TYPE(symbol.st_info) != STT_OBJECT || symbol.st_shndx >= header->e_shnum) continue;
            const bool writable = sections[symbol.st_shndx].sh_flags & SHF_WRITE;
            if (!writable || !is_of_a_kernel(names + symbol.st_name)) continue;
            found.push_back({static_cast<unsigned char*>(self.dli_fbase) + symbol.st_value, size_t(symbol.st_size)});
        }
    }
    return found;
}

static const std::vector<Variable>& variables() {
    static const std::vector<Variable> all = find_variables();
    return all;
}

static std::map<std::string, std::vector<Variable>>& used() {
    static std::map<std::string, std::vector<Variable>> all;
    return all;
}

static void poison(const std::vector<Variable>& what) {
    for (const Variable& variable : what) memset(variable.start, 0xff, variable.bytes);
}

void poison_shared(const std::string& kernel) {
    const auto known = used().find(kernel);
    poison(known == used().end() ? variables() : known->second);
}

void note_shared(const std::string& kernel) {
    if (used().count(kernel)) return;
    std::vector<Variable>& written = used()[kernel];
    for (const Variable& variable : variables()) {
        const unsigned char* end = variable.start + variable.bytes;
        for (const unsigned char* byte = variable.start; byte < end; byte++) {
            if (*byte != 0xff) {
                written.push_back(variable);
                break;
            }
        }
    }
}

}  // namespace emu
