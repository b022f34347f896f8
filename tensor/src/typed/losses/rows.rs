//! Losses of rows, compared with other rows.

use super::OfRows;
use crate::element::Element;
use crate::error::Result;
use crate::functional::{self, TripletOptions};
use crate::shape::{LastAxis, Ranked, SameShape};
use crate::tensors::Tensor;
use crate::typed::reduction::Reduces;
use crate::typed::{agree, named};

impl<S: Ranked, T: Element> Tensor<S, T> {
    /// 1 less the cosine of the angle between two rows where the target is 1, what it is above `margin` where that is -1, as
    /// [`functional::cosine_embedding_loss`](crate::functional::cosine_embedding_loss): `[n, features]` twice, targets `[n]`. Panics where two
    /// values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// use tensor::reduction::Unreduced;
    /// let x = tensor![[1., 0.]];
    /// assert_eq!(x.cosine_embedding_loss(&tensor![[0., 2.]], &tensor![1.], 0., Unreduced)?, tensor![1.]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where there are more than two axes.
    #[track_caller]
    pub fn cosine_embedding_loss<R: Ranked, V: Ranked, By: Reduces>(
        &self,
        other: &Tensor<R, T>,
        target: &Tensor<V, T>,
        margin: f64,
        _by: By,
    ) -> Result<Tensor<OfRows<By, S>, T::Float>>
    where
        S: SameShape<R> + LastAxis<Rest: SameShape<V>>,
    {
        agree("cosine_embedding_loss", S::AXES, self.sizes(), R::AXES, other.sizes());
        agree("cosine_embedding_loss", S::AXES, self.sizes(), V::AXES, target.sizes());
        let (a, b, y) = (self.dynamic(), other.dynamic(), target.dynamic());
        named(functional::cosine_embedding_loss(&a, &b, &y, margin, By::REDUCTION))
    }

    /// How far a row's distance from one row is not below that from another by a margin, as
    /// [`functional::triplet_margin_loss`](crate::functional::triplet_margin_loss): `[.., features]` three times to `[..]`. The options'
    /// reduction gives way to `by`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::TripletOptions;
    /// use tensor::prelude::*;
    /// use tensor::reduction::Mean;
    /// let (x, near, far) = (tensor![[0.]], tensor![[1.]], tensor![[1.5]]);
    /// let loss = x.triplet_margin_loss(&near, &far, TripletOptions { eps: 0., ..TripletOptions::default() }, Mean)?;
    /// assert_eq!(loss.item()?, 0.5);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the margin is not above 0.
    #[track_caller]
    pub fn triplet_margin_loss<R: Ranked, V: Ranked, By: Reduces>(
        &self,
        positive: &Tensor<R, T>,
        negative: &Tensor<V, T>,
        options: TripletOptions,
        _by: By,
    ) -> Result<Tensor<OfRows<By, S>, T::Float>>
    where
        S: LastAxis + SameShape<R> + SameShape<V>,
    {
        agree("triplet_margin_loss", S::AXES, self.sizes(), R::AXES, positive.sizes());
        agree("triplet_margin_loss", S::AXES, self.sizes(), V::AXES, negative.sizes());
        let options = TripletOptions {
            reduction: By::REDUCTION,
            ..options
        };
        let (positive, negative) = (positive.dynamic(), negative.dynamic());
        named(functional::triplet_margin_loss(
            &self.dynamic(),
            &positive,
            &negative,
            options,
        ))
    }
}
