//! Numbers that host and kernels both have in a list: the lists are the same.

use gpu_kernels::{Binary, Code};

use crate::gpu::Check;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check {
        name: "kernels::codes::codes_are_those_of_the_kernels",
        run: codes_are_those_of_the_kernels,
    }]
}

/// What stands in the braces behind `opening`, line by line, without comments.
fn listed(source: &str, opening: &str) -> Vec<String> {
    let (_, rest) = source.split_once(opening).unwrap_or_else(|| panic!("no `{opening}`"));
    let (body, _) = rest.split_once('}').expect("a brace closes it");
    let lines = body.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.map(str::to_owned).collect()
}

fn codes_are_those_of_the_kernels() {
    let (codes, elements) = (
        include_str!("../../../../gpu-kernels/kernels/codes.cuh"),
        include_str!("../../../../gpu-kernels/kernels/elements.cuh"),
    );
    let (chain, strided, launcher) = (
        include_str!("../../../../gpu-kernels/src/chain.rs"),
        include_str!("../../../../gpu-kernels/src/launch/strided.rs"),
        include_str!("../../../../gpu-kernels/src/launch/elements.rs"),
    );
    let shared = [
        ("Code", codes, chain),
        ("Binary", codes, strided),
        ("Type", elements, launcher),
        ("Compare", elements, launcher),
        ("Special", elements, launcher),
    ];
    for (name, header, source) in shared {
        let kernels = listed(header, &format!("enum class {name} : uint32_t {{"));
        assert!(
            !kernels.is_empty() && kernels.iter().all(|line| line.contains(" = ")),
            "{name}"
        );
        assert_eq!(kernels, listed(source, &format!("pub enum {name} {{")), "{name}");
    }
    let all = Code::ALL.map(|code| format!("{code:?} = {},", code as u32));
    assert_eq!(listed(codes, "enum class Code : uint32_t {"), all);
    let all = Binary::ALL.map(|op| format!("{op:?} = {},", op as u32));
    assert_eq!(listed(codes, "enum class Binary : uint32_t {"), all);
}
