//! The errors that the guide and the README show are the compiler's: those of `rejects`, without the file's name.

use std::fs;
use std::path::{Path, PathBuf};

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Lines without spaces at their ends and numbers at their beginnings, and without those that name a file.
fn lines(text: &str) -> Vec<String> {
    let numberless = |line: &str| match line.split_once('|') {
        Some((number, rest)) if number.trim().chars().all(|digit| digit.is_ascii_digit()) => {
            format!("|{rest}").trim_end().to_owned()
        }
        _ => line.trim_end().to_owned(),
    };
    let named = |line: &&str| !line.trim_start().starts_with("--> ");
    text.lines().filter(named).map(numberless).collect()
}

/// The blocks of text that are errors.
fn errors(page: &str) -> Vec<String> {
    let blocks = page
        .split("```text\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next());
    blocks
        .filter(|block| block.starts_with("error"))
        .map(str::to_owned)
        .collect()
}

/// What the compiler says of every program.
fn said() -> Vec<Vec<String>> {
    let files = |folder: PathBuf| {
        let entries = fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("readable").path())
    };
    let topics = files(Path::new(env!("CARGO_MANIFEST_DIR")).join("rejects"));
    let programs = topics.filter(|topic| topic.is_dir()).flat_map(files);
    let messages = programs.filter(|file| file.extension().is_some_and(|extension| extension == "stderr"));
    messages.map(|file| lines(&read(file))).collect()
}

#[test]
fn errors_that_are_shown_are_real() {
    let said = said();
    for (page, least) in [("../docs/guide.md", 6), ("../README.md", 1)] {
        let shown = errors(&read(page));
        assert!(shown.len() >= least, "{page} shows {} errors", shown.len());
        for error in shown {
            let expected = lines(&error);
            let is_said = |message: &Vec<String>| message.windows(expected.len()).any(|part| part == expected);
            assert!(
                said.iter().any(is_said),
                "no program of `rejects` is told what {page} shows:\n{error}"
            );
        }
    }
}
