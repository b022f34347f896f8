//! Golden tests: each file of `golden/` holds a net and, below it, what every pass makes of it.
//!
//! `BLESS=1 cargo test -p tensor-macros` writes them anew.

use crate::check::check;
use crate::errors::Errors;
use crate::stages::Stages;
use crate::syntax::{self, Net};
use std::fs;
use std::path::{Path, PathBuf};

/// What stands between the net and its stages.
const LINE: &str = "----\n";

#[test]
fn every_stage_of_every_golden_net() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 10, "golden nets are missing");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let source = text.split(LINE).next().unwrap();
        compare(&file, &text, &format!("{source}{LINE}{}", stages(source)));
    }
}

/// The stages of the nets, or of the struct, in a source text.
pub fn stages(source: &str) -> String {
    let errors = Errors::new();
    if source.contains("struct ") {
        let (model, _) = syntax::structure(&errors, proc_macro2::TokenStream::new(), source.parse().unwrap());
        let model = model.unwrap();
        let facts = check(&errors, &model);
        errors.finish().unwrap();
        return Stages::of(&model.name.to_string(), &facts).to_string();
    }
    let (net, _) = syntax::net(&errors, source.parse().unwrap());
    errors.finish().unwrap();
    let Some(Net::Items(models)) = net else {
        panic!("a golden net is an item: {source}")
    };
    let stages = models.into_iter().map(|(model, errors)| {
        let facts = check(&errors, &model);
        errors.finish().unwrap();
        Stages::of(&model.name.to_string(), &facts).to_string()
    });
    stages.collect::<Vec<_>>().join("\n")
}

/// A file must hold this text, or is given it.
pub fn compare(file: &Path, found: &str, expected: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(file, expected).unwrap();
    } else {
        let hint = "run `BLESS=1 cargo test -p tensor-macros` if this is what it should be";
        assert_eq!(found, expected, "{} has changed; {hint}", file.display());
    }
}
