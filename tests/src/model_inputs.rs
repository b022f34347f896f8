//! What models take, whatever they take, and one number of what they give.

use tensor::__private::Traced;
use tensor::{Dynamic, Float, Model, Tensor};

use crate::Chance;

/// A size that is known only at run time.
const ANY: usize = 3;
/// Whole numbers are below this: places of the smallest table, or what a mask leaves out and what it sees.
const END: usize = 2;

/// Random numbers of the shapes that a model takes; of whole numbers where it takes such.
pub fn inputs<M: Model>(batch: usize, chance: &mut Chance) -> Vec<Traced> {
    let input = |given: &tensor::__private::Given| {
        let rest = given.sizes.iter().map(|&size| if size == 0 { ANY } else { size });
        let sizes: Vec<usize> = [batch].into_iter().chain(rest).collect();
        match given.whole {
            true => chance.labels(&sizes, END).into(),
            false => chance.normal::<M::Element>(&sizes).into(),
        }
    };
    M::PROGRAM.inputs.iter().map(input).collect()
}

/// All elements of all outputs, each by a random number, the same for the same sizes.
pub fn sum<T: Float>(outputs: &[Traced]) -> Tensor<(), T> {
    let weighted = outputs.iter().enumerate().map(|(index, out)| {
        let out = out.tensor::<T>();
        let weights: Tensor<Dynamic, T> = Chance::new((out.len() + 7 * index) as u64).normal(out.sizes());
        out.mul(&weights).expect("of the same sizes").sum()
    });
    weighted
        .reduce(|sum, one| &sum + &one)
        .expect("a model gives something")
}
