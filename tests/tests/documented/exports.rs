//! What the library exports.

use std::collections::BTreeSet;
use std::path::Path;

use syn::{Item, UseName, UseRename, UseTree, Visibility};

use crate::{parsed, text};

/// A folder below `tensor/src`, and a name out of it.
pub type Named = (String, String);

/// Public modules at its root, and names out of private ones.
pub struct Exports {
    modules: BTreeSet<String>,
    pub names: BTreeSet<Named>,
}

impl Exports {
    pub fn read(root: &Path) -> Self {
        let mut exports = Self {
            modules: BTreeSet::new(),
            names: BTreeSet::new(),
        };
        for item in parsed(&root.join("lib.rs")).items {
            match item {
                Item::Mod(module)
                    if matches!(module.vis, Visibility::Public(_)) && !text(&module.attrs).contains("(hidden)") =>
                {
                    let name = module.ident.to_string();
                    let paths = [root.join(&name).join("mod.rs"), root.join(format!("{name}.rs"))];
                    let path = paths.iter().find(|path| path.exists()).expect("the file of a module");
                    parsed(path).items.iter().for_each(|item| exports.uses(item));
                    exports.modules.insert(name);
                }
                item => exports.uses(&item),
            }
        }
        exports
    }

    fn uses(&mut self, item: &Item) {
        if let Item::Use(item) = item
            && matches!(item.vis, Visibility::Public(_))
        {
            self.tree(&item.tree, "");
        }
    }

    fn tree(&mut self, tree: &UseTree, folder: &str) {
        match tree {
            UseTree::Path(path) if folder.is_empty() && path.ident != "crate" => {
                self.tree(&path.tree, &path.ident.to_string());
            }
            UseTree::Path(path) => self.tree(&path.tree, folder),
            UseTree::Name(UseName { ident }) | UseTree::Rename(UseRename { rename: ident, .. }) => {
                self.names.insert((folder.to_owned(), ident.to_string()));
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, folder)),
            _ => {}
        }
    }

    /// Whether all that is public in a file is so outside: it is of a public module, or of one that is exported by name.
    pub fn whole(&self, file: &str) -> bool {
        let mut parts = file.trim_end_matches(".rs").split('/').map(str::to_owned);
        let (folder, part) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        self.modules.contains(&folder) || self.names.contains(&(folder, part))
    }
}
