//! The layers of the language: what each is called, and what it may be given. Names and defaults are PyTorch's.

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
    /// A number; it must be given where its default is none.
    Number { default: f64, range: Range },
    /// A whole number from 1 on; it must be given where there is no default.
    Count { default: Option<usize> },
    /// A whole number for each of so many axes, one for all or `(3, 5)`.
    Each(Each),
    /// Sizes of axes, as many as are written.
    Sizes,
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
            Kind::SizeIn | Kind::SizeOut | Kind::Number { .. } | Kind::Count { .. } => true,
            Kind::Each(_) | Kind::Sizes => true,
            Kind::Flag { .. } | Kind::Word(_) => false,
        }
    }

    /// Whether an argument must be given.
    pub fn is_required(self) -> bool {
        match self {
            Kind::SizeIn | Kind::SizeOut | Kind::Sizes => true,
            Kind::Each(each) => each.default == Default::Required,
            Kind::Count { default } => default.is_none(),
            Kind::Number { default, .. } => default.is_nan(),
            Kind::Flag { .. } | Kind::Word(_) => false,
        }
    }
}

const fn size_in(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::SizeIn,
    }
}

const fn number(name: &'static str, default: f64, range: Range) -> Parameter {
    Parameter {
        name,
        kind: Kind::Number { default, range },
    }
}

const fn flag(name: &'static str, default: bool) -> Parameter {
    Parameter {
        name,
        kind: Kind::Flag { default },
    }
}

const fn size_out(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::SizeOut,
    }
}

const fn each(name: &'static str, axes: usize, default: Default, least: usize) -> Parameter {
    let word = None;
    Parameter {
        name,
        kind: Kind::Each(Each {
            axes,
            default,
            least,
            word,
        }),
    }
}

const fn kernel(axes: usize) -> Parameter {
    each("kernel_size", axes, Default::Required, 1)
}

const fn stride(axes: usize, default: Default) -> Parameter {
    each("stride", axes, default, 1)
}

const fn padding(axes: usize, word: Option<&'static str>) -> Parameter {
    Parameter {
        name: "padding",
        kind: Kind::Each(Each {
            axes,
            default: Default::Number(0),
            least: 0,
            word,
        }),
    }
}

const fn dilation(axes: usize) -> Parameter {
    each("dilation", axes, Default::Number(1), 1)
}

/// `(in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)`.
const fn conv(axes: usize) -> [Parameter; 8] {
    [
        size_in("in_channels"),
        size_out("out_channels"),
        kernel(axes),
        stride(axes, Default::Number(1)),
        padding(axes, Some("same")),
        dilation(axes),
        Parameter {
            name: "groups",
            kind: Kind::Count { default: Some(1) },
        },
        flag("bias", true),
    ]
}

/// `(kernel_size, stride = kernel_size, padding = 0, dilation = 1, ceil_mode = false)`.
const fn max_pool(axes: usize) -> [Parameter; 5] {
    [
        kernel(axes),
        stride(axes, Default::Kernel),
        padding(axes, None),
        dilation(axes),
        flag("ceil_mode", false),
    ]
}

/// `(kernel_size, stride = kernel_size, padding = 0, ceil_mode = false, count_include_pad = true)`.
const fn avg_pool(axes: usize) -> [Parameter; 5] {
    [
        kernel(axes),
        stride(axes, Default::Kernel),
        padding(axes, None),
        flag("ceil_mode", false),
        flag("count_include_pad", true),
    ]
}

/// `(num_features, eps = 1e-5, momentum = 0.1, affine = true)`.
const BATCH_NORM: &[Parameter] = &[
    size_in("num_features"),
    number("eps", 1e-5, Range::Positive),
    number("momentum", 0.1, Range::Any),
    flag("affine", true),
];

/// `(num_features, eps = 1e-5, affine = false)`.
const INSTANCE_NORM: &[Parameter] = &[
    size_in("num_features"),
    number("eps", 1e-5, Range::Positive),
    flag("affine", false),
];

/// `(output_size)`.
const fn adaptive(axes: usize) -> [Parameter; 1] {
    [each("output_size", axes, Default::Required, 1)]
}

/// `(in_channels, out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1)`.
const fn conv_transpose(axes: usize) -> [Parameter; 9] {
    [
        size_in("in_channels"),
        size_out("out_channels"),
        kernel(axes),
        stride(axes, Default::Number(1)),
        padding(axes, None),
        each("output_padding", axes, Default::Number(0), 0),
        Parameter {
            name: "groups",
            kind: Kind::Count { default: Some(1) },
        },
        flag("bias", true),
        dilation(axes),
    ]
}

/// A whole number that must be given.
const fn count(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Count { default: None },
    }
}

/// A number that must be given.
const fn required(name: &'static str) -> Parameter {
    number(name, f64::NAN, Range::Any)
}

const fn layer(name: &'static str, type_name: &'static str, parameters: &'static [Parameter]) -> Signature {
    Signature {
        name,
        type_name,
        parameters,
    }
}

/// Every layer.
pub const LAYERS: &[Signature] = &[
    layer(
        "linear",
        "Linear",
        &[size_in("in_features"), size_out("out_features"), flag("bias", true)],
    ),
    layer("relu", "Relu", &[]),
    layer("leaky_relu", "LeakyRelu", &[number("slope", 0.01, Range::Any)]),
    layer("tanh", "Tanh", &[]),
    layer("sigmoid", "Sigmoid", &[]),
    layer(
        "gelu",
        "Gelu",
        &[Parameter {
            name: "approximate",
            kind: Kind::Word(&["none", "tanh"]),
        }],
    ),
    layer("silu", "Silu", &[]),
    layer("elu", "Elu", &[number("alpha", 1.0, Range::Any)]),
    layer(
        "softplus",
        "Softplus",
        &[
            number("beta", 1.0, Range::Positive),
            number("threshold", 20.0, Range::Any),
        ],
    ),
    layer("softmax", "Softmax", &[]),
    layer("log_softmax", "LogSoftmax", &[]),
    layer(
        "layer_norm",
        "LayerNorm",
        &[size_in("features"), number("eps", 1e-5, Range::Positive)],
    ),
    layer("dropout", "Dropout", &[number("p", 0.5, Range::Probability)]),
    layer("flatten", "Flatten", &[]),
    layer(
        "reshape",
        "Reshape",
        &[Parameter {
            name: "sizes",
            kind: Kind::Sizes,
        }],
    ),
    layer("identity", "Identity", &[]),
    layer("conv1d", "Conv1d", &conv(1)),
    layer("conv2d", "Conv2d", &conv(2)),
    layer("conv3d", "Conv3d", &conv(3)),
    layer("batch_norm1d", "BatchNorm1d", BATCH_NORM),
    layer("batch_norm2d", "BatchNorm2d", BATCH_NORM),
    layer("batch_norm3d", "BatchNorm3d", BATCH_NORM),
    layer(
        "group_norm",
        "GroupNorm",
        &[
            Parameter {
                name: "num_groups",
                kind: Kind::Count { default: None },
            },
            size_in("num_channels"),
            number("eps", 1e-5, Range::Positive),
            flag("affine", true),
        ],
    ),
    layer("instance_norm1d", "InstanceNorm1d", INSTANCE_NORM),
    layer("instance_norm2d", "InstanceNorm2d", INSTANCE_NORM),
    layer("instance_norm3d", "InstanceNorm3d", INSTANCE_NORM),
    layer(
        "rms_norm",
        "RmsNorm",
        &[
            size_in("features"),
            number("eps", 0.0, Range::FromZero),
            flag("affine", true),
        ],
    ),
    layer("max_pool1d", "MaxPool1d", &max_pool(1)),
    layer("max_pool2d", "MaxPool2d", &max_pool(2)),
    layer("max_pool3d", "MaxPool3d", &max_pool(3)),
    layer("avg_pool1d", "AvgPool1d", &avg_pool(1)),
    layer("avg_pool2d", "AvgPool2d", &avg_pool(2)),
    layer("avg_pool3d", "AvgPool3d", &avg_pool(3)),
    layer("adaptive_avg_pool1d", "AdaptiveAvgPool1d", &adaptive(1)),
    layer("adaptive_avg_pool2d", "AdaptiveAvgPool2d", &adaptive(2)),
    layer("adaptive_avg_pool3d", "AdaptiveAvgPool3d", &adaptive(3)),
    layer("adaptive_max_pool1d", "AdaptiveMaxPool1d", &adaptive(1)),
    layer("adaptive_max_pool2d", "AdaptiveMaxPool2d", &adaptive(2)),
    layer("adaptive_max_pool3d", "AdaptiveMaxPool3d", &adaptive(3)),
    layer(
        "hardtanh",
        "Hardtanh",
        &[number("min_val", -1.0, Range::Any), number("max_val", 1.0, Range::Any)],
    ),
    layer("relu6", "Relu6", &[]),
    layer("hardsigmoid", "Hardsigmoid", &[]),
    layer("hardswish", "Hardswish", &[]),
    layer("selu", "Selu", &[]),
    layer("celu", "Celu", &[number("alpha", 1.0, Range::Positive)]),
    layer("mish", "Mish", &[]),
    layer("softsign", "Softsign", &[]),
    layer("tanhshrink", "Tanhshrink", &[]),
    layer("softshrink", "Softshrink", &[number("lambda", 0.5, Range::FromZero)]),
    layer("hardshrink", "Hardshrink", &[number("lambda", 0.5, Range::FromZero)]),
    layer("log_sigmoid", "LogSigmoid", &[]),
    layer("threshold", "Threshold", &[required("threshold"), required("value")]),
    layer("conv_transpose1d", "ConvTranspose1d", &conv_transpose(1)),
    layer("conv_transpose2d", "ConvTranspose2d", &conv_transpose(2)),
    layer("conv_transpose3d", "ConvTranspose3d", &conv_transpose(3)),
    layer("pixel_shuffle", "PixelShuffle", &[count("upscale_factor")]),
    layer(
        "upsample",
        "Upsample",
        &[
            count("scale"),
            Parameter {
                name: "mode",
                kind: Kind::Word(&["nearest"]),
            },
        ],
    ),
    layer("zero_pad2d", "ZeroPad2d", &[each("padding", 4, Default::Required, 0)]),
    layer(
        "constant_pad2d",
        "ConstantPad2d",
        &[each("padding", 4, Default::Required, 0), required("value")],
    ),
    layer(
        "permute",
        "Permute",
        &[Parameter {
            name: "axes",
            kind: Kind::Sizes,
        }],
    ),
    layer("attention", "Attention", &[count("heads"), flag("causal", false)]),
    // Known, so that their message can say why they cannot stand in a model.
    layer("argmax", "ArgMax", &[]),
    layer("sign", "Sign", &[]),
];

impl Signature {
    /// The layer called so in either way.
    pub fn of(name: &str) -> &'static Signature {
        let found = Signature::of_call(name).or_else(|| Signature::of_type(name));
        found.unwrap_or_else(|| unreachable!("check/arguments.rs: `{name}` is no layer"))
    }

    /// The layer called so in a chain.
    pub fn of_call(name: &str) -> Option<&'static Signature> {
        LAYERS.iter().find(|layer| layer.name == name)
    }

    /// The layer whose type is called so.
    pub fn of_type(name: &str) -> Option<&'static Signature> {
        LAYERS.iter().find(|layer| layer.type_name == name)
    }

    /// Whether a gradient passes through the layer.
    pub fn has_gradient(&self) -> bool {
        !matches!(self.name, "argmax" | "sign")
    }

    /// Whether the layer has something to learn: those that have are made for a size.
    pub fn has_parameters(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.kind == Kind::SizeIn)
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
    fn the_text_shows_defaults() {
        let text = |name| Signature::of_call(name).unwrap().text();
        assert_eq!(text("linear"), "linear(in_features, out_features, bias = true)");
        assert_eq!(text("layer_norm"), "layer_norm(features, eps = 1e-5)");
        assert_eq!(text("relu"), "relu");
        assert_eq!(text("adaptive_avg_pool2d"), "adaptive_avg_pool2d(output_size)");
        assert_eq!(
            text("max_pool2d"),
            "max_pool2d(kernel_size, stride = kernel_size, padding = 0, dilation = 1, ceil_mode = false)"
        );
    }
}
