//! Tensors as text, as PyTorch prints them.

use std::fmt;

use crate::element::{DType, Element};
use crate::shape::Shape;
use crate::tensors::Tensor;

/// Axes longer than this are cut in the middle where the whole tensor is longer than [`WHOLE`].
const EDGE: usize = 3;
/// Tensors of up to so many elements are printed whole.
const WHOLE: usize = 1000;

impl<S: Shape, T: Element> fmt::Display for Tensor<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = match self.to_vec() {
            Ok(data) => data,
            Err(error) => return write!(f, "tensor(error: {error})"),
        };
        let numbers: Vec<f64> = data.iter().map(|value| value.as_f64()).collect();
        let text = match T::DTYPE {
            DType::I64 | DType::I32 | DType::U8 | DType::Bool => aligned(data.iter().map(T::to_string).collect()),
            DType::F32 | DType::F64 | DType::F16 | DType::BF16 => {
                let style = Style::of(&numbers);
                numbers.iter().map(|&number| style.number(number)).collect()
            }
        };
        let page = Page {
            sizes: self.sizes(),
            text: &text,
            cut: numbers.len() > WHOLE,
        };
        write!(f, "tensor(")?;
        page.write(f, 0, 0)?;
        if numbers.is_empty() {
            write!(f, ", size={:?}", self.sizes())?;
        }
        match T::DTYPE {
            // What literals become needs no word.
            DType::F32 | DType::I64 | DType::Bool => {}
            other => write!(f, ", dtype={}", other.name())?,
        }
        write!(f, ")")
    }
}

struct Page<'a> {
    sizes: &'a [usize],
    text: &'a [String],
    cut: bool,
}

impl Page<'_> {
    fn write(&self, f: &mut fmt::Formatter<'_>, axis: usize, start: usize) -> fmt::Result {
        let Some(&size) = self.sizes.get(axis) else {
            return f.write_str(self.text.get(start).map_or("", String::as_str));
        };
        let step: usize = self.sizes[axis + 1..].iter().product();
        write!(f, "[")?;
        // Of no elements there is nothing to write, however long the other axes are.
        for index in 0..if self.text.is_empty() { 0 } else { size } {
            if self.cut && size > 2 * EDGE && index == EDGE {
                self.separate(f, axis)?;
                write!(f, "...")?;
            }
            if self.cut && size > 2 * EDGE && (EDGE..size - EDGE).contains(&index) {
                continue;
            }
            if index > 0 {
                self.separate(f, axis)?;
            }
            self.write(f, axis + 1, start + index * step)?;
        }
        write!(f, "]")
    }

    /// Between two parts of an axis: a comma, and a new line for each axis below.
    fn separate(&self, f: &mut fmt::Formatter<'_>, axis: usize) -> fmt::Result {
        let below = self.sizes.len() - axis - 1;
        if below == 0 {
            return write!(f, ", ");
        }
        write!(f, ",{}{}", "\n".repeat(below), " ".repeat("tensor(".len() + axis + 1))
    }
}

/// Texts, all as wide as the widest.
fn aligned(mut texts: Vec<String>) -> Vec<String> {
    let width = texts.iter().map(String::len).max().unwrap_or(0);
    texts.iter_mut().for_each(|text| *text = format!("{text:>width$}"));
    texts
}

/// How the numbers of one tensor are written: all alike.
struct Style {
    width: usize,
    form: Form,
}

enum Form {
    /// All are whole: `2.`.
    Whole,
    Decimals,
    Scientific,
}

impl Style {
    fn of(numbers: &[f64]) -> Self {
        let finite = || numbers.iter().copied().filter(|number| number.is_finite());
        let largest = finite().map(f64::abs).fold(0.0, f64::max);
        let smallest = finite()
            .map(f64::abs)
            .filter(|&number| number > 0.0)
            .fold(f64::INFINITY, f64::min);
        let whole = finite().all(|number| number == number.trunc());
        let wide = largest > 0.0 && (largest / smallest > 1000.0 || smallest < 1e-4);
        let form = if whole && largest < 1e8 {
            Form::Whole
        } else if largest >= 1e8 || (wide && !whole) {
            Form::Scientific
        } else {
            Form::Decimals
        };
        let style = Self { width: 0, form };
        let width = numbers
            .iter()
            .map(|&number| style.number(number).len())
            .max()
            .unwrap_or(0);
        Self { width, ..style }
    }

    fn number(&self, number: f64) -> String {
        let width = self.width;
        if number.is_nan() {
            return format!("{:>width$}", "nan");
        }
        if number.is_infinite() {
            return format!("{:>width$}", if number > 0.0 { "inf" } else { "-inf" });
        }
        match self.form {
            Form::Whole => format!("{:>width$}", format!("{number:.0}.")),
            Form::Decimals => format!("{number:>width$.4}"),
            Form::Scientific => {
                let text = format!("{number:.4e}");
                let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
                let power: i32 = power.parse().unwrap_or(0);
                let sign = if power < 0 { '-' } else { '+' };
                format!("{:>width$}", format!("{digits}e{sign}{:02}", power.abs()))
            }
        }
    }
}
