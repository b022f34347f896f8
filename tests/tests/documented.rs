//! Every public function of the library has an example that calls it; those that a macro writes as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, ItemEnum, ItemStruct, Lit, Meta, Type, Visibility};

mod documented {
    pub mod exports;
}

use documented::exports::{Exports, Named};

/// What no user calls, though it is `pub` in a module that is, or a macro writes it.
const INNER: [&str; 3] = ["__private", "kernels", "threads/shared.rs"];

/// What is wrong in one file.
struct File<'a> {
    name: String,
    exports: &'a Exports,
    /// The types that every folder defines.
    types: &'a BTreeSet<Named>,
    /// Whether all its public items are so outside.
    whole: bool,
    /// The documentation of types: what its example calls needs none of its own, as constructors.
    own: BTreeMap<String, String>,
    /// The examples of the macro that is looked at, and of its uses.
    written: String,
    /// Names of macros that make functions with the documentation that they are given.
    given: BTreeSet<String>,
    /// How many functions were looked at.
    count: usize,
    without: Vec<String>,
}

/// The text of documentation; what a macro puts together as the tokens it is made of.
fn text(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(line), ..
                }) => text += &line.value(),
                Expr::Macro(line) => text += &line.mac.tokens.to_string(),
                _ => {}
            },
            Meta::List(list) => text += &format!("({})", list.tokens),
            Meta::Path(_) => {}
        }
        text.push('\n');
    }
    text
}

/// The lines in the code blocks of documentation.
fn code(text: &str) -> String {
    let mut inside = false;
    let mut code = String::new();
    for line in text.lines() {
        if line.contains("```") {
            inside = !inside;
        } else if inside {
            code += line;
            code.push('\n');
        }
    }
    code
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .any(|found| found == word)
}

impl File<'_> {
    /// A name as one of this file's folder.
    fn here(&self, name: &str) -> Named {
        (folder(&self.name), name.to_owned())
    }

    fn exports(&self, function: &str) -> bool {
        self.whole || self.exports.names.contains(&self.here(function))
    }

    /// Whether a type is exported: the folder's own of that name, or, where it has none, anyone's.
    fn exports_type(&self, name: &str) -> bool {
        let here = self.here(name);
        let others = || self.exports.names.iter().any(|(_, exported)| exported == name);
        self.whole || self.exports.names.contains(&here) || !self.types.contains(&here) && others()
    }

    /// That the documentation has an example with the name in it.
    fn check(&mut self, name: &str, documentation: &str) {
        self.count += 1;
        if !documentation.contains("(hidden)") && !has_word(&code(documentation), name) {
            self.without.push(name.to_owned());
        }
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            if let Item::Macro(call) = item
                && call.ident.is_none()
            {
                // A type that a macro writes has its methods elsewhere, too.
                let examples = format!("```\n{}```\n", written(call.mac.tokens.clone()));
                for token in call.mac.tokens.clone() {
                    if let TokenTree::Ident(name) = token {
                        *self.own.entry(name.to_string()).or_default() += &examples;
                    }
                }
            }
            let (name, documentation) = match item {
                Item::Struct(item) => (&item.ident, text(&item.attrs)),
                Item::Enum(item) => (&item.ident, text(&item.attrs)),
                // `Conv1d` of `Conv`.
                Item::Type(item) => (&item.ident, text(&item.attrs)),
                _ => continue,
            };
            let of = match item {
                Item::Type(item) => last(&item.ty),
                _ => name.to_string(),
            };
            *self.own.entry(of).or_default() += &documentation;
        }
        for item in items {
            match item {
                Item::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                    let name = function.sig.ident.to_string();
                    if self.exports(&name) {
                        self.check(&name, &text(&function.attrs));
                    }
                }
                Item::Impl(block) if block.trait_.is_none() && self.exports_type(&last(&block.self_ty)) => {
                    let of = self.own.get(&last(&block.self_ty)).cloned().unwrap_or_default();
                    block.items.iter().for_each(|item| self.method(item, &of));
                }
                Item::Mod(module) if !is_test(&module.attrs) && !text(&module.attrs).contains("(hidden)") => {
                    self.items(module.content.as_ref().map_or(&[], |(_, items)| items));
                }
                Item::Macro(call) => match &call.ident {
                    Some(name) => {
                        let name = name.to_string();
                        if call
                            .attrs
                            .iter()
                            .any(|attribute| attribute.path().is_ident("macro_export"))
                        {
                            self.check(&name, &text(&call.attrs));
                        }
                        self.written = written(call.mac.tokens.clone());
                        for use_of in items.iter().filter_map(|item| match item {
                            Item::Macro(use_of) if use_of.mac.path.is_ident(&name) => Some(&use_of.mac),
                            _ => None,
                        }) {
                            self.written += &written(use_of.tokens.clone());
                        }
                        self.definition(&name, call.mac.tokens.clone());
                    }
                    None => self.call(&call.mac),
                },
                _ => {}
            }
        }
    }

    /// A method of a type with the documentation `of`.
    fn method(&mut self, item: &ImplItem, of: &str) {
        match item {
            ImplItem::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                self.check(&function.sig.ident.to_string(), &(text(&function.attrs) + of));
            }
            ImplItem::Macro(call) => self.call(&call.mac),
            _ => {}
        }
    }

    /// The public functions that a macro writes: each has an example of its own, or the documentation it is given must have one.
    fn definition(&mut self, macro_name: &str, tokens: TokenStream) {
        let mut before = String::new();
        let mut given = false;
        let mut public = false;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (&token, tokens.peek()) {
                (TokenTree::Punct(sign), Some(TokenTree::Group(group))) if sign.as_char() == '#' => {
                    before += &documentation(group);
                    tokens.next();
                }
                (TokenTree::Punct(sign), Some(TokenTree::Group(group))) if sign.as_char() == '$' => {
                    // `$(#[$doc])*` on the one hand, what is repeated on the other.
                    let inner = group.stream().to_string().replace(' ', "");
                    if inner.starts_with("#[$") && inner.len() < 12 {
                        given = true;
                        tokens.next();
                        tokens.next();
                    }
                }
                (TokenTree::Ident(word), _) if word == "pub" => public = true,
                (TokenTree::Ident(word), next) if word == "fn" => {
                    let fixed = !matches!(next, Some(TokenTree::Punct(_)));
                    let name = if fixed { tokens.next() } else { tokens.nth(1) };
                    // In `concat!("..", stringify!($name), ..)` it is a word as well.
                    let name = name.map_or_else(String::new, |name| name.to_string());
                    // A method of a type that the macro writes may be called by the type's example.
                    let shown = has_word(&code(&before), &name) || fixed && has_word(&self.written, &name);
                    if public && given && !shown {
                        self.given.insert(macro_name.to_owned());
                    } else if public && !shown && !before.contains("(hidden)") {
                        self.without.push(format!("{macro_name}!${name}"));
                    }
                    (before, given, public) = (String::new(), false, false);
                }
                (TokenTree::Group(group), _) if public && group.delimiter() == Delimiter::Parenthesis => {
                    // `pub(crate)`
                    public = !group.stream().to_string().contains("crate");
                }
                (TokenTree::Group(group), _) => {
                    (before, given, public) = (String::new(), false, false);
                    self.definition(macro_name, group.stream());
                }
                (TokenTree::Ident(word), _) if matches!(word.to_string().as_str(), "const" | "unsafe" | "async") => {}
                (TokenTree::Punct(sign), _) if "$*".contains(sign.as_char()) => {}
                _ => (before, given, public) = (String::new(), false, false),
            }
        }
    }

    /// What a macro makes functions of: documentation, names, and what they are.
    fn call(&mut self, call: &syn::Macro) {
        let Some(name) = call.path.segments.last().map(|segment| segment.ident.to_string()) else {
            return;
        };
        if !self.given.contains(&name) {
            return;
        }
        let mut before = String::new();
        let mut names = Vec::new();
        let mut reading = false;
        let mut tokens = call.tokens.clone().into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (&token, tokens.peek()) {
                (TokenTree::Punct(sign), Some(TokenTree::Group(group))) if sign.as_char() == '#' => {
                    before += &documentation(group);
                    reading = true;
                    tokens.next();
                }
                (TokenTree::Ident(name), _) if reading => names.push(name.to_string()),
                (TokenTree::Punct(sign), _) if reading && "=,;".contains(sign.as_char()) => {
                    for name in names.drain(..) {
                        self.check(&name, &before);
                    }
                    before.clear();
                    reading = false;
                }
                _ => {}
            }
        }
    }
}

/// What one attribute says, if it is documentation.
fn documentation(group: &Group) -> String {
    let tokens = group.stream();
    syn::parse::Parser::parse2(Attribute::parse_outer, quoted(tokens))
        .map(|attributes| text(&attributes))
        .unwrap_or_default()
}

/// All examples among the tokens of a macro.
fn written(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(sign), Some(TokenTree::Group(group))) if sign.as_char() == '#' => {
                text += &documentation(group);
            }
            (TokenTree::Group(group), _) => text += &format!("```\n{}```\n", written(group.stream())),
            _ => {}
        }
    }
    code(&text)
}

/// `tokens` as an attribute.
fn quoted(tokens: TokenStream) -> TokenStream {
    let sign = TokenTree::Punct(proc_macro2::Punct::new('#', proc_macro2::Spacing::Alone));
    [sign, TokenTree::Group(Group::new(Delimiter::Bracket, tokens))]
        .into_iter()
        .collect()
}

/// The folder of a file, or the file's own name where it is in none.
fn folder(file: &str) -> String {
    let first = file.split('/').next().unwrap_or_default();
    first.trim_end_matches(".rs").to_owned()
}

/// The name of a type without its path and arguments.
fn last(of: &Type) -> String {
    match of {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map_or_else(String::new, |part| part.ident.to_string()),
        _ => String::new(),
    }
}

fn parsed(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string() == "test"))
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the library") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

/// What has no example: file and name, in order.
fn without() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tensor/src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let exports = Exports::read(&root);
    let mut parts = Vec::new();
    let mut types = BTreeSet::new();
    for path in paths {
        let name = path.strip_prefix(&root).expect("a file below");
        let name = name.to_string_lossy().replace('\\', "/");
        let items = parsed(&path).items;
        for item in &items {
            if let Item::Struct(ItemStruct { ident, .. }) | Item::Enum(ItemEnum { ident, .. }) = item {
                types.insert((folder(&name), ident.to_string()));
            }
        }
        parts.push((name, items));
    }
    let mut found = BTreeMap::new();
    let mut count = 0;
    for (name, items) in parts {
        if INNER.iter().any(|folder| name.starts_with(folder)) {
            continue;
        }
        let mut file = File {
            whole: exports.whole(&name),
            name,
            exports: &exports,
            types: &types,
            own: BTreeMap::new(),
            written: String::new(),
            given: BTreeSet::new(),
            count: 0,
            without: Vec::new(),
        };
        file.items(&items);
        count += file.count;
        found.insert(file.name, file.without);
    }
    assert!(count > 700, "only {count} functions were found");
    found
        .into_iter()
        .flat_map(|(file, names)| names.into_iter().map(move |name| format!("{file} {name}")))
        .collect()
}

#[test]
fn gives_every_public_function_an_example() {
    let found = without();
    assert!(
        found.is_empty(),
        "no example in the documentation calls these:\n{}",
        found.join("\n")
    );
}
