//! Which pieces a device's memory is cut into, and which of them are free. Only numbers; the driver is asked elsewhere.

use std::collections::{BTreeMap, BTreeSet};

/// Every address and every size is a multiple of it.
pub(super) const UNIT: usize = 256;
/// The largest request that is served from small segments.
const SMALL: usize = 1 << 20;
const SMALL_SEGMENT: usize = 2 << 20;
const LARGE_SEGMENT: usize = 20 << 20;
/// From here on a request gets a segment of its own.
const HUGE: usize = 10 << 20;
/// Segments of huge requests are multiples of it.
const PAGE: usize = 2 << 20;

/// The request as the size of a piece.
pub(super) fn piece_size(bytes: usize) -> Option<usize> {
    bytes.max(1).checked_next_multiple_of(UNIT)
}

/// How much is taken from the driver for a piece of this size.
pub(super) fn segment_size(size: usize) -> Option<usize> {
    if size <= SMALL {
        Some(SMALL_SEGMENT)
    } else if size < HUGE {
        Some(LARGE_SEGMENT)
    } else {
        size.checked_next_multiple_of(PAGE)
    }
}

/// A piece of a segment.
#[derive(Clone, Copy, Debug)]
struct Piece {
    size: usize,
    segment: u64,
    stream: usize,
    /// Of a small segment. Small pieces do not break up what large requests need.
    small: bool,
    free: bool,
}

/// All pieces of a device's memory.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    all: BTreeMap<u64, Piece>,
    /// Stream, whether small, size, address: the first that is large enough is the one that fits best.
    free: BTreeSet<(usize, bool, usize, u64)>,
}

impl Pieces {
    /// New memory, all of it free for the work of one stream, for pieces of about this size.
    pub(super) fn add_segment(&mut self, address: u64, segment: usize, stream: usize, size: usize) {
        let small = size <= SMALL;
        let piece = Piece {
            size: segment,
            segment: address,
            stream,
            small,
            free: true,
        };
        self.insert(address, piece);
    }

    /// The free piece that fits best, cut to size where the rest is worth keeping. Its address and its size.
    pub(super) fn take(&mut self, stream: usize, size: usize) -> Option<(u64, usize)> {
        let small = size <= SMALL;
        let fitting = (stream, small, size, 0)..=(stream, small, usize::MAX, u64::MAX);
        let &(_, _, _, address) = self.free.range(fitting).next()?;
        let mut piece = self.remove(address);
        let rest = piece.size - size;
        if rest >= if small { UNIT } else { SMALL + 1 } {
            self.insert(address + size as u64, Piece { size: rest, ..piece });
            piece.size = size;
        }
        self.insert(address, Piece { free: false, ..piece });
        Some((address, piece.size))
    }

    /// Makes a piece free, and one with its free neighbours.
    pub(super) fn give_back(&mut self, address: u64) {
        let mut piece = self.remove(address);
        let mut start = address;
        let before = self.all.range(..address).next_back().map(|(at, piece)| (*at, *piece));
        if let Some((at, before)) = before.filter(|(_, before)| before.free && before.segment == piece.segment) {
            self.remove(at);
            piece.size += before.size;
            start = at;
        }
        let end = start + piece.size as u64;
        let after = self.all.get(&end).copied();
        if let Some(after) = after.filter(|after| after.free && after.segment == piece.segment) {
            self.remove(end);
            piece.size += after.size;
        }
        self.insert(start, Piece { free: true, ..piece });
    }

    /// The size and the stream of a piece that is in use.
    pub(super) fn in_use(&self, address: u64) -> Option<(usize, usize)> {
        let piece = self.all.get(&address).filter(|piece| !piece.free)?;
        Some((piece.size, piece.stream))
    }

    /// Forgets the segments that no piece is used of; their addresses and sizes.
    pub(super) fn remove_unused(&mut self) -> Vec<(u64, usize)> {
        // A segment's free neighbours are always one piece, so a free segment is a free piece that begins where the segment does and
        // is followed by none of the same.
        let unused = |(address, piece): (&u64, &Piece)| {
            let next = self.all.range(address + 1..).next();
            let alone = next.is_none_or(|(_, next)| next.segment != piece.segment);
            (piece.free && *address == piece.segment && alone).then_some((*address, piece.size))
        };
        let segments: Vec<(u64, usize)> = self.all.iter().filter_map(unused).collect();
        for (address, _) in &segments {
            self.remove(*address);
        }
        segments
    }

    fn insert(&mut self, address: u64, piece: Piece) {
        if piece.free {
            self.free.insert((piece.stream, piece.small, piece.size, address));
        }
        self.all.insert(address, piece);
    }

    fn remove(&mut self, address: u64) -> Piece {
        let Some(piece) = self.all.remove(&address) else {
            unreachable!("memory/allocator.rs asks for pieces by their addresses only")
        };
        if piece.free {
            self.free.remove(&(piece.stream, piece.small, piece.size, address));
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_fit_is_taken_and_cut() {
        let mut pieces = Pieces::default();
        pieces.add_segment(0x10000, 4096, 1, 256);
        pieces.add_segment(0x20000, 1024, 1, 256);
        assert_eq!(pieces.take(1, 512), Some((0x20000, 512)));
        assert_eq!(pieces.take(1, 512), Some((0x20200, 512)));
        assert_eq!(pieces.take(1, 512), Some((0x10000, 512)));
        assert_eq!(pieces.take(2, 256), None);
        assert_eq!(pieces.take(1, 8192), None);
    }

    #[test]
    fn neighbours_become_one() {
        let mut pieces = Pieces::default();
        // Two segments that touch stay two.
        pieces.add_segment(0x10000, 0x1000, 1, 256);
        pieces.add_segment(0x11000, 0x1000, 1, 256);
        let taken: Vec<u64> = (0..32).filter_map(|_| pieces.take(1, 256)).map(|(at, _)| at).collect();
        assert_eq!(taken.len(), 32);
        assert_eq!(pieces.take(1, 256), None);
        for at in taken.iter().step_by(2).chain(taken.iter().skip(1).step_by(2)) {
            assert_eq!(pieces.in_use(*at), Some((256, 1)));
            pieces.give_back(*at);
        }
        assert_eq!(pieces.take(1, 0x1000), Some((0x10000, 0x1000)));
        assert_eq!(pieces.remove_unused(), [(0x11000, 0x1000)]);
        pieces.give_back(0x10000);
        assert_eq!(pieces.remove_unused(), [(0x10000, 0x1000)]);
        assert_eq!(pieces.take(1, 256), None);
    }

    #[test]
    fn large_pieces_keep_a_little_more() {
        let mut pieces = Pieces::default();
        pieces.add_segment(0, 20 << 20, 1, 5 << 20);
        assert_eq!(pieces.take(1, 19 << 20), Some((0, 20 << 20)));
        pieces.give_back(0);
        assert_eq!(pieces.take(1, 18 << 20), Some((0, 18 << 20)));
        // What is small does not come from there.
        assert_eq!(pieces.take(1, 256), None);
    }

    #[test]
    fn sizes_that_do_not_exist_are_no_sizes() {
        assert_eq!(piece_size(0), Some(256));
        assert_eq!(piece_size(257), Some(512));
        assert_eq!(piece_size(usize::MAX), None);
        assert_eq!(segment_size(1 << 20), Some(2 << 20));
        assert_eq!(segment_size(2 << 20), Some(20 << 20));
        assert_eq!(segment_size((10 << 20) + 256), Some(12 << 20));
    }
}
