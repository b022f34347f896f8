// The kernels by name, called as cuLaunchKernel calls them: with an array of pointers to the arguments.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "engine.h"

namespace emu {

// A launch, with its own copy of the arguments; false if the kernel did what it must not.
using Work = std::function<bool()>;
using Prepared = Work (*)(dim3 grid, dim3 block, size_t shared, void** arguments);

inline std::map<std::string, Prepared>& kernels() {
    static std::map<std::string, Prepared> all;
    return all;
}

struct Registration {
    Registration(const char* name, Prepared prepared) { kernels()[name] = prepared; }
};

template <auto Kernel>
struct Prepare;

template <class... A, void (*Kernel)(A...)>
struct Prepare<Kernel> {
    template <size_t... I>
    static Work copy(const char* name, dim3 grid, dim3 block, size_t shared, void** arguments, std::index_sequence<I...>) {
        std::tuple<A...> own(*static_cast<A*>(arguments[I])...);
        return [=] { return run(name, grid, block, shared, [&own] { std::apply(Kernel, own); }); };
    }
    static Work launch(const char* name, dim3 grid, dim3 block, size_t shared, void** arguments) {
        return copy(name, grid, block, shared, arguments, std::index_sequence_for<A...>{});
    }
};

}  // namespace emu
