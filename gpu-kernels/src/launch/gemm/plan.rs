//! Which kernel computes a product, with how many blocks, and into how many parts `k` is cut.

/// How an operand lies. Its lines are the rows of A and the columns of B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// The `k`s of a line are neighbours.
    AlongK,
    /// The lines are neighbours, and 16 bytes of them can be moved at once.
    AlongLines,
    /// Anything else.
    Any,
}

impl Layout {
    /// That of so many lines from `address` on, in elements of so many bytes; `steps` are those from a line and from a `k` to the next.
    pub(super) fn of(address: u64, bytes: usize, [line, k]: [usize; 2], lines: usize) -> Self {
        let fits = |elements: usize| (elements * bytes).is_multiple_of(16);
        if k == 1 {
            Self::AlongK
        } else if line == 1 && fits(k) && fits(lines) && address.is_multiple_of(16) {
            Self::AlongLines
        } else {
            Self::Any
        }
    }
}

/// What lies side by side in A, then in B, as the names of kernels say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    /// A's `k`s and B's columns.
    Kn,
    /// A's and B's `k`s.
    Kk,
    /// A's rows and B's columns.
    Mn,
    /// A's rows and B's `k`s.
    Mk,
}

impl Pair {
    fn of(layouts: [Layout; 2]) -> Option<Self> {
        match layouts {
            [Layout::AlongK, Layout::AlongLines] => Some(Self::Kn),
            [Layout::AlongK, Layout::AlongK] => Some(Self::Kk),
            [Layout::AlongLines, Layout::AlongLines] => Some(Self::Mn),
            [Layout::AlongLines, Layout::AlongK] => Some(Self::Mk),
            [Layout::Any, _] | [_, Layout::Any] => None,
        }
    }
}

/// What is known of a product before it is planned. The first of two is of A and its rows, the second of B and its columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// `m` and `n`: how many lines there are.
    pub(super) sides: [usize; 2],
    /// How long they are.
    pub(super) k: usize,
    /// The bytes of an element.
    pub(super) bytes: usize,
    /// How the operands lie.
    pub(super) layouts: [Layout; 2],
    /// The steps from a line and from a `k` to the next.
    pub(super) steps: [[usize; 2]; 2],
}

/// A kernel of `gemm.cu`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// `gemm_large_..`
    Large(Pair),
    /// `gemm_small_..`
    Small(Pair),
    /// `gemm_any`.
    Any,
    /// `gemm_dots`.
    Dots,
    /// `gemm_columns`.
    Columns,
}

/// The sides of the tiles that blocks compute: 128 and 128, or 64 and 64; in double precision 128 and 64, or 64 and 32. Operands with
/// neighbours neither along `k` nor, 16 bytes at a time, across it are multiplied by small ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tiles {
    /// The faster ones, where there are enough of them for the whole device.
    Large,
    /// A quarter of them.
    Small,
}

/// How a product is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) kernel: Kernel,
    /// Blocks for each part of `k`.
    pub(super) blocks: usize,
    /// Threads of a block.
    pub(super) threads: u32,
    /// Into how many parts `k` is cut, and how long each but the last is.
    pub(super) parts: usize,
    pub(super) part: usize,
}

/// Few lines: `FEW` of `thin.cuh`.
const FEW: usize = 8;
/// Parts begin at multiples of this, so that they are as well aligned as the whole.
const GRAIN: usize = 16;
/// A shorter part than this is not worth a launch more.
const LEAST: usize = 64;
/// The most parts, and the longest: what the kernels count in 32 bits.
const PARTS: usize = 256;
const LONGEST: usize = 1 << 30;

/// Into how many parts `k` may be cut.
const CUTS: [usize; 16] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, PARTS];

/// A tile and how fast a multiprocessor is with one block of it, two, .. at a time: parts of its peak.
#[derive(Clone, Copy, Debug)]
struct Tile {
    sides: [usize; 2],
    threads: u32,
    rates: &'static [f64],
}

impl Tile {
    fn new(tiles: Tiles, bytes: usize) -> Self {
        let double = bytes == 8;
        match tiles {
            Tiles::Large => Self {
                sides: if double { [128, 64] } else { [128, 128] },
                threads: 256,
                rates: &[0.65, 0.85],
            },
            Tiles::Small => Self {
                sides: if double { [64, 32] } else { [64, 64] },
                threads: 128,
                rates: &[0.35, 0.5, 0.6, 0.65],
            },
        }
    }
}

/// Multiplications and additions that a multiprocessor does in a nanosecond, at its peak, in single precision.
const PEAK: f64 = 220.0;
/// What a second launch takes, in nanoseconds.
const LAUNCH: f64 = 2500.0;
/// Bytes that go to memory or come from it in a nanosecond.
const BANDWIDTH: f64 = 2500.0;

impl Plan {
    /// The plan for a device of so many multiprocessors.
    pub(super) fn of(shape: &Shape, multiprocessors: usize) -> Self {
        Self::thin(shape, multiprocessors).unwrap_or_else(|| Self::tiled(shape, multiprocessors))
    }

    /// Threads that share an element where parts are joined, a power of two.
    pub(super) fn slices(&self) -> usize {
        match self.parts {
            ..=7 => 1,
            8..=15 => 2,
            16..=31 => 4,
            _ => 8,
        }
    }

    fn cut(self, k: usize, parts: usize) -> Self {
        let part = k.div_ceil(parts.max(1)).next_multiple_of(GRAIN).clamp(GRAIN, LONGEST);
        Self {
            parts: k.div_ceil(part).max(1),
            part,
            ..self
        }
    }

    /// For few rows or few columns, where the other operand lies well.
    fn thin(shape: &Shape, multiprocessors: usize) -> Option<Self> {
        let few = shape.sides.iter().position(|&side| side <= FEW)?;
        let many = 1 - few;
        let [line, k] = shape.steps[many];
        let (kernel, lines, least) = match (line, k) {
            (_, 1) => (Kernel::Dots, 16, 1024),
            (1, _) => (Kernel::Columns, 32, 256),
            _ => return None,
        };
        let plan = Self {
            kernel,
            blocks: shape.sides[many].div_ceil(lines),
            threads: 256,
            parts: 1,
            part: shape.k,
        };
        let wanted = (4 * multiprocessors).div_ceil(plan.blocks);
        Some(plan.cut(shape.k, wanted.min(shape.k / least).min(PARTS)))
    }

    /// By tiles of this size, `k` cut into so many parts or about as many.
    pub(super) fn by_tiles(shape: &Shape, tiles: Tiles, parts: usize) -> Self {
        let (kernel, tiles) = match (Pair::of(shape.layouts), tiles) {
            (Some(pair), Tiles::Large) => (Kernel::Large(pair), tiles),
            (Some(pair), Tiles::Small) => (Kernel::Small(pair), tiles),
            (None, _) => (Kernel::Any, Tiles::Small),
        };
        let tile = Tile::new(tiles, shape.bytes);
        let [m, n] = [0, 1].map(|side| shape.sides[side].div_ceil(tile.sides[side]));
        let plan = Self {
            kernel,
            blocks: m * n,
            threads: tile.threads,
            parts: 1,
            part: shape.k,
        };
        plan.cut(shape.k, parts.min(PARTS))
    }

    /// The fastest by tiles, as far as a model of the device says.
    fn tiled(shape: &Shape, multiprocessors: usize) -> Self {
        let most = (shape.k / LEAST).max(1);
        let cuts = CUTS.into_iter().take_while(|&parts| parts <= most);
        let plans = [Tiles::Large, Tiles::Small]
            .into_iter()
            .flat_map(|tiles| cuts.clone().map(move |parts| Self::by_tiles(shape, tiles, parts)));
        let timed = plans.map(|plan| (plan.time(shape, multiprocessors), plan));
        let best = timed.min_by(|(a, _), (b, _)| a.total_cmp(b));
        best.expect("there are plans").1
    }

    /// Nanoseconds, about.
    fn time(&self, shape: &Shape, multiprocessors: usize) -> f64 {
        let large = matches!(self.kernel, Kernel::Large(_));
        let tile = Tile::new(if large { Tiles::Large } else { Tiles::Small }, shape.bytes);
        let blocks = (self.blocks * self.parts).div_ceil(multiprocessors);
        let rate = tile.rates[blocks.min(tile.rates.len()) - 1];
        let length = self.part.min(shape.k.next_multiple_of(16));
        let work = (blocks * tile.sides[0] * tile.sides[1] * length * shape.bytes / 4) as f64;
        let joining = if self.parts == 1 {
            0.0
        } else {
            let bytes = (2 * self.parts + 1) * shape.sides[0] * shape.sides[1] * shape.bytes;
            LAUNCH + bytes as f64 / BANDWIDTH
        };
        work / (PEAK * rate) + joining
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(m: usize, n: usize, k: usize) -> Plan {
        let layouts = [Layout::AlongK; 2];
        let shape = Shape {
            sides: [m, n],
            k,
            bytes: 4,
            layouts,
            steps: [[k, 1]; 2],
        };
        let plan = Plan::of(&shape, 132);
        assert!(
            plan.parts * plan.part >= k && (plan.parts - 1) * plan.part < k.max(1),
            "{plan:?}"
        );
        plan
    }

    #[test]
    fn large_products_are_not_cut() {
        for size in [2048, 4096, 8192] {
            let plan = plan(size, size, size);
            assert!(
                plan.parts == 1 && matches!(plan.kernel, Kernel::Large(_)),
                "{size}: {plan:?}"
            );
        }
    }

    #[test]
    fn long_sums_of_few_elements_are_cut() {
        for (m, n, k) in [
            (64, 64, 65536),
            (1024, 1024, 8192),
            (128, 784, 60_000),
            (10, 128, 60_000),
        ] {
            let plan = plan(m, n, k);
            assert!(plan.blocks * plan.parts >= 100, "{m} by {n} by {k}: {plan:?}");
        }
    }

    #[test]
    fn small_products_stay_whole() {
        for (m, n, k) in [(64, 128, 64), (32, 32, 32), (128, 784, 64), (1, 1, 0), (100, 100, 0)] {
            let plan = plan(m, n, k);
            assert_eq!(plan.parts, 1, "{m} by {n} by {k}: {plan:?}");
        }
    }

    #[test]
    fn layouts_are_seen() {
        let of = |address, steps, lines| Layout::of(address, 4, steps, lines);
        assert_eq!(of(260, [63, 1], 3), Layout::AlongK);
        assert_eq!(of(256, [1, 64], 64), Layout::AlongLines);
        assert_eq!(of(260, [1, 64], 64), Layout::Any);
        assert_eq!(of(256, [1, 63], 64), Layout::Any);
        assert_eq!(of(256, [1, 64], 63), Layout::Any);
        assert_eq!(of(256, [128, 2], 64), Layout::Any);
        assert_eq!(Layout::of(256, 8, [1, 62], 2), Layout::AlongLines);
    }

    #[test]
    fn odd_strides_are_for_small_tiles() {
        let shape = Shape {
            sides: [4096; 2],
            k: 4096,
            bytes: 4,
            layouts: [Layout::AlongK, Layout::Any],
            steps: [[4096, 1], [1, 4097]],
        };
        let plan = Plan::of(&shape, 132);
        assert!(
            plan.kernel == Kernel::Any && plan.blocks == 4096 && plan.threads == 128,
            "{plan:?}"
        );
    }
}
