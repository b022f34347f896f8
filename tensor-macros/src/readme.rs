//! `README.md` shows one net at every stage. What it shows is what the compiler prints: this test writes it, or fails.

use crate::check::check;
use crate::emit::{Emission, Library, emit};
use crate::errors::Errors;
use crate::stages::Stages;
use crate::syntax::{self, Net};
use crate::{dump, golden};
use proc_macro2::TokenStream;
use std::fmt::Write;
use std::path::Path;

/// Between these two lines of the README the compiler has written.
const BEGIN: &str = "<!-- printed by the compiler: BLESS=1 cargo test -p tensor-macros -->\n";
const END: &str = "<!-- end of what the compiler printed -->\n";

const NET: &str = "pub type Mlp = hidden: linear(784, 128) >> relu >> output: linear(_, 10)";

#[test]
fn the_readme_shows_what_the_compiler_does() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    if let Some(printed) = printed() {
        golden::compare(&file, &text, &format!("{before}{BEGIN}\n{printed}\n{END}{after}"));
    }
}

/// Paths as if everything had been imported: the real ones are absolute, so that no name of the user's is met.
fn shortened(tokens: &TokenStream) -> TokenStream {
    let mut text = tokens.to_string();
    for path in [
        ":: tensor :: shape :: digits ::",
        ":: tensor :: __private ::",
        ":: tensor :: shape ::",
        ":: core :: option :: Option ::",
    ] {
        text = text.replace(path, "");
    }
    text.parse().unwrap()
}

/// Every stage under its heading; nothing where there is no `rustfmt` to set the tokens out.
fn printed() -> Option<String> {
    let errors = Errors::new();
    let (net, run_time) = syntax::net(&errors, NET.parse().unwrap());
    errors.finish().unwrap();
    let Some(Net::Items(models)) = net else {
        panic!("an item")
    };
    let (model, errors) = models.into_iter().next().unwrap();
    let facts = check(&errors, &model);
    errors.finish().unwrap();
    let name = model.name.to_string();
    let stages = Stages::of(&name, &facts);
    let krate = Library::new(run_time);
    let emission = Emission {
        krate: &krate,
        model: &model,
        facts: &facts,
        lowered: &stages.lowered,
        training: &stages.training,
        inference: &stages.inference,
        primitives: &stages.primitives,
    };
    let tokens = emit(&emission).into_iter().collect();
    let emitted = dump::formatted(&shortened(&tokens))?;
    let mut text = String::new();
    let mut section = |title: &str, language: &str, body: &str| {
        writeln!(text, "### {title}\n\n```{language}\n{}\n```\n", body.trim_end()).unwrap();
    };
    section("As it is written", "rust", &format!("net! {{ {NET} }}"));
    section("Lowered: an operation a layer", "text", &stages.lowered.to_string());
    section(
        "Differentiated: with its backward",
        "text",
        &stages.differentiated.to_string(),
    );
    section(
        "Fused: linear, bias and activation in one step",
        "text",
        &stages.training.graph.to_string(),
    );
    section(
        "Planned: where values lie while training",
        "text",
        &stages.training.to_string(),
    );
    section(
        "The same for `infer`",
        "text",
        &format!("{}\n{}", stages.inference.graph, stages.inference),
    );
    section("Emitted (paths shortened)", "rust", &emitted);
    Some(text.trim_end().to_owned() + "\n")
}
