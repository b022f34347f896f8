//! What runs where.

use crate::device::Operation;
use crate::element::DType;

/// Every operation by name, with the element types that it is there for.
pub(super) fn operations(supports: impl Fn(Operation, DType) -> bool) -> Vec<(&'static str, Vec<DType>)> {
    let elements = |operation| {
        DType::ALL
            .into_iter()
            .filter(|&dtype| supports(operation, dtype))
            .collect()
    };
    Operation::all()
        .into_iter()
        .map(|operation| (operation.name(), elements(operation)))
        .collect()
}

/// The page `docs/devices.md`.
#[cfg(feature = "cuda")]
pub fn table() -> String {
    let of_cpu = crate::Device::cpu().operations();
    let of_cuda = operations(super::cuda::supports);
    let names = |elements: &[DType]| match elements {
        [] => "no".to_owned(),
        elements => elements.iter().map(|dtype| dtype.name()).collect::<Vec<_>>().join(" "),
    };
    let rows = of_cpu.iter().zip(&of_cuda).map(|((name, cpu), (_, cuda))| {
        let (cpu, cuda) = (names(cpu), names(cuda));
        format!("| `{name}` | {cpu} | {cuda} |\n")
    });
    INTRODUCTION.to_owned() + &rows.collect::<String>()
}

#[cfg(feature = "cuda")]
const INTRODUCTION: &str = "\
# What runs where

Operations with the element types that each device has them for, forward and backward. The table is printed from the backends
themselves: each matches the closed set of operations, and refuses by name what it says no to here. A refused operation is an error
that names operation and device; nothing is copied to another device behind anyone's back.

| operation | cpu | cuda |
|---|---|---|
";
