//! Losses of three tensors and more.

use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, CtcOptions, GaussianOptions, Reduction, TripletOptions};
use crate::nn::dynamic::members;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

macro_rules! losses {
    ($($(#[$doc:meta])* $Name:ident { $($(#[$field_doc:meta])* $field:ident: $Type:ty = $default:expr),* } |$this:ident, $a:ident, $b:ident, $c:ident| $loss:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct $Name {
                $($(#[$field_doc])* pub $field: $Type,)*
            }

            impl Default for $Name {
                fn default() -> Self {
                    Self { $($field: $default),* }
                }
            }

            members!($Name {});

            impl $Name {
                /// The loss, recorded for `backward`.
                ///
                /// # Errors
                /// Where the sizes differ, or an option is not what it must be.
                pub fn forward<T: Float>(
                    &self,
                    $a: &Tensor<Dynamic, T>,
                    $b: &Tensor<Dynamic, T>,
                    $c: &Tensor<Dynamic, T>,
                ) -> Result<Tensor<Dynamic, T>> {
                    let $this = self;
                    $loss
                }
            }
        )*
    };
}

losses! {
    /// `1 - cos(input1, input2)` where the target is 1, `max(0, cos(input1, input2) - margin)` where it is -1.
    ///
    /// ```
    /// use tensor::dynamic::CosineEmbeddingLoss;
    /// use tensor::prelude::*;
    /// let x = Tensor::<Dynamic>::ones_of(&[2, 3])?;
    /// let target = Tensor::<Dynamic>::from_vec(vec![1., -1.], &[2])?;
    /// assert!((CosineEmbeddingLoss::default().forward(&x, &x, &target)?.item()? - 0.5).abs() < 1e-6);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    CosineEmbeddingLoss {
        /// How alike what is unlike may be. 0.
        margin: f64 = 0.0,
        /// What becomes of the losses. Their mean.
        reduction: Reduction = Reduction::Mean
    } |this, input1, input2, target| functional::cosine_embedding_loss(input1, input2, target, this.margin, this.reduction);
    /// `max(0, margin - target (input1 - input2))`: the first shall be larger where the target is 1, the second where it is -1.
    ///
    /// ```
    /// use tensor::dynamic::MarginRankingLoss;
    /// use tensor::prelude::*;
    /// let [a, b, target] = [[1., 2.], [3., 1.], [1., 1.]].map(|row| Tensor::<Dynamic>::from_slice(&row, &[2]));
    /// assert_eq!(MarginRankingLoss::default().forward(&a?, &b?, &target?)?.item()?, 1.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    MarginRankingLoss {
        /// By how much. 0.
        margin: f64 = 0.0,
        /// What becomes of the losses. Their mean.
        reduction: Reduction = Reduction::Mean
    } |this, input1, input2, target| functional::margin_ranking_loss(input1, input2, target, this.margin, this.reduction);
    /// `max(0, d(anchor, positive) - d(anchor, negative) + margin)`, with distances in a norm.
    ///
    /// Balntas et al., *Learning Shallow Convolutional Feature Descriptors with Triplet Losses*, 2016.
    ///
    /// ```
    /// use tensor::dynamic::TripletMarginLoss;
    /// use tensor::prelude::*;
    /// let [anchor, far] = [0., 3.].map(|number| Tensor::<Dynamic>::full_of(number, &[1, 1]));
    /// let (anchor, far) = (anchor?, far?);
    /// assert!(TripletMarginLoss::default().forward(&anchor, &anchor, &far)?.item()? < 1e-5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    TripletMarginLoss {
        /// How much nearer the positive shall be. 1.
        margin: f64 = 1.0,
        /// The norm. 2.
        p: f64 = 2.0,
        /// What is added to differences. 1e-6.
        eps: f64 = 1e-6,
        /// Whether the distance of positive and negative counts, where it is the smaller one. No.
        swap: bool = false,
        /// What becomes of the losses. Their mean.
        reduction: Reduction = Reduction::Mean
    } |this, anchor, positive, negative| {
        let options = TripletOptions {
            margin: this.margin,
            p: this.p,
            eps: this.eps,
            swap: this.swap,
            reduction: this.reduction,
        };
        functional::triplet_margin_loss(anchor, positive, negative, options)
    };
    /// `(log(variance) + (input - target)^2 / variance) / 2`: how unlikely a target is for a normal distribution. PyTorch's
    /// `GaussianNLLLoss`.
    ///
    /// Nix, Weigend, *Estimating the Mean and Variance of the Target Probability Distribution*, 1994.
    ///
    /// ```
    /// use tensor::dynamic::GaussianNllLoss;
    /// use tensor::prelude::*;
    /// let [input, target, variance] = [0., 2., 1.].map(|number| Tensor::<Dynamic>::full_of(number, &[3]));
    /// assert_eq!(GaussianNllLoss::default().forward(&input?, &target?, &variance?)?.item()?, 2.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    GaussianNllLoss {
        /// Whether the constant `log(2 pi) / 2` is added. No.
        full: bool = false,
        /// The least variance. 1e-6.
        eps: f64 = 1e-6,
        /// What becomes of the losses. Their mean.
        reduction: Reduction = Reduction::Mean
    } |this, input, target, variance| {
        let options = GaussianOptions {
            full: this.full,
            eps: this.eps,
            reduction: this.reduction,
        };
        functional::gaussian_nll_loss(input, target, variance, options)
    };
}

/// `-log` of the probability of a sequence of labels, over all ways to stretch it to the length of the input. PyTorch's `CTCLoss`.
///
/// Graves et al., *Connectionist Temporal Classification*, 2006.
///
/// ```
/// use tensor::dynamic::CtcLoss;
/// use tensor::prelude::*;
/// let log = Tensor::<Dynamic>::zeros_of(&[2, 1, 2])?.log_softmax();
/// let targets = Tensor::<Dynamic, i64>::from_vec(vec![1], &[1, 1])?;
/// let loss = CtcLoss::default().forward(&log, &targets, &[2], &[1])?;
/// assert!((loss.item()? - (4f32 / 3.).ln()).abs() < 1e-5);
/// # Ok::<(), tensor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CtcLoss {
    /// The label of nothing, what becomes of the losses, and whether those of impossible sequences are 0.
    pub options: CtcOptions,
}

members!(CtcLoss {});

impl CtcLoss {
    /// The loss, recorded for `backward`; see [`ctc_loss`](crate::functional::ctc_loss) for the sizes.
    ///
    /// # Errors
    /// Where sizes, lengths or labels do not fit.
    pub fn forward<T: Float>(
        &self,
        log: &Tensor<Dynamic, T>,
        targets: &Tensor<Dynamic, i64>,
        input_lengths: &[usize],
        target_lengths: &[usize],
    ) -> Result<Tensor<Dynamic, T>> {
        functional::ctc_loss(log, targets, input_lengths, target_lengths, self.options)
    }
}
