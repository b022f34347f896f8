//! Losses of classes: of scores, with the numbers of the right ones as targets.

use super::{Of, OfRows};
use crate::element::Differentiable;
use crate::error::Result;
use crate::functional::{self, ClassOptions, CtcOptions, MultiMarginOptions, NllOptions};
use crate::shape::{Dim, LastAxis, Ranked, SameShape, SameSize, Scores, Shape};
use crate::tensors::Tensor;
use crate::typed::reduction::Reduces;
use crate::typed::{agree, named};

/// A shape without the axis of the classes.
type Each<S> = <S as Scores>::Each;

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// The negative of the score of the target class, where the scores are logarithms, as
    /// [`functional::nll_loss`](crate::functional::nll_loss): `[batch, classes, ..]`, targets `[batch, ..]`. The options' reduction gives way to
    /// `by`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::NllOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let loss = tensor![[-1., -2.], [-3., -4.]].nll_loss(&tensor![1, 0], NllOptions::default(), Unreduced)?;
    /// assert_eq!(loss, tensor![2., 3.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such class.
    #[track_caller]
    pub fn nll_loss<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, i64>,
        options: NllOptions<'_, T>,
        _by: By,
    ) -> Result<Tensor<Of<By, Each<S>>, T>>
    where
        S: Scores<Each: SameShape<R>>,
    {
        agree("nll_loss", S::AXES, self.sizes(), R::AXES, target.sizes());
        let options = NllOptions {
            reduction: By::REDUCTION,
            ..options
        };
        named(functional::nll_loss(&self.dynamic(), &target.dynamic(), options))
    }

    /// The negative logarithm of the softmax of the target class's score, as
    /// [`functional::cross_entropy`](crate::functional::cross_entropy): `[batch, classes, ..]`, targets `[batch, ..]`. The options' reduction
    /// gives way to `by`; the function [`cross_entropy`](crate::cross_entropy) is that of models. Panics where two values of one named size
    /// differ.
    ///
    /// ```
    /// use tensor::functional::ClassOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// let loss = tensor![[0., 0.]].cross_entropy(&tensor![1], ClassOptions::default(), Mean)?;
    /// tensor::testing::assert_close(&loss, &Tensor::scalar(0.6931472));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such class.
    #[track_caller]
    pub fn cross_entropy<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, i64>,
        options: ClassOptions<'_, T>,
        _by: By,
    ) -> Result<Tensor<Of<By, Each<S>>, T>>
    where
        S: Scores<Each: SameShape<R>>,
    {
        agree("cross_entropy", S::AXES, self.sizes(), R::AXES, target.sizes());
        let options = ClassOptions {
            reduction: By::REDUCTION,
            ..options
        };
        named(functional::cross_entropy(&self.dynamic(), &target.dynamic(), options))
    }

    /// How far the score of the target class is not above those of the others by a margin, as
    /// [`functional::multi_margin_loss`](crate::functional::multi_margin_loss): `[.., classes]` to `[..]`. The options' reduction gives way to
    /// `by`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::MultiMarginOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let loss = tensor![[0., 2.]].multi_margin_loss(&tensor![0], MultiMarginOptions::default(), Unreduced)?;
    /// assert_eq!(loss, tensor![1.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such class.
    #[track_caller]
    pub fn multi_margin_loss<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, i64>,
        options: MultiMarginOptions<'_, T>,
        _by: By,
    ) -> Result<Tensor<OfRows<By, S>, T>>
    where
        S: LastAxis<Rest: SameShape<R>>,
    {
        agree("multi_margin_loss", S::AXES, self.sizes(), R::AXES, target.sizes());
        let options = MultiMarginOptions {
            reduction: By::REDUCTION,
            ..options
        };
        named(functional::multi_margin_loss(
            &self.dynamic(),
            &target.dynamic(),
            options,
        ))
    }

    /// How far the scores of the target classes, which stand in front of a first -1, are not above those of the others by 1, as
    /// [`functional::multilabel_margin_loss`](crate::functional::multilabel_margin_loss): `[.., classes]` to `[..]`. Panics where two values of
    /// one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let loss = tensor![[0., 2.]].multilabel_margin_loss(&tensor![[0, -1]], Unreduced)?;
    /// assert_eq!(loss, tensor![1.5]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such class.
    #[track_caller]
    pub fn multilabel_margin_loss<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, i64>,
        _by: By,
    ) -> Result<Tensor<OfRows<By, S>, T>>
    where
        S: LastAxis + SameShape<R>,
    {
        agree("multilabel_margin_loss", S::AXES, self.sizes(), R::AXES, target.sizes());
        named(functional::multilabel_margin_loss(
            &self.dynamic(),
            &target.dynamic(),
            By::REDUCTION,
        ))
    }

    /// The mean over the classes of [`Tensor::binary_cross_entropy_with_logits`], as
    /// [`functional::multilabel_soft_margin_loss`](crate::functional::multilabel_soft_margin_loss): `[.., classes]` to `[..]`. Panics where two
    /// values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let loss = tensor![[0., 0.]].multilabel_soft_margin_loss(&tensor![[1., 0.]], None, Unreduced)?;
    /// tensor::testing::assert_close(&loss, &tensor![0.6931472]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the device does not have it.
    #[track_caller]
    pub fn multilabel_soft_margin_loss<R: Ranked, By: Reduces>(
        &self,
        target: &Tensor<R, T>,
        weight: Option<&Self>,
        _by: By,
    ) -> Result<Tensor<OfRows<By, S>, T>>
    where
        S: LastAxis + SameShape<R>,
    {
        agree(
            "multilabel_soft_margin_loss",
            S::AXES,
            self.sizes(),
            R::AXES,
            target.sizes(),
        );
        let weight = weight.map(Tensor::dynamic);
        let (x, y) = (self.dynamic(), target.dynamic());
        named(functional::multilabel_soft_margin_loss(
            &x,
            &y,
            weight.as_ref(),
            By::REDUCTION,
        ))
    }
}

impl<N: Dim, D: Dim, T: Differentiable> Tensor<(N, D), T> {
    /// [`Tensor::cross_entropy`] of what a linear layer makes of the input, as
    /// [`functional::linear_cross_entropy`](crate::functional::linear_cross_entropy): `[n, features]`, weights `[classes, features]`, targets
    /// `[n]`. The options' reduction gives way to `by`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::ClassOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// let weight = tensor![[1., 0.], [1., 0.]];
    /// let loss = tensor![[3., 0.]].linear_cross_entropy(&weight, None, &tensor![1], ClassOptions::default(), Mean)?;
    /// tensor::testing::assert_close(&loss, &Tensor::scalar(0.6931472));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there is no such class.
    #[track_caller]
    pub fn linear_cross_entropy<C: Dim, E: SameSize<D>, M: SameSize<N>, By: Reduces>(
        &self,
        weight: &Tensor<(C, E), T>,
        bias: Option<&Tensor<(C,), T>>,
        target: &Tensor<(M,), i64>,
        options: ClassOptions<'_, T>,
        _by: By,
    ) -> Result<Tensor<Of<By, (N,)>, T>> {
        let (name, axes) = ("linear_cross_entropy", <(N, D) as Shape>::AXES);
        agree(name, axes, self.sizes(), <(C, E) as Shape>::AXES, weight.sizes());
        agree(name, axes, self.sizes(), <(M,) as Shape>::AXES, target.sizes());
        let options = ClassOptions {
            reduction: By::REDUCTION,
            ..options
        };
        let bias = bias.map(Tensor::dynamic);
        let (x, weight, target) = (self.dynamic(), weight.dynamic(), target.dynamic());
        named(functional::linear_cross_entropy(
            &x,
            &weight,
            bias.as_ref(),
            &target,
            options,
        ))
    }
}

impl<Steps: Dim, N: Dim, C: Dim, T: Differentiable> Tensor<(Steps, N, C), T> {
    /// The negative logarithm of all ways to say a sequence of classes in so many steps, with a class for nothing between them, as
    /// [`functional::ctc_loss`](crate::functional::ctc_loss): logarithms `[steps, batch, classes]`, targets `[batch, longest]`. The options'
    /// reduction gives way to `by`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::CtcOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let log = tensor![[[0.5, 0.5]]].log();
    /// let loss = log.ctc_loss(&tensor![[1]], &[1], &[1], CtcOptions::default(), Unreduced)?;
    /// tensor::testing::assert_close(&loss, &tensor![0.6931472]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a length or a class is out of range, or the device does not have it.
    #[track_caller]
    pub fn ctc_loss<M: SameSize<N>, Longest: Dim, By: Reduces>(
        &self,
        targets: &Tensor<(M, Longest), i64>,
        input_lengths: &[usize],
        target_lengths: &[usize],
        options: CtcOptions,
        _by: By,
    ) -> Result<Tensor<Of<By, (N,)>, T>> {
        let (axes, of_targets) = (<(Steps, N, C) as Shape>::AXES, <(M, Longest) as Shape>::AXES);
        agree("ctc_loss", axes, self.sizes(), of_targets, targets.sizes());
        let options = CtcOptions {
            reduction: By::REDUCTION,
            ..options
        };
        let (log, targets) = (self.dynamic(), targets.dynamic());
        named(functional::ctc_loss(
            &log,
            &targets,
            input_lengths,
            target_lengths,
            options,
        ))
    }
}
