//! Which primitive a layer is: a line for each.

use super::arguments::Given;
use super::resolved::{Block, Resolved};
use super::variables::Variables;
use crate::errors::with_help;
use crate::signature::Kind;
use syn::spanned::Spanned;
use tensor_ops::Primitive;
use tensor_ops::primitive::{
    Activation, Adaptive, BatchNorm, Border, Conv, ConvTranspose, GroupNorm, Interpolation, Noise, Pad, Permute,
    PixelShuffle, Pool, Prelu, RmsNorm, Takes, Upsample, Windows,
};

impl Given<'_> {
    /// The layer as a primitive with its options.
    pub(super) fn block(&self, variables: &mut Variables) -> Resolved {
        let kinds = || self.signature.parameters.iter().map(|parameter| parameter.kind);
        let takes = kinds().position(|kind| kind == Kind::SizeIn);
        let takes = takes.map(|place| self.wanted(place, variables));
        let out = kinds().position(|kind| kind == Kind::SizeOut);
        let makes = out.and_then(|place| self.size_out(self.values[place]?, variables));
        let primitive = self.primitive(variables);
        if self.is_broken || self.has_wrong_number.get() || out.is_some() && makes.is_none() {
            return Resolved::Broken;
        }
        let arguments = self.signature.parameters.iter().zip(&self.values);
        let arguments = arguments.filter_map(|(parameter, value)| Some((parameter.name, value.as_ref()?.span())));
        Resolved::Block(Box::new(Block {
            primitive,
            takes,
            makes,
            arguments: arguments.collect(),
        }))
    }

    fn primitive(&self, variables: &mut Variables) -> Primitive {
        const MEAN: Takes = Takes::Mean { with_padding: true };
        match self.signature.name {
            "conv1d" => self.conv(1, variables),
            "conv2d" => self.conv(2, variables),
            "conv3d" => self.conv(3, variables),
            "max_pool1d" => self.max_pool(1),
            "max_pool2d" => self.max_pool(2),
            "max_pool3d" => self.max_pool(3),
            "avg_pool1d" => self.avg_pool(1),
            "avg_pool2d" => self.avg_pool(2),
            "avg_pool3d" => self.avg_pool(3),
            "adaptive_avg_pool1d" => self.adaptive(1, MEAN),
            "adaptive_avg_pool2d" => self.adaptive(2, MEAN),
            "adaptive_avg_pool3d" => self.adaptive(3, MEAN),
            "adaptive_max_pool1d" => self.adaptive(1, Takes::Max),
            "adaptive_max_pool2d" => self.adaptive(2, Takes::Max),
            "adaptive_max_pool3d" => self.adaptive(3, Takes::Max),
            "batch_norm1d" => self.batch_norm(1),
            "batch_norm2d" => self.batch_norm(2),
            "batch_norm3d" => self.batch_norm(3),
            "group_norm" => self.group_norm(self.named_count(self.place("num_groups"), variables), 0),
            "instance_norm1d" => self.group_norm(0, 1),
            "instance_norm2d" => self.group_norm(0, 2),
            "instance_norm3d" => self.group_norm(0, 3),
            "rms_norm" => Primitive::RmsNorm(RmsNorm {
                eps: self.number(self.place("eps")),
                affine: self.flag(self.place("affine")),
            }),
            "conv_transpose1d" => self.conv_transpose(1, variables),
            "conv_transpose2d" => self.conv_transpose(2, variables),
            "conv_transpose3d" => self.conv_transpose(3, variables),
            "hardtanh" => Primitive::Activate(Activation::Hardtanh {
                low: self.number(0),
                high: self.number(1),
            }),
            "relu6" => Primitive::Activate(Activation::Hardtanh { low: 0.0, high: 6.0 }),
            "hardsigmoid" => Primitive::Activate(Activation::Hardsigmoid),
            "hardswish" => Primitive::Activate(Activation::Hardswish),
            "selu" => Primitive::Activate(Activation::Selu),
            "celu" => Primitive::Activate(Activation::Celu { alpha: self.number(0) }),
            "mish" => Primitive::Activate(Activation::Mish),
            "softsign" => Primitive::Activate(Activation::Softsign),
            "tanhshrink" => Primitive::Activate(Activation::Tanhshrink),
            "softshrink" => Primitive::Activate(Activation::Softshrink { lambda: self.number(0) }),
            "hardshrink" => Primitive::Activate(Activation::Hardshrink { lambda: self.number(0) }),
            "log_sigmoid" => Primitive::Activate(Activation::LogSigmoid),
            "threshold" => Primitive::Activate(Activation::Threshold {
                threshold: self.number(0),
                value: self.number(1),
            }),
            "pixel_shuffle" => Primitive::PixelShuffle(PixelShuffle { factor: self.count(0) }),
            "upsample" => self.upsample(),
            "prelu" => Primitive::Prelu(Prelu {
                weights: self.count(0),
                init: self.number(1),
            }),
            "zero_pad1d" => self.pad(1, Border::Constant(0.0)),
            "zero_pad2d" => self.pad(2, Border::Constant(0.0)),
            "zero_pad3d" => self.pad(3, Border::Constant(0.0)),
            "constant_pad1d" => self.pad(1, Border::Constant(self.number(self.place("value")))),
            "constant_pad2d" => self.pad(2, Border::Constant(self.number(self.place("value")))),
            "constant_pad3d" => self.pad(3, Border::Constant(self.number(self.place("value")))),
            "reflection_pad1d" => self.pad(1, Border::Reflect),
            "reflection_pad2d" => self.pad(2, Border::Reflect),
            "reflection_pad3d" => self.pad(3, Border::Reflect),
            "replication_pad1d" => self.pad(1, Border::Replicate),
            "replication_pad2d" => self.pad(2, Border::Replicate),
            "replication_pad3d" => self.pad(3, Border::Replicate),
            "circular_pad1d" => self.pad(1, Border::Circular),
            "circular_pad2d" => self.pad(2, Border::Circular),
            "circular_pad3d" => self.pad(3, Border::Circular),
            "permute" => self.permute(),
            "randn_like" => Primitive::Noise(Noise {
                layer: 0,
                uniform: false,
            }),
            name => unreachable!("signature/table.rs has `{name}`, primitives.rs does not"),
        }
    }

    fn batch_norm(&self, rank: usize) -> Primitive {
        Primitive::BatchNorm(BatchNorm {
            rank,
            eps: self.number(self.place("eps")),
            momentum: self.number(self.place("momentum")),
            affine: self.flag(self.place("affine")),
            tracked: self.flag(self.place("track_running_stats")),
        })
    }

    fn group_norm(&self, groups: usize, rank: usize) -> Primitive {
        Primitive::GroupNorm(GroupNorm {
            groups,
            rank,
            eps: self.number(self.place("eps")),
            affine: self.flag(self.place("affine")),
        })
    }

    fn conv(&self, rank: usize, variables: &mut Variables) -> Primitive {
        Primitive::Conv(self.convolution(rank, variables))
    }

    pub(super) fn convolution(&self, rank: usize, variables: &mut Variables) -> Conv {
        Conv {
            windows: self.windows(rank),
            groups: self.named_count(self.place("groups"), variables),
            bias: self.flag(self.place("bias")),
        }
    }

    fn conv_transpose(&self, rank: usize, variables: &mut Variables) -> Primitive {
        let more = self.numbers("output_padding", [0; 3]).unwrap_or([0; 3]);
        Primitive::ConvTranspose(ConvTranspose {
            conv: self.convolution(rank, variables),
            more,
        })
    }

    /// `zero_pad2d((1, 1, 2, 2))`: left, right, top, bottom.
    fn pad(&self, rank: usize, border: Border) -> Primitive {
        let sides = self.sides("padding");
        // The last axis comes first.
        let side = |which: usize| {
            std::array::from_fn(|axis| {
                if axis < rank {
                    sides[2 * (rank - 1 - axis) + which]
                } else {
                    0
                }
            })
        };
        Primitive::Pad(Pad {
            rank,
            before: side(0),
            after: side(1),
            border,
        })
    }

    /// `upsample(2)`, `upsample(size = (32, 48), mode = bilinear)`.
    fn upsample(&self) -> Primitive {
        let scales = self.values[self.place("scale")].is_some();
        let name = if scales { "scale" } else { "size" };
        if scales == self.values[self.place("size")].is_some() && !self.is_broken {
            let message = format!(
                "`upsample` takes a scale or a size, {}",
                if scales { "not both" } else { "none is given" }
            );
            let help = "write `upsample(2)`, or `upsample(size = (32, 32))`";
            self.errors.at_span(self.layer.name.span(), with_help(message, help));
            self.has_wrong_number.set(true);
        }
        let list = self.list(self.place(name));
        let mut numbers = [1; 3];
        numbers.iter_mut().zip(&list).for_each(|(to, number)| *to = *number);
        let align = self.flag(self.place("align_corners"));
        let (how, rank) = match self.word(self.place("mode")) {
            "linear" => (Interpolation::Linear { align }, 1),
            "bilinear" => (Interpolation::Linear { align }, 2),
            "trilinear" => (Interpolation::Linear { align }, 3),
            "bicubic" => (Interpolation::Cubic { align }, 2),
            _ => (Interpolation::Nearest, 0),
        };
        if let (true, Interpolation::Nearest, Some(value)) = (align, how, self.values[self.place("align_corners")]) {
            let help = "remove it, or write another mode";
            self.errors.at(
                value,
                with_help("`align_corners` says nothing to the mode `nearest`", help),
            );
            self.has_wrong_number.set(true);
        }
        Primitive::Upsample(Upsample {
            numbers,
            given: list.len().max(1),
            scales,
            how,
            rank,
        })
    }

    /// `permute(2, 3, 1)`: every axis behind the batch, which is 0, once.
    fn permute(&self) -> Primitive {
        let count = self.rest.len();
        let axes: Vec<usize> = self
            .rest
            .iter()
            .filter_map(|axis| self.whole("axes", axis, 1))
            .collect();
        let twice = (0..axes.len()).find(|&place| axes[place] > count || axes[..place].contains(&axes[place]));
        if let (Some(place), false) = (twice, self.has_wrong_number.get()) {
            let all: Vec<String> = (1..=count).map(|axis| axis.to_string()).collect();
            let message = format!("`permute` names every axis once, and {} does not fit in", axes[place]);
            let help = format!("the batch stays in front; write {} in some order", all.join(", "));
            self.errors.at(self.rest[place], with_help(message, help));
            self.has_wrong_number.set(true);
        }
        let mut order = [0, 1, 2, 3, 4, 5];
        order.iter_mut().skip(1).zip(axes).for_each(|(to, axis)| *to = axis);
        let rank = count + 1;
        Primitive::Permute(Permute { rank, axes: order })
    }

    fn max_pool(&self, rank: usize) -> Primitive {
        Primitive::Pool(Pool {
            takes: Takes::Max,
            windows: self.windows(rank),
            ceil: self.flag(self.place("ceil_mode")),
        })
    }

    fn avg_pool(&self, rank: usize) -> Primitive {
        let with_padding = self.flag(self.place("count_include_pad"));
        Primitive::Pool(Pool {
            takes: Takes::Mean { with_padding },
            windows: self.windows(rank),
            ceil: self.flag(self.place("ceil_mode")),
        })
    }

    fn adaptive(&self, rank: usize, takes: Takes) -> Primitive {
        let sizes = self.numbers("output_size", [1; 3]).unwrap_or([1; 3]);
        Primitive::AdaptivePool(Adaptive { takes, rank, sizes })
    }

    /// `kernel_size`, `stride`, `padding` and, where the layer has it, `dilation`.
    pub(super) fn windows(&self, rank: usize) -> Windows {
        let size = self.numbers("kernel_size", [1; 3]).unwrap_or([1; 3]);
        let mut windows = Windows::of(&size[..rank]);
        windows.stride = self.numbers("stride", size).unwrap_or([1; 3]);
        if self.has("dilation") {
            windows.dilation = self.numbers("dilation", size).unwrap_or([1; 3]);
        }
        if !self.has("padding") {
            return windows;
        }
        match self.numbers("padding", size) {
            Some(zeros) => {
                (windows.before, windows.after) = (zeros, zeros);
                windows
            }
            None => {
                self.check_same(&windows);
                windows.same()
            }
        }
    }

    /// `stride = 2, padding = same`: no zeros around keep the size.
    fn check_same(&self, windows: &Windows) {
        if windows.stride != [1; 3]
            && let Some(value) = self.values[self.place("padding")]
        {
            let message = "`padding = same` needs a stride of 1";
            let zeros = (windows.span(0) - 1) / 2;
            self.errors
                .at(value, with_help(message, format!("write `padding = {zeros}`")));
            self.has_wrong_number.set(true);
        }
    }

    fn numbers(&self, name: &str, kernel: [usize; 3]) -> Option<[usize; 3]> {
        self.each(self.place(name), kernel)
    }

    fn has(&self, name: &str) -> bool {
        self.signature.parameters.iter().any(|parameter| parameter.name == name)
    }

    pub(super) fn place(&self, name: &str) -> usize {
        let mut parameters = self.signature.parameters.iter();
        let place = parameters.position(|parameter| parameter.name == name);
        place.unwrap_or_else(|| unreachable!("signature/table.rs: `{}` has `{name}`", self.signature.name))
    }
}
