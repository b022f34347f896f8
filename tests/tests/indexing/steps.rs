//! What a step of a random program is: what the library gives, and what the model says. Here those that compute.

use tensor::{Dynamic, Tensor};
use tests::Chance;

use crate::model::{Model, count, indices, place, shared, stretched, wrapped};

pub type Whole = Tensor<Dynamic, i64>;

/// The most elements that a tensor grows to.
pub const MOST: usize = 2000;

pub fn tensor(model: &Model) -> Whole {
    Tensor::from_vec(model.data.clone(), &model.sizes).expect("as many elements")
}

pub fn drawn(chance: &mut Chance, sizes: &[usize]) -> Model {
    Model {
        sizes: sizes.to_vec(),
        data: (0..count(sizes)).map(|_| chance.below(9) as i64 - 4).collect(),
    }
}

/// What a step gave: by the library, and by the model where it does not refuse.
pub struct Outcome {
    pub what: String,
    pub found: tensor::Result<Whole>,
    pub expected: Option<Model>,
}

pub fn outcome(what: String, found: tensor::Result<Whole>, expected: Option<Model>) -> Option<Outcome> {
    Some(Outcome { what, found, expected })
}

/// An axis, mostly one that is there.
pub fn axis(chance: &mut Chance, rank: usize) -> isize {
    chance.below(2 * rank + 2) as isize - rank as isize - isize::from(chance.once_in(2))
}

pub fn resolved(axis: isize, rank: usize) -> Option<usize> {
    wrapped(axis as i64, rank)
}

/// An index, mostly one that is there.
pub fn at(chance: &mut Chance, size: usize) -> i64 {
    match size {
        0 => chance.below(3) as i64 - 1,
        _ if chance.once_in(25) => [size as i64, -(size as i64) - 1, i64::MAX, i64::MIN][chance.below(4)],
        size => chance.below(2 * size) as i64 - size as i64,
    }
}

pub fn end(chance: &mut Chance, size: usize) -> Option<i64> {
    (!chance.once_in(3)).then(|| chance.below(2 * size + 5) as i64 - size as i64 - 2)
}

/// Arithmetic, reductions and masks over whatever strides there are.
pub fn compute(chance: &mut Chance, x: &Whole, model: &Model) -> Option<Outcome> {
    let (sizes, rank) = (&model.sizes, model.sizes.len());
    let each = |function: &dyn Fn(i64) -> i64| Model {
        sizes: sizes.clone(),
        data: model.data.iter().map(|&number| function(number)).collect(),
    };
    match chance.below(5) {
        0 => outcome("neg()".into(), Ok(x.neg()), Some(each(&i64::wrapping_neg))),
        1 => {
            let mut own: Vec<usize> = sizes
                .iter()
                .map(|&size| if chance.once_in(2) { 1 } else { size })
                .collect();
            if chance.once_in(10) {
                own.push(3);
            }
            let other = drawn(chance, &own);
            let expected = shared(&[sizes, &own]).map(|both| {
                let (a, b) = (stretched(sizes, &both), stretched(&own, &both));
                let (a, b) = (model.read(&a.expect("shared")), other.read(&b.expect("shared")));
                Model {
                    sizes: both,
                    data: a.data.iter().zip(&b.data).map(|(a, b)| a.wrapping_mul(*b)).collect(),
                }
            });
            if expected.as_ref().is_some_and(|expected| expected.data.len() > MOST) {
                return None;
            }
            outcome(format!("mul({own:?})"), x.mul(&tensor(&other)), expected)
        }
        2 if rank > 0 => {
            let (given, keep) = (axis(chance, rank), chance.once_in(2));
            let expected = resolved(given, rank).map(|axis| {
                let mut kept = sizes.clone();
                kept[axis] = 1;
                let mut data = vec![0i64; count(&kept)];
                for (mut index, number) in indices(sizes).zip(&model.data) {
                    index[axis] = 0;
                    let sum = &mut data[place(&kept, &index)];
                    *sum = sum.wrapping_add(*number);
                }
                if !keep {
                    kept.remove(axis);
                }
                Model { sizes: kept, data }
            });
            outcome(
                format!("sum_axes([{given}], {keep})"),
                x.sum_axes(&[given], keep),
                expected,
            )
        }
        3 => {
            let mask = x.cast::<bool>();
            outcome(
                "masked_fill(not 0, 7)".into(),
                x.masked_fill(&mask, 7),
                Some(each(&|number| if number == 0 { 0 } else { 7 })),
            )
        }
        _ => {
            let found: Vec<i64> = model.data.iter().copied().filter(|&number| number != 0).collect();
            let expected = Model {
                sizes: vec![found.len()],
                data: found,
            };
            outcome(
                "masked_select(not 0)".into(),
                x.masked_select(&x.cast::<bool>()),
                Some(expected),
            )
        }
    }
}
