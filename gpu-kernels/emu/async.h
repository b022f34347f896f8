// Copies to shared memory that are under way while a thread goes on: what `cp.async` does.
#pragma once

namespace emu {

// to = from, or 0 where nothing is `there`. Every other copy is made at once and the rest when they are waited for, so that a kernel
// that relies on either is caught.
void copy_async(void* to, const void* from, int bytes, bool there);

// Makes those of the current thread.
void wait_for_copies();

// Forgets all; whether any was never waited for.
bool forget_copies();

}  // namespace emu
