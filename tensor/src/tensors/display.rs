//! Tensors as text, as PyTorch prints them: numbers of one tensor alike, lines of up to 80 characters, the middle of long axes left out.

use std::fmt;

use crate::device::Device;
use crate::element::{DType, Element, Kind};
use crate::shape::Shape;
use crate::tape::Track;
use crate::tensors::Tensor;

/// What a text begins with; what follows is set in by its length.
const PREFIX: &str = "tensor(";
/// How long a line may be.
const LINE: usize = 80;
/// Axes longer than twice this are cut in the middle where the whole tensor is longer than [`WHOLE`].
const EDGE: usize = 3;
/// Tensors of up to so many elements are printed whole.
const WHOLE: usize = 1000;

impl<S: Shape, T: Element> fmt::Display for Tensor<S, T> {
    /// PyTorch's form, with the names that Rust has for element types and the names that operations have here.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = match self.to_vec() {
            Ok(data) => data,
            Err(error) => return write!(f, "tensor(error: {error})"),
        };
        let mut page = Page {
            sizes: self.sizes(),
            cut: data.len() > WHOLE,
            width: 1,
            shown: Vec::new(),
        };
        page.choose(0, 0);
        let shown = page.shown.iter().map(|&place| data[place]);
        let mut words: Vec<String> = match T::DTYPE.kind() {
            Kind::Float => {
                let numbers: Vec<f64> = shown.map(Element::as_f64).collect();
                let style = Style::of(&numbers);
                page.width = style.width;
                numbers.iter().map(|&number| style.number(number)).collect()
            }
            Kind::Integer => shown.map(|number| number.to_string()).collect(),
            Kind::Bool => shown
                .map(|truth| if truth.as_i64() == 0 { "False" } else { "True" }.to_owned())
                .collect(),
        };
        if T::DTYPE.kind() != Kind::Float {
            page.width = words.iter().map(String::len).max().unwrap_or(1);
        }
        let width = page.width;
        words.iter_mut().for_each(|word| *word = format!("{word:>width$}"));
        let mut text = PREFIX.to_owned();
        page.write(&mut text, 0, &mut words.into_iter());
        f.write_str(&with_suffixes(text, &self.suffixes()))
    }
}

impl<S: Shape, T: Element> Tensor<S, T> {
    /// What stands behind the elements: what they do not say themselves.
    fn suffixes(&self) -> Vec<String> {
        let mut suffixes = Vec::new();
        if self.device() != Device::cpu() {
            suffixes.push(format!("device='{}'", self.device()));
        }
        if self.is_empty() && self.sizes().len() != 1 {
            let sizes: Vec<String> = self.sizes().iter().map(usize::to_string).collect();
            suffixes.push(format!("size=({})", sizes.join(", ")));
        }
        let understood = match T::DTYPE {
            DType::F32 => true,
            // What literals become needs no word, where there are some.
            DType::I64 | DType::Bool => !self.is_empty(),
            _ => false,
        };
        if !understood {
            suffixes.push(format!("dtype={}", T::DTYPE.name()));
        }
        match &self.value().track {
            Track::Node(node) => suffixes.push(format!("grad_fn=<{}>", node.name().unwrap_or(".."))),
            Track::Leaf(_) | Track::Parameter(..) => suffixes.push("requires_grad=True".to_owned()),
            Track::Constant | Track::Own => {}
        }
        suffixes
    }
}

/// Suffixes behind a text, each on a new line where it does not fit.
fn with_suffixes(mut text: String, suffixes: &[String]) -> String {
    let mut length = text.len() - text.rfind('\n').unwrap_or(0) + 1;
    if !text.contains('\n') {
        length += 1;
    }
    for suffix in suffixes {
        if length + suffix.len() + 2 > LINE {
            text.push_str(&format!(",\n{}{suffix}", " ".repeat(PREFIX.len())));
            length = PREFIX.len() + suffix.len();
        } else {
            text.push_str(&format!(", {suffix}"));
            length += suffix.len() + 2;
        }
    }
    text.push(')');
    text
}

struct Page<'a> {
    sizes: &'a [usize],
    cut: bool,
    /// How wide an element is, as a rule.
    width: usize,
    /// The places of the elements that are shown, in order.
    shown: Vec<usize>,
}

impl Page<'_> {
    /// The indices of an axis that are shown.
    fn indices(&self, axis: usize) -> impl Iterator<Item = usize> + use<> {
        let size = self.sizes[axis];
        let gap = if self.is_cut(axis) { EDGE..size - EDGE } else { 0..0 };
        (0..size).filter(move |index| !gap.contains(index))
    }

    fn is_cut(&self, axis: usize) -> bool {
        self.cut && self.sizes[axis] > 2 * EDGE
    }

    /// Notes the places that are shown, from an axis on.
    fn choose(&mut self, axis: usize, start: usize) {
        if axis == self.sizes.len() {
            self.shown.push(start);
            return;
        }
        let step: usize = self.sizes[axis + 1..].iter().product();
        // Of no elements there is nothing to choose, however long the other axes are.
        if step > 0 {
            for index in self.indices(axis) {
                self.choose(axis + 1, start + index * step);
            }
        }
    }

    /// Writes what is shown, from an axis on.
    fn write(&self, text: &mut String, axis: usize, words: &mut std::vec::IntoIter<String>) {
        let below = self.sizes.len() - axis;
        if below == 0 {
            text.push_str(&words.next().unwrap_or_default());
            return;
        }
        if words.as_slice().is_empty() {
            text.push_str("[]");
            return;
        }
        let indent = " ".repeat(PREFIX.len() + axis + 1);
        text.push('[');
        if below == 1 {
            let mut row: Vec<String> = words.take(self.indices(axis).count()).collect();
            if self.is_cut(axis) {
                row.insert(EDGE, " ...".to_owned());
            }
            let a_line = ((LINE.saturating_sub(indent.len() - 1)) / (self.width + 2)).max(1);
            let lines: Vec<String> = row.chunks(a_line).map(|line| line.join(", ")).collect();
            text.push_str(&lines.join(&format!(",\n{indent}")));
        } else {
            for (place, _) in self.indices(axis).enumerate() {
                if place > 0 {
                    self.separate(text, below, &indent);
                }
                if place == EDGE && self.is_cut(axis) {
                    text.push_str("...");
                    self.separate(text, below, &indent);
                }
                self.write(text, axis + 1, words);
            }
        }
        text.push(']');
    }

    /// Between two parts of an axis: a comma, and a new line for each axis below.
    fn separate(&self, text: &mut String, below: usize, indent: &str) {
        text.push(',');
        text.push_str(&"\n".repeat(below - 1));
        text.push_str(indent);
    }
}

/// How the numbers of one tensor are written: all alike.
struct Style {
    /// What numbers that are neither 0 nor infinite need; others may be wider.
    width: usize,
    whole: bool,
    scientific: bool,
}

impl Style {
    fn of(numbers: &[f64]) -> Self {
        let some = || {
            numbers
                .iter()
                .copied()
                .filter(|number| number.is_finite() && *number != 0.0)
        };
        let largest = some().map(f64::abs).fold(0.0, f64::max);
        let smallest = some().map(f64::abs).fold(f64::INFINITY, f64::min);
        let style = Self {
            width: 0,
            whole: some().all(|number| number == number.ceil()),
            scientific: largest > 0.0 && (largest / smallest > 1000.0 || largest > 1e8 || smallest < 1e-4),
        };
        let width = some().map(|number| style.number(number).len()).max();
        Self {
            width: width.unwrap_or(1),
            ..style
        }
    }

    fn number(&self, number: f64) -> String {
        if number.is_nan() {
            return "nan".to_owned();
        }
        if number.is_infinite() {
            return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
        }
        if self.scientific {
            let text = format!("{number:.4e}");
            let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
            let power: i32 = power.parse().unwrap_or(0);
            let sign = if power < 0 { '-' } else { '+' };
            return format!("{digits}e{sign}{:02}", power.abs());
        }
        if self.whole {
            return format!("{number:.0}.");
        }
        format!("{number:.4}")
    }
}
