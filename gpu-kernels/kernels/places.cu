// Elements by the places that an index names along one axis, and sums into views whose elements share places:
//
//   gather             out[i, j, k] = x[i, index[i, j, k], k], by the width of an element
//   scatter_threads    out[i, index[i, j, k], k] becomes what `how` makes of it and of source[i, j, k]: a thread a slice (i, k)
//   scatter_warps      the same, a warp a slice
//   accumulate         out[index] += the sum over the folded axes of x, where no two threads have the same place
//
// Elements that come to one place come in the order of j, whatever runs first: they are of one slice, and a slice, or a range of its
// places, has one thread or warp. So the bits are the same every time, and of `Set` the last stays. An index outside the axis is noted;
// nothing is written there, and what was to be read is `missing`.
// Whole numbers are reckoned in 64 bits, others in double precision and rounded to their type where they are written: for one sum or
// product that is the rounding of the type itself.
//
// Shapes: as elements.cu; the walk of a scatter goes over slices. Launch: blocks of BLOCK threads; of a scatter, slices in x, ranges of
// places in y. Source: tensor/src/kernels/indexed.

#include "axes.cuh"
#include "elements.cuh"
#include "places.cuh"
#include "walk.cuh"

// Whether the index is inside; notes it if not.
INLINE bool is_inside(int64_t index, const Along& along, Scatter operation, Fault* fault) {
    if (index >= 0 && index < along.size) return true;
    note(fault, Fault{2, uint32_t(operation), 0, index, along.size});
    return false;
}

template <class T>
INLINE void gather(const Walk<3>& walk, const Along& along, const T* x, const int64_t* index, T* out, uint32_t n, T missing,
                   Fault* fault) {
    for (uint32_t i = first_element(false); i < n; i += step_of_elements()) {
        int32_t at[4][3];
        int64_t place[4];
        T v[4];
        offsets_at(walk, i, BLOCK, at);
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane) place[lane] = i + lane * BLOCK < n ? index[at[lane][1]] : 0;
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane) {
            v[lane] = missing;
            if (i + lane * BLOCK < n && is_inside(place[lane], along, Scatter::Gather, fault))
                v[lane] = x[at[lane][0] + place[lane] * along.step];
        }
#pragma unroll
        for (uint32_t lane = 0; lane < 4; ++lane)
            if (i + lane * BLOCK < n) out[at[lane][2]] = v[lane];
    }
}

#define GATHER(T, type)                                                                                                    \
    KERNEL __launch_bounds__(BLOCK) gather_##type(Walk<3> walk, Along along, const T* x, const int64_t* index, T* out,     \
                                                  uint32_t n, uint64_t missing, Fault* fault) {                            \
        gather(walk, along, x, index, out, n, T(missing), fault);                                                          \
    }                                                                                                                      \
    EMU_EXPORT(gather_##type)

GATHER(uint8_t, u8)
GATHER(uint16_t, u16)
GATHER(uint32_t, u32)
GATHER(uint64_t, u64)

INLINE int64_t joined(Scatter how, int64_t a, int64_t b) {
    switch (how) {
        case Scatter::Add:
            return int64_t(uint64_t(a) + uint64_t(b));
        case Scatter::Prod:
            return int64_t(uint64_t(a) * uint64_t(b));
        case Scatter::Max:
            return a > b ? a : b;
        case Scatter::Min:
            return a < b ? a : b;
        default:
            return b;
    }
}

INLINE double joined(Scatter how, double a, double b) {
    switch (how) {
        case Scatter::Add:
            return a + b;
        case Scatter::Prod:
            return a * b;
        case Scatter::Max:
            return larger(a, b);
        case Scatter::Min:
            return smaller(a, b);
        default:
            return b;
    }
}

// One element to its place.
inline NOINLINE __device__ void bring(Scatter how, Type type, const uint8_t* source, int64_t from, uint8_t* out, int64_t to) {
    if (is_whole(type)) {
        const int64_t new_one = read_whole(type, source, from);
        write(type, out, to, how == Scatter::Set ? new_one : joined(how, read_whole(type, out, to), new_one));
    } else {
        const double new_one = read_double(type, source, from);
        write(type, out, to, how == Scatter::Set ? new_one : joined(how, read_double(type, out, to), new_one));
    }
}

// The places of a slice that the blocks of this blockIdx.y have.
struct Range {
    int64_t first;
    int64_t end;

    INLINE Range(int64_t size) {
        const int64_t length = (size + gridDim.y - 1) / gridDim.y;
        first = blockIdx.y * length;
        end = first + length;
    }
    INLINE bool has(int64_t place) const { return place >= first && place < end; }
};

KERNEL __launch_bounds__(BLOCK) scatter_threads(Scatter how, Type type, Walk<3> walk, Along along, const int64_t* index,
                                                const uint8_t* source, uint8_t* out, uint32_t slices, Fault* fault) {
    const Range own(along.size);
    for (uint64_t slice = first_of_grid(); slice < slices; slice += step_of_grid()) {
        int32_t at[1][3];
        offsets_at(walk, uint32_t(slice), 0, at);
#pragma unroll 4
        for (int64_t j = 0; j < along.count; ++j) {
            const int64_t place = index[at[0][0] + j * along.index_step];
            if (own.has(place)) {
                if (place < along.size) {
                    bring(how, type, source, at[0][1] + j * along.source_step, out, at[0][2] + place * along.step);
                    continue;
                }
            }
            // Whoever has the first range looks.
            if (blockIdx.y == 0) is_inside(place, along, how, fault);
        }
    }
}
EMU_EXPORT(scatter_threads)

KERNEL __launch_bounds__(BLOCK) scatter_warps(Scatter how, Type type, Walk<3> walk, Along along, const int64_t* index,
                                              const uint8_t* source, uint8_t* out, uint32_t slices, Fault* fault) {
    const Range own(along.size);
    const int lane = threadIdx.x % 32;
    for (uint64_t slice = first_of_grid() / 32; slice < slices; slice += step_of_grid() / 32) {
        int32_t at[1][3];
        offsets_at(walk, uint32_t(slice), 0, at);
        for (int64_t first = 0; first < along.count; first += 32) {
            const int64_t j = first + lane;
            int64_t place = -1;
            if (j < along.count) {
                place = index[at[0][0] + j * along.index_step];
                if (blockIdx.y == 0) is_inside(place, along, how, fault);
                if (!own.has(place) || place >= along.size) place = -1;
            }
            if (!__any_sync(0xffffffffu, place >= 0)) continue;
            // How many lanes before this one have the same place: they come first.
            int before = 0;
#pragma unroll 1
            for (int other = 0; other < 31; ++other) {
                const int64_t theirs = __shfl_sync(0xffffffffu, place, other);
                before += other < lane && theirs == place;
            }
            for (int turn = 0; __any_sync(0xffffffffu, place >= 0 && before >= turn); ++turn) {
                if (place >= 0 && before == turn)
                    bring(how, type, source, at[0][1] + j * along.source_step, out, at[0][2] + place * along.step);
                __syncwarp();
            }
        }
    }
}
EMU_EXPORT(scatter_warps)

KERNEL __launch_bounds__(BLOCK) accumulate(Type type, Walk<2> walk, Axes folded, const uint8_t* x, uint8_t* out, uint32_t n,
                                           int64_t inputs) {
    for (uint64_t i = first_of_grid(); i < n; i += step_of_grid()) {
        int32_t at[1][2];
        offsets_at(walk, uint32_t(i), 0, at);
        const int64_t from = at[0][0], to = at[0][1];
        if (is_whole(type)) {
            int64_t sum = read_whole(type, out, to);
#pragma unroll 1
            for (int64_t j = 0; j < inputs; ++j) sum = joined(Scatter::Add, sum, read_whole(type, x, from + offset_of(folded, j)));
            write(type, out, to, sum);
        } else {
            double sum = read_double(type, out, to);
#pragma unroll 1
            for (int64_t j = 0; j < inputs; ++j) sum += read_double(type, x, from + offset_of(folded, j));
            write(type, out, to, sum);
        }
    }
}
EMU_EXPORT(accumulate)
