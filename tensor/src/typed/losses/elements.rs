//! Losses of elements, each with a target of its own.

use super::Of;
use crate::element::{Differentiable, Element};
use crate::error::Result;
use crate::functional::{self, GaussianOptions, LogitsOptions, PoissonOptions};
use crate::shape::{Ranked, SameShape};
use crate::tensors::Tensor;
use crate::typed::reduction::Reduces;
use crate::typed::{agree, named};

macro_rules! of_elements {
    ($($(#[$doc:meta])* $name:ident($($argument:ident),*), $x:literal $y:literal $values:literal => $loss:literal;)*) => {
        impl<S: Ranked, T: Differentiable> Tensor<S, T> {$(
            $(#[$doc])*
            #[doc = concat!("[`functional::", stringify!($name), "`](crate::functional::", stringify!($name), "). Panics where two values of one named size differ.")]
            ///
            /// ```
            /// use tensor::prelude::*;
            /// use tensor::reduction::Mean;
            #[doc = concat!("let loss = tensor!", $x, ".", stringify!($name), "(&tensor!", $y, $values, ", Mean)?;")]
            #[doc = concat!("tensor::testing::assert_close(&loss, &Tensor::scalar(", $loss, "));")]
            /// # Ok::<(), tensor::Error>(())
            /// ```
            ///
            /// # Errors
            /// Where a number is out of its range.
            #[track_caller]
            pub fn $name<R: Ranked, By: Reduces>(
                &self,
                target: &Tensor<R, T>,
                $($argument: f64,)*
                _by: By,
            ) -> Result<Tensor<Of<By, S>, T>>
            where
                S: SameShape<R>,
            {
                agree(stringify!($name), S::AXES, self.sizes(), R::AXES, target.sizes());
                named(functional::$name(&self.dynamic(), &target.dynamic(), $($argument,)* By::REDUCTION))
            }
        )*}
    };
}

of_elements! {
    /// The distance from the target, `|x - y|`, as
    l1_loss(), "[1., 5.]" "[0., 2.]" "" => "2.";
    /// The square of the distance, `(x - y)^2`, as
    mse_loss(), "[1., 5.]" "[0., 2.]" "" => "5.";
    /// The square of the distance over `2 beta` where it is below `beta`, else the distance less `beta / 2`, as
    smooth_l1_loss(beta), "[1., 5.]" "[0., 2.]" ", 2." => "1.125";
    /// Half of the square of the distance where it is below `delta`, else `delta` times the distance less `delta / 2`, as
    huber_loss(delta), "[1., 5.]" "[0., 2.]" ", 2." => "2.25";
    /// `log(1 + exp(-y x))`, with targets of 1 and -1, as
    soft_margin_loss(), "[0., 0.]" "[1., -1.]" "" => "0.6931472";
    /// The distance where the target is 1, `max(0, margin - x)` where it is -1, as
    hinge_embedding_loss(margin), "[1., 5.]" "[1., -1.]" ", 6." => "1.";
}

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// `-y log x - (1 - y) log(1 - x)` of probabilities, times weights, as
    /// [`functional::binary_cross_entropy`](crate::functional::binary_cross_entropy). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// let loss = tensor![0.5, 0.5].binary_cross_entropy(&tensor![0., 1.], None, Mean)?;
    /// tensor::testing::assert_close(&loss, &Tensor::scalar(0.6931472));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a probability is below 0 or above 1.
    #[track_caller]
    pub fn binary_cross_entropy<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, T>,
        weight: Option<&Self>,
        _by: By,
    ) -> Result<Tensor<Of<By, S>, T>>
    where
        S: SameShape<R>,
    {
        agree("binary_cross_entropy", S::AXES, self.sizes(), R::AXES, target.sizes());
        let weight = weight.map(Tensor::dynamic);
        let (x, y) = (self.dynamic(), target.dynamic());
        named(functional::binary_cross_entropy(&x, &y, weight.as_ref(), By::REDUCTION))
    }

    /// [`Tensor::binary_cross_entropy`] of what a sigmoid makes of the input, without overflow, as
    /// [`functional::binary_cross_entropy_with_logits`](crate::functional::binary_cross_entropy_with_logits). The options' reduction gives way
    /// to `by`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::LogitsOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let loss = tensor![0.].binary_cross_entropy_with_logits(&tensor![1.], LogitsOptions::default(), Unreduced)?;
    /// tensor::testing::assert_close(&loss, &tensor![0.6931472]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where weights do not broadcast to the input.
    #[track_caller]
    pub fn binary_cross_entropy_with_logits<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, T>,
        options: LogitsOptions<'_, T>,
        _by: By,
    ) -> Result<Tensor<Of<By, S>, T>>
    where
        S: SameShape<R>,
    {
        let name = "binary_cross_entropy_with_logits";
        agree(name, S::AXES, self.sizes(), R::AXES, target.sizes());
        let options = LogitsOptions {
            reduction: By::REDUCTION,
            ..options
        };
        named(functional::binary_cross_entropy_with_logits(
            &self.dynamic(),
            &target.dynamic(),
            options,
        ))
    }

    /// `y (log y - x)`, the divergence of what has the logarithms `x`, or with `log_target` of logarithms `y`, as
    /// [`functional::kl_div`](crate::functional::kl_div). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Sum;
    /// let x = tensor![[0.5, 0.5]];
    /// assert_eq!(x.log().kl_div(&x, false, Sum)?.item()?, 0.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[track_caller]
    pub fn kl_div<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, T>,
        log_target: bool,
        _by: By,
    ) -> Result<Tensor<Of<By, S>, T>>
    where
        S: SameShape<R>,
    {
        agree("kl_div", S::AXES, self.sizes(), R::AXES, target.sizes());
        named(functional::kl_div(
            &self.dynamic(),
            &target.dynamic(),
            log_target,
            By::REDUCTION,
        ))
    }

    /// The negative logarithm of a normal law with a mean and a variance for each target, as
    /// [`functional::gaussian_nll_loss`](crate::functional::gaussian_nll_loss). The options' reduction gives way to `by`. Panics where two
    /// values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::GaussianOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// let (x, one) = (tensor![1., 3.], tensor![1., 1.]);
    /// let loss = x.gaussian_nll_loss(&one, &one, GaussianOptions::default(), Mean)?;
    /// assert_eq!(loss.item()?, 1.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a variance is below 0.
    #[track_caller]
    pub fn gaussian_nll_loss<R: Ranked, V: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, T>,
        variance: &Tensor<V, T>,
        options: GaussianOptions,
        _by: By,
    ) -> Result<Tensor<Of<By, S>, T>>
    where
        S: SameShape<R> + SameShape<V>,
    {
        agree("gaussian_nll_loss", S::AXES, self.sizes(), R::AXES, target.sizes());
        agree("gaussian_nll_loss", S::AXES, self.sizes(), V::AXES, variance.sizes());
        let options = GaussianOptions {
            reduction: By::REDUCTION,
            ..options
        };
        named(functional::gaussian_nll_loss(
            &self.dynamic(),
            &target.dynamic(),
            &variance.dynamic(),
            options,
        ))
    }
}

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// `max(0, -y (a - b) + margin)`, with targets of 1 and -1, as
    /// [`functional::margin_ranking_loss`](crate::functional::margin_ranking_loss). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// let loss = tensor![1., 2.].margin_ranking_loss(&tensor![0., 4.], &tensor![1., 1.], 0., Mean)?;
    /// assert_eq!(loss.item()?, 1.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[track_caller]
    pub fn margin_ranking_loss<R: Ranked, V: Ranked, By: Reduces>(
        &self,
        other: &Tensor<R, T>,
        target: &Tensor<V, T>,
        margin: f64,
        _by: By,
    ) -> Result<Tensor<Of<By, S>, T::Float>>
    where
        S: SameShape<R> + SameShape<V>,
    {
        agree("margin_ranking_loss", S::AXES, self.sizes(), R::AXES, other.sizes());
        agree("margin_ranking_loss", S::AXES, self.sizes(), V::AXES, target.sizes());
        let (a, b, y) = (self.dynamic(), other.dynamic(), target.dynamic());
        named(functional::margin_ranking_loss(&a, &b, &y, margin, By::REDUCTION))
    }

    /// The negative logarithm of Poisson laws whose rates are the input, or what it is the logarithm of, as
    /// [`functional::poisson_nll_loss`](crate::functional::poisson_nll_loss). The options' reduction gives way to `by`. Panics where two values
    /// of one named size differ.
    ///
    /// ```
    /// use tensor::functional::PoissonOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Sum;
    /// let loss = tensor![0., 0.].poisson_nll_loss(&tensor![1., 2.], PoissonOptions::default(), Sum)?;
    /// assert_eq!(loss.item()?, 2.);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[track_caller]
    pub fn poisson_nll_loss<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, T>,
        options: PoissonOptions,
        _by: By,
    ) -> Result<Tensor<Of<By, S>, T::Float>>
    where
        S: SameShape<R>,
    {
        agree("poisson_nll_loss", S::AXES, self.sizes(), R::AXES, target.sizes());
        let options = PoissonOptions {
            reduction: By::REDUCTION,
            ..options
        };
        named(functional::poisson_nll_loss(
            &self.dynamic(),
            &target.dynamic(),
            options,
        ))
    }
}
