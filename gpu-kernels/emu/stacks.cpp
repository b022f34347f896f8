#include "stacks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#if !defined(__x86_64__) || defined(EMU_UCONTEXT)
#include <ucontext.h>
#endif

namespace emu {

#if defined(__x86_64__) && !defined(EMU_UCONTEXT)

// Six registers are the callee's to keep; the rest is saved by the compiler at the call. The control words of the floating-point
// unit are the same on all stacks.
__attribute__((naked, noinline, noipa)) static void exchange_stacks(void**, void*) {
    __asm__(
        "push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
        "mov %rsp, (%rdi)\n mov %rsi, %rsp\n"
        "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n ret\n");
}

void rewind(Carrier* carrier, void (*entry)()) {
    void** top = reinterpret_cast<void**>(carrier->stack + STACK_BYTES);
    *--top = nullptr;  // `entry` finds the stack aligned as after a call
    *--top = reinterpret_cast<void*>(entry);
    for (int saved = 0; saved < 6; saved++) *--top = nullptr;
    carrier->left = top;
}

void change(Carrier* from, Carrier* to) { exchange_stacks(&from->left, to->left); }

#else

static ucontext_t* context(Carrier* carrier) {
    if (!carrier->left) carrier->left = new ucontext_t;
    return static_cast<ucontext_t*>(carrier->left);
}

void rewind(Carrier* carrier, void (*entry)()) {
    ucontext_t* fresh = context(carrier);
    getcontext(fresh);
    fresh->uc_stack.ss_sp = carrier->stack;
    fresh->uc_stack.ss_size = STACK_BYTES;
    fresh->uc_link = nullptr;
    makecontext(fresh, entry, 0);
}

void change(Carrier* from, Carrier* to) { swapcontext(context(from), context(to)); }

#endif

Carrier* new_carrier(void (*entry)()) {
    const size_t page = sysconf(_SC_PAGESIZE);
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char* memory = static_cast<char*>(mmap(nullptr, STACK_BYTES + page, PROT_READ | PROT_WRITE, flags, -1, 0));
    if (memory == MAP_FAILED) {
        perror("cuda_emu: no memory for a stack");
        abort();
    }
    mprotect(memory, page, PROT_NONE);
    Carrier* carrier = new Carrier;
    carrier->stack = memory + page;
    rewind(carrier, entry);
    return carrier;
}

}  // namespace emu
