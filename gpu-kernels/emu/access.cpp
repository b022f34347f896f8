#include "access.h"

#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>

#include "engine.h"

namespace emu {

static struct sigaction before[2];
static pthread_t runner;
static uintptr_t hit;
static bool writing, arithmetic;

// Where a kernel goes on after a fault: on its own stack, outside of the signal's handler.
[[noreturn]] static void stop_kernel() {
    if (arithmetic) violation("an arithmetic fault, such as an integer division by zero");
    char number[32];
    snprintf(number, sizeof number, "%#zx", size_t(hit));
    violation(std::string(writing ? "a write to " : "a read of ") + number + ", " + describe(hit));
}

static void handle(int signal, siginfo_t* info, void* context) {
    if (engine.running && pthread_equal(runner, pthread_self())) {
        hit = reinterpret_cast<uintptr_t>(info->si_addr);
        arithmetic = signal == SIGFPE;
#if defined(__x86_64__) && defined(__linux__)
        greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
        writing = registers[REG_ERR] & 2;
        // As after a call, and away from what lies below the stack pointer.
        registers[REG_RSP] = ((registers[REG_RSP] - 256) & ~greg_t(15)) - 8;
        registers[REG_RIP] = reinterpret_cast<greg_t>(&stop_kernel);
        return;
#else
        (void)context;
        fprintf(stderr, "cuda_emu: an access to %p, %s; kernel %s\n", info->si_addr, describe(hit).c_str(),
                engine.kernel.c_str());
        abort();
#endif
    }
    // Not a kernel's: whoever was there before, or the usual end.
    const struct sigaction& old = before[signal == SIGFPE];
    if (old.sa_flags & SA_SIGINFO) {
        old.sa_sigaction(signal, info, context);
    } else {
        sigaction(signal, &old, nullptr);
    }
}

void watch_accesses() {
    static bool watching = false;
    runner = pthread_self();
    if (watching) return;
    watching = true;
    struct sigaction action = {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &action, &before[0]);
    sigaction(SIGFPE, &action, &before[1]);
    sigaction(SIGBUS, &action, nullptr);
}

}  // namespace emu
