//! A model as a table: what `println!("{model}")` shows.

use std::fmt;

use crate::model::{Model, Part, Program};
use crate::nn::Walk;

/// The number of trainable numbers.
pub fn num_parameters<M: Model>(model: &M) -> usize {
    let mut sum = 0;
    model.visit(&mut Walk::new(&mut |_, met| sum += met.value.len()));
    sum
}

/// Layer, output shape, parameters and floating-point operations of each part.
pub fn summary<M: Model>(model: &M, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let program = M::PROGRAM;
    let mut rows = vec![["layer", "output", "parameters", "FLOPs"].map(str::to_owned)];
    let flops = add_rows(program, "", &mut rows);
    let total = [
        "total".to_owned(),
        String::new(),
        group(num_parameters(model) as u64),
        group(flops),
    ];
    let widths: Vec<usize> = (0..4)
        .map(|column| {
            rows.iter()
                .chain([&total])
                .map(|row| row[column].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let line = |f: &mut fmt::Formatter<'_>, row: &[String; 4]| {
        writeln!(
            f,
            "{:<w0$}  {:<w1$}  {:>w2$}  {:>w3$}",
            row[0],
            row[1],
            row[2],
            row[3],
            w0 = widths[0],
            w1 = widths[1],
            w2 = widths[2],
            w3 = widths[3],
        )
    };
    let rule = "─".repeat(widths.iter().sum::<usize>() + 6);
    let takes: Vec<&str> = program.inputs.iter().map(|input| input.text).collect();
    writeln!(f, "{} {} → {}", program.name, takes.join(", "), gives(program))?;
    line(f, &rows[0])?;
    writeln!(f, "{rule}")?;
    for row in &rows[1..] {
        line(f, row)?;
    }
    writeln!(f, "{rule}")?;
    line(f, &total)?;
    write!(f, "FLOPs are for one sample, forwards")
}

/// What comes out; where that is for a nested model to say, it does.
fn gives(program: &Program) -> String {
    let nested = program.parts.last().and_then(|part| part.nested);
    match (program.outputs, nested) {
        ([_], Some(nested)) => gives(nested),
        (all, _) => all.iter().map(|output| output.text).collect::<Vec<_>>().join(", "),
    }
}

/// The rows of a program's parts; gives the sum of their operations.
fn add_rows(program: &Program, prefix: &str, rows: &mut Vec<[String; 4]>) -> u64 {
    let mut sum = 0;
    for part in program.parts {
        // A layer of the user's own is its only part.
        let path = if part.path.is_empty() {
            prefix.to_owned()
        } else if prefix.is_empty() {
            part.path.to_owned()
        } else {
            format!("{prefix}.{}", part.path)
        };
        sum += match part.nested {
            Some(nested) => add_rows(nested, &path, rows),
            None => {
                rows.push(row(part, &path));
                part.flops
            }
        };
    }
    sum
}

fn row(part: &Part, path: &str) -> [String; 4] {
    let count = |number: u64| if number == 0 { "–".to_owned() } else { group(number) };
    [
        format!("{path}: {}", part.layer),
        part.output.to_owned(),
        count(part.parameters as u64),
        count(part.flops),
    ]
}

/// A number with its thousands apart: `101,770`.
fn group(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::group;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(group(0), "0");
        assert_eq!(group(999), "999");
        assert_eq!(group(1_000), "1,000");
        assert_eq!(group(12_345_678), "12,345,678");
    }
}
