//! The table of layers. Names and defaults are PyTorch's.

use super::parameters::{
    BATCH_NORM, CELL, INSTANCE_NORM, NUM_LAYERS, RECURRENT, REDUCTION, TRANSFORMER, adaptive, avg_pool, axis,
    constant_pad, conv, conv_transpose, count, flag, given_axis, lp_pool, max_pool, number, pad, place, required,
    size_in, size_out,
};
use super::{FUNCTION, Kind, Parameter, Range, Signature};

const fn layer(name: &'static str, type_name: &'static str, parameters: &'static [Parameter]) -> Signature {
    Signature {
        name,
        type_name,
        parameters,
    }
}

/// What is computed of values and has no name as a field's type.
const fn function(name: &'static str, parameters: &'static [Parameter]) -> Signature {
    layer(name, FUNCTION, parameters)
}

/// Every layer.
pub const LAYERS: &[Signature] = &[
    layer(
        "linear",
        "Linear",
        &[
            size_in("in_features"),
            size_out("out_features"),
            flag("bias", true),
            flag("transposed", false),
        ],
    ),
    layer(
        "embedding",
        "Embedding",
        &[
            size_out("num_embeddings"),
            size_out("embedding_dim"),
            Parameter {
                name: "padding_idx",
                kind: Kind::Index,
            },
        ],
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
            Parameter {
                name: "scale",
                kind: Kind::Numbers,
            },
            Parameter {
                name: "size",
                kind: Kind::Numbers,
            },
            Parameter {
                name: "mode",
                kind: Kind::Word(&["nearest", "linear", "bilinear", "bicubic", "trilinear"]),
            },
            flag("align_corners", false),
        ],
    ),
    layer("zero_pad1d", "ZeroPad1d", &pad(1)),
    layer("zero_pad2d", "ZeroPad2d", &pad(2)),
    layer("zero_pad3d", "ZeroPad3d", &pad(3)),
    layer("constant_pad1d", "ConstantPad1d", &constant_pad(1)),
    layer("constant_pad2d", "ConstantPad2d", &constant_pad(2)),
    layer("constant_pad3d", "ConstantPad3d", &constant_pad(3)),
    layer("reflection_pad1d", "ReflectionPad1d", &pad(1)),
    layer("reflection_pad2d", "ReflectionPad2d", &pad(2)),
    layer("reflection_pad3d", "ReflectionPad3d", &pad(3)),
    layer("replication_pad1d", "ReplicationPad1d", &pad(1)),
    layer("replication_pad2d", "ReplicationPad2d", &pad(2)),
    layer("replication_pad3d", "ReplicationPad3d", &pad(3)),
    layer("circular_pad1d", "CircularPad1d", &pad(1)),
    layer("circular_pad2d", "CircularPad2d", &pad(2)),
    layer("circular_pad3d", "CircularPad3d", &pad(3)),
    layer("alpha_dropout", "AlphaDropout", &[number("p", 0.5, Range::Probability)]),
    layer(
        "feature_alpha_dropout",
        "FeatureAlphaDropout",
        &[number("p", 0.5, Range::Probability)],
    ),
    layer(
        "rrelu",
        "Rrelu",
        &[
            number("lower", 0.125, Range::Any),
            number("upper", 1.0 / 3.0, Range::Any),
        ],
    ),
    layer("dropout1d", "Dropout1d", &[number("p", 0.5, Range::Probability)]),
    layer("dropout2d", "Dropout2d", &[number("p", 0.5, Range::Probability)]),
    layer("dropout3d", "Dropout3d", &[number("p", 0.5, Range::Probability)]),
    layer("lp_pool1d", "LpPool1d", &lp_pool(1)),
    layer("lp_pool2d", "LpPool2d", &lp_pool(2)),
    layer("lp_pool3d", "LpPool3d", &lp_pool(3)),
    layer(
        "local_response_norm",
        "LocalResponseNorm",
        &[
            count("size"),
            number("alpha", 1e-4, Range::Any),
            number("beta", 0.75, Range::Any),
            number("k", 1.0, Range::Any),
        ],
    ),
    layer(
        "prelu",
        "Prelu",
        &[
            Parameter {
                name: "num_parameters",
                kind: Kind::Count { default: Some(1) },
            },
            number("init", 0.25, Range::Any),
        ],
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
    layer("transformer_encoder_layer", "TransformerEncoderLayer", TRANSFORMER),
    layer("transformer_decoder_layer", "TransformerDecoderLayer", TRANSFORMER),
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
    layer(
        "rnn_cell",
        "RnnCell",
        &[
            size_in("input_size"),
            size_out("hidden_size"),
            Parameter {
                name: "nonlinearity",
                kind: Kind::Word(&["tanh", "relu"]),
            },
            flag("bias", true),
        ],
    ),
    layer("lstm_cell", "LstmCell", CELL),
    layer("gru_cell", "GruCell", CELL),
    layer("attention", "Attention", &[count("heads"), flag("causal", false)]),
    function("exp", &[]),
    function("log", &[]),
    function("sqrt", &[]),
    function("square", &[]),
    function("abs", &[]),
    function("sin", &[]),
    function("cos", &[]),
    function("erf", &[]),
    function("pow", &[required("exponent")]),
    function("mean", REDUCTION),
    function("sum", REDUCTION),
    function("max", REDUCTION),
    function("min", REDUCTION),
    function("select", &[given_axis("axis"), place("index")]),
    function("transpose", &[given_axis("axis"), given_axis("other")]),
    function("randn_like", &[]),
    function(
        "scaled_dot_product_attention",
        &[
            Parameter {
                name: "num_heads",
                kind: Kind::Count { default: Some(1) },
            },
            flag("causal", false),
        ],
    ),
    // Known, so that their message can say why they cannot stand in a model.
    layer("argmax", "ArgMax", &[]),
    layer("sign", "Sign", &[]),
];
