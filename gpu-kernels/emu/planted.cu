// Kernels that do what kernels must not, one thing each: the suite sees that the emulator says so.
#include "cuda_emu.h"

#define PLANTED(name)                                    \
    KERNEL planted_##name(float* out, long long n);      \
    EMU_EXPORT(planted_##name)                           \
    KERNEL planted_##name([[maybe_unused]] float* out, [[maybe_unused]] long long n)

// Nothing wrong: `out[i] = i`.
PLANTED(nothing) {
    for (long long i = threadIdx.x; i < n; i += blockDim.x) out[i] = float(i);
}

// The usual slip at the end: `<=`.
PLANTED(write_past_end) {
    for (long long i = threadIdx.x; i <= n; i += blockDim.x) out[i] = 1;
}

PLANTED(write_far_off) {
    if (threadIdx.x == 0) out[n + (1 << 23)] = 1;
}

PLANTED(read_far_off) {
    if (threadIdx.x == 0) out[0] = out[n + (1 << 23)];
}

PLANTED(misaligned) {
    if (threadIdx.x == 0) *reinterpret_cast<float4*>(out + 1) = make_float4(1, 1, 1, 1);
}

PLANTED(static_shared) {
    __shared__ float tile[32];
    tile[threadIdx.x + n] = 1;
    __syncthreads();
    out[threadIdx.x] = tile[threadIdx.x];
}

PLANTED(dynamic_shared) {
    DYN_SHARED(float, tile);
    tile[threadIdx.x + 1] = 1;
    __syncthreads();
    out[threadIdx.x] = tile[threadIdx.x];
}

// One lane goes into an operation of its warp, the others to a barrier.
PLANTED(missing_barrier) {
    if (threadIdx.x == 32) __syncwarp();
    __syncthreads();
}

PLANTED(divergent_barrier) {
    if (threadIdx.x < 32) {
        __syncthreads();
        out[threadIdx.x] = 1;
    } else {
        __syncthreads();
        out[threadIdx.x] = 2;
    }
}

PLANTED(bad_mask) {
    if (threadIdx.x < 16) out[threadIdx.x] = __shfl_xor_sync(0xffffffffu, 1.0f, 16);
}

PLANTED(divided_by_zero) { out[threadIdx.x] = float(int(threadIdx.x) / int(n)); }

// Two copies, since one of them is made at once.
PLANTED(forgotten_copy) {
    __shared__ float tile[64];
    for (int half = 0; half < 2; half++) emu::copy_async(&tile[32 * half + threadIdx.x], out + threadIdx.x, 4, true);
}

// A warp runs ahead of the others where no barrier stops it: reads what another has not yet written, which is NaN.
PLANTED(race) {
    __shared__ float tile[64];
    tile[threadIdx.x] = 1;
    out[threadIdx.x] = tile[63 - threadIdx.x];
}
