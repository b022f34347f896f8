//! The table of layers. Names and defaults are PyTorch's.

use super::{Default, Each, Kind, Parameter, Range, Signature};

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

const NUM_LAYERS: Parameter = Parameter {
    name: "num_layers",
    kind: Kind::Count { default: Some(1) },
};

/// `(input_size, hidden_size, num_layers = 1, bias = true, dropout = 0.0, bidirectional = false)`.
const RECURRENT: &[Parameter] = &[
    size_in("input_size"),
    size_out("hidden_size"),
    NUM_LAYERS,
    flag("bias", true),
    number("dropout", 0.0, Range::Probability),
    flag("bidirectional", false),
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

/// The number of an axis.
const fn axis(name: &'static str, default: i64) -> Parameter {
    let default = Some(default);
    Parameter {
        name,
        kind: Kind::Axis { default },
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
    layer("softmax", "Softmax", &[axis("axis", -1)]),
    layer("log_softmax", "LogSoftmax", &[axis("axis", -1)]),
    layer("softmin", "Softmin", &[axis("axis", -1)]),
    layer("softmax2d", "Softmax2d", &[]),
    layer("glu", "Glu", &[axis("axis", -1)]),
    layer(
        "layer_norm",
        "LayerNorm",
        &[size_in("features"), number("eps", 1e-5, Range::Positive)],
    ),
    layer("dropout", "Dropout", &[number("p", 0.5, Range::Probability)]),
    layer("flatten", "Flatten", &[axis("start", 1), axis("end", -1)]),
    layer(
        "unflatten",
        "Unflatten",
        &[
            Parameter {
                name: "axis",
                kind: Kind::Axis { default: None },
            },
            Parameter {
                name: "sizes",
                kind: Kind::Tuple,
            },
        ],
    ),
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
    layer("pixel_unshuffle", "PixelUnshuffle", &[count("downscale_factor")]),
    layer("channel_shuffle", "ChannelShuffle", &[count("groups")]),
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
    layer(
        "multi_head_attention",
        "MultiHeadAttention",
        &[size_in("embed_dim"), count("num_heads"), flag("causal", false)],
    ),
    layer(
        "transformer_encoder_layer",
        "TransformerEncoderLayer",
        &[
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
        ],
    ),
    layer(
        "rnn",
        "Rnn",
        &[
            size_in("input_size"),
            size_out("hidden_size"),
            NUM_LAYERS,
            Parameter {
                name: "nonlinearity",
                kind: Kind::Word(&["tanh", "relu"]),
            },
            flag("bias", true),
            number("dropout", 0.0, Range::Probability),
            flag("bidirectional", false),
        ],
    ),
    layer("lstm", "Lstm", RECURRENT),
    layer("gru", "Gru", RECURRENT),
    layer("attention", "Attention", &[count("heads"), flag("causal", false)]),
    // Known, so that their message can say why they cannot stand in a model.
    layer("argmax", "ArgMax", &[]),
    layer("sign", "Sign", &[]),
];
