//! Copies between the host and the device.

use crate::Chance;
use crate::gpu::check::{Check, gpu};
use crate::gpu::naive::Array;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "runtime::copies::what_goes_up_comes_down",
            run: what_goes_up_comes_down,
        },
        Check {
            name: "runtime::copies::the_source_may_change_at_once",
            run: the_source_may_change_at_once,
        },
        Check {
            name: "runtime::copies::written_in_place",
            run: written_in_place,
        },
        Check {
            name: "runtime::copies::reads_on_the_way",
            run: reads_on_the_way,
        },
        Check {
            name: "runtime::copies::several_threads",
            run: several_threads,
        },
    ]
}

/// Nothing, one, odd numbers; a whole piece of pinned memory, one more, and several.
const SIZES: [usize; 12] = [
    0,
    1,
    3,
    63,
    64,
    65,
    65_536,
    65_537,
    4 << 20,
    (4 << 20) + 1,
    (8 << 20) + 12_345,
    (21 << 20) + 7,
];

fn bytes(chance: &mut Chance, len: usize) -> Vec<u8> {
    let mut data = vec![0; len];
    for part in data.chunks_mut(8) {
        let number = chance.number().to_le_bytes();
        part.copy_from_slice(&number[..part.len()]);
    }
    data
}

/// A block with these bytes from its `skip`-th on, and what comes back of them.
fn there_and_back(data: &[u8], skip: usize) -> Vec<u8> {
    let gpu = gpu();
    let block = gpu.allocate(data.len() + skip + 1).expect("memory");
    let mut back = vec![0; data.len()];
    // SAFETY: the block is long enough.
    unsafe {
        gpu.upload(data, block + skip as u64).expect("an upload");
        gpu.download(block + skip as u64, &mut back).expect("a download");
        gpu.release(block);
    }
    back
}

fn what_goes_up_comes_down() {
    let mut chance = Chance::new(1);
    for len in SIZES {
        let data = bytes(&mut chance, len);
        assert!(there_and_back(&data, chance.below(9)) == data, "{len} bytes");
    }
}

fn the_source_may_change_at_once() {
    let gpu = gpu();
    for len in SIZES {
        let block = gpu.allocate(len + 1).expect("memory");
        let (mut data, mut back) = (vec![5; len], vec![0; len]);
        // SAFETY: the block is long enough.
        unsafe {
            gpu.upload(&data, block).expect("an upload");
            data.fill(9);
            gpu.download(block, &mut back).expect("a download");
            gpu.release(block);
        }
        assert!(back.iter().all(|byte| *byte == 5), "{len} bytes");
    }
}

fn written_in_place() {
    let gpu = gpu();
    for len in SIZES {
        let block = gpu.allocate(len + 1).expect("memory");
        let (mut calls, mut back) = (0, vec![0; len]);
        // SAFETY: the block is long enough.
        unsafe {
            gpu.upload_with(len, block, &mut |bytes| {
                calls += 1;
                assert_eq!(bytes.len(), len);
                bytes
                    .iter_mut()
                    .enumerate()
                    .for_each(|(index, byte)| *byte = index as u8);
            })
            .expect("an upload");
            gpu.download(block, &mut back).expect("a download");
            gpu.release(block);
        }
        assert_eq!(calls, 1, "{len} bytes");
        assert!(
            back.iter().enumerate().all(|(index, byte)| *byte == index as u8),
            "{len} bytes"
        );
    }
}

fn reads_on_the_way() {
    let gpu = gpu();
    let array = Array::new(gpu, &[1i64]);
    let mut tickets = Vec::new();
    for value in 0..200i64 {
        // SAFETY: the array has one element.
        unsafe {
            gpu.upload(&value.to_ne_bytes(), array.ptr().address())
                .expect("an upload");
            tickets.push((value, gpu.begin_read(array.ptr().address(), 8).expect("a read")));
        }
    }
    // What came later is not seen by those that came before, in whatever order they are asked.
    tickets.reverse();
    for (value, ticket) in &tickets {
        let element = gpu.finish_read(*ticket).expect("a read");
        assert_eq!(i64::from_ne_bytes(element), *value);
    }
    assert!(gpu.finish_read(tickets[0].1).is_err(), "a read is finished once");
}

fn several_threads() {
    std::thread::scope(|scope| {
        for seed in 0..4 {
            scope.spawn(move || {
                let mut chance = Chance::new(seed);
                for _ in 0..30 {
                    let most = 2 << chance.below(23);
                    let len = chance.below(most);
                    let data = bytes(&mut chance, len);
                    assert!(there_and_back(&data, chance.below(9)) == data, "{len} bytes");
                }
            });
        }
    });
}
