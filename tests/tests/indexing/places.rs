//! Steps that read and write by places.

use tensor::{Index, ScatterReduction, Span};
use tests::Chance;

use crate::model::{Model, Term, count, indexed, named, place, stretched};
use crate::steps::{MOST, Outcome, Whole, at, axis, drawn, end, outcome, resolved, tensor};

/// The terms of an index for some sizes, mostly ones that fit.
fn terms(chance: &mut Chance, sizes: &[usize]) -> Vec<Term> {
    let (mut out, mut axis) = (Vec::new(), 0);
    let together = [chance.below(3), chance.below(3)];
    while axis < sizes.len() + usize::from(chance.once_in(20)) && !chance.once_in(6) {
        let size = sizes.get(axis).copied().unwrap_or(1);
        match chance.below(8) {
            0 => out.push(Term::NewAxis),
            1 if !chance.once_in(4) => {
                // What follows counts from the end.
                axis += chance.below(sizes.len().saturating_sub(axis) + 1);
                out.push(Term::Ellipsis);
            }
            2 if sizes.len() > axis => {
                let rank = chance.below(3.min(sizes.len() - axis + 1));
                let mut own = sizes[axis..axis + rank].to_vec();
                if chance.once_in(15) {
                    own.iter_mut().for_each(|size| *size += 1);
                }
                let holds = (0..count(&own)).map(|_| chance.once_in(2)).collect();
                out.push(Term::Mask(own, holds));
                axis += rank;
            }
            3 | 4 => {
                let own = match chance.below(5) {
                    0 => vec![],
                    1 => vec![1],
                    2 => together.to_vec(),
                    3 => vec![together[0], 1],
                    _ => vec![together[1]],
                };
                let list = (0..count(&own)).map(|_| at(chance, size)).collect();
                out.push(Term::Places(own, list));
                axis += 1;
            }
            5 => {
                out.push(Term::At(at(chance, size)));
                axis += 1;
            }
            _ => {
                let step = if chance.once_in(30) {
                    -1
                } else {
                    1 + chance.below(3) as i64
                };
                out.push(Term::Span(
                    end(chance, size),
                    end(chance, size),
                    step - i64::from(chance.once_in(60)),
                ));
                axis += 1;
            }
        }
    }
    out
}

fn index(terms: &[Term]) -> Vec<Index> {
    let term = |term: &Term| match term {
        Term::At(at) => Index::from(*at),
        Term::Span(start, stop, step) => Index::from(Span {
            start: *start,
            stop: *stop,
            step: *step,
        }),
        Term::NewAxis => Index::NewAxis,
        Term::Ellipsis => Index::Ellipsis,
        Term::Places(sizes, list) if sizes.len() == 1 && list.len() % 2 == 0 => Index::from(list.as_slice()),
        Term::Places(sizes, list) => Index::from(&tensor(&Model {
            sizes: sizes.clone(),
            data: list.clone(),
        })),
        Term::Mask(sizes, holds) if sizes.is_empty() => Index::from(holds[0]),
        Term::Mask(sizes, holds) => Index::from(
            Whole::from_vec(holds.iter().map(|&holds| i64::from(holds)).collect(), sizes)
                .expect("as many")
                .cast::<bool>(),
        ),
    };
    terms.iter().map(term).collect()
}

/// Reading by an index of terms.
pub fn get(chance: &mut Chance, x: &Whole, model: &Model) -> Option<Outcome> {
    let terms = terms(chance, &model.sizes);
    let expected = indexed(&model.sizes, &terms);
    if expected.as_ref().is_some_and(|(sizes, _)| count(sizes) > MOST) {
        return None;
    }
    let expected = expected.map(|named| model.read(&named));
    outcome(format!("get({terms:?})"), x.get(index(&terms)), expected)
}

/// Writing by an index of terms; what was before stays for those who hold it.
pub fn set(chance: &mut Chance, x: &Whole, model: &Model) -> Option<Outcome> {
    let terms = terms(chance, &model.sizes);
    let named = indexed(&model.sizes, &terms);
    let mut sizes = named.as_ref().map_or(vec![], |(sizes, _)| sizes.clone());
    sizes.iter_mut().for_each(|size| {
        if chance.once_in(4) {
            *size = 1
        }
    });
    match chance.below(12) {
        0 => sizes.insert(0, 1),
        1 => sizes.insert(0, 2),
        2 => drop((!sizes.is_empty()).then(|| sizes.remove(0))),
        _ => {}
    }
    let values = drawn(chance, &sizes);
    let adds = chance.once_in(2);
    let expected = named.and_then(|named| {
        let own = &sizes[sizes.len().saturating_sub(named.0.len())..];
        let lead = &sizes[..sizes.len() - own.len()];
        let new = values.read(&stretched(own, &named.0)?);
        let mut seen = model.clone();
        // Which of several comes to stay is not said.
        let mut places = named.1.clone();
        places.sort_unstable();
        places.dedup();
        let is_clear = adds || places.len() == named.1.len() || new.data.windows(2).all(|pair| pair[0] == pair[1]);
        seen.write(&named, &new, if adds { i64::wrapping_add } else { |_, new| new });
        (lead.iter().all(|&size| size == 1)).then_some((seen, is_clear))
    });
    if expected.as_ref().is_some_and(|(_, is_clear)| !is_clear) {
        return None;
    }
    let mut out = x.clone();
    let written = if adds {
        out.add_at(index(&terms), &tensor(&values))
    } else {
        out.set(index(&terms), &tensor(&values))
    };
    let what = format!("{}({terms:?}, {sizes:?})", if adds { "add_at" } else { "set" });
    outcome(what, written.map(|()| out), expected.map(|(seen, _)| seen))
}

/// Whole slices and single elements by index tensors.
pub fn along(chance: &mut Chance, x: &Whole, model: &Model) -> Option<Outcome> {
    let (sizes, rank) = (&model.sizes, model.sizes.len());
    if rank == 0 {
        return None;
    }
    let given = axis(chance, rank);
    let axis = resolved(given, rank);
    let size = axis.map_or(1, |axis| sizes[axis]);
    let mut own = sizes.clone();
    own[axis.unwrap_or(0)] = chance.below(4);
    let places = |chance: &mut Chance, count: usize| -> Vec<i64> {
        (0..count)
            .map(|_| {
                if size == 0 || chance.once_in(40) {
                    at(chance, size)
                } else {
                    chance.below(size) as i64
                }
            })
            .collect()
    };
    let forward = |list: &[i64]| -> Option<Vec<usize>> {
        list.iter()
            .map(|&at| usize::try_from(at).ok().filter(|&at| at < size))
            .collect()
    };
    if chance.once_in(2) {
        let list = places(chance, own[axis.unwrap_or(0)]);
        let index = Whole::from_vec(list.clone(), &[list.len()]).expect("one axis");
        let expected = axis.zip(forward(&list)).map(|(axis, list)| {
            model.read(&named(own.clone(), sizes, |index| {
                let mut from = index.to_vec();
                from[axis] = list[index[axis]];
                from
            }))
        });
        return outcome(
            format!("index_select({given}, {list:?})"),
            x.index_select(given, &index),
            expected,
        );
    }
    own.iter_mut().enumerate().for_each(|(at, size)| {
        if Some(at) != axis && chance.once_in(4) {
            *size = size.saturating_sub(1)
        }
    });
    let list = places(chance, count(&own));
    let index = Whole::from_vec(list.clone(), &own).expect("as many");
    let pairs = axis.zip(forward(&list)).map(|(axis, list)| {
        named(own.clone(), sizes, |index| {
            let mut from = index.to_vec();
            from[axis] = list[place(&own, index)];
            from
        })
    });
    if chance.once_in(2) {
        let expected = pairs.map(|pairs| model.read(&pairs));
        return outcome(format!("gather({given}, {own:?})"), x.gather(given, &index), expected);
    }
    let source = drawn(chance, &own);
    let (reduction, join): (_, fn(i64, i64) -> i64) = *chance.one_of(&[
        (ScatterReduction::Sum, i64::wrapping_add as fn(i64, i64) -> i64),
        (ScatterReduction::Prod, i64::wrapping_mul),
        (ScatterReduction::Amax, i64::max),
        (ScatterReduction::Amin, i64::min),
    ]);
    let expected = pairs.filter(|_| axis.is_some()).map(|pairs| {
        let mut out = model.clone();
        out.write(&pairs, &source, join);
        out
    });
    let found = x.scatter_reduce(given, &index, &tensor(&source), reduction, true);
    outcome(
        format!("scatter_reduce({given}, {own:?}, {reduction:?})"),
        found,
        expected,
    )
}
