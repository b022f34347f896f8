//! Sums of products written as equations: `einsum("ij,jk->ik")`.

use crate::error::{Error, Result};
use crate::layout::{self, Axes, describe};
use crate::ops::elements::same_elements;
use crate::ops::view::{Look, look};
use crate::tape::Value;

/// An axis of an equation: a letter, or one of the axes that `...` stands for, counted from the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Dots(std::cmp::Reverse<usize>),
    Letter(char),
}

impl Label {
    fn describe(self) -> String {
        match self {
            Self::Letter(letter) => format!("`{letter}`"),
            Self::Dots(_) => "an axis of `...`".to_owned(),
        }
    }
}

/// An operand, and what its axes are called.
#[derive(Clone, Debug)]
struct Term {
    labels: Vec<Label>,
    value: Value,
}

/// `equation` over `operands`, from the left to the right.
pub(crate) fn einsum(equation: &str, operands: &[&Value]) -> Result<Value> {
    let text: String = equation.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output)),
        None => (text.as_str(), None),
    };
    let words: Vec<&str> = inputs.split(',').collect();
    if words.len() != operands.len() {
        let found = format!("`{equation}` for {} operands", operands.len());
        return Err(Error::argument("equation", format!("{} operands", words.len()), found));
    }
    let mut terms = Vec::new();
    for (word, operand) in words.iter().zip(operands) {
        same_elements("einsum", operands[0].dtype(), operand.dtype())?;
        terms.push(term(word, operand)?);
    }
    let output = match output {
        Some(word) => explicit(word, &terms)?,
        None => implicit(&inputs.replace('.', ""), &terms),
    };
    agree(&terms)?;
    contract(terms, &output)
}

/// The labels of `word` in its order; `dots` axes stand where `...` is.
fn read(word: &str, dots: usize) -> Result<Vec<Label>> {
    let wrong = || Error::argument("equation", "letters, `...`, `,` and `->`", format!("`{word}`"));
    let (before, after) = match word.split_once("...") {
        Some((before, after)) => (before, Some(after)),
        None => (word, None),
    };
    let letters = |text: &str| -> Result<Vec<Label>> {
        text.chars()
            .map(|letter| {
                letter
                    .is_ascii_alphabetic()
                    .then_some(Label::Letter(letter))
                    .ok_or_else(wrong)
            })
            .collect()
    };
    let mut labels = letters(before)?;
    if let Some(after) = after {
        labels.extend((0..dots).rev().map(|index| Label::Dots(std::cmp::Reverse(index))));
        labels.extend(letters(after)?);
    }
    Ok(labels)
}

/// An operand by its word; of a letter that is there twice the diagonal is taken.
fn term(word: &str, operand: &Value) -> Result<Term> {
    let letters = read(word, 0)?.len();
    let rank = operand.layout.rank();
    if letters > rank || (letters < rank && !word.contains("...")) {
        return Err(Error::shape(
            "einsum",
            format!("as many axes as `{word}` has letters"),
            describe(operand.sizes()),
        ));
    }
    let (mut labels, mut value) = (read(word, rank - letters)?, operand.clone());
    let pair = |labels: &[Label]| {
        (0..labels.len()).find_map(|a| (a + 1..labels.len()).find(|&b| labels[a] == labels[b]).map(|b| (a, b)))
    };
    while let Some((a, b)) = pair(&labels) {
        let (m, n) = (value.sizes()[a], value.sizes()[b]);
        if m != n {
            let expected = format!("one size for {} of `{word}`", labels[a].describe());
            return Err(Error::shape("einsum", expected, describe(operand.sizes())));
        }
        value = look(&value, Look::Diagonal { a, b, offset: 0 });
        let label = labels.remove(b);
        labels.remove(a);
        labels.push(label);
    }
    Ok(Term { labels, value })
}

/// The labels of the result, as the equation names them.
fn explicit(word: &str, terms: &[Term]) -> Result<Vec<Label>> {
    let labels = read(word, dots(terms))?;
    for (at, label) in labels.iter().enumerate() {
        let expected = if labels[..at].contains(label) {
            "each letter once in the result"
        } else if !matches!(label, Label::Dots(_)) && !terms.iter().any(|term| term.labels.contains(label)) {
            "letters of the operands in the result"
        } else {
            continue;
        };
        return Err(Error::argument("equation", expected, format!("`{word}`")));
    }
    Ok(labels)
}

/// All axes of `...`, then the letters that the equation has once, in alphabetical order.
fn implicit(letters: &str, terms: &[Term]) -> Vec<Label> {
    let mut once: Vec<char> = letters
        .chars()
        .filter(|&letter| letter != ',' && letters.matches(letter).count() == 1)
        .collect();
    once.sort_unstable();
    let dots = (0..dots(terms))
        .rev()
        .map(|index| Label::Dots(std::cmp::Reverse(index)));
    dots.chain(once.into_iter().map(Label::Letter)).collect()
}

/// How many axes `...` stands for at most.
fn dots(terms: &[Term]) -> usize {
    let labels = terms.iter().flat_map(|term| &term.labels);
    labels.fold(0, |most, label| match label {
        Label::Dots(std::cmp::Reverse(index)) => most.max(index + 1),
        Label::Letter(_) => most,
    })
}

/// That axes of one label have one size, or 1.
fn agree(terms: &[Term]) -> Result<()> {
    let mut known: Vec<(Label, usize)> = Vec::new();
    for term in terms {
        for (&label, &size) in term.labels.iter().zip(term.value.sizes()) {
            match known.iter_mut().find(|(each, _)| *each == label) {
                None => known.push((label, size)),
                Some((_, before)) if *before == 1 => *before = size,
                Some((_, before)) if *before == size || size == 1 => {}
                Some((_, before)) => {
                    let expected = format!("size {before} for {}", label.describe());
                    return Err(Error::shape("einsum", expected, size.to_string()));
                }
            }
        }
    }
    Ok(())
}

fn contract(terms: Vec<Term>, output: &[Label]) -> Result<Value> {
    let dtype = terms[0].value.dtype();
    let mut rest = terms.into_iter();
    let mut out = rest
        .next()
        .unwrap_or_else(|| unreachable!("`split` gives at least one word"));
    // What later operands have is not summed over yet.
    let wanted =
        |label: &Label, later: &[Term]| output.contains(label) || later.iter().any(|term| term.labels.contains(label));
    let mut later: Vec<Term> = rest.collect();
    out = summed(out, |label| wanted(label, &later));
    while !later.is_empty() {
        let next = later.remove(0);
        let next = summed(next, |label| wanted(label, &later) || out.labels.contains(label));
        out = pair(out, next, |label| wanted(label, &later))?;
    }
    // Axes of `...` that only the other operands of an equation had, and the order of the result.
    let mut value = out.value;
    for label in output {
        if !out.labels.contains(label) {
            value = value.unsqueeze(value.layout.rank());
            out.labels.push(*label);
        }
    }
    let place = |label: &Label| out.labels.iter().position(|each| each == label).unwrap_or(0);
    let order: Axes<usize> = output.iter().map(place).collect();
    Ok(value.permute(&order).cast(dtype))
}

/// The sum over the axes that nobody needs.
fn summed(term: Term, needed: impl Fn(&Label) -> bool) -> Term {
    let axes: Axes<usize> = (0..term.labels.len())
        .filter(|&axis| !needed(&term.labels[axis]))
        .collect();
    if axes.is_empty() {
        return term;
    }
    Term {
        value: term.value.sum(&axes, false).cast(term.value.dtype()),
        labels: term.labels.into_iter().filter(needed).collect(),
    }
}

/// The product of two, summed over what both have and nobody needs.
fn pair(a: Term, b: Term, needed: impl Fn(&Label) -> bool) -> Result<Term> {
    let (both, a_own): (Vec<Label>, Vec<Label>) = a.labels.iter().partition(|label| b.labels.contains(label));
    let b_own: Vec<Label> = b.labels.iter().copied().filter(|label| !both.contains(label)).collect();
    let (batch, inner): (Vec<Label>, Vec<Label>) = both.into_iter().partition(&needed);
    let size = |label: &Label| {
        let of = |term: &Term| {
            let axis = term.labels.iter().position(|each| each == label);
            axis.map_or(1, |axis| term.value.sizes()[axis])
        };
        if of(&a) == 1 { of(&b) } else { of(&a) }
    };
    let sizes = |labels: &[Label]| -> Axes<usize> { labels.iter().map(size).collect() };
    let (shared, k, m, n) = (sizes(&batch), sizes(&inner), sizes(&a_own), sizes(&b_own));
    let len = |sizes: &[usize]| layout::len(sizes);
    // As batches of matrices [.., m, k] and [.., k, n]; an axis of size 1 is stretched.
    let matrix = |term: &Term, parts: [&[Label]; 3], matrix: [usize; 2]| -> Result<Value> {
        let labels: Vec<Label> = parts.concat();
        let place = |label: &Label| term.labels.iter().position(|each| each == label).unwrap_or(0);
        let order: Axes<usize> = labels.iter().map(place).collect();
        let value = term.value.permute(&order).expand("einsum", &sizes(&labels))?;
        Ok(value.reshape(&[len(&shared), matrix[0], matrix[1]]))
    };
    let left = matrix(&a, [&batch, &a_own, &inner], [len(&m), len(&k)])?;
    let right = matrix(&b, [&batch, &inner, &b_own], [len(&k), len(&n)])?;
    let out = if inner.is_empty() {
        left.mul(&right)?
    } else {
        left.matmul(&right)?
    };
    let out_sizes: Axes<usize> = shared.iter().chain(&m).chain(&n).copied().collect();
    Ok(Term {
        value: out.reshape(&out_sizes),
        labels: [batch, a_own, b_own].concat(),
    })
}
