//! Losses of an input and a target of the same element type, without weights.

use crate::element::Float;
use crate::error::Result;
use crate::functional::{self, KlReduction, PoissonOptions, Reduction};
use crate::nn::dynamic::members;
use crate::shape::Dynamic;
use crate::tensors::Tensor;

macro_rules! losses {
    ($($(#[$doc:meta])* $Name:ident { $($(#[$field_doc:meta])* $field:ident: $Type:ty = $default:expr),* } $example:literal |$this:ident, $input:ident, $target:ident| $loss:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// ```
            /// use tensor::prelude::*;
            /// let (input, target) = (Tensor::<Dynamic>::full_of(0.5, &[1, 2])?, Tensor::full_of(1., &[1, 2])?);
            #[doc = concat!("let loss = tensor::dynamic::", stringify!($Name), "::default().forward(&input, &target)?;")]
            #[doc = concat!("assert!((loss.item()? - ", $example, ").abs() < 1e-4);")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
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
                    $input: &Tensor<Dynamic, T>,
                    $target: &Tensor<Dynamic, T>,
                ) -> Result<Tensor<Dynamic, T>> {
                    let $this = self;
                    $loss
                }
            }
        )*
    };
}

losses! {
    /// `|input - target|`.
    L1Loss {
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean
    } "0.5" |this, input, target| functional::l1_loss(input, target, this.reduction);
    /// `(input - target)^2`. PyTorch's `MSELoss`.
    MseLoss {
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean
    } "0.25" |this, input, target| functional::mse_loss(input, target, this.reduction);
    /// `(input - target)^2 / (2 beta)` where that is less than `beta` apart, `|input - target| - beta / 2` elsewhere.
    ///
    /// Girshick, *Fast R-CNN*, 2015.
    SmoothL1Loss {
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean,
        /// Where the square ends. 1.
        beta: f64 = 1.0
    } "0.125" |this, input, target| functional::smooth_l1_loss(input, target, this.beta, this.reduction);
    /// `(input - target)^2 / 2` where that is at most `delta` apart, `delta (|input - target| - delta / 2)` elsewhere.
    ///
    /// Huber, *Robust Estimation of a Location Parameter*, 1964.
    HuberLoss {
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean,
        /// Where the square ends. 1.
        delta: f64 = 1.0
    } "0.125" |this, input, target| functional::huber_loss(input, target, this.delta, this.reduction);
    /// `log(1 + exp(-target input))` for targets of 1 and -1.
    SoftMarginLoss {
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean
    } "0.4741" |this, input, target| functional::soft_margin_loss(input, target, this.reduction);
    /// `input` where the target is 1, `max(0, margin - input)` where it is -1.
    HingeEmbeddingLoss {
        /// How far apart what is unlike shall be. 1.
        margin: f64 = 1.0,
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean
    } "0.5" |this, input, target| functional::hinge_embedding_loss(input, target, this.margin, this.reduction);
    /// `target (log(target) - input)`, the Kullback-Leibler divergence of distributions whose logarithm is `input`. PyTorch's `KLDivLoss`.
    KlDivLoss {
        /// What becomes of the losses of the elements. Their mean over all elements; `BatchMean` is the divergence.
        reduction: KlReduction = KlReduction::Mean,
        /// Whether the target is the logarithm of a distribution as well. No.
        log_target: bool = false
    } "-0.5" |this, input, target| functional::kl_div(input, target, this.log_target, this.reduction);
    /// `exp(input) - target input`: how unlikely counts are for a Poisson distribution. PyTorch's `PoissonNLLLoss`.
    PoissonNllLoss {
        /// Whether `input` is the logarithm of the rate. Yes.
        log_input: bool = true,
        /// Whether Stirling's approximation of `log(target!)` is added. No.
        full: bool = false,
        /// What is added to a rate before its logarithm is taken. 1e-8.
        eps: f64 = 1e-8,
        /// What becomes of the losses of the elements. Their mean.
        reduction: Reduction = Reduction::Mean
    } "1.1487" |this, input, target| {
        let options = PoissonOptions {
            log_input: this.log_input,
            full: this.full,
            eps: this.eps,
            reduction: this.reduction,
        };
        functional::poisson_nll_loss(input, target, options)
    };
}
