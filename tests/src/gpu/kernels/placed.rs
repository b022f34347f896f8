//! [`Placed`]: data at any distance from an aligned address, between elements that must stay as they are.

use gpu_kernels::{Element, Float, Ptr};

use crate::gpu::gpu;
use crate::gpu::naive::Array;

/// Elements on the device, so many after an aligned address.
#[derive(Debug)]
pub(super) struct Placed<T> {
    array: Array<T>,
    shift: usize,
    len: usize,
    guard: T,
}

/// Elements behind the data that are looked after.
const BEHIND: usize = 5;

impl<T: Float> Placed<T> {
    /// These elements, `shift` after an aligned address.
    pub(super) fn new(data: &[T], shift: usize) -> Self {
        Self::between(data, shift, T::from_f64(-77.0))
    }

    /// So many elements with arbitrary contents: NaN where the emulated driver fills memory.
    pub(super) fn filled_with_nan(len: usize, shift: usize) -> Self {
        Self::new(&vec![T::from_f64(f64::NAN); len], shift)
    }
}

impl<T: Element> Placed<T> {
    /// These elements, `shift` after an aligned address, between others that are `guard`.
    pub(super) fn between(data: &[T], shift: usize, guard: T) -> Self {
        let all: Vec<T> = [&vec![guard; shift], data, &[guard; BEHIND]].concat();
        Self {
            array: Array::new(gpu(), &all),
            shift,
            len: data.len(),
            guard,
        }
    }

    /// The address of the first element.
    pub(super) fn ptr(&self) -> Ptr<T> {
        self.array.ptr().offset(self.shift as isize)
    }

    /// The elements.
    ///
    /// # Panics
    /// If an element beside them was written.
    #[track_caller]
    pub(super) fn read(&self) -> Vec<T> {
        let all = self.array.read();
        let (before, rest) = all.split_at(self.shift);
        let (data, behind) = rest.split_at(self.len);
        assert!(
            before.iter().chain(behind).all(|x| *x == self.guard),
            "written beside the data"
        );
        data.to_vec()
    }
}

/// Numbers of elements: none, one, around warps and blocks, and more than a block of threads takes.
pub(super) const COUNTS: [usize; 14] = [0, 1, 2, 3, 4, 5, 31, 32, 33, 127, 1009, 1024, 1025, 4097];

/// More elements than all threads of a launch take at once, so that each goes on by the whole grid.
pub(super) fn more_than_the_grid() -> usize {
    gpu().info().multiprocessors as usize * 64 * 1024 + 3001
}

/// The same numbers in double precision.
pub(super) fn wide<T: Float>(data: &[T]) -> Vec<f64> {
    data.iter().map(|x| x.as_f64()).collect()
}

/// One tolerance for single precision, another for double.
pub(super) fn tolerance<T: Float>(single: f64, double: f64) -> f64 {
    [single, double][T::INDEX]
}
