//! Random choices from a seed: the same on every machine and in every version.

use tensor::{Dynamic, Float, Tensor};

/// A source of random choices (splitmix64). Data comes from the library's own generator; only seeds and sizes from here.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The choices that belong to a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// Yes, once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of some things.
    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    /// So many sizes, 0 and 1 among them.
    pub fn sizes(&mut self, rank: usize) -> Vec<usize> {
        (0..rank).map(|_| *self.one_of(&[1, 2, 3, 4, 5, 7, 0, 2, 3])).collect()
    }

    /// Normal numbers.
    pub fn normal<T: Float>(&mut self, sizes: &[usize]) -> Tensor<Dynamic, T> {
        Tensor::randn(sizes, self.number()).expect("every size is one of a dynamic tensor")
    }

    /// Uniform numbers of `[low, high)`.
    pub fn uniform<T: Float>(&mut self, sizes: &[usize], low: f64, high: f64) -> Tensor<Dynamic, T> {
        let x: Tensor<Dynamic, T> = Tensor::rand(sizes, self.number()).expect("every size is one of a dynamic tensor");
        x.affine(high - low, low)
    }

    /// Classes.
    pub fn labels(&mut self, sizes: &[usize], classes: usize) -> Tensor<Dynamic, i64> {
        let data = (0..sizes.iter().product())
            .map(|_| self.below(classes) as i64)
            .collect();
        Tensor::from_vec(data, sizes).expect("as many labels as the sizes say")
    }
}
