#include "engine.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "access.h"
#include "async.h"
#include "shared.h"
#include "stacks.h"

namespace emu {

Engine engine;

// The order in which threads run. 0, the usual one: a warp runs until it can go no further, then the next; the unfairest order there
// is, so that a warp runs far ahead wherever a barrier is missing. 1 is the reverse. Any other number is the seed of a random order.
static uint64_t order() {
    static const char* chosen = getenv("EMU_ORDER");
    static const uint64_t number = chosen ? strtoull(chosen, nullptr, 10) : 0;
    return number;
}

static uint64_t random_state;
static uint64_t draw() {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state >> 16;
}

// Where `run` is left while threads run.
static Carrier host;
// The stack in use; those that no thread stands on; all there are.
static Carrier* carrier;
static std::vector<Carrier*> spare, all;
static bool failed;
// The warp whose turn it is, and its lane that ran last.
static unsigned turn, last;

// Whoever writes past the end of dynamic shared memory writes here.
constexpr size_t SHARED_GUARD = 64;
constexpr unsigned char POISON = 0xff;

static void report(const std::string& what) {
    fprintf(stderr, "cuda_emu: %s; kernel %s, block (%u, %u, %u)", what.c_str(), engine.kernel.c_str(), engine.block.x,
            engine.block.y, engine.block.z);
    if (engine.current) {
        const uint3 id = engine.current->id;
        fprintf(stderr, ", thread (%u, %u, %u)", id.x, id.y, id.z);
    }
    fputs("\n", stderr);
    for (unsigned i = 0; i < engine.count; i++) {
        const Thread& thread = engine.threads[i];
        const bool waits = thread.state == State::AT_BARRIER || thread.state == State::IN_WARP;
        if (waits && (i < 4 || i % WARP == 0 || i + 2 > engine.count)) {
            fprintf(stderr, "  thread %u waits in %s", i, thread.where);
            if (thread.state == State::IN_WARP) {
                fprintf(stderr, ", mask %08x\n", thread.mask);
            } else {
                fprintf(stderr, ", line %d\n", thread.line);
            }
        }
    }
}

static void go(Carrier* to) {
    Carrier* from = carrier;
    carrier = to;
    change(from, to);
}

// Takes the next thread that can run; null if there is none.
static Thread* take() {
    const unsigned warps = (engine.count + WARP - 1) / WARP;
    const bool random = order() > 1;
    if (!engine.warps[turn].runnable || (random && draw() % 64 == 0)) {
        const unsigned from = random ? unsigned(draw() % warps) : turn;
        unsigned step = 0;
        while (step < warps && !engine.warps[(from + (order() == 1 ? warps - step : step)) % warps].runnable) step++;
        if (step == warps) return nullptr;
        turn = (from + (order() == 1 ? warps - step : step)) % warps;
        last = order() == 1 ? 0 : WARP - 1;
    }
    Warp& warp = engine.warps[turn];
    if (random) {
        last = unsigned(draw() % WARP);
    }
    uint32_t lanes;
    if (order() == 1) {
        lanes = warp.runnable & ((1u << last) - 1);
        lanes = lanes ? lanes : warp.runnable;
        last = 31 - __builtin_clz(lanes);
    } else {
        lanes = last == WARP - 1 ? 0 : warp.runnable & ~((2u << last) - 1);
        lanes = lanes ? lanes : warp.runnable;
        last = __builtin_ctz(lanes);
    }
    warp.runnable &= ~(1u << last);
    return &engine.threads[turn * WARP + last];
}

static void wake(Thread& thread) {
    thread.state = State::RUNNABLE;
    engine.warps[thread.linear / WARP].runnable |= 1u << (thread.linear % WARP);
}

static void open_barrier() {
    engine.arrived = 0;
    // The next barrier's votes.
    engine.votes[(engine.barriers + 1) & 1] = 0;
    engine.barriers++;
    for (unsigned i = 0; i < engine.count; i++) {
        if (engine.threads[i].state == State::AT_BARRIER) wake(engine.threads[i]);
    }
}

// What a stack runs: threads, one after the other.
static void carry() {
    for (;;) {
        Thread* thread = engine.current;
        thread->state = State::RUNNABLE;
        engine.body();
        thread->state = State::DONE;
        engine.alive--;
        // Threads that are done are not waited for.
        if (engine.alive > 0 && engine.arrived == engine.alive) open_barrier();

        Thread* next = take();
        if (!next) {
            if (engine.alive > 0) violation("deadlock: not all threads reach the same barrier");
            spare.push_back(carrier);
            go(&host);
            continue;
        }
        engine.current = next;
        if (next->state != State::NEW) {
            spare.push_back(carrier);
            go(next->carrier);
        }
    }
}

static Carrier* spare_carrier() {
    if (spare.empty()) {
        all.push_back(new_carrier(carry));
        return all.back();
    }
    Carrier* taken = spare.back();
    spare.pop_back();
    return taken;
}

// Lets others run until the thread can go on.
static void wait() {
    engine.current->carrier = carrier;
    Thread* next = take();
    if (!next) violation("deadlock: not all threads reach the same barrier");
    engine.current = next;
    go(next->state == State::NEW ? spare_carrier() : next->carrier);
}

// Names are mostly the same text at the same place.
static bool same(const char* one, const char* other) { return one == other || strcmp(one, other) == 0; }

int barrier(const char* where, int line, bool vote) {
    Thread* thread = engine.current;
    const unsigned generation = engine.barriers & 1;
    engine.votes[generation] += vote;
    thread->where = where;
    thread->line = line;
    if (++engine.arrived < engine.alive) {
        thread->state = State::AT_BARRIER;
        wait();
        return engine.votes[generation];
    }
    for (unsigned i = 0; i < engine.count; i++) {
        const Thread& other = engine.threads[i];
        if (other.state == State::AT_BARRIER && (other.line != line || !same(other.where, where))) {
            violation("threads of one block wait at different barriers");
        }
    }
    open_barrier();
    return engine.votes[generation];
}

const uint64_t* exchange(const char* where, uint32_t mask, uint64_t value) {
    Thread* thread = engine.current;
    const unsigned lane = thread->linear % WARP, base = thread->linear - lane, buffer = thread->turn;
    Warp& warp = engine.warps[thread->linear / WARP];
    thread->turn ^= 1;
    thread->mask = mask;
    thread->where = where;
    if (!(mask >> lane & 1)) violation(std::string("the mask of ") + where + " lacks the lane that calls it");
    warp.given[buffer][lane] = value;
    warp.present[buffer] |= 1u << lane;
    // The last warp may be short.
    const unsigned lanes = engine.count - base;
    const uint32_t needed = lanes >= WARP ? mask : mask & ((1u << lanes) - 1);
    if ((warp.present[buffer] & needed) != needed) {
        thread->state = State::IN_WARP;
        wait();
        return warp.given[buffer];
    }
    for (unsigned l = 0; l < WARP; l++) {
        if (!(needed >> l & 1) || l == lane) continue;
        Thread& other = engine.threads[base + l];
        if (other.mask != mask) violation(std::string("lanes of one ") + where + " give different masks");
        if (!same(other.where, where)) {
            violation(std::string("lanes of one mask are in ") + where + " and in " + other.where);
        }
        wake(other);
    }
    warp.present[buffer] &= ~needed;
    return warp.given[buffer];
}

static void run_block() {
    const unsigned count = engine.count;
    engine.alive = count;
    engine.arrived = engine.barriers = 0;
    engine.votes[0] = engine.votes[1] = 0;
    for (unsigned i = 0; i < count; i++) {
        engine.threads[i].state = State::NEW;
        engine.threads[i].turn = 0;
    }
    const unsigned warps = (count + WARP - 1) / WARP;
    for (unsigned w = 0; w < warps; w++) {
        const unsigned lanes = count - w * WARP < WARP ? count - w * WARP : WARP;
        engine.warps[w].present[0] = engine.warps[w].present[1] = 0;
        engine.warps[w].runnable = lanes == WARP ? ~0u : (1u << lanes) - 1;
    }
    turn = order() == 1 ? warps - 1 : 0;
    last = order() == 1 ? 0 : WARP - 1;
    engine.current = take();
    carrier = &host;
    go(spare_carrier());
    engine.current = nullptr;
    if (forget_copies() && !failed) {
        report("a copy to shared memory that the block never waited for");
        failed = true;
    }
}

// Poisons what a block finds in its shared memory: whoever reads what nobody wrote gets NaN.
static void poison(size_t shared) {
    poison_shared(engine.kernel);
    memset(engine.dynamic.data(), POISON, shared + SHARED_GUARD);
}

static bool dynamic_is_intact(size_t shared) {
    for (size_t i = 0; i < SHARED_GUARD; i++) {
        if (engine.dynamic[shared + i] != POISON) {
            report("a write " + std::to_string(i) + " bytes past the end of dynamic shared memory");
            return false;
        }
    }
    return true;
}

bool run(const char* kernel, dim3 grid, dim3 block, size_t shared, std::function<void()> body) {
    engine.kernel = kernel;
    engine.grid = grid;
    engine.dim = block;
    engine.count = block.x * block.y * block.z;
    engine.body = std::move(body);
    engine.dynamic.resize(shared + SHARED_GUARD);
    random_state = order();
    failed = false;
    for (unsigned i = 0; i < engine.count; i++) {
        engine.threads[i].linear = i;
        engine.threads[i].id = {i % block.x, i / block.x % block.y, i / (block.x * block.y)};
    }
    watch_accesses();
    engine.running = true;
    for (unsigned z = 0; z < grid.z; z++) {
        for (unsigned y = 0; y < grid.y; y++) {
            for (unsigned x = 0; x < grid.x; x++) {
                engine.block = {x, y, z};
                poison(shared);
                run_block();
                if (failed || !dynamic_is_intact(shared)) {
                    engine.running = false;
                    // Kernels own nothing that would have to be given back, so their stacks are just taken from them.
                    for (Carrier* used : all) rewind(used, carry);
                    spare = all;
                    return false;
                }
                note_shared(engine.kernel);
            }
        }
    }
    engine.running = false;
    return true;
}

void violation(const std::string& what) {
    report(what);
    failed = true;
    go(&host);
    abort();
}

}  // namespace emu
