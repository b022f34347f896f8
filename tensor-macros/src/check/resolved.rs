//! What a layer is, in terms of operations.

use super::leaves::tidy;
use proc_macro2::Span;
use syn::Path;
use tensor_ops::primitive::{Border, Cell, Conv, Windows};
use tensor_ops::{Binary, Poly, Primitive, Reduce, Shape, Unary};

/// A layer whose name and arguments are understood.
#[derive(Clone)]
pub enum Resolved {
    /// `linear(inputs, outputs, bias)`.
    Linear {
        inputs: Wanted,
        outputs: Option<Poly>,
        bias: bool,
        transposed: bool,
    },
    /// `layer_norm(features, eps)`.
    LayerNorm { features: Wanted, eps: f64 },
    /// `embedding(num, features, padding_idx)`.
    Embedding {
        num: Option<Poly>,
        features: Option<Poly>,
        padding: Option<usize>,
    },
    /// An activation, or dropout, whose stream is given when the model is lowered.
    Elementwise(Unary),
    /// `softmax`.
    Softmax,
    /// `log_softmax`.
    LogSoftmax,
    /// `flatten`.
    Flatten,
    /// `reshape(sizes..)`, the sizes of one sample.
    Reshape(Vec<Poly>, Span),
    /// `identity`.
    Identity,
    /// An operation over blocks of several axes: `conv2d(..)`.
    Block(Box<Block>),
    /// `a + b` in a forward.
    Binary(Binary),
    /// Several operations: `softmax(axis = 1)`.
    Composed(Box<Composed>),
    /// One of those.
    Inner(Box<Inner>),
    /// `parameter(256, 384)`: a value by itself, its sizes without the batch.
    Parameter(Vec<Poly>),
    /// `buffer(256, 384)`: likewise, and nobody trains it.
    Buffer(Vec<Poly>),
    /// Another model.
    Model(ModelType),
    /// Not understood, and told.
    Broken,
}

impl Resolved {
    /// Whether it has something to learn.
    pub fn has_parameters(&self) -> bool {
        match self {
            Resolved::Linear { .. } | Resolved::LayerNorm { .. } => true,
            Resolved::Parameter(_) | Resolved::Buffer(_) | Resolved::Model(_) | Resolved::Embedding { .. } => true,
            Resolved::Elementwise(_) | Resolved::Softmax | Resolved::LogSoftmax => false,
            Resolved::Flatten | Resolved::Reshape(..) | Resolved::Identity | Resolved::Binary(_) => false,
            Resolved::Broken | Resolved::Inner(_) => false,
            Resolved::Composed(composed) => composed.takes.is_some(),
            // Its part has sizes, even where it learns nothing.
            Resolved::Block(block) => block.takes.is_some() || !block.primitive.parameters().is_empty(),
        }
    }
}

/// Another model, with the sizes that it was given.
#[derive(Clone)]
pub struct ModelType {
    /// Without what stands in angle brackets.
    pub path: Path,
    /// What stands in them; nothing if there are none.
    pub sizes: Option<Vec<Poly>>,
}

impl ModelType {
    /// `Block<64, 4 * D>`.
    pub fn text(&self) -> String {
        self.text_with(&Poly::to_string)
    }

    /// The same with sizes spelled in some way.
    pub fn text_with(&self, spell: &dyn Fn(&Poly) -> String) -> String {
        let path = tidy(&self.path);
        match &self.sizes {
            Some(sizes) => {
                let sizes: Vec<String> = sizes.iter().map(spell).collect();
                format!("{path}<{}>", sizes.join(", "))
            }
            None => path,
        }
    }
}

/// A layer that is a primitive.
#[derive(Clone)]
pub struct Block {
    /// Which, with its options.
    pub primitive: Primitive,
    /// The channels or features it is made for, if it is.
    pub takes: Option<Wanted>,
    /// Those it makes, if that is said.
    pub makes: Option<Poly>,
    /// Where each of its arguments is.
    pub arguments: Vec<(&'static str, Span)>,
}

impl Block {
    /// The input with the size that it is made for.
    pub fn expected(&self, input: &Shape) -> Shape {
        let mut axes = input.axes().to_vec();
        if let Some(size) = self.takes.as_ref().and_then(|wanted| wanted.size.clone()) {
            axes[self.primitive.features().axis(input)] = size;
        }
        Shape::new(axes)
    }

    /// The shapes of its parameters, for an input of this shape.
    pub fn shapes(&self, input: &Shape) -> Vec<Shape> {
        self.primitive
            .parameter_shapes(&[&self.expected(input)], self.makes.as_ref())
            .unwrap_or_else(|misfit| unreachable!("check/blocks.rs: {misfit}"))
    }
}

/// A layer that is several operations over what one part holds, with what it is given.
#[derive(Clone)]
pub struct Composed {
    /// Its name in a chain.
    pub name: &'static str,
    /// What it does.
    pub of: Composition,
    /// The features that it is made for, if it is.
    pub takes: Option<Wanted>,
    /// Those it makes, if that is said.
    pub makes: Option<Poly>,
    /// What else is written, in the order of the signature.
    pub options: Vec<String>,
    /// Where each of its arguments is.
    pub arguments: Vec<(&'static str, Span)>,
}

/// What it does.
#[derive(Clone)]
pub enum Composition {
    /// `exp(x) / sum(exp(x))` along an axis.
    Softmax {
        axis: i64,
        /// Its logarithm.
        log: bool,
        /// Of `-x`.
        negated: bool,
    },
    /// The softmax along the channels of images.
    Softmax2d,
    /// `a sigmoid(b)` of the two halves of an axis. Dauphin et al., *Language Modeling with Gated Convolutional Networks*, 2016.
    Glu { axis: i64 },
    /// One number for all along an axis.
    Along { op: Reduce, axis: i64, keep: bool },
    /// What is at one place of an axis.
    Select { axis: i64, index: i64 },
    /// Two axes in each other's place.
    Transpose { axes: [i64; 2] },
    /// The channels of groups in turns. Zhang et al., *ShuffleNet*, 2017.
    ChannelShuffle { groups: u64 },
    /// Places that become channels.
    PixelUnshuffle { factor: u64 },
    /// Some axes as one.
    Flatten { start: i64, end: i64 },
    /// An axis as several.
    Unflatten { axis: i64, sizes: Vec<Poly> },
    /// All steps of layers one above the other.
    Recurrent(Stack),
    /// One step of such a layer.
    Cell { cell: Cell, bias: bool },
    /// Attention of queries, keys and values that come.
    Attention(Heads),
    /// Attention with its products.
    MultiHead(Heads),
    /// Attention and a net at each place.
    Encoder(Box<Encoder>),
    /// Attention, attention to another sequence, and a net at each place.
    Decoder(Box<Encoder>),
    /// Whole channels dropped. Tompson et al., *Efficient Object Localization Using Convolutional Networks*, 2015.
    Dropout { p: f64, rank: usize },
    /// Elements, or whole channels, that become where SELU ends, so that mean and variance stay. Klambauer et al., *Self-Normalizing Neural
    /// Networks*, 2017.
    AlphaDropout { p: f64, channels: bool },
    /// `x`, below 0 times a slope that is drawn for each element in training, and else the mean of all. Xu et al., *Empirical Evaluation of
    /// Rectified Activations in Convolutional Network*, 2015.
    Rrelu { lower: f64, upper: f64 },
    /// A convolution of what has a border.
    Bordered { conv: Conv, border: Border },
    /// `(sum of x^p)^(1/p)` over windows.
    PowerPool { p: f64, windows: Windows, ceil: bool },
    /// `x / (k + alpha * mean of x^2 over neighbouring channels)^beta`. Krizhevsky et al., *ImageNet Classification with Deep Convolutional
    /// Neural Networks*, 2012.
    ResponseNorm { size: usize, alpha: f64, beta: f64, k: f64 },
}

/// What a recurrent layer is given.
#[derive(Clone, Copy)]
pub struct Stack {
    pub cell: Cell,
    pub layers: usize,
    pub bias: bool,
    /// Between layers.
    pub dropout: f64,
    pub both: bool,
}

impl Stack {
    /// How many states there are: one for each layer and direction.
    pub fn lanes(&self) -> usize {
        self.layers * (1 + usize::from(self.both))
    }
}

/// What attention is given.
#[derive(Clone, Copy)]
pub struct Heads {
    pub heads: usize,
    pub causal: bool,
}

/// What a layer of an encoder, or of a decoder, is given.
#[derive(Clone)]
pub struct Encoder {
    pub heads: Heads,
    /// The width of the net at each place.
    pub inner: Poly,
    pub dropout: f64,
    pub activation: Unary,
    pub eps: f64,
    /// Norms before what is added, not behind the sums.
    pub norm_first: bool,
}

/// An operation of a composed layer, where it runs.
#[derive(Clone)]
pub struct Inner {
    /// What it does.
    pub of: Resolved,
    /// The part that it is in.
    pub leaf: usize,
    /// Which of the part's parameters it reads.
    pub parameters: Vec<usize>,
    /// Whether it is nothing outside of training.
    pub trains: bool,
}

/// The size that a layer is made for.
#[derive(Clone)]
pub struct Wanted {
    /// Nothing if it is `_`, or not understood, which is told.
    pub size: Option<Poly>,
    /// Whether it is `_`.
    pub is_inferred: bool,
    /// The argument.
    pub span: Span,
}
