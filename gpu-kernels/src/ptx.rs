//! The PTX of a family, cut into its kernels.
//!
//! The driver compiles PTX for its card, and a whole family takes it seconds, the first time on a machine. So each kernel is
//! loaded by itself, when it is first launched: with the functions and constants that it uses, and nothing else.

use std::collections::BTreeSet;

include!(concat!(env!("OUT_DIR"), "/ptx.rs"));

/// The PTX of a family, as it was made of `kernels/<family>.cu`.
pub fn ptx(family: &str) -> Option<&'static str> {
    let (_, text) = PTX.iter().find(|(name, _)| *name == family)?;
    Some(text)
}

/// The parts of a family's PTX.
#[derive(Debug)]
pub(crate) struct Program {
    /// Version, target and size of addresses.
    header: &'static str,
    items: Vec<Item>,
}

/// A kernel, a function, its declaration, or a constant.
#[derive(Debug)]
struct Item {
    name: &'static str,
    text: &'static str,
    is_kernel: bool,
}

impl Program {
    /// Cuts PTX as nvcc writes it: an item begins with a directive at the start of a line, and ends with a brace or a semicolon
    /// there, or with the semicolon of its only line.
    pub(crate) fn of(text: &'static str) -> Self {
        let mut items = Vec::new();
        let mut begun: Option<usize> = None;
        let mut header = 0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let (start, words) = (at, line.trim_end());
            at += line.len();
            let is_header = [".version", ".target", ".address_size"]
                .iter()
                .any(|word| words.starts_with(word));
            if is_header {
                header = at;
                continue;
            }
            if begun.is_none() && words.starts_with('.') {
                begun = Some(start);
            }
            let Some(first) = begun else { continue };
            let is_only_line = start == first && words.ends_with(';');
            if words == "}" || words == ";" || is_only_line {
                items.extend(Item::of(&text[first..at]));
                begun = None;
            }
        }
        Self {
            header: &text[..header],
            items,
        }
    }

    /// The PTX of one kernel with what it uses.
    pub(crate) fn kernel(&self, name: &str) -> Option<String> {
        let kernel = self.items.iter().position(|item| item.is_kernel && item.name == name)?;
        let mut used = BTreeSet::from([kernel]);
        let mut look_at = vec![kernel];
        while let Some(user) = look_at.pop() {
            for (index, item) in self.items.iter().enumerate() {
                if !item.is_kernel && self.items[user].text.contains(item.name) && used.insert(index) {
                    look_at.push(index);
                }
            }
        }
        let parts = used.into_iter().map(|index| self.items[index].text);
        Some(std::iter::once(self.header).chain(parts).collect())
    }
}

impl Item {
    fn of(text: &'static str) -> Option<Self> {
        let first = text.lines().next()?;
        // `.visible .entry NAME(`, `.func (.param ..) NAME(`, `.global .align 4 .b8 NAME[24] = ..`.
        let words = first.split_once('=').map_or(first, |(declared, _)| declared).trim_end();
        let words = words.trim_end_matches(['(', ';']);
        let name = words.rsplit([' ', '\t']).next()?;
        let name = name.split('[').next()?;
        Some(Self {
            name,
            text,
            is_kernel: first.contains(".entry "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "// sources 1\n\n.version 7.0\n.target sm_80\n.address_size 64\n\n\
        .func  (.param .b64 func_retval0) sine\n(\n\t.param .b64 sine_param_0\n)\n;\n\
        .global .align 4 .b8 table[2] = {1, 2};\n\
        .global .align 4 .b8 other[1] = {1};\n\
        .func  (.param .b64 func_retval0) sine(\n\t.param .b64 sine_param_0\n)\n{\n\tld.global table;\n\tret;\n}\n\
        .visible .entry plain_f32(\n\t.param .u64 plain_param_0\n)\n.maxntid 256, 1, 1\n{\n\tret;\n}\n\
        .visible .entry wave_f32(\n\t.param .u64 wave_param_0\n)\n{\n\tcall sine;\n\tret;\n}\n";

    #[test]
    fn a_kernel_comes_with_what_it_uses() {
        let program = Program::of(TEXT);
        let plain = program.kernel("plain_f32").expect("it is there");
        assert!(
            plain.starts_with("// sources 1") && plain.contains(".maxntid 256") && plain.contains(".address_size 64")
        );
        assert!(!plain.contains("sine") && !plain.contains("table") && !plain.contains("wave"));
        let wave = program.kernel("wave_f32").expect("it is there");
        assert_eq!(wave.matches("sine").count(), TEXT.matches("sine").count());
        assert!(wave.contains("table") && !wave.contains("other") && !wave.contains("plain"));
        assert!(program.kernel("sine").is_none() && program.kernel("plain").is_none());
    }

    #[test]
    fn every_kernel_of_every_family_is_found() {
        for (family, text) in PTX {
            let program = Program::of(text);
            let names: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix(".visible .entry ")?.strip_suffix('('))
                .collect();
            assert!(!names.is_empty(), "{family}");
            for name in names {
                let kernel = program.kernel(name).unwrap_or_else(|| panic!("{name} of {family}"));
                assert_eq!(kernel.matches(".entry").count(), 1, "{name}");
                assert!(kernel.len() < text.len(), "{name}");
            }
        }
    }
}
