//! What checks of kernels share: data on the device, and comparison with what a plain loop says.

use gpu_kernels::{Element, Float, Gpu, Ptr};

use crate::Chance;

/// Elements in device memory, released at the end.
#[derive(Debug)]
pub struct Array<T> {
    gpu: &'static Gpu,
    address: u64,
    len: usize,
    element: std::marker::PhantomData<T>,
}

impl<T: Element> Array<T> {
    /// These elements.
    pub fn new(gpu: &'static Gpu, data: &[T]) -> Self {
        let array = Self::uninitialized(gpu, data.len());
        // SAFETY: any bits of these types are bytes, and the block is so long.
        unsafe {
            let bytes = std::slice::from_raw_parts(data.as_ptr().cast::<u8>(), size_of_val(data));
            gpu.upload(bytes, array.address).expect("an upload");
        }
        array
    }

    /// So many elements with arbitrary contents.
    pub fn uninitialized(gpu: &'static Gpu, len: usize) -> Self {
        let address = gpu.allocate((len * size_of::<T>()).max(1)).expect("device memory");
        Self {
            gpu,
            address,
            len,
            element: std::marker::PhantomData,
        }
    }

    /// The address of the first.
    pub fn ptr(&self) -> Ptr<T> {
        Ptr::new(self.address)
    }

    /// All elements, after all that is in the stream.
    pub fn read(&self) -> Vec<T> {
        let mut data = vec![T::default(); self.len];
        // SAFETY: any bits are elements of these types, and the block is so long.
        unsafe {
            let bytes = std::slice::from_raw_parts_mut(data.as_mut_ptr().cast::<u8>(), size_of_val(data.as_slice()));
            self.gpu.download(self.address, bytes).expect("a download");
        }
        data
    }
}

impl<T> Drop for Array<T> {
    fn drop(&mut self) {
        // SAFETY: the block came from this device, and all its uses are in the stream.
        unsafe { self.gpu.release(self.address) };
    }
}

/// Numbers of `[-2, 2)`, exact in both types.
pub fn numbers<T: Float>(chance: &mut Chance, len: usize) -> Vec<T> {
    let number = |_| T::from_f64((chance.below(1 << 16) as f64 - 32768.0) / 16384.0);
    (0..len).map(number).collect()
}

/// Panics unless every element is within `tolerance` times the larger of 1 and its size; NaN equals NaN, and infinities
/// themselves.
#[track_caller]
pub fn assert_near<T: Float>(found: &[T], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: the number of elements");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let found = found.as_f64();
        let same = found == *expected || (found.is_nan() && expected.is_nan());
        let near = (found - expected).abs() <= tolerance * expected.abs().max(1.0);
        assert!(same || near, "{what}: element {index} is {found}, expected {expected}");
    }
}
