//! Against the matrix of weights, and slopes.

use super::*;
use crate::kernels::strided::tests::Dice;
use crate::threads::tests::with_each_count;

/// Heads side by side: `[images, rows, heads, columns]`, and some elements between.
struct Rows<T> {
    data: Vec<T>,
    row: usize,
    image: usize,
    head: usize,
}

impl<T: Real> Rows<T> {
    fn new(dice: &mut Dice, attention: &Attention, rows: usize, columns: usize) -> Self {
        let head = columns + dice.below(2);
        let row = attention.heads * head + dice.below(3);
        let image = rows * row + dice.below(2);
        let data = dice.numbers(attention.images * image + 4);
        Self {
            data: data.into_iter().map(T::from_f64).collect(),
            row,
            image,
            head,
        }
    }

    fn part(&self) -> Part<'_, T> {
        Part {
            data: &self.data,
            image: self.image,
            head: self.head,
            row: self.row,
        }
    }

    fn part_mut<'a>(&self, data: &'a Shared<'a, T>) -> PartMut<'a, T> {
        PartMut {
            data,
            first: 0,
            image: self.image,
            head: self.head,
            row: self.row,
        }
    }

    fn at(&self, image: usize, head: usize, row: usize, column: usize) -> usize {
        image * self.image + head * self.head + row * self.row + column
    }

    fn row(&self, image: usize, head: usize, row: usize, columns: usize) -> Vec<f64> {
        let at = self.at(image, head, row, 0);
        self.data[at..at + columns].iter().map(|x| x.to_f64()).collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What is added to scores, `[1 or images, 1 or heads, queries, keys]`, and the same as a mask of some kind.
struct Said {
    added: Vec<f64>,
    strides: [usize; 3],
    kind: usize,
}

impl Said {
    fn new(dice: &mut Dice, attention: &Attention) -> Self {
        let Attention { queries, keys, .. } = *attention;
        let [images, heads] = [attention.images, attention.heads].map(|count| [1, count][dice.below(2)]);
        let kind = dice.below(4);
        let count = images * heads * queries * keys;
        let mut added = match kind {
            2 => dice.numbers(count),
            _ => vec![0.0; count],
        };
        if kind < 3 {
            added
                .iter_mut()
                .filter(|_| dice.below(3) == 0)
                .for_each(|added| *added = f64::NEG_INFINITY);
        }
        // A query that sees nothing.
        added
            .iter_mut()
            .take(if kind < 3 { keys } else { 0 })
            .for_each(|added| *added = f64::NEG_INFINITY);
        let step = |count: usize, stride: usize| if count == 1 { 0 } else { stride };
        Self {
            added,
            strides: [step(images, heads * queries * keys), step(heads, queries * keys), keys],
            kind,
        }
    }

    fn at(&self, place: [usize; 3], key: usize) -> f64 {
        let first: usize = place
            .iter()
            .zip(self.strides)
            .map(|(place, stride)| place * stride)
            .sum();
        self.added[first + key]
    }
}

/// Result and gradients, worked out in double precision.
struct Naive {
    out: Vec<f64>,
    d: [Vec<f64>; 3],
}

fn naive<T: Real>(attention: &Attention, [q, k, v]: [&Rows<T>; 3], said: &Said, out: &Rows<T>, d: &Rows<T>) -> Naive {
    let zeros = |rows: &Rows<T>| vec![0.0; rows.data.len()];
    let (mut result, [mut d_q, mut d_k, mut d_v]) = (zeros(out), [zeros(q), zeros(k), zeros(v)]);
    for image in 0..attention.images {
        for head in 0..attention.heads {
            for query in 0..attention.queries {
                let seen = |key: &usize| {
                    attention
                        .causal
                        .is_none_or(|ahead| *key as isize <= query as isize + ahead)
                };
                let added = |key| said.at([image, head, query], key);
                let keys = (0..attention.keys).filter(seen);
                let keys: Vec<usize> = keys.filter(|&key| added(key) != f64::NEG_INFINITY).collect();
                let query_row = q.row(image, head, query, attention.size);
                let scores: Vec<f64> = keys
                    .iter()
                    .map(|&key| {
                        dot(&query_row, &k.row(image, head, key, attention.size)) * attention.scale + added(key)
                    })
                    .collect();
                let sum: f64 = scores.iter().map(|score| score.exp()).sum();
                let weights: Vec<f64> = scores.iter().map(|score| score.exp() / sum).collect();
                let d = d.row(image, head, query, attention.values);
                let of_values: Vec<f64> = keys
                    .iter()
                    .map(|&key| dot(&d, &v.row(image, head, key, attention.values)))
                    .collect();
                let whole = dot(&of_values, &weights);
                for ((&key, &weight), &of_value) in keys.iter().zip(&weights).zip(&of_values) {
                    let slope = weight * (of_value - whole) * attention.scale;
                    for column in 0..attention.values {
                        let from = v.at(image, head, key, column);
                        result[out.at(image, head, query, column)] += weight * v.data[from].to_f64();
                        d_v[from] += weight * d[column];
                    }
                    for column in 0..attention.size {
                        let (of_q, of_k) = (q.at(image, head, query, column), k.at(image, head, key, column));
                        d_q[of_q] += slope * k.data[of_k].to_f64();
                        d_k[of_k] += slope * q.data[of_q].to_f64();
                    }
                }
            }
        }
    }
    Naive {
        out: result,
        d: [d_q, d_k, d_v],
    }
}

/// Forward and gradients; what lies between the rows stays as it was, which is 0.
fn computed<T: Real>(
    attention: &Attention,
    [q, k, v]: [&Rows<T>; 3],
    said: &Said,
    out: &Rows<T>,
    d: &Rows<T>,
) -> (Vec<T>, [Vec<T>; 3]) {
    let zeros = |rows: &Rows<T>| vec![T::ZERO; rows.data.len()];
    let mut kept = vec![T::NAN; attention.images * attention.heads * attention.queries];
    let mut result = zeros(out);
    let parts = [q.part(), k.part(), v.part()];
    let allowed: Vec<bool> = said.added.iter().map(|&added| added == 0.0).collect();
    let counted: Vec<i64> = allowed.iter().map(|&allowed| 3 * i64::from(allowed)).collect();
    let added: Vec<T> = said.added.iter().map(|&added| T::from_f64(added)).collect();
    let marks = match said.kind {
        0 => Some(Marks::Allowed(&allowed)),
        1 => Some(Marks::Counted(&counted)),
        2 => Some(Marks::Added(&added)),
        _ => None,
    };
    let [image, head, query] = said.strides;
    let mask = marks.map(|marks| Mask {
        marks,
        image,
        head,
        query,
    });
    forward(
        attention,
        parts,
        mask,
        Some(&mut kept),
        &out.part_mut(&Shared::new(&mut result)),
    );
    let mut gradients = [zeros(q), zeros(k), zeros(v)];
    let [d_q, d_k, d_v] = gradients.each_mut().map(|gradient| Shared::new(&mut gradient[..]));
    let made = Rows {
        data: result.clone(),
        ..*out
    };
    let into = Gradients {
        q: Some(q.part_mut(&d_q)),
        k: Some(k.part_mut(&d_k)),
        v: Some(v.part_mut(&d_v)),
    };
    gradient(attention, parts, mask, made.part(), &kept, d.part(), &into);
    (result, gradients)
}

fn check<T: Real>(dice: &mut Dice, attention: &Attention) {
    let q = Rows::<T>::new(dice, attention, attention.queries, attention.size);
    let k = Rows::<T>::new(dice, attention, attention.keys, attention.size);
    let v = Rows::<T>::new(dice, attention, attention.keys, attention.values);
    let out = Rows::<T>::new(dice, attention, attention.queries, attention.values);
    let d = Rows::<T>::new(dice, attention, attention.queries, attention.values);
    let said = Said::new(dice, attention);
    let expected = naive(attention, [&q, &k, &v], &said, &out, &d);
    let (result, gradients) = computed(attention, [&q, &k, &v], &said, &out, &d);
    let tolerance = 40.0 * T::EPSILON.to_f64() * (4.0 + attention.keys.max(attention.size) as f64);
    let pairs = gradients.iter().zip(&expected.d).chain([(&result, &expected.out)]);
    for (found, expected) in pairs {
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found.to_f64() - expected).abs() <= tolerance * (1.0 + expected.abs()),
                "{found} is not {expected}: {attention:?}"
            );
        }
    }
}

#[test]
fn random_attentions() {
    let mut dice = Dice::new(11);
    for round in 0..120 {
        let queries = dice.below(9);
        let attention = Attention {
            images: dice.below(3),
            heads: 1 + dice.below(3),
            queries,
            keys: [dice.below(9), queries][round % 2],
            size: dice.below(6),
            values: dice.below(6),
            scale: [0.5, 1.0, -0.25][dice.below(3)],
            causal: [None, Some(0), Some(2), Some(-2)][dice.below(4)],
        };
        check::<f64>(&mut dice, &attention);
        check::<f32>(&mut dice, &attention);
    }
}

#[test]
fn more_queries_than_are_taken_at_a_time() {
    let mut dice = Dice::new(12);
    for (queries, keys, causal) in [
        (130, 130, Some(0)),
        (70, 150, None),
        (3, 200, Some(197)),
        (150, 40, Some(-110)),
    ] {
        let attention = Attention {
            images: 2,
            heads: 2,
            queries,
            keys,
            size: 16,
            values: 24,
            scale: 0.25,
            causal,
        };
        check::<f64>(&mut dice, &attention);
        check::<f32>(&mut dice, &attention);
    }
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    let attention = Attention {
        images: 2,
        heads: 3,
        queries: 90,
        keys: 90,
        size: 16,
        values: 16,
        scale: 0.25,
        causal: Some(0),
    };
    let mut dice = Dice::new(13);
    let [q, k, v, out, d] = [(); 5].map(|()| Rows::<f32>::new(&mut dice, &attention, 90, 16));
    let said = Said::new(&mut dice, &attention);
    let results = with_each_count(|| computed(&attention, [&q, &k, &v], &said, &out, &d));
    assert_eq!(results.len(), 1);
}
