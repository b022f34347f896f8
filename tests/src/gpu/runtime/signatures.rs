//! What the host says of kernels, against what their PTX says.

use gpu_kernels::{SHARED_WITH_KERNELS, SIGNATURES, ptx};

use crate::gpu::check::Check;

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "runtime::signatures::are_those_of_the_ptx",
            run: are_those_of_the_ptx,
        },
        Check {
            name: "runtime::signatures::old_drivers_take_the_ptx",
            run: old_drivers_take_the_ptx,
        },
        Check {
            name: "runtime::signatures::numbers_are_those_of_the_kernels",
            run: numbers_are_those_of_the_kernels,
        },
    ]
}

/// The bytes of a parameter: `.param .u64 name`, or `.param .align 8 .b8 name[40]` for a struct.
fn parameter(text: &str) -> usize {
    if let Some((_, rest)) = text.split_once('[') {
        return rest.trim_end_matches(']').parse().expect("an array's length");
    }
    let kind = text.split_whitespace().rev().nth(1).expect("a type before the name");
    match kind.trim_start_matches(|letter: char| !letter.is_ascii_digit()) {
        "8" => 1,
        "16" => 2,
        "32" => 4,
        "64" => 8,
        other => panic!("{text}: {other}"),
    }
}

/// The kernels of some PTX, each with the bytes of its parameters.
fn entries(text: &str) -> Vec<(&str, Vec<usize>)> {
    let entry = |part: &'static str| part;
    let entries = text.split(entry(".visible .entry ")).skip(1);
    entries
        .map(|entry| {
            let (name, rest) = entry.split_once('(').expect("a list of parameters");
            let (list, _) = rest.split_once(')').expect("the end of the list");
            let parameters = list.split(',').map(str::trim).filter(|text| !text.is_empty());
            (name.trim(), parameters.map(parameter).collect())
        })
        .collect()
}

fn are_those_of_the_ptx() {
    for (family, kernels) in SIGNATURES {
        let text = ptx(family).unwrap_or_else(|| panic!("no PTX of {family}"));
        let mut found = entries(text);
        let mut said: Vec<(&str, Vec<usize>)> = kernels.iter().map(|(name, bytes)| (*name, bytes.to_vec())).collect();
        found.sort();
        said.sort();
        assert_eq!(found, said, "{family}");
    }
    assert_eq!(SIGNATURES.len(), 13);
}

fn old_drivers_take_the_ptx() {
    for (family, _) in SIGNATURES {
        let text = ptx(family).unwrap_or_else(|| panic!("no PTX of {family}"));
        assert!(text.lines().any(|line| line == ".version 7.0"), "{family}");
        assert!(text.lines().any(|line| line == ".target sm_80"), "{family}");
    }
}

fn numbers_are_those_of_the_kernels() {
    let sources = [
        include_str!("../../../../gpu-kernels/kernels/common.cuh"),
        include_str!("../../../../gpu-kernels/kernels/rows.cuh"),
    ];
    for (name, number) in SHARED_WITH_KERNELS {
        let starts = [format!("#define {name} "), format!("constexpr int {name} = ")];
        let lines = sources.iter().flat_map(|source| source.lines());
        let found: Vec<usize> = lines
            .filter_map(|line| starts.iter().find_map(|start| line.strip_prefix(start)))
            .filter_map(|value| value.split([' ', ';']).next()?.parse().ok())
            .collect();
        assert_eq!(found, [number], "{name}");
    }
}
