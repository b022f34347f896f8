//! The layers of the language: what each is called, and what it may be given. Names and defaults are PyTorch's.

mod parameters;
mod table;
mod values;

pub use table::LAYERS;
pub use values::{Values, counts};

/// A layer, as it is called in a chain and as a field's type.
#[derive(Debug, PartialEq)]
pub struct Signature {
    /// In a chain: `linear`.
    pub name: &'static str,
    /// As a field's type and as the type of the part: `Linear`.
    pub type_name: &'static str,
    /// What it may be given, those without a default first.
    pub parameters: &'static [Parameter],
}

/// The type of a part that has no name of its own as a type: `exp`, `mean(axis = 1)`.
pub const FUNCTION: &str = "Computed";

/// `Parameter<256, 384>`, the field that is a value and no layer.
const PARAMETER: Signature = Signature {
    name: "parameter",
    type_name: "Parameter",
    parameters: &[Parameter {
        name: "size",
        kind: Kind::Sizes,
    }],
};

/// `Buffer<256, 384>`, likewise, which nobody trains.
const BUFFER: Signature = Signature {
    name: "buffer",
    type_name: "Buffer",
    ..PARAMETER
};

/// One thing that a layer may be given.
#[derive(Debug, PartialEq)]
pub struct Parameter {
    /// As a keyword, and in messages.
    pub name: &'static str,
    /// What may stand there.
    pub kind: Kind,
}

/// What may stand for an argument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A size that the layer takes: `784`, `Hidden`, `4 * D`, or `_` to have it worked out.
    SizeIn,
    /// A size that the layer makes.
    SizeOut,
    /// A size inside the layer; it must be given where there is no default.
    SizeInside { default: Option<u64> },
    /// A number; it must be given where its default is none.
    Number { default: f64, range: Range },
    /// A whole number from 1 on; it must be given where there is no default.
    Count { default: Option<usize> },
    /// A whole number for each of so many axes, one for all or `(3, 5)`.
    Each(Each),
    /// Sizes of axes, as many as are written.
    Sizes,
    /// Whole numbers, one for all axes or one for each, which may be left out.
    Numbers,
    /// Sizes of axes in parentheses: `(3, 4)`.
    Tuple,
    /// The number of an axis, the batch being 0 and the last -1; it must be given where there is no default.
    Axis { default: Option<i64> },
    /// The number of a place along an axis, from the back where it is below 0; it must be given.
    Place,
    /// The number of a row, the first being 0; there may be none.
    Index,
    /// `true` or `false`.
    Flag { default: bool },
    /// One of a few words, the first being the default.
    Word(&'static [&'static str]),
}

/// Whole numbers for the axes behind the channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Each {
    /// How many axes.
    pub axes: usize,
    /// What stands for it where nothing does.
    pub default: Default,
    /// The least that makes sense.
    pub least: usize,
    /// A word that may stand there: `same`.
    pub word: Option<&'static str>,
}

/// What stands for numbers of axes where nothing does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// They must be given.
    Required,
    /// The same number for each.
    Number(usize),
    /// The kernel's.
    Kernel,
}

/// Which numbers make sense.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Every one.
    Any,
    /// Above 0.
    Positive,
    /// From 0.
    FromZero,
    /// From 0, below 1.
    Probability,
}

impl Kind {
    /// Whether it may stand without its keyword.
    pub fn is_positional(self) -> bool {
        match self {
            Kind::SizeIn | Kind::SizeOut | Kind::SizeInside { .. } => true,
            Kind::Number { .. } | Kind::Count { .. } | Kind::Place | Kind::Index => true,
            Kind::Each(_) | Kind::Sizes | Kind::Tuple | Kind::Numbers | Kind::Axis { .. } => true,
            Kind::Flag { .. } | Kind::Word(_) => false,
        }
    }

    /// Whether an argument must be given.
    pub fn is_required(self) -> bool {
        match self {
            Kind::SizeIn | Kind::SizeOut | Kind::Sizes | Kind::Tuple | Kind::Place => true,
            Kind::Axis { default } => default.is_none(),
            Kind::SizeInside { default } => default.is_none(),
            Kind::Each(each) => each.default == Default::Required,
            Kind::Count { default } => default.is_none(),
            Kind::Number { default, .. } => default.is_nan(),
            Kind::Flag { .. } | Kind::Word(_) | Kind::Numbers | Kind::Index => false,
        }
    }
}

impl Signature {
    /// The layer called so in either way, if there is one.
    pub fn find(name: &str) -> Option<&'static Signature> {
        Signature::of_call(name).or_else(|| Signature::of_type(name))
    }

    /// The layer called so in either way.
    pub fn of(name: &str) -> &'static Signature {
        Signature::find(name).unwrap_or_else(|| unreachable!("check/arguments.rs: `{name}` is no layer"))
    }

    /// The layer called so in a chain.
    pub fn of_call(name: &str) -> Option<&'static Signature> {
        Self::all().find(|layer| layer.name == name)
    }

    /// The layer whose type is called so.
    pub fn of_type(name: &str) -> Option<&'static Signature> {
        Self::all().find(|layer| layer.type_name == name && name != FUNCTION)
    }

    fn all() -> impl Iterator<Item = &'static Signature> {
        LAYERS.iter().chain([&PARAMETER, &BUFFER])
    }

    /// Whether this is a parameter or a buffer by itself, which is a value and no layer.
    pub fn is_value(&self) -> bool {
        *self == PARAMETER || self.is_buffer()
    }

    /// Whether this is a buffer by itself.
    pub fn is_buffer(&self) -> bool {
        *self == BUFFER
    }

    /// Whether a gradient passes through the layer.
    pub fn has_gradient(&self) -> bool {
        !matches!(self.name, "argmax" | "sign")
    }

    /// Whether the layer has something to learn: those that have are made for a size.
    pub fn has_parameters(&self) -> bool {
        let is_made_for_a_size = || self.parameters.iter().any(|parameter| parameter.kind == Kind::SizeIn);
        *self == PARAMETER || matches!(self.name, "prelu" | "embedding") || is_made_for_a_size()
    }

    /// As one would write it: `linear(in_features, out_features, bias = true)`.
    pub fn text(&self) -> String {
        if self.parameters.is_empty() {
            return self.name.to_owned();
        }
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| match parameter.kind {
                Kind::SizeIn | Kind::SizeOut => parameter.name.to_owned(),
                Kind::Sizes => format!("{}..", parameter.name),
                Kind::Tuple | Kind::Numbers | Kind::Place | Kind::Index => parameter.name.to_owned(),
                Kind::Axis { default: None } => parameter.name.to_owned(),
                Kind::SizeInside { default: None } => parameter.name.to_owned(),
                Kind::SizeInside { default: Some(default) } => format!("{} = {default}", parameter.name),
                Kind::Axis { default: Some(default) } => format!("{} = {default}", parameter.name),
                Kind::Count { default: None } => parameter.name.to_owned(),
                Kind::Count { default: Some(default) } => format!("{} = {default}", parameter.name),
                Kind::Each(each) => match each.default {
                    Default::Required => parameter.name.to_owned(),
                    Default::Number(default) => format!("{} = {default}", parameter.name),
                    Default::Kernel => format!("{} = kernel_size", parameter.name),
                },
                Kind::Number { default, .. } if default.is_nan() => parameter.name.to_owned(),
                Kind::Number { default, .. } => format!("{} = {default:?}", parameter.name),
                Kind::Flag { default } => format!("{} = {default}", parameter.name),
                Kind::Word(words) => format!("{} = {}", parameter.name, words[0]),
            })
            .collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

/// The nearest of some names, if one is near enough to have been meant.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace('_', "");
    names
        .map(|candidate| (distance(&plain(name), &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A few of some names: those that are nearest, or else those that have the word in them.
pub fn nearest_few<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace('_', "");
    let apart = |candidate: &str| distance(&plain(name), &plain(candidate));
    let found: Vec<&str> = match nearest(name, names.clone()) {
        Some(best) => {
            let least = apart(best);
            names.filter(|candidate| apart(candidate) == least).collect()
        }
        None if name.len() >= 3 => names
            .filter(|candidate| plain(candidate).contains(&plain(name)))
            .collect(),
        None => Vec::new(),
    };
    found.into_iter().take(4).collect()
}

/// Insertions, removals, replacements and swaps of neighbours that make one word the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for i in 1..=from.len() {
        let mut row = vec![i];
        for j in 1..=to.len() {
            let same = usize::from(from[i - 1] != to[j - 1]);
            let mut least = (rows[i - 1][j - 1] + same).min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found() {
        let names = || LAYERS.iter().map(|layer| layer.name);
        assert_eq!(nearest("lineer", names()), Some("linear"));
        assert_eq!(nearest("Linear", names()), Some("linear"));
        assert_eq!(nearest("reul", names()), Some("relu"));
        assert_eq!(nearest("layernorm", names()), Some("layer_norm"));
        assert_eq!(nearest("maxpool2d", names()), Some("max_pool2d"));
        assert_eq!(nearest("transformer", names()), None);
    }

    #[test]
    fn several_may_be_meant() {
        let names = || LAYERS.iter().map(|layer| layer.name);
        assert_eq!(nearest_few("lineer", names()), ["linear"]);
        assert_eq!(nearest_few("conv4d", names()), ["conv1d", "conv2d", "conv3d"]);
        assert_eq!(
            nearest_few("transformer", names()),
            ["transformer_encoder_layer", "transformer_decoder_layer"]
        );
        assert_eq!(nearest_few("attention2", names()), ["attention"]);
        assert!(nearest_few("zzz", names()).is_empty());
    }

    #[test]
    fn the_text_shows_defaults() {
        let text = |name| Signature::of_call(name).unwrap().text();
        assert_eq!(
            text("linear"),
            "linear(in_features, out_features, bias = true, transposed = false)"
        );
        assert_eq!(text("layer_norm"), "layer_norm(features, eps = 1e-5)");
        assert_eq!(text("relu"), "relu");
        assert_eq!(text("adaptive_avg_pool2d"), "adaptive_avg_pool2d(output_size)");
        assert_eq!(
            text("max_pool2d"),
            "max_pool2d(kernel_size, stride = kernel_size, padding = 0, dilation = 1, ceil_mode = false)"
        );
    }
}
