//! The layers of a model in the order in which they run, groups opened, each with what to call it.

use crate::signature::Signature;
use crate::syntax::{Argument, Body, Chain, Layer, Part};
use proc_macro2::Span;
use quote::ToTokens;

/// A part that is no group.
pub struct Leaf<'a> {
    /// From the model down to the part: `hidden`, `0`.
    pub path: Vec<Step>,
    /// The part.
    pub part: &'a Part,
}

/// One level of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// A name, or a position in decimals.
    pub text: String,
    /// Whether it is a name.
    pub named: bool,
}

/// All leaves, in order.
pub fn leaves(chain: &Chain) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    collect(chain, &[], &mut found);
    found
}

fn collect<'a>(chain: &'a Chain, above: &[Step], found: &mut Vec<Leaf<'a>>) {
    for (position, part) in chain.parts.iter().enumerate() {
        let step = match &part.name {
            Some(name) => Step {
                text: plain(name),
                named: true,
            },
            None => Step {
                text: position.to_string(),
                named: false,
            },
        };
        let path = [above, &[step]].concat();
        match &part.body {
            Body::Group(chain) | Body::Array(chain) => collect(chain, &path, found),
            Body::Layer(_) | Body::Model(_) | Body::Broken(_) => found.push(Leaf { path, part }),
        }
    }
}

/// A name without the `r#` that lets a keyword be one.
pub fn plain(name: &syn::Ident) -> String {
    syn::ext::IdentExt::unraw(name).to_string()
}

impl<'a> Leaf<'a> {
    /// A function that a forward calls.
    pub fn of_function(path: &str, part: &'a Part) -> Self {
        let step = Step {
            text: path.to_owned(),
            named: false,
        };
        Leaf { path: vec![step], part }
    }

    /// One token of it, for the caret.
    pub fn span(&self) -> Span {
        self.part.body.span()
    }

    /// `hidden.0`.
    pub fn dotted(&self) -> String {
        self.path
            .iter()
            .map(|step| step.text.as_str())
            .collect::<Vec<_>>()
            .join(".")
    }

    /// As the user wrote it: `linear(784, 128)`.
    pub fn text(&self) -> String {
        match &self.part.body {
            Body::Layer(layer) => layer_text(layer),
            Body::Model(model) => match &model.sizes {
                Some(sizes) => {
                    let list: Vec<String> = sizes.list.iter().map(argument_text).collect();
                    format!("{}<{}>", tidy(&model.path), list.join(", "))
                }
                None => tidy(&model.path),
            },
            Body::Group(_) | Body::Array(_) | Body::Broken(_) => String::new(),
        }
    }

    /// Which layer it is, if it is one.
    pub fn signature(&self) -> Option<&'static Signature> {
        match &self.part.body {
            Body::Layer(layer) => Signature::find(&layer.name.to_string()),
            Body::Model(_) | Body::Group(_) | Body::Array(_) | Body::Broken(_) => None,
        }
    }

    /// As it is called in a chain: `conv2d(1, 4, 3)` for `Conv2d<1, 4, 3>`.
    pub fn called(&self) -> String {
        let text = self.text();
        let Some((name, sizes)) = text.strip_suffix('>').and_then(|text| text.split_once('<')) else {
            return Signature::of_type(&text).map_or(text, |signature| signature.name.to_owned());
        };
        match Signature::of_type(name) {
            Some(signature) => format!("{}({sizes})", signature.name),
            None => text,
        }
    }

    /// Whether it is a layer with such an argument.
    pub fn may_be_given(&self, argument: &str) -> bool {
        self.signature()
            .is_some_and(|signature| signature.parameters.iter().any(|parameter| parameter.name == argument))
    }

    /// What a message about this part and another calls it: the outermost name that the two do not share, else its text.
    pub fn label(&self, other: &Leaf<'_>) -> String {
        let own = self
            .path
            .iter()
            .zip(&other.path)
            .position(|(mine, theirs)| mine != theirs);
        match own.and_then(|level| self.path.get(level)) {
            Some(step) if step.named => step.text.clone(),
            Some(_) | None => self.text(),
        }
    }

    /// What a message about this part alone calls it.
    pub fn own_label(&self) -> String {
        match self.path.last() {
            Some(step) if step.named => step.text.clone(),
            Some(_) | None => self.text(),
        }
    }
}

fn layer_text(layer: &Layer) -> String {
    let Some(arguments) = &layer.arguments else {
        return layer.name.to_string();
    };
    let list: Vec<String> = arguments.list.iter().map(argument_text).collect();
    match layer.path {
        Some(_) => format!("{}<{}>", layer.name, list.join(", ")),
        None => format!("{}({})", layer.name, list.join(", ")),
    }
}

fn argument_text(argument: &Argument) -> String {
    let value = tidy(&argument.value);
    match &argument.keyword {
        Some((keyword, _)) => format!("{keyword} = {value}"),
        None => value,
    }
}

/// Tokens as a person spaces them.
pub fn tidy(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let text = text.replace(" :: ", "::").replace(" ! ", "! ").replace("- ", "-");
    text.replace("( ", "(")
        .replace(" )", ")")
        .replace("[ ", "[")
        .replace(" ]", "]")
        .replace(" ,", ",")
}
