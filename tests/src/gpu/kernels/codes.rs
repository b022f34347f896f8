//! The numbers of types and operations: those of the host are those of the kernels.

use std::fmt::Debug;

use gpu_kernels::{Binary, Code, Compare, Fold, Pair, Scatter, Special, Type, Whole};

use crate::gpu::Check;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::codes::those_of_the_headers",
            run: those_of_the_headers,
        },
        Check {
            name: "kernels::codes::tables_of_special_functions",
            run: tables_of_special_functions,
        },
    ]
}

/// The headers that have enums.
const HEADERS: [&str; 5] = [
    include_str!("../../../../gpu-kernels/kernels/codes.cuh"),
    include_str!("../../../../gpu-kernels/kernels/elements.cuh"),
    include_str!("../../../../gpu-kernels/kernels/functions.cuh"),
    include_str!("../../../../gpu-kernels/kernels/whole.cuh"),
    include_str!("../../../../gpu-kernels/kernels/places.cuh"),
];

/// The lines of an enum in the headers.
fn lines(name: &str) -> Vec<&'static str> {
    let start = format!("enum class {name} : uint32_t {{");
    let found: Vec<&str> = HEADERS
        .iter()
        .filter_map(|header| Some(header.split_once(&start)?.1))
        .collect();
    assert_eq!(found.len(), 1, "headers with the enum {name}");
    let (body, _) = found[0].split_once('}').expect("a brace closes it");
    let lines = body.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .collect()
}

fn those_of_the_headers() {
    fn hold<T: Debug + Copy>(name: &str, all: &[T], number: fn(T) -> u32) {
        let said: Vec<String> = all.iter().map(|&one| format!("{one:?} = {},", number(one))).collect();
        assert_eq!(lines(name), said, "{name}");
    }
    hold("Code", &Code::ALL, |code| code as u32);
    hold("Binary", &Binary::ALL, |op| op as u32);
    hold("Type", Type::ALL, |of| of as u32);
    hold("Compare", Compare::ALL, |op| op as u32);
    hold("Special", Special::ALL, |op| op as u32);
    hold("Pair", Pair::ALL, |op| op as u32);
    hold("Whole", Whole::ALL, |op| op as u32);
    hold("Fold", Fold::ALL, |op| op as u32);
    hold("Scatter", Scatter::ALL, |how| how as u32);
    let enums = HEADERS.iter().map(|header| header.matches("enum class").count());
    assert_eq!(enums.sum::<usize>(), 9);
}

/// Every name with its numbers, between `before` and `open` for the name, and then up to the closing bracket.
fn tables(text: &str, before: &str, open: &str, close: &str) -> Vec<(String, Vec<f64>)> {
    text.split(before)
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once([':', '[']).expect("a size after the name");
            let (_, numbers) = rest.split_once(open).expect("numbers");
            let (numbers, _) = numbers.split_once(close).expect("their end");
            let numbers = numbers.split(',').map(str::trim).filter(|number| !number.is_empty());
            (
                name.to_owned(),
                numbers.map(|number| number.parse().expect("a number")).collect(),
            )
        })
        .collect()
}

fn tables_of_special_functions() {
    let processor = [
        include_str!("../../../../tensor/src/kernels/special/tables/error.rs"),
        include_str!("../../../../tensor/src/kernels/special/tables/gamma.rs"),
        include_str!("../../../../tensor/src/kernels/special/tables/incomplete.rs"),
        include_str!("../../../../tensor/src/kernels/special/tables/bessel.rs"),
        include_str!("../../../../tensor/src/kernels/special/tables/oscillating.rs"),
    ];
    let mut expected: Vec<_> = processor
        .iter()
        .flat_map(|file| tables(file, "pub const ", "= [", "]"))
        .collect();
    let header = include_str!("../../../../gpu-kernels/kernels/special/tables.cuh");
    let mut found = tables(header, "__constant__ double ", "= {", "}");
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(expected.len() > 30 && expected.iter().all(|(_, numbers)| !numbers.is_empty()));
    assert_eq!(found, expected);
}
