//! A tensor that knows nothing of strides: sizes and elements in a row. Whatever names elements of another tensor gives its own sizes and
//! the places of the elements; reading and writing are loops over those.

/// A tensor without strides, views, kernels or tape.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub sizes: Vec<usize>,
    pub data: Vec<i64>,
}

/// Elements of a tensor: the sizes in which they are seen, and where each lies.
pub type Named = (Vec<usize>, Vec<usize>);

/// A term of an index.
#[derive(Clone, Debug)]
pub enum Term {
    At(i64),
    Span(Option<i64>, Option<i64>, i64),
    NewAxis,
    Ellipsis,
    Places(Vec<usize>, Vec<i64>),
    Mask(Vec<usize>, Vec<bool>),
}

pub fn count(sizes: &[usize]) -> usize {
    sizes.iter().product()
}

/// All indices of a tensor of some sizes, row by row.
pub fn indices(sizes: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    (0..count(sizes)).map(|mut at| {
        let mut index = vec![0; sizes.len()];
        for axis in (0..sizes.len()).rev() {
            index[axis] = at % sizes[axis];
            at /= sizes[axis];
        }
        index
    })
}

/// Where the element of an index is.
pub fn place(sizes: &[usize], index: &[usize]) -> usize {
    index.iter().zip(sizes).fold(0, |at, (&index, &size)| at * size + index)
}

/// The elements of `sizes` that lie where a function of their index says.
pub fn named(sizes: Vec<usize>, from: &[usize], place_of: impl Fn(&[usize]) -> Vec<usize>) -> Named {
    let places = indices(&sizes).map(|index| place(from, &place_of(&index))).collect();
    (sizes, places)
}

/// The sizes that several share; none where they do not fit.
pub fn shared(all: &[&[usize]]) -> Option<Vec<usize>> {
    let rank = all.iter().map(|sizes| sizes.len()).max().unwrap_or(0);
    let mut out = vec![1; rank];
    for sizes in all {
        for (out, &size) in out[rank - sizes.len()..].iter_mut().zip(*sizes) {
            match (*out, size) {
                (a, b) if a == b => {}
                (1, size) => *out = size,
                (_, 1) => {}
                _ => return None,
            }
        }
    }
    Some(out)
}

/// The elements of a tensor of sizes `from`, stretched to `sizes`.
pub fn stretched(from: &[usize], sizes: &[usize]) -> Option<Named> {
    let lead = sizes.len().checked_sub(from.len())?;
    let fits = from
        .iter()
        .zip(&sizes[lead..])
        .all(|(&own, &size)| own == size || own == 1);
    fits.then(|| {
        named(sizes.to_vec(), from, |index| {
            let own = index[lead..].iter().zip(from);
            own.map(|(&at, &size)| if size == 1 { 0 } else { at }).collect()
        })
    })
}

/// What becomes of one axis, or of none.
enum Part {
    Fixed(usize),
    Range(Vec<usize>),
    New,
    Listed(Vec<usize>, Vec<usize>),
    /// A new axis of size 1 or 0, which counts as listed.
    Truth(bool),
}

/// What an index names in a tensor of some sizes; none where it has to be refused.
pub fn indexed(sizes: &[usize], terms: &[Term]) -> Option<Named> {
    let taken: usize = terms.iter().map(axes_of).sum();
    let dots = terms.iter().filter(|term| matches!(term, Term::Ellipsis)).count();
    let left = sizes.len().checked_sub(taken)?;
    if dots > 1 {
        return None;
    }
    let whole = |size: usize| Part::Range((0..size).collect());
    let (mut parts, mut axis) = (Vec::new(), 0);
    for term in terms {
        match term {
            Term::Ellipsis => parts.extend(sizes[axis..axis + left].iter().map(|&size| whole(size))),
            Term::NewAxis => parts.push(Part::New),
            Term::At(index) => parts.push(Part::Fixed(wrapped(*index, sizes[axis])?)),
            Term::Span(start, stop, step) => parts.push(Part::Range(range(*start, *stop, *step, sizes[axis])?)),
            Term::Places(own, list) if own.is_empty() => parts.push(Part::Fixed(wrapped(list[0], sizes[axis])?)),
            Term::Places(own, list) => {
                let list: Option<Vec<usize>> = list.iter().map(|&index| wrapped(index, sizes[axis])).collect();
                parts.push(Part::Listed(own.clone(), list?));
            }
            Term::Mask(own, holds) if own.is_empty() => parts.push(Part::Truth(holds[0])),
            Term::Mask(own, holds) => {
                if *own != sizes[axis..axis + own.len()] {
                    return None;
                }
                let found: Vec<Vec<usize>> = indices(own)
                    .zip(holds)
                    .filter(|(_, holds)| **holds)
                    .map(|(at, _)| at)
                    .collect();
                for along in 0..own.len() {
                    parts.push(Part::Listed(
                        vec![found.len()],
                        found.iter().map(|index| index[along]).collect(),
                    ));
                }
            }
        }
        axis += if matches!(term, Term::Ellipsis) {
            left
        } else {
            axes_of(term)
        };
    }
    parts.extend(sizes[axis..].iter().map(|&size| whole(size)));
    read(sizes, &parts)
}

fn axes_of(term: &Term) -> usize {
    match term {
        Term::At(_) | Term::Span(..) | Term::Places(..) => 1,
        Term::NewAxis | Term::Ellipsis => 0,
        Term::Mask(sizes, _) => sizes.len(),
    }
}

pub fn wrapped(index: i64, size: usize) -> Option<usize> {
    let index = if index < 0 { index + size as i64 } else { index };
    usize::try_from(index).ok().filter(|&index| index < size)
}

fn range(start: Option<i64>, stop: Option<i64>, step: i64, size: usize) -> Option<Vec<usize>> {
    let end = |end: i64| (if end < 0 { end + size as i64 } else { end }).clamp(0, size as i64) as usize;
    let (start, stop) = (start.map_or(0, end), stop.map_or(size, end));
    let step = usize::try_from(step).ok().filter(|&step| step > 0)?;
    Some((start..stop.max(start)).step_by(step).collect())
}

/// The sizes that come of the parts, and the places, index by index.
fn read(sizes: &[usize], parts: &[Part]) -> Option<Named> {
    let is_listed = |part: &Part| matches!(part, Part::Listed(..) | Part::Truth(_));
    let seen: Vec<&Part> = parts.iter().filter(|part| !matches!(part, Part::Fixed(_))).collect();
    let truth = |holds: bool| vec![usize::from(holds)];
    let lists: Vec<Vec<usize>> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Listed(own, _) => Some(own.clone()),
            Part::Truth(holds) => Some(truth(*holds)),
            _ => None,
        })
        .collect();
    let together = shared(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    let first = seen.iter().position(|part| is_listed(part));
    let last = seen.iter().rposition(|part| is_listed(part));
    let are_neighbours = match (first, last) {
        (Some(first), Some(last)) => seen[first..=last].iter().all(|part| is_listed(part)),
        _ => true,
    };
    // Where the axes of the lists begin, and the sizes of all axes.
    let at = if are_neighbours { first.unwrap_or(0) } else { 0 };
    let mut out: Vec<usize> = Vec::new();
    for part in &seen {
        match part {
            Part::Range(range) => out.push(range.len()),
            Part::New => out.push(1),
            _ => {}
        }
    }
    let lists_rank = if lists.is_empty() { 0 } else { together.len() };
    out.splice(at..at, together[..lists_rank].iter().copied());
    let places = indices(&out)
        .map(|index| {
            let listed = &index[at..at + lists_rank];
            let mut others = index[..at].iter().chain(&index[at + lists_rank..]);
            let mut from = Vec::new();
            for part in parts {
                match part {
                    Part::Fixed(index) => from.push(*index),
                    Part::Range(range) => from.push(range[*others.next().expect("an axis each")]),
                    Part::New => drop(others.next()),
                    Part::Truth(_) => {}
                    Part::Listed(own, list) => {
                        let lead = lists_rank - own.len();
                        let own_index: Vec<usize> = listed[lead..]
                            .iter()
                            .zip(own)
                            .map(|(&at, &size)| if size == 1 { 0 } else { at })
                            .collect();
                        from.push(list[place(own, &own_index)]);
                    }
                }
            }
            place(sizes, &from)
        })
        .collect();
    Some((out, places))
}

impl Model {
    /// The elements that are named.
    pub fn read(&self, (sizes, places): &Named) -> Self {
        Self {
            sizes: sizes.clone(),
            data: places.iter().map(|&place| self.data[place]).collect(),
        }
    }

    /// Other elements at what is named, one after the other.
    pub fn write(&mut self, (_, places): &Named, new: &Self, join: fn(i64, i64) -> i64) {
        for (&place, &new) in places.iter().zip(&new.data) {
            self.data[place] = join(self.data[place], new);
        }
    }
}
