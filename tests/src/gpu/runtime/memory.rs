//! Device memory: what is given out, taken back and given out again.

use gpu_kernels::{Error, Event, Stream};

use crate::Chance;
use crate::gpu::check::{Check, counter, gpu, in_child, is_emulated, needs_emulator, skip};

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "runtime::memory::random_lifetimes",
            run: random_lifetimes,
        },
        Check {
            name: "runtime::memory::nothing_leaks",
            run: nothing_leaks,
        },
        Check {
            name: "runtime::memory::steady_work_asks_the_driver_for_nothing",
            run: steady_work_asks_the_driver_for_nothing,
        },
        Check {
            name: "runtime::memory::a_full_device_says_so",
            run: a_full_device_says_so,
        },
        Check {
            name: "runtime::memory::what_is_kept_makes_room",
            run: what_is_kept_makes_room,
        },
        Check {
            name: "runtime::memory::blocks_wait_for_other_streams",
            run: blocks_wait_for_other_streams,
        },
        Check {
            name: "runtime::memory::several_threads",
            run: several_threads,
        },
    ]
}

/// A block that is full of one byte.
struct Filled {
    address: u64,
    bytes: usize,
    byte: u8,
    stream: &'static Stream,
}

impl Filled {
    fn new(bytes: usize, byte: u8, stream: &'static Stream) -> Self {
        let address = gpu().allocate_on(bytes, stream).expect("memory");
        assert_eq!(address % 256, 0, "{address:#x}");
        // SAFETY: the block is so long.
        unsafe { stream.fill(address, byte, bytes) }.expect("a fill");
        Self {
            address,
            bytes,
            byte,
            stream,
        }
    }

    /// Looks at both ends of it, through the device's own stream, and gives it back.
    fn check_and_release(self, passed: &Event) {
        let gpu = gpu();
        if self.stream.raw() != gpu.stream().raw() {
            passed.record(self.stream).expect("an event");
            gpu.stream().wait_for(passed).expect("a wait");
            gpu.note_use(self.address, gpu.stream());
        }
        let mut end = vec![0; self.bytes.min(4096)];
        for from in [0, self.bytes - end.len()] {
            // SAFETY: it lies inside of the block, which is in use.
            unsafe { gpu.download(self.address + from as u64, &mut end) }.expect("a download");
            assert!(
                end.iter().all(|byte| *byte == self.byte),
                "{} bytes at {from}",
                self.bytes
            );
        }
        // SAFETY: it came from there, and its uses are known.
        unsafe { gpu.release(self.address) };
    }
}

/// Many sizes, from one byte to 40 MiB, as often large as small.
fn size(chance: &mut Chance) -> usize {
    let most = (40u64 << 20) as f64;
    let power = chance.below(1 << 20) as f64 / f64::from(1 << 20);
    (most.powf(power) as usize).max(1)
}

fn churn(seed: u64, rounds: usize, at_once: usize) {
    let mut chance = Chance::new(seed);
    let side = gpu().new_stream().expect("a stream");
    let passed = gpu().new_event().expect("an event");
    let mut blocks: Vec<Filled> = Vec::new();
    for _ in 0..rounds {
        if blocks.len() == at_once || (chance.once_in(3) && !blocks.is_empty()) {
            let block = blocks.swap_remove(chance.below(blocks.len()));
            block.check_and_release(&passed);
        } else {
            let stream = *chance.one_of(&[gpu().stream(), side]);
            blocks.push(Filled::new(size(&mut chance), chance.below(256) as u8, stream));
        }
    }
    for block in blocks {
        block.check_and_release(&passed);
    }
}

/// Goes on only where released memory is kept, which can be turned off.
pub(super) fn needs_cache() {
    if std::env::var_os("TENSOR_CUDA_CACHE").is_some_and(|value| value == "0") {
        skip("released memory is not kept");
    }
}

fn random_lifetimes() {
    churn(1, 1000, 40);
}

fn nothing_leaks() {
    needs_emulator();
    in_child("runtime::memory::nothing_leaks", &[], || {
        gpu().release_unused().expect("the device is there");
        let (before, live) = (gpu().memory(), counter("live_bytes"));
        assert_eq!(before.reserved as u64, live);
        churn(2, 500, 20);
        let after = gpu().memory();
        assert_eq!(after.in_use, before.in_use);
        assert!(after.peak > before.peak);
        assert_eq!(after.reserved as u64, counter("live_bytes"));
        gpu().release_unused().expect("the device is there");
        assert_eq!(gpu().memory().reserved, before.reserved);
        assert_eq!(counter("live_bytes"), live);
    });
}

fn steady_work_asks_the_driver_for_nothing() {
    needs_emulator();
    needs_cache();
    in_child("runtime::memory::steady_work_asks_the_driver_for_nothing", &[], || {
        let step = || {
            let sizes = [4, 1000, 1 << 12, 300_000, 3 << 20, 30 << 20, 4];
            let blocks = sizes.map(|bytes| Filled::new(bytes, 7, gpu().stream()));
            let passed = gpu().new_event().expect("an event");
            for block in blocks {
                block.check_and_release(&passed);
            }
        };
        step();
        let asked = || (counter("mem_alloc"), counter("mem_free"), counter("host_alloc"));
        let before = asked();
        for _ in 0..50 {
            step();
        }
        assert_eq!(asked(), before);
    });
}

fn a_full_device_says_so() {
    let gpu = gpu();
    let total = gpu.info().total_memory;
    match gpu.allocate(2 * total) {
        Err(Error::OutOfMemory { bytes, free, total }) => {
            assert_eq!(bytes, 2 * gpu.info().total_memory);
            assert!(free <= total, "{free} of {total}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(gpu.allocate(usize::MAX), Err(Error::OutOfMemory { .. })));
    // It goes on.
    Filled::new(1000, 1, gpu.stream()).check_and_release(&gpu.new_event().expect("an event"));
}

fn what_is_kept_makes_room() {
    needs_emulator();
    let memory = [("EMU_MEMORY", "67108864")];
    in_child("runtime::memory::what_is_kept_makes_room", &memory, || {
        let passed = gpu().new_event().expect("an event");
        let blocks = [1, 2, 3].map(|byte| Filled::new(12 << 20, byte, gpu().stream()));
        let error = gpu().allocate(40 << 20).expect_err("three blocks are in the way");
        let (bytes, total) = (40 << 20, 64 << 20);
        assert!(
            matches!(error, Error::OutOfMemory { bytes: b, total: t, .. } if b == bytes && t == total),
            "{error}"
        );
        for block in blocks {
            block.check_and_release(&passed);
        }
        Filled::new(40 << 20, 4, gpu().stream()).check_and_release(&passed);
        // Where a whole segment for many blocks has no room, there is one for this block.
        let large = Filled::new(40 << 20, 5, gpu().stream());
        Filled::new(11 << 20, 6, gpu().stream()).check_and_release(&passed);
        let middle = Filled::new(9 << 20, 7, gpu().stream());
        large.check_and_release(&passed);
        middle.check_and_release(&passed);
    });
}

fn blocks_wait_for_other_streams() {
    needs_cache();
    let (gpu, bytes) = (gpu(), 5 << 20);
    let side = gpu.new_stream().expect("a stream");
    let own = gpu.new_stream().expect("a stream");
    let block = gpu.allocate_on(bytes, own).expect("memory");
    // What was there before may still be in use by the block's own stream.
    let given = gpu.new_event().expect("an event");
    given.record(own).expect("an event");
    side.wait_for(&given).expect("a wait");
    // SAFETY: the block is so long, and is not given out again before the side stream is past it.
    unsafe {
        side.fill(block, 1, bytes).expect("a fill");
        gpu.note_use(block, side);
        gpu.release(block);
    }
    // A card may be done already; the emulator does nothing before somebody waits.
    if is_emulated() {
        let other = gpu.allocate_on(bytes, own).expect("memory");
        assert_ne!(other, block);
        side.synchronize().expect("the device is there");
        let again = gpu.allocate_on(bytes, own).expect("memory");
        assert_eq!(again, block);
        // SAFETY: nobody uses them.
        unsafe {
            gpu.release(other);
            gpu.release(again);
        }
    }
    side.synchronize().expect("the device is there");
}

fn several_threads() {
    std::thread::scope(|scope| {
        for seed in 10..14 {
            scope.spawn(move || churn(seed, 100, 8));
        }
    });
}
