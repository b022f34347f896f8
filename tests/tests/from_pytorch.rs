//! The page for people who come from PyTorch: every operator has a row, and what a row calls is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn from_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path.as_ref()).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

/// The rows of all tables, as cells: PyTorch's name, ours, the differences.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let cells = |line| {
        str::split(line, " | ")
            .map(|cell: &str| cell.trim_matches(['|', ' ']))
            .collect()
    };
    page.lines().filter(|line| line.starts_with("| `")).map(cells).collect()
}

/// Rust text below a folder, without comments.
fn code(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of the library") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            code(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = read(&path);
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.for_each(|line| {
                into.push_str(line);
                into.push('\n');
            });
        }
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The names of functions: behind `fn`, or in the lists that macros make functions of, in front of `=>` or on a line of names and `;`.
fn functions(code: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for line in code.lines() {
        for (_, rest) in line
            .match_indices("fn ")
            .map(|(place, found)| line.split_at(place + found.len()))
        {
            names.extend(rest.split(|letter| !is_word(letter)).next());
        }
        let list = match (line.split_once(" => "), line.trim_end().strip_suffix(';')) {
            (Some((list, _)), _) | (None, Some(list)) => list,
            (None, None) => continue,
        };
        if !list.contains("::") && !list.contains(" = ") {
            names.extend(list.split(|letter| !is_word(letter)));
        }
    }
    names
}

/// What a cell calls: the names in front of a `(`, behind `.` or `::`.
fn calls(cell: &str) -> impl Iterator<Item = &str> {
    cell.match_indices('(').filter_map(|(place, _)| {
        let before = cell[..place].split("::<").next()?;
        let name = before.rsplit(|letter| !is_word(letter)).next()?;
        let owner = &before[..before.len() - name.len()];
        let called = owner.ends_with('.') || owner.ends_with("::");
        (called && name.starts_with(|letter: char| letter.is_ascii_lowercase())).then_some(name)
    })
}

#[test]
fn has_a_row_for_every_operator() {
    let page = read(from_root("docs/from-pytorch.md"));
    let named: BTreeSet<&str> = rows(&page).iter().map(|row| row[0].trim_matches('`')).collect();
    let operators = read(from_root("tests/reference/operators.txt"));
    let missing: Vec<&str> = operators.lines().filter(|name| !named.contains(name)).collect();
    assert!(missing.is_empty(), "docs/from-pytorch.md has no row for {missing:?}");
}

#[test]
fn calls_what_is_there() {
    let page = read(from_root("docs/from-pytorch.md"));
    let mut text = String::new();
    code(&from_root("tensor/src"), &mut text);
    let functions = functions(&text);
    let rows = rows(&page);
    let called: Vec<&str> = rows
        .iter()
        .flat_map(|row| row[1..].iter().flat_map(|cell| calls(cell)))
        .collect();
    assert!(called.len() > 300, "only {} calls were found", called.len());
    let unknown: Vec<&str> = called.into_iter().filter(|name| !functions.contains(name)).collect();
    assert!(
        unknown.is_empty(),
        "docs/from-pytorch.md calls {unknown:?}, which the library does not have"
    );
}
