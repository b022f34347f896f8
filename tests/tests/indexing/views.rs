//! Steps that only look at the same elements in another way.

use tests::Chance;

use crate::model::{Model, Named, count, named, stretched};
use crate::steps::{Outcome, Whole, axis, outcome, resolved};

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
