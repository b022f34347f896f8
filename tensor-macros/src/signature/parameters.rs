//! What the layers of the table have in common: parameters, and lists of them.

use super::{Default, Each, Kind, Parameter, Range};

pub(super) const fn size_in(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::SizeIn,
    }
}

pub(super) const fn number(name: &'static str, default: f64, range: Range) -> Parameter {
    Parameter {
        name,
        kind: Kind::Number { default, range },
    }
}

pub(super) const fn flag(name: &'static str, default: bool) -> Parameter {
    Parameter {
        name,
        kind: Kind::Flag { default },
    }
}

pub(super) const fn size_out(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::SizeOut,
    }
}

pub(super) const fn each(name: &'static str, axes: usize, default: Default, least: usize) -> Parameter {
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

pub(super) const fn kernel(axes: usize) -> Parameter {
    each("kernel_size", axes, Default::Required, 1)
}

pub(super) const fn stride(axes: usize, default: Default) -> Parameter {
    each("stride", axes, default, 1)
}

pub(super) const fn padding(axes: usize, word: Option<&'static str>) -> Parameter {
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

pub(super) const fn dilation(axes: usize) -> Parameter {
    each("dilation", axes, Default::Number(1), 1)
}

/// `(in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, padding_mode = zeros)`.
pub(super) const fn conv(axes: usize) -> [Parameter; 9] {
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
        Parameter {
            name: "padding_mode",
            kind: Kind::Word(&["zeros", "reflect", "replicate", "circular"]),
        },
    ]
}

/// `(kernel_size, stride = kernel_size, padding = 0, dilation = 1, ceil_mode = false)`.
pub(super) const fn max_pool(axes: usize) -> [Parameter; 5] {
    [
        kernel(axes),
        stride(axes, Default::Kernel),
        padding(axes, None),
        dilation(axes),
        flag("ceil_mode", false),
    ]
}

/// `(kernel_size, stride = kernel_size, padding = 0, ceil_mode = false, count_include_pad = true)`.
pub(super) const fn avg_pool(axes: usize) -> [Parameter; 5] {
    [
        kernel(axes),
        stride(axes, Default::Kernel),
        padding(axes, None),
        flag("ceil_mode", false),
        flag("count_include_pad", true),
    ]
}

/// `(num_features, eps = 1e-5, momentum = 0.1, affine = true)`.
pub(super) const BATCH_NORM: &[Parameter] = &[
    size_in("num_features"),
    number("eps", 1e-5, Range::Positive),
    number("momentum", 0.1, Range::Any),
    flag("affine", true),
    flag("track_running_stats", true),
];

/// `(num_features, eps = 1e-5, affine = false)`.
pub(super) const INSTANCE_NORM: &[Parameter] = &[
    size_in("num_features"),
    number("eps", 1e-5, Range::Positive),
    flag("affine", false),
];

pub(super) const NUM_LAYERS: Parameter = Parameter {
    name: "num_layers",
    kind: Kind::Count { default: Some(1) },
};

/// `(input_size, hidden_size, num_layers = 1, bias = true, dropout = 0.0, bidirectional = false)`.
pub(super) const RECURRENT: &[Parameter] = &[
    size_in("input_size"),
    size_out("hidden_size"),
    NUM_LAYERS,
    flag("bias", true),
    number("dropout", 0.0, Range::Probability),
    flag("bidirectional", false),
];

/// `(input_size, hidden_size, bias = true)`.
pub(super) const CELL: &[Parameter] = &[size_in("input_size"), size_out("hidden_size"), flag("bias", true)];

/// `(output_size)`.
pub(super) const fn adaptive(axes: usize) -> [Parameter; 1] {
    [each("output_size", axes, Default::Required, 1)]
}

/// `(in_channels, out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1)`.
pub(super) const fn conv_transpose(axes: usize) -> [Parameter; 9] {
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

/// `(padding)`: a number for each side, those of the last axis first.
pub(super) const fn pad(axes: usize) -> [Parameter; 1] {
    [each("padding", 2 * axes, Default::Required, 0)]
}

/// `(padding, value)`.
pub(super) const fn constant_pad(axes: usize) -> [Parameter; 2] {
    [each("padding", 2 * axes, Default::Required, 0), required("value")]
}

/// `(norm_type, kernel_size, stride = kernel_size, ceil_mode = false)`.
pub(super) const fn lp_pool(axes: usize) -> [Parameter; 4] {
    [
        number("norm_type", f64::NAN, Range::Positive),
        kernel(axes),
        stride(axes, Default::Kernel),
        flag("ceil_mode", false),
    ]
}

/// A whole number that must be given.
pub(super) const fn count(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Count { default: None },
    }
}

/// The number of an axis.
pub(super) const fn axis(name: &'static str, default: i64) -> Parameter {
    let default = Some(default);
    Parameter {
        name,
        kind: Kind::Axis { default },
    }
}

/// A number that must be given.
pub(super) const fn required(name: &'static str) -> Parameter {
    number(name, f64::NAN, Range::Any)
}

/// The number of an axis, which must be given.
pub(super) const fn given_axis(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Axis { default: None },
    }
}

/// The number of a place along an axis, which must be given.
pub(super) const fn place(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::Place,
    }
}

/// `(axis, keep = false)`.
pub(super) const REDUCTION: &[Parameter] = &[given_axis("axis"), flag("keep", false)];

/// `(d_model, num_heads, dim_feedforward = 2048, dropout = 0.1, activation = relu, layer_norm_eps = 1e-5, norm_first = false, causal = false)`.
pub(super) const TRANSFORMER: &[Parameter] = &[
    size_in("d_model"),
    count("num_heads"),
    Parameter {
        name: "dim_feedforward",
        kind: Kind::SizeInside { default: Some(2048) },
    },
    number("dropout", 0.1, Range::Probability),
    Parameter {
        name: "activation",
        kind: Kind::Word(&["relu", "gelu"]),
    },
    number("layer_norm_eps", 1e-5, Range::Positive),
    flag("norm_first", false),
    flag("causal", false),
];
