// A CUDA driver without a GPU: the part of the driver API that cust 0.3.2 uses, over
// host memory, with kernels from cuda_emu.h. Streams are lazy: work sits in its stream's
// queue until something must wait for it (EMU_STREAMS=eager runs it at once), so code
// that forgets to synchronize reads stale data here too.
#include "cuda_emu.h"
#include <deque>
#include <memory>
#include <mutex>
#include <set>

#define API extern "C" __attribute__((visibility("default"))) int
using P = void*;
using U64 = unsigned long long;
enum { OK = 0, INVALID = 1, OOM = 2, NO_DEVICE = 100, BAD_DEVICE = 101, BAD_IMAGE = 200, BAD_CTX = 201, BAD_PTX = 218, PTX_VERSION = 222,
       BAD_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, LAUNCH_RES = 701, NOT_SUPPORTED = 801 };

static std::recursive_mutex mu;
#define LOCK std::lock_guard<std::recursive_mutex> lock_(mu)
static std::map<uintptr_t, size_t> device_mem, host_mem;
static size_t used, TOTAL = 4ull << 30;
static long ctx_refs; static int the_ctx; static thread_local bool current;

struct Event { U64 stamp = 0; bool done = true, timing = true; struct Stream* in = nullptr; double ms = 0; };
struct Item { std::function<void()> run; std::shared_ptr<Event> wait; };
struct Stream { std::deque<Item> q; unsigned flags = 0; int prio = 0; };
static std::set<Stream*> streams;
static Stream null_stream;
static const bool eager = [] { const char* e = getenv("EMU_STREAMS"); return e && !strcmp(e, "eager"); }();
static double ms() { timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }

static void drain(Stream* s);
static void finish(const std::shared_ptr<Event>& e) {   // runs the event's stream up to its record
    while (!e->done) { Stream* s = e->in; if (s->q.empty()) { e->done = true; break; }
        Item it = std::move(s->q.front()); s->q.pop_front();
        if (it.wait) finish(it.wait);
        if (it.run) it.run(); }
}
static void drain(Stream* s) { while (!s->q.empty()) { Item it = std::move(s->q.front()); s->q.pop_front(); if (it.wait) finish(it.wait); if (it.run) it.run(); } }
static void drain_all() { drain(&null_stream); for (Stream* s : streams) drain(s); }
static Stream* st(P p) { return p == nullptr || p == (P)1 || p == (P)2 ? &null_stream : (Stream*)p; }
static int put(P p, std::function<void()> f) {
    Stream* s = st(p);
    if (s == &null_stream) { for (Stream* o : streams) if (!(o->flags & 1)) drain(o); f(); return OK; }   // legacy default stream
    if (eager) f(); else s->q.push_back({std::move(f), nullptr});
    return OK;
}
// --- memory. Every copy is checked against the allocations.
static bool inside(const std::map<uintptr_t, size_t>& m, const void* p, size_t n) {
    auto i = m.upper_bound((uintptr_t)p); if (i == m.begin()) return false; --i;
    return (uintptr_t)p + n <= i->first + i->second;
}
static bool dev(U64 p, size_t n) { if (n == 0 || inside(device_mem, (void*)p, n)) return true;
    fprintf(stderr, "driver_emu: %zu bytes at %#llx are no device allocation\n", n, p); return false; }
static bool host(const void* p, size_t n) { if (n && inside(device_mem, p, 1)) { fprintf(stderr, "driver_emu: device pointer %p given as host memory\n", p); return false; } return true; }
static int alloc(std::map<uintptr_t, size_t>& m, P* out, size_t n) {
    if (!n) return INVALID; if (used + n > TOTAL) return OOM;
    void* p = aligned_alloc(256, (n + 255) & ~size_t(255)); memset(p, 0xff, n); m[(uintptr_t)p] = n; used += n; *out = p; return OK; }
static int release(std::map<uintptr_t, size_t>& m, P p) {
    auto i = m.find((uintptr_t)p); if (i == m.end()) return INVALID;
    memset(p, 0xfe, i->second); used -= i->second; m.erase(i); free(p); return OK; }
API cuMemAlloc_v2(U64* p, size_t n) { LOCK; return alloc(device_mem, (P*)p, n); }
API cuMemFree_v2(U64 p) { LOCK; if (!p) return OK; drain_all(); return release(device_mem, (P)p); }
API cuMemAllocAsync(U64* p, size_t n, P) { LOCK; return alloc(device_mem, (P*)p, n); }
API cuMemFreeAsync(U64 p, P s) { LOCK; return put(s, [=] { release(device_mem, (P)p); }); }
API cuMemAllocHost_v2(P* p, size_t n) { LOCK; return alloc(host_mem, p, n); }
API cuMemFreeHost(P p) { LOCK; drain_all(); return release(host_mem, p); }
API cuMemGetInfo_v2(size_t* f, size_t* t) { LOCK; *f = TOTAL - used; *t = TOTAL; return OK; }
API cuMemcpyHtoD_v2(U64 d, const void* h, size_t n) { LOCK; if (!dev(d, n) || !host(h, n)) return INVALID; return put(nullptr, [=] { memcpy((P)d, h, n); }); }
API cuMemcpyDtoH_v2(P h, U64 d, size_t n) { LOCK; if (!dev(d, n) || !host(h, n)) return INVALID; return put(nullptr, [=] { memcpy(h, (P)d, n); }); }
API cuMemcpyDtoD_v2(U64 d, U64 s, size_t n) { LOCK; if (!dev(d, n) || !dev(s, n)) return INVALID; return put(nullptr, [=] { memmove((P)d, (P)s, n); }); }
API cuMemcpyHtoDAsync_v2(U64 d, const void* h, size_t n, P s) { LOCK; if (!dev(d, n) || !host(h, n)) return INVALID;
    if (!inside(host_mem, h, n)) {   // pageable memory is staged before the call returns
        auto b = std::make_shared<std::vector<char>>((const char*)h, (const char*)h + n); return put(s, [=] { memcpy((P)d, b->data(), n); }); }
    return put(s, [=] { memcpy((P)d, h, n); }); }
API cuMemcpyDtoHAsync_v2(P h, U64 d, size_t n, P s) { LOCK; if (!dev(d, n) || !host(h, n)) return INVALID; return put(s, [=] { memcpy(h, (P)d, n); }); }
API cuMemcpyDtoDAsync_v2(U64 d, U64 a, size_t n, P s) { LOCK; if (!dev(d, n) || !dev(a, n)) return INVALID; return put(s, [=] { memmove((P)d, (P)a, n); }); }
template <class T> static int fill(U64 d, T v, size_t n, P s) { if (!dev(d, n * sizeof(T))) return INVALID; return put(s, [=] { for (size_t i = 0; i < n; i++) ((T*)d)[i] = v; }); }
API cuMemsetD8_v2(U64 d, unsigned char v, size_t n) { LOCK; return fill(d, v, n, nullptr); }
API cuMemsetD16_v2(U64 d, unsigned short v, size_t n) { LOCK; return fill(d, v, n, nullptr); }
API cuMemsetD32_v2(U64 d, unsigned v, size_t n) { LOCK; return fill(d, v, n, nullptr); }
API cuMemsetD8Async(U64 d, unsigned char v, size_t n, P s) { LOCK; return fill(d, v, n, s); }
API cuMemsetD16Async(U64 d, unsigned short v, size_t n, P s) { LOCK; return fill(d, v, n, s); }
API cuMemsetD32Async(U64 d, unsigned v, size_t n, P s) { LOCK; return fill(d, v, n, s); }
// --- device and context
API cuInit(unsigned) { return OK; }
API cuDriverGetVersion(int* v) { *v = 13000; return OK; }
API cuDeviceGetCount(int* n) { *n = 1; return OK; }
API cuDeviceGet(int* d, int i) { if (i) return BAD_DEVICE; *d = 0; return OK; }
API cuDeviceGetName(char* s, int n, int) { snprintf(s, n, "cuda_emu (host)"); return OK; }
API cuDeviceTotalMem_v2(size_t* n, int) { *n = TOTAL; return OK; }
API cuDeviceGetAttribute(int* v, int a, int) { switch (a) {
    case 1: *v = 1024; break; case 2: case 3: *v = 1024; break; case 4: *v = 64; break; case 5: *v = 0x7fffffff; break; case 6: case 7: *v = 65535; break;
    case 8: *v = 49152; break; case 10: *v = 32; break; case 12: *v = 65536; break; case 16: *v = 132; break; case 39: *v = 2048; break;
    case 75: *v = 9; break; case 76: *v = 0; break; case 81: *v = 233472; break; case 97: *v = 232448; break; default: *v = 0; } return OK; }
API cuDevicePrimaryCtxRetain(P* c, int) { LOCK; ctx_refs++; *c = &the_ctx; return OK; }
API cuDevicePrimaryCtxRelease_v2(int) { LOCK; if (ctx_refs-- == 1) drain_all(); return OK; }
API cuDevicePrimaryCtxReset_v2(int) { LOCK; drain_all(); return OK; }
API cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return OK; }
API cuCtxSetCurrent(P c) { current = c != nullptr; return OK; }
API cuCtxGetCurrent(P* c) { *c = current ? (P)&the_ctx : nullptr; return OK; }
API cuCtxGetDevice(int* d) { if (!current) return BAD_CTX; *d = 0; return OK; }
API cuCtxGetApiVersion(P, unsigned* v) { *v = 3020; return OK; }
API cuCtxGetFlags(unsigned* f) { *f = 0; return OK; }
API cuCtxGetStreamPriorityRange(int* l, int* h) { *l = 0; *h = -5; return OK; }
API cuCtxSynchronize() { LOCK; drain_all(); return OK; }
API cuGetErrorString(int e, const char** s) { static thread_local char b[64]; snprintf(b, sizeof b, "emulated driver error %d", e); *s = b; return OK; }
// --- streams and events
API cuStreamCreateWithPriority(P* s, unsigned f, int prio) { LOCK; if (!current) return BAD_CTX; auto* n = new Stream; n->flags = f; n->prio = prio; streams.insert(n); *s = n; return OK; }
API cuStreamDestroy_v2(P s) { LOCK; if (!streams.count((Stream*)s)) return BAD_HANDLE; drain((Stream*)s); streams.erase((Stream*)s); delete (Stream*)s; return OK; }
API cuStreamSynchronize(P s) { LOCK; if (st(s) == &null_stream) drain_all(); else drain(st(s)); return OK; }
API cuStreamQuery(P s) { LOCK; return st(s)->q.empty() ? OK : NOT_READY; }
API cuStreamGetFlags(P s, unsigned* f) { *f = st(s)->flags; return OK; }
API cuStreamGetPriority(P s, int* p) { *p = st(s)->prio; return OK; }
API cuLaunchHostFunc(P s, void (*f)(P), P a) { LOCK; return put(s, [=] { f(a); }); }
using Ev = std::shared_ptr<Event>;
API cuEventCreate(P* e, unsigned f) { *e = new Ev(new Event); (*(Ev*)*e)->timing = !(f & 2); return OK; }
API cuEventDestroy_v2(P e) { LOCK; delete (Ev*)e; return OK; }
API cuEventRecord(P e, P s) { LOCK; Ev fresh(new Event); fresh->timing = (*(Ev*)e)->timing; fresh->done = false; fresh->in = st(s); *(Ev*)e = fresh;
    return put(s, [fresh] { fresh->done = true; fresh->ms = ms(); }); }
API cuEventQuery(P e) { LOCK; return (*(Ev*)e)->done ? OK : NOT_READY; }
API cuEventSynchronize(P e) { LOCK; finish(*(Ev*)e); return OK; }
API cuEventElapsedTime(float* t, P a, P b) { LOCK; Ev x = *(Ev*)a, y = *(Ev*)b; if (!x->timing || !y->timing) return BAD_HANDLE; if (!x->done || !y->done) return NOT_READY; *t = float(y->ms - x->ms); return OK; }
API cuStreamWaitEvent(P s, P e, unsigned) { LOCK; Ev ev = *(Ev*)e; if (st(s) == &null_stream || eager) finish(ev); else st(s)->q.push_back({nullptr, ev}); return OK; }
// --- modules: the PTX is read for its version and its entry names only
struct Func { std::string name; emu::Stub stub; int max_dyn = 49152; };
struct Module { std::map<std::string, Func> f; };
API cuModuleLoadDataEx(P* out, const void* image, unsigned, void*, void*) { LOCK;
    if (!current) return BAD_CTX;
    auto* m = new Module; const char* t = (const char*)image;
    if (!memcmp(t, "\177ELF", 4) || !memcmp(t, "\x50\xed\x55\xba", 4)) { for (auto& [n, s] : emu::table()) m->f[n] = {n, s}; *out = m; return OK; }
    const char* v = strstr(t, ".version "); int maj = 0, min = 0;
    if (!v || sscanf(v, ".version %d.%d", &maj, &min) != 2) { delete m; return BAD_PTX; }
    if (maj * 10 + min > 90) { delete m; return PTX_VERSION; }
    for (const char* p = t; (p = strstr(p, ".entry ")); ) { p += 7; std::string n(p, strcspn(p, " (\n\t")); auto k = emu::table().find(n);
        if (k == emu::table().end()) { fprintf(stderr, "driver_emu: no host build of kernel %s\n", n.c_str()); delete m; return BAD_IMAGE; }
        m->f[n] = {n, k->second}; }
    *out = m; return OK; }
API cuModuleLoadData(P* out, const void* image) { return cuModuleLoadDataEx(out, image, 0, nullptr, nullptr); }
API cuModuleUnload(P m) { LOCK; drain_all(); delete (Module*)m; return OK; }
API cuModuleGetFunction(P* f, P m, const char* n) { LOCK; auto& t = ((Module*)m)->f; auto i = t.find(n); if (i == t.end()) return NOT_FOUND; *f = &i->second; return OK; }
API cuFuncGetAttribute(int* v, int a, P f) { switch (a) { case 0: *v = 1024; break; case 8: *v = ((Func*)f)->max_dyn; break; default: *v = 0; } return OK; }
API cuFuncSetAttribute(P f, int a, int v) { if (a == 8) { if (v > 232448) return INVALID; ((Func*)f)->max_dyn = v; } return OK; }
API cuFuncSetCacheConfig(P, int) { return OK; }
API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* n, P, int b, size_t) { *n = 2048 / (b ? b : 1); return OK; }
API cuLaunchKernel(P f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned sh, P s, void** args, void** extra) { LOCK;
    auto* k = (Func*)f;
    if (extra || !gx || !gy || !gz || !bx || !by || !bz || gy > 65535 || gz > 65535 || bx > 1024 || by > 1024 || bz > 64 || (U64)bx * by * bz > 1024 || (int)sh > k->max_dyn) return INVALID;
    return put(s, k->stub(dim3(gx, gy, gz), dim3(bx, by, bz), sh, args)); }
// --- counters and knobs
static std::map<std::string, U64>& numbers() { static std::map<std::string, U64> all; return all; }
extern "C" __attribute__((visibility("default"))) void cuEmuSet(const char* name, U64 value) { LOCK; numbers()[name] = value; }
extern "C" __attribute__((visibility("default"))) U64 cuEmuGet(const char* name) { LOCK; return numbers()[name]; }
API cuStreamCreate(P* s, unsigned f) { return cuStreamCreateWithPriority(s, f, 0); }
