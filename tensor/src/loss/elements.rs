//! Losses of elements with a target each, over the tape.

use super::{Prediction, same_sizes};
use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, LogitsOptions, PoissonOptions, Reduction};
use crate::shape::Dynamic;
use crate::tensors::Tensor;

macro_rules! of_elements {
    ($($(#[$doc:meta])* $name:ident => $Loss:ident, $x:literal $y:literal => $loss:literal;)*) => {
        /// Which of them.
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        pub enum OfElements {
            $($Loss,)*
        }

        impl OfElements {
            fn name(self) -> &'static str {
                match self {
                    $(Self::$Loss => stringify!($name),)*
                }
            }
        }

        $(
            $(#[$doc])*
            #[doc = concat!("The mean over all elements; with options it is [`functional::", stringify!($name), "`](crate::functional::", stringify!($name), ").")]
            ///
            /// ```
            #[doc = concat!("use tensor::loss::", stringify!($name), ";")]
            /// use tensor::prelude::*;
            #[doc = concat!("let loss = ", stringify!($name), "(&tensor!", $x, ", &tensor!", $y, ");")]
            #[doc = concat!("tensor::testing::assert_close(&loss, &Tensor::scalar(", $loss, "));")]
            #[doc = concat!("let step = net!(linear(2, 1) >> sigmoid).compile(", stringify!($name), ", Sgd::new(0.1));")]
            /// ```
            pub fn $name<P: Prediction>(prediction: &P, target: &P::Target) -> P::Loss {
                prediction.of_elements(target, OfElements::$Loss)
            }
        )*
    };
}

of_elements! {
    /// `|x - y|`.
    l1_loss => L1, "[1., 5.]" "[0., 2.]" => "2.";
    /// `(x - y)^2 / 2` where `|x - y|` is below 1, `|x - y| - 1/2` elsewhere.
    smooth_l1_loss => SmoothL1, "[1., 2.]" "[1.5, 4.]" => "0.8125";
    /// `(x - y)^2 / 2` where `|x - y|` is below 1, `|x - y| - 1/2` elsewhere. With another bound it differs from [`smooth_l1_loss`] by a factor.
    huber_loss => Huber, "[1., 2.]" "[1.5, 4.]" => "0.8125";
    /// `-y log x - (1 - y) log(1 - x)` of probabilities, which the last layer makes: a `sigmoid`.
    binary_cross_entropy => BinaryCrossEntropy, "[0.5, 0.5]" "[0., 1.]" => "0.6931472";
    /// [`binary_cross_entropy`] of what a sigmoid makes of `x`, without overflow.
    binary_cross_entropy_with_logits => BinaryCrossEntropyWithLogits, "[0., 0.]" "[0., 1.]" => "0.6931472";
    /// `y (log y - x)`, of logarithms `x` and probabilities `y`.
    kl_div => KlDiv, "[-1., -1.]" "[0., 1.]" => "0.5";
    /// `exp(x) - y x`, of logarithms `x` of rates and counts `y`.
    poisson_nll_loss => PoissonNll, "[0., 0.]" "[1., 2.]" => "1.";
    /// `log(1 + exp(-y x))`, with targets of 1 and -1.
    soft_margin_loss => SoftMargin, "[0., 0.]" "[1., -1.]" => "0.6931472";
    /// `x` where the target is 1, `max(0, 1 - x)` where it is -1.
    hinge_embedding_loss => HingeEmbedding, "[1., 0.5]" "[1., -1.]" => "0.75";
    /// [`binary_cross_entropy_with_logits`], its mean over the classes of each row first.
    multilabel_soft_margin_loss => MultiLabelSoftMargin, "[[0., 0.]]" "[[1., 0.]]" => "0.6931472";
}

impl OfElements {
    pub(crate) fn of<T: Float>(self, x: &Tensor<Dynamic, T>, y: &Tensor<Dynamic, T>) -> Result<Tensor<Dynamic, T>> {
        const MEAN: Reduction = Reduction::Mean;
        same_sizes(self.name(), x.sizes(), y.sizes())?;
        match self {
            Self::L1 => functional::l1_loss(x, y, MEAN),
            Self::SmoothL1 => functional::smooth_l1_loss(x, y, 1.0, MEAN),
            Self::Huber => functional::huber_loss(x, y, 1.0, MEAN),
            Self::BinaryCrossEntropy => functional::binary_cross_entropy(x, y, None, MEAN),
            Self::BinaryCrossEntropyWithLogits => {
                functional::binary_cross_entropy_with_logits(x, y, LogitsOptions::default())
            }
            Self::KlDiv => functional::kl_div(x, y, false, MEAN),
            Self::PoissonNll => functional::poisson_nll_loss(x, y, PoissonOptions::default()),
            Self::SoftMargin => functional::soft_margin_loss(x, y, MEAN),
            Self::HingeEmbedding => functional::hinge_embedding_loss(x, y, 1.0, MEAN),
            Self::MultiLabelSoftMargin => functional::multilabel_soft_margin_loss(x, y, None, MEAN),
        }
    }
}
