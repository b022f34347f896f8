//! Both faces have every operation: what dynamic tensors have typed ones have under the same name, or the page for people who come from
//! PyTorch says why not, or what there is instead.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{ImplItem, Item, TraitItem, Type, Visibility};

/// Where the functions of dynamic tensors are that are no methods.
const FUNCTIONS: [&str; 3] = ["functional", "linalg", "fft"];
/// The heading of the list of those that typed tensors do without.
const LIST: &str = "## Without a shape in the type";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
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

/// A macro that writes methods: its name, and which faces they are of.
struct Writer {
    name: String,
    dynamic: bool,
    typed: bool,
}

#[derive(Default)]
struct Faces {
    dynamic: BTreeSet<String>,
    typed: BTreeSet<String>,
    /// The macros of files that are read.
    writers: Vec<Writer>,
}

impl Faces {
    /// The public functions of a file, which is in a folder of functions, or of methods.
    fn read(&mut self, items: &[Item], functions: bool, typed: bool) {
        let others = std::mem::take(&mut self.writers);
        let mut writers: Vec<Writer> = Vec::new();
        for item in items {
            match item {
                Item::Impl(block) if block.trait_.is_none() => {
                    let Some(dynamic) = face(&block.self_ty) else { continue };
                    for item in &block.items {
                        match item {
                            ImplItem::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                                self.add(dynamic, function.sig.ident.to_string());
                            }
                            ImplItem::Macro(call) => {
                                names(call.mac.tokens.clone())
                                    .into_iter()
                                    .for_each(|name| self.add(dynamic, name));
                            }
                            _ => {}
                        }
                    }
                }
                Item::Trait(item) if typed && matches!(item.vis, Visibility::Public(_)) => {
                    for item in &item.items {
                        if let TraitItem::Fn(function) = item {
                            self.add(false, function.sig.ident.to_string());
                        }
                    }
                }
                Item::Fn(function) if functions && matches!(function.vis, Visibility::Public(_)) => {
                    self.add(true, function.sig.ident.to_string());
                }
                Item::Macro(call) => match &call.ident {
                    Some(name) => {
                        let text = call.mac.tokens.to_string().replace([' ', '\n'], "");
                        let writer = writer(name.to_string(), &text, functions, typed);
                        // Those that it writes out.
                        for rest in text.split("pubfn").skip(1).filter(|rest| !rest.starts_with('$')) {
                            let end = rest.find(['<', '(']).unwrap_or(rest.len());
                            writer.write(self, &rest[..end]);
                        }
                        writers.push(writer);
                    }
                    None => {
                        let called = call.mac.path.segments.last().map(|part| part.ident.to_string());
                        let is_called = |writer: &&Writer| Some(&writer.name) == called.as_ref();
                        // Its own, or one that it has from another file.
                        let own = writers.iter().any(|writer| is_called(&writer));
                        let known = if own { &writers } else { &others };
                        for writer in known.iter().filter(is_called) {
                            names(call.mac.tokens.clone())
                                .iter()
                                .for_each(|name| writer.write(self, name));
                        }
                    }
                },
                _ => {}
            }
        }
        self.writers = others;
        self.writers.extend(writers);
    }

    fn add(&mut self, dynamic: bool, name: String) {
        let face = if dynamic { &mut self.dynamic } else { &mut self.typed };
        face.insert(name);
    }
}

/// Whether a type is `Tensor<Dynamic, ..>`, or a tensor with another shape; no other type has faces.
fn face(of: &Type) -> Option<bool> {
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last()?;
    let arguments = quoted(&last.arguments);
    match last.ident.to_string().as_str() {
        "Tensor" => Some(arguments.starts_with("<Dynamic")),
        "Complex" => Some(!arguments.contains(",S")),
        _ => None,
    }
}

fn quoted(arguments: &syn::PathArguments) -> String {
    let syn::PathArguments::AngleBracketed(arguments) = arguments else {
        return String::new();
    };
    let parts: Vec<String> = arguments
        .args
        .iter()
        .map(|argument| match argument {
            syn::GenericArgument::Type(Type::Path(path)) => path
                .path
                .segments
                .last()
                .map_or_else(String::new, |part| part.ident.to_string()),
            _ => String::new(),
        })
        .collect();
    format!("<{}>", parts.join(","))
}

impl Writer {
    fn write(&self, into: &mut Faces, name: &str) {
        if self.dynamic {
            into.add(true, name.to_owned());
        }
        if self.typed {
            into.add(false, name.to_owned());
        }
    }
}

/// What a macro with this text writes: `impl` blocks of tensors, or functions.
fn writer(name: String, text: &str, functions: bool, typed: bool) -> Writer {
    let blocks: Vec<&str> = text
        .split("impl<")
        .skip(1)
        .filter_map(|block| block.split('{').next())
        .filter(|head| !head.contains(">for"))
        .collect();
    let free = functions && blocks.is_empty() && text.contains("pubfn$");
    Writer {
        name,
        dynamic: free || blocks.iter().any(|head| head.contains("Tensor<Dynamic")),
        typed: typed || blocks.iter().any(|head| head.contains("Tensor<S,")),
    }
}

/// The words of a macro call that can be names of functions: in lower case, in no parentheses, behind no `::`.
fn names(tokens: TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut colons = 0;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) if colons < 2 => {
                let word = word.to_string();
                if word.starts_with(|letter: char| letter.is_ascii_lowercase()) {
                    found.push(word);
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => found.extend(names(group.stream())),
            _ => {}
        }
        colons = match &token {
            TokenTree::Punct(sign) if sign.as_char() == ':' => colons + 1,
            _ => 0,
        };
    }
    found
}

/// Both faces, as the sources have them.
fn faces() -> Faces {
    let sources = root().join("tensor/src");
    let mut paths = Vec::new();
    files(&sources, &mut paths);
    paths.sort();
    let mut faces = Faces::default();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let items = syn::parse_file(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            .items;
        let below = path.strip_prefix(&sources).expect("a file below");
        let folder = below
            .components()
            .next()
            .map(|part| part.as_os_str().to_string_lossy().into_owned());
        let folder = folder.unwrap_or_default();
        if folder != "nn" && folder != "interop" {
            faces.read(&items, FUNCTIONS.contains(&folder.as_str()), folder == "typed");
        }
    }
    faces
}

/// The names that the page says typed tensors do without.
fn listed() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/from-pytorch.md")).expect("the page");
    let (_, section) = page
        .split_once(LIST)
        .expect("a section for what has no shape in its type");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.filter_map(|row| row.split('`').nth(1))
        .map(str::to_owned)
        .collect()
}

#[test]
fn typed_tensors_have_what_dynamic_ones_have() {
    let faces = faces();
    assert!(
        faces.dynamic.len() > 350 && faces.typed.len() > 500,
        "only {} and {} names were found",
        faces.dynamic.len(),
        faces.typed.len()
    );
    for known in [
        "tan", "tanh", "qr", "mm", "conv2d", "fftshift", "eq", "l1_loss", "cat", "nonzero", "istft",
    ] {
        assert!(faces.typed.contains(known), "`{known}` is no typed method");
    }
    let listed = listed();
    let missing: Vec<&String> = faces
        .dynamic
        .difference(&faces.typed)
        .filter(|name| !listed.contains(*name))
        .collect();
    assert!(
        missing.is_empty(),
        "typed tensors have no {missing:?}, and `{LIST}` does not say why"
    );
    let found: Vec<&String> = listed.iter().filter(|name| faces.typed.contains(*name)).collect();
    assert!(found.is_empty(), "typed tensors have {found:?}, which `{LIST}` denies");
    let unknown: Vec<&String> = listed.iter().filter(|name| !faces.dynamic.contains(*name)).collect();
    assert!(
        unknown.is_empty(),
        "nothing is called {unknown:?}, which `{LIST}` lists"
    );
}
