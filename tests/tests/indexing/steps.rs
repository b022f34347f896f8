//! One step of a random program, for a tensor and for its model.

use tensor::{Dynamic, Index, ScatterReduction, Span, Tensor};
use tests::Chance;

use crate::model::{Model, Named, Term, count, indexed, indices, named, place, shared, stretched, wrapped};

type Whole = Tensor<Dynamic, i64>;

/// The most elements that a tensor grows to.
const MOST: usize = 2000;

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

fn outcome(what: String, found: tensor::Result<Whole>, expected: Option<Model>) -> Option<Outcome> {
    Some(Outcome { what, found, expected })
}

/// An axis, mostly one that is there.
fn axis(chance: &mut Chance, rank: usize) -> isize {
    chance.below(2 * rank + 2) as isize - rank as isize - isize::from(chance.once_in(2))
}

fn resolved(axis: isize, rank: usize) -> Option<usize> {
    wrapped(axis as i64, rank)
}

/// An index, mostly one that is there.
fn at(chance: &mut Chance, size: usize) -> i64 {
    match size {
        0 => chance.below(3) as i64 - 1,
        _ if chance.once_in(25) => [size as i64, -(size as i64) - 1, i64::MAX, i64::MIN][chance.below(4)],
        size => chance.below(2 * size) as i64 - size as i64,
    }
}

fn end(chance: &mut Chance, size: usize) -> Option<i64> {
    (!chance.once_in(3)).then(|| chance.below(2 * size + 5) as i64 - size as i64 - 2)
}

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

/// A view of all that a tensor has, or of some of it.
pub fn view(chance: &mut Chance, x: &Whole, model: &Model) -> Option<Outcome> {
    let (sizes, rank) = (&model.sizes, model.sizes.len());
    let seen = |named: Option<Named>| named.map(|named| model.read(&named));
    match chance.below(9) {
        0 if rank > 0 => {
            let (a, b) = (axis(chance, rank), axis(chance, rank));
            let expected = resolved(a, rank).zip(resolved(b, rank)).map(|(a, b)| {
                let mut order: Vec<usize> = (0..rank).collect();
                order.swap(a, b);
                permuted(sizes, &order)
            });
            outcome(format!("transpose({a}, {b})"), x.transpose(a, b), seen(expected))
        }
        1 if rank > 0 => {
            let mut order: Vec<usize> = (0..rank).collect();
            (0..rank).for_each(|at| order.swap(at, chance.below(rank)));
            let mut given: Vec<isize> = order
                .iter()
                .map(|&axis| axis as isize - if chance.once_in(2) { rank as isize } else { 0 })
                .collect();
            let is_bad = chance.once_in(10);
            if is_bad {
                given[0] = if rank == 1 { 1 } else { given[rank - 1] };
            }
            let expected = (!is_bad).then(|| permuted(sizes, &order));
            outcome(format!("permute({given:?})"), x.permute(&given), seen(expected))
        }
        2 => {
            let mut to: Vec<usize> = sizes
                .iter()
                .map(|&size| if size == 1 { chance.below(4) } else { size })
                .collect();
            (0..chance.below(2)).for_each(|_| to.insert(0, chance.below(3)));
            if chance.once_in(10) && !to.is_empty() {
                to[0] += 1;
            }
            outcome(
                format!("broadcast_to({to:?})"),
                x.broadcast_to(&to[..]),
                seen(stretched(sizes, &to)),
            )
        }
        3 if rank > 0 => {
            let axes: Vec<isize> = (0..1 + chance.below(2)).map(|_| axis(chance, rank)).collect();
            let found: Option<Vec<usize>> = axes.iter().map(|&axis| resolved(axis, rank)).collect();
            let expected = found
                .filter(|found| found.len() < 2 || found[0] != found[1])
                .map(|found| {
                    named(sizes.clone(), sizes, |index| {
                        (0..rank)
                            .map(|axis| {
                                if found.contains(&axis) {
                                    sizes[axis] - 1 - index[axis]
                                } else {
                                    index[axis]
                                }
                            })
                            .collect()
                    })
                });
            outcome(format!("flip({axes:?})"), x.flip(&axes), seen(expected))
        }
        4 if rank > 1 => {
            let (offset, a, b) = (chance.below(7) as isize - 3, axis(chance, rank), axis(chance, rank));
            let pair = resolved(a, rank).zip(resolved(b, rank)).filter(|(a, b)| a != b);
            let expected = pair.map(|(a, b)| {
                let (down, right) = ((-offset).max(0) as usize, offset.max(0) as usize);
                let length = sizes[a].saturating_sub(down).min(sizes[b].saturating_sub(right));
                let mut out: Vec<usize> = (0..rank)
                    .filter(|axis| ![a, b].contains(axis))
                    .map(|axis| sizes[axis])
                    .collect();
                out.push(length);
                named(out, sizes, |index| {
                    let (&along, mut others) = (index.last().expect("one at least"), index.iter());
                    let mut own = |axis| {
                        if axis == a {
                            along + down
                        } else if axis == b {
                            along + right
                        } else {
                            *others.next().expect("the others")
                        }
                    };
                    (0..rank).map(&mut own).collect()
                })
            });
            outcome(
                format!("diagonal({offset}, {a}, {b})"),
                x.diagonal(offset, a, b),
                seen(expected),
            )
        }
        5 if rank > 0 => {
            let (axis, size, step) = (axis(chance, rank), chance.below(4), chance.below(4));
            let expected = resolved(axis, rank)
                .filter(|&axis| size <= sizes[axis] && step > 0)
                .map(|axis| {
                    let mut out = sizes.clone();
                    out[axis] = (sizes[axis] - size) / step + 1;
                    out.push(size);
                    named(out, sizes, |index| {
                        let mut from = index[..rank].to_vec();
                        from[axis] = index[axis] * step + index[rank];
                        from
                    })
                });
            outcome(
                format!("unfold({axis}, {size}, {step})"),
                x.unfold(axis, size, step),
                seen(expected),
            )
        }
        6 => {
            let mut to = sizes.clone();
            (0..chance.below(3)).for_each(|_| regroup(chance, &mut to));
            if chance.once_in(10) {
                to.push(2);
            }
            let expected = (count(&to) == model.data.len()).then(|| Model {
                sizes: to.clone(),
                data: model.data.clone(),
            });
            outcome(format!("reshape({to:?})"), x.reshape(&to[..]), expected)
        }
        7 if rank > 0 => {
            let axis = axis(chance, rank);
            let expected = resolved(axis, rank).map(|axis| {
                let mut to = sizes.clone();
                if to[axis] == 1 {
                    to.remove(axis);
                }
                Model {
                    sizes: to,
                    data: model.data.clone(),
                }
            });
            outcome(format!("squeeze_axis({axis})"), x.squeeze_axis(axis), expected)
        }
        8 => {
            let axis = axis(chance, rank + 1);
            let expected = resolved(axis, rank + 1).map(|axis| {
                let mut to = sizes.clone();
                to.insert(axis, 1);
                Model {
                    sizes: to,
                    data: model.data.clone(),
                }
            });
            outcome(format!("unsqueeze({axis})"), x.unsqueeze(axis), expected)
        }
        _ => None,
    }
}

/// Two neighbouring axes as one, or one as two.
fn regroup(chance: &mut Chance, sizes: &mut Vec<usize>) {
    let at = chance.below(sizes.len() + 1);
    match sizes.get(at).copied() {
        Some(size) if at + 1 < sizes.len() && chance.once_in(2) => {
            sizes[at + 1] *= size;
            sizes.remove(at);
        }
        Some(size) if size > 0 && size % 2 == 0 => {
            sizes[at] = size / 2;
            sizes.insert(at, 2);
        }
        _ => sizes.insert(at, 1),
    }
}

fn permuted(sizes: &[usize], order: &[usize]) -> Named {
    named(order.iter().map(|&axis| sizes[axis]).collect(), sizes, |index| {
        let mut from = vec![0; sizes.len()];
        order.iter().zip(index).for_each(|(&axis, &at)| from[axis] = at);
        from
    })
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
