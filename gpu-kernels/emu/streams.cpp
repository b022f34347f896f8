// Streams and events. Streams are lazy: work stays in its stream until something must wait for it, so whoever forgets to wait
// finds what was there before. EMU_STREAMS=eager does work at once.
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <set>

#include "driver.h"

namespace emu {

struct Stream;

// One recording of an event: recording it anew makes another.
struct Recording {
    bool done = true;
    bool timing = true;
    Stream* in = nullptr;
    double milliseconds = 0;
};

struct Event {
    std::shared_ptr<Recording> recording;
};

struct Item {
    std::function<void()> work;
    // Or a recording that must be reached first.
    std::shared_ptr<Recording> wait;
};

struct Stream {
    std::deque<Item> items;
    unsigned flags = 0;
};

static std::set<Stream*> streams;
static Stream default_stream;
static const bool eager = [] {
    const char* chosen = getenv("EMU_STREAMS");
    return chosen && strcmp(chosen, "eager") == 0;
}();

static void reach(const std::shared_ptr<Recording>& recording);

static void step(Stream* stream) {
    Item item = std::move(stream->items.front());
    stream->items.pop_front();
    if (item.wait) reach(item.wait);
    // What a lost device still had to do is not done.
    if (item.work && lost() == SUCCESS) item.work();
}

static void drain(Stream* stream) {
    while (!stream->items.empty()) step(stream);
}

// Runs a recording's stream up to it.
static void reach(const std::shared_ptr<Recording>& recording) {
    while (!recording->done) {
        if (recording->in->items.empty()) {
            recording->done = true;
        } else {
            step(recording->in);
        }
    }
}

void drain_all() {
    drain(&default_stream);
    for (Stream* stream : streams) drain(stream);
}

// Null, and CUDA's two names of the default stream.
static Stream* stream_of(void* handle) {
    const bool is_default = handle == nullptr || handle == reinterpret_cast<void*>(1) || handle == reinterpret_cast<void*>(2);
    return is_default ? &default_stream : static_cast<Stream*>(handle);
}

static bool is_stream(void* handle) {
    return stream_of(handle) == &default_stream || streams.count(static_cast<Stream*>(handle)) > 0;
}

int enqueue(void* handle, std::function<void()> work) {
    if (!is_stream(handle)) return INVALID_HANDLE;
    Stream* stream = stream_of(handle);
    if (stream == &default_stream) {
        // The legacy default stream waits for all streams that do not say that they want nothing of it.
        for (Stream* other : streams) {
            if (!(other->flags & 1)) drain(other);
        }
        if (lost() == SUCCESS) work();
    } else if (eager) {
        work();
    } else {
        stream->items.push_back({std::move(work), nullptr});
    }
    return lost();
}

static double now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

}  // namespace emu

using namespace emu;

API cuStreamCreateWithPriority(void** handle, unsigned flags, int) {
    BEGIN;
    if (!has_context) return INVALID_CONTEXT;
    Stream* stream = new Stream;
    stream->flags = flags;
    streams.insert(stream);
    *handle = stream;
    return SUCCESS;
}

API cuStreamCreate(void** handle, unsigned flags) { return cuStreamCreateWithPriority(handle, flags, 0); }

API cuStreamDestroy_v2(void* handle) {
    BEGIN;
    Stream* stream = static_cast<Stream*>(handle);
    if (!streams.count(stream)) return INVALID_HANDLE;
    drain(stream);
    streams.erase(stream);
    delete stream;
    return SUCCESS;
}

API cuStreamSynchronize(void* handle) {
    BEGIN;
    if (!is_stream(handle)) return INVALID_HANDLE;
    number("sync")++;
    if (stream_of(handle) == &default_stream) {
        drain_all();
    } else {
        drain(stream_of(handle));
    }
    return lost();
}

API cuStreamQuery(void* handle) {
    BEGIN;
    if (!is_stream(handle)) return INVALID_HANDLE;
    return stream_of(handle)->items.empty() ? SUCCESS : NOT_READY;
}

API cuStreamGetFlags(void* handle, unsigned* flags) {
    BEGIN;
    *flags = stream_of(handle)->flags;
    return SUCCESS;
}

API cuLaunchHostFunc(void* handle, void (*function)(void*), void* data) {
    BEGIN;
    return enqueue(handle, [=] { function(data); });
}

API cuEventCreate(void** handle, unsigned flags) {
    BEGIN;
    Event* event = new Event{std::make_shared<Recording>()};
    event->recording->timing = !(flags & 2);
    *handle = event;
    return SUCCESS;
}

API cuEventDestroy_v2(void* handle) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    delete static_cast<Event*>(handle);
    return SUCCESS;
}

API cuEventRecord(void* handle, void* stream) {
    BEGIN;
    if (!is_stream(stream)) return INVALID_HANDLE;
    Event* event = static_cast<Event*>(handle);
    auto recording = std::make_shared<Recording>();
    recording->timing = event->recording->timing;
    recording->done = false;
    recording->in = stream_of(stream);
    event->recording = recording;
    return enqueue(stream, [recording] {
        recording->done = true;
        recording->milliseconds = now();
    });
}

API cuEventQuery(void* handle) {
    BEGIN;
    return static_cast<Event*>(handle)->recording->done ? SUCCESS : NOT_READY;
}

API cuEventSynchronize(void* handle) {
    BEGIN;
    number("sync")++;
    reach(static_cast<Event*>(handle)->recording);
    return lost();
}

API cuEventElapsedTime(float* milliseconds, void* start, void* end) {
    BEGIN;
    const auto from = static_cast<Event*>(start)->recording, to = static_cast<Event*>(end)->recording;
    if (!from->timing || !to->timing) return INVALID_HANDLE;
    if (!from->done || !to->done) return NOT_READY;
    *milliseconds = float(to->milliseconds - from->milliseconds);
    return SUCCESS;
}

API cuStreamWaitEvent(void* handle, void* event, unsigned) {
    BEGIN;
    if (!is_stream(handle)) return INVALID_HANDLE;
    const auto recording = static_cast<Event*>(event)->recording;
    if (stream_of(handle) == &default_stream || eager) {
        reach(recording);
    } else {
        stream_of(handle)->items.push_back({nullptr, recording});
    }
    return lost();
}
