//! Programs of random operations on random views of each other's results: what no list of single operations thinks of.

use tensor::Result;

use super::Check;
use crate::Chance;
use crate::gpu::sides::{Tolerance, Values, agree, sure};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check {
        name: "ops::programs::of_random_operations",
        run: of_random_operations,
    }]
}

/// A tensor of a program; only smooth operations, as on either side of a kink rounding would decide.
type Number = Values<f64>;

/// No tensor of a program is longer.
const MOST: usize = 4096;

/// One more tensor, made of those there are: the choices depend on sizes alone.
fn operation(there: &[Number], chance: &mut Chance) -> Result<Number> {
    let x = chance.one_of(there);
    let rank = x.sizes().len();
    let axis = |chance: &mut Chance| chance.below(rank.max(1)) as isize;
    let out = match chance.below(14) {
        0 => x.tanh(),
        1 => x.sigmoid().affine(2.0, -1.0),
        2 => x.gelu().silu(),
        3 => x.sin().mul(&x.cos())?,
        4 => x.square().affine(1.0, 0.5).sqrt().log(),
        5 if rank > 1 => x.transpose(axis(chance), axis(chance))?,
        6 if rank > 0 => {
            // Cut where one of the sizes can be halved, or flat.
            let mut sizes = x.sizes().to_vec();
            match sizes.iter().position(|size| size % 2 == 0) {
                Some(even) => {
                    sizes[even] /= 2;
                    sizes.insert(even + chance.below(2), 2);
                }
                None => sizes = vec![x.len()],
            }
            x.reshape(&sizes)?
        }
        7 if x.len() * 3 < MOST && rank < 5 => {
            let sizes: Vec<usize> = std::iter::once(3).chain(x.sizes().iter().copied()).collect();
            x.broadcast_to(&sizes)?
        }
        8 if rank > 0 => x.mean_axis(axis(chance))?,
        9 if rank > 0 => x.sub(&x.mean_keep(axis(chance))?)?,
        10 if rank > 0 => x.softmax(),
        11 if rank > 0 => x.log_softmax().exp(),
        12 if rank > 1 && x.len() < 1000 => {
            let flipped = x.transpose(-1, -2)?;
            (if chance.once_in(2) {
                x.matmul(&flipped)
            } else {
                flipped.matmul(x)
            })?
        }
        13 => {
            // With the first that broadcasts with it.
            let fits = there
                .iter()
                .find(|y| x.add(y).is_ok_and(|sum| sum.len() < MOST && sum.sizes().len() < 6));
            let y = fits.unwrap_or(x);
            match chance.below(4) {
                0 => x.add(y)?,
                1 => x.sub(y)?,
                2 => x.mul(y)?,
                _ => x.div(&y.square().affine(1.0, 1.0))?,
            }
        }
        _ => x.affine(-0.5, 0.25),
    };
    // So that nothing grows from one operation to the next.
    Ok(if chance.once_in(2) { out.tanh() } else { out })
}

fn of_random_operations() {
    for seed in 0..60 {
        let mut chance = Chance::new(seed);
        let leaves: Vec<Number> = (0..3)
            .map(|rank| {
                let sizes: Vec<usize> = (0..rank + chance.below(3))
                    .map(|_| *chance.one_of(&[1, 2, 3, 4, 7, 33]))
                    .collect();
                chance.normal(&sizes)
            })
            .collect();
        agree(
            &format!("program {seed}"),
            Tolerance::of(0.0, 1e-9),
            &leaves,
            |inputs| {
                let (mut there, mut chance) = (inputs.to_vec(), chance.clone());
                for _ in 0..12 {
                    let next = sure("an operation", operation(&there, &mut chance));
                    there.push(next);
                }
                // Everything counts.
                let means = there.iter().map(|x| x.mean().into_dynamic());
                let sum = means.reduce(|sum, mean| sure("a sum", sum.add(&mean)));
                sum.expect("three inputs at least")
            },
        );
    }
}
