//! What layers compute: products with weights, normalisation, attention, rows of tables.

use super::{agree, known, named};
use crate::element::{Differentiable, Numeric};
use crate::error::Result;
use crate::functional::{
    self, Attention, AttentionMask, Embedding, LocalResponseNorm, Normalize, PairwiseDistance, Statistics,
};
use crate::shape::{
    Attended, Broadcast, BroadcastWith, Dim, DividedBy, EndsIn, LastAxis, LooksUp, Ranked, ReduceAxis, Shape,
    StaticDim, WeightsOf, WeightsOfPairs,
};
use crate::tensors::Tensor;

/// One number for each channel: of axis 1.
type PerChannel<S> = (<S as ReduceAxis<1>>::Axis,);

impl<S: Ranked, T: Numeric> Tensor<S, T> {
    /// `x weight^T + bias`, as [`functional::linear`](crate::functional::linear): `[.., features] [outputs, features]` to `[.., outputs]`.
    /// Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![[1., 2.]].linear(&tensor![[3., 4.], [0., 1.], [1., 0.]], Some(&tensor![0., 0., 5.]));
    /// assert_eq!(y, tensor![[11., 2., 6.]]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "the shape is worked out of all of them")]
    pub fn linear<W>(
        &self,
        weight: &Tensor<W, T>,
        bias: Option<&Tensor<(<W as WeightsOf<S>>::Outputs,), T>>,
    ) -> Tensor<<W as WeightsOf<S>>::Output, T>
    where
        W: Ranked + WeightsOf<S>,
    {
        agree("linear", S::AXES, self.sizes(), W::AXES, weight.sizes());
        let bias = bias.map(Tensor::dynamic);
        known(functional::linear(&self.dynamic(), &weight.dynamic(), bias.as_ref()))
    }

    /// `x weight y + bias`, as [`functional::bilinear`](crate::functional::bilinear): `[.., m] [.., n] [outputs, m, n]` to `[.., outputs]`.
    /// Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![[1., 2.]].bilinear(&tensor![[3.]], &tensor![[[1.], [10.]]], None);
    /// assert_eq!(y, tensor![[63.]]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "the shape is worked out of all of them")]
    pub fn bilinear<R, W>(
        &self,
        other: &Tensor<R, T>,
        weight: &Tensor<W, T>,
        bias: Option<&Tensor<(<W as WeightsOfPairs<S, R>>::Outputs,), T>>,
    ) -> Tensor<<W as WeightsOfPairs<S, R>>::Output, T>
    where
        R: Ranked,
        W: Ranked + WeightsOfPairs<S, R>,
    {
        agree("bilinear", S::AXES, self.sizes(), R::AXES, other.sizes());
        agree("bilinear", S::AXES, self.sizes(), W::AXES, weight.sizes());
        let bias = bias.map(Tensor::dynamic);
        let (other, weight) = (other.dynamic(), weight.dynamic());
        known(functional::bilinear(&self.dynamic(), &other, &weight, bias.as_ref()))
    }

    /// Each element over a power of the squares of its neighbours among `size` channels, as
    /// [`functional::local_response_norm`](crate::functional::local_response_norm), of `[batch, channels, ..]`.
    ///
    /// ```
    /// use tensor::functional::LocalResponseNorm;
    /// use tensor::prelude::*;
    /// let options = LocalResponseNorm { alpha: 1., beta: 1., k: 1. };
    /// assert_eq!(tensor![[[1.]]].local_response_norm(1, options)?, tensor![[[0.5]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where `size` is 0.
    pub fn local_response_norm(&self, size: usize, options: LocalResponseNorm) -> Result<Tensor<S, T::Float>>
    where
        S: ReduceAxis<2>,
    {
        named(functional::local_response_norm(&self.dynamic(), size, options))
    }

    /// The norm of the differences along the last axis, which goes, broadcast, as
    /// [`functional::pairwise_distance`](crate::functional::pairwise_distance). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 4.]].pairwise_distance(&tensor![0., 0.], 2., 0.), tensor![5.]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn pairwise_distance<R: Ranked>(
        &self,
        other: &Tensor<R, T>,
        p: f64,
        eps: f64,
    ) -> Tensor<<Broadcast<S, R> as LastAxis>::Rest, T::Float>
    where
        S: BroadcastWith<R>,
        Broadcast<S, R>: LastAxis,
    {
        agree("pairwise_distance", S::AXES, self.sizes(), R::AXES, other.sizes());
        let options = PairwiseDistance { p, eps, keepdim: false };
        known(functional::pairwise_distance(
            &self.dynamic(),
            &other.dynamic(),
            options,
        ))
    }
}

impl<S: Ranked, T: Differentiable> Tensor<S, T> {
    /// Every slice of the last axes, `Tail`, with mean 0 and variance 1, times weight, plus bias, as
    /// [`functional::layer_norm`](crate::functional::layer_norm). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![[1., 3.]].layer_norm::<dims![2]>(Some(&tensor![1., 2.]), None, 0.);
    /// assert_eq!(y, tensor![[-1., 2.]]);
    /// ```
    #[track_caller]
    pub fn layer_norm<Tail: Ranked>(
        &self,
        weight: Option<&Tensor<Tail, T>>,
        bias: Option<&Tensor<Tail, T>>,
        eps: f64,
    ) -> Self
    where
        S: EndsIn<Tail>,
    {
        for of in [weight, bias].into_iter().flatten() {
            agree("layer_norm", S::AXES, self.sizes(), Tail::AXES, of.sizes());
        }
        let tail = &self.sizes()[S::AXIS_COUNT - Tail::AXIS_COUNT..];
        let (weight, bias) = (weight.map(Tensor::dynamic), bias.map(Tensor::dynamic));
        known(functional::layer_norm(
            &self.dynamic(),
            tail,
            weight.as_ref(),
            bias.as_ref(),
            eps,
        ))
    }

    /// Every slice of the last axes, `Tail`, over the root of the mean of its squares, times weight, as
    /// [`functional::rms_norm`](crate::functional::rms_norm). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![[1., 7.]].rms_norm(Some(&tensor![5., 5.]), Some(0.));
    /// tensor::testing::assert_close(&y, &tensor![[1., 7.]]);
    /// ```
    #[track_caller]
    pub fn rms_norm<Tail: Ranked>(&self, weight: Option<&Tensor<Tail, T>>, eps: Option<f64>) -> Self
    where
        S: EndsIn<Tail>,
    {
        if let Some(weight) = weight {
            agree("rms_norm", S::AXES, self.sizes(), Tail::AXES, weight.sizes());
        }
        let tail = &self.sizes()[S::AXIS_COUNT - Tail::AXIS_COUNT..];
        let weight = weight.map(Tensor::dynamic);
        known(functional::rms_norm(&self.dynamic(), tail, weight.as_ref(), eps))
    }

    /// The channels of each group with mean 0 and variance 1, times weight, plus bias, as
    /// [`functional::group_norm`](crate::functional::group_norm), of `[batch, channels, ..]`.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let y = tensor![[[1., 3.], [5., 9.]]].group_norm::<dim![2]>(None, Some(&tensor![0., 1.]), 0.)?;
    /// assert_eq!(y, tensor![[[-1., 1.], [0., 2.]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a group has no more than one element.
    pub fn group_norm<Groups: StaticDim>(
        &self,
        weight: Option<&Tensor<PerChannel<S>, T>>,
        bias: Option<&Tensor<PerChannel<S>, T>>,
        eps: f64,
    ) -> Result<Self>
    where
        S: ReduceAxis<1, Axis: DividedBy<Groups>>,
    {
        let (weight, bias) = (weight.map(Tensor::dynamic), bias.map(Tensor::dynamic));
        let (weight, bias) = (weight.as_ref(), bias.as_ref());
        named(functional::group_norm(&self.dynamic(), Groups::SIZE, weight, bias, eps))
    }

    /// Each channel with mean 0 and variance 1, times weight, plus bias, as [`functional::batch_norm`](crate::functional::batch_norm), of
    /// `[batch, channels, ..]`.
    ///
    /// ```
    /// use tensor::functional::Statistics;
    /// use tensor::prelude::*;
    /// let y = tensor![[1., 2.], [3., 2.]].batch_norm(Statistics::Batch, None, None, 1e-9)?;
    /// tensor::testing::assert_close(&y, &tensor![[-1., 0.], [1., 0.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where running statistics are of other channels, or there are too few elements for others.
    pub fn batch_norm(
        &self,
        statistics: Statistics<'_, T>,
        weight: Option<&Tensor<PerChannel<S>, T>>,
        bias: Option<&Tensor<PerChannel<S>, T>>,
        eps: f64,
    ) -> Result<Self>
    where
        S: ReduceAxis<1>,
    {
        let (weight, bias) = (weight.map(Tensor::dynamic), bias.map(Tensor::dynamic));
        named(functional::batch_norm(
            &self.dynamic(),
            statistics,
            weight.as_ref(),
            bias.as_ref(),
            eps,
        ))
    }

    /// Each channel of each sample with mean 0 and variance 1, times weight, plus bias, as
    /// [`functional::instance_norm`](crate::functional::instance_norm), of `[batch, channels, ..]`.
    ///
    /// ```
    /// use tensor::functional::Statistics;
    /// use tensor::prelude::*;
    /// let y = tensor![[[1., 3.]]].instance_norm(Statistics::Batch, None, None, 1e-9)?;
    /// tensor::testing::assert_close(&y, &tensor![[[-1., 1.]]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where running statistics are of other channels, or there are too few elements for others.
    pub fn instance_norm(
        &self,
        statistics: Statistics<'_, T>,
        weight: Option<&Tensor<PerChannel<S>, T>>,
        bias: Option<&Tensor<PerChannel<S>, T>>,
        eps: f64,
    ) -> Result<Self>
    where
        S: ReduceAxis<2> + ReduceAxis<1>,
    {
        let (weight, bias) = (weight.map(Tensor::dynamic), bias.map(Tensor::dynamic));
        named(functional::instance_norm(
            &self.dynamic(),
            statistics,
            weight.as_ref(),
            bias.as_ref(),
            eps,
        ))
    }

    /// Over its norm of order `p` along an axis, or over `eps` where that is larger, as
    /// [`functional::normalize`](crate::functional::normalize).
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 4.]].normalize::<1>(2., 1e-12), tensor![[0.6, 0.8]]);
    /// ```
    pub fn normalize<const AXIS: isize>(&self, p: f64, eps: f64) -> Self
    where
        S: ReduceAxis<AXIS>,
    {
        known(functional::normalize(&self.dynamic(), Normalize { p, axis: AXIS, eps }))
    }

    /// The cosines of the angles between vectors along an axis of both, which goes, broadcast, as
    /// [`functional::cosine_similarity`](crate::functional::cosine_similarity). Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// assert_eq!(tensor![[3., 0.], [0., 2.]].cosine_similarity::<1, _>(&tensor![1., 0.], 1e-8), tensor![1., 0.]);
    /// ```
    #[track_caller]
    #[allow(clippy::type_complexity, reason = "one shape, worked out")]
    pub fn cosine_similarity<const AXIS: isize, R: Ranked>(
        &self,
        other: &Tensor<R, T>,
        eps: f64,
    ) -> Tensor<<Broadcast<S, R> as ReduceAxis<AXIS>>::Output, T>
    where
        S: BroadcastWith<R>,
        Broadcast<S, R>: ReduceAxis<AXIS>,
    {
        agree("cosine_similarity", S::AXES, self.sizes(), R::AXES, other.sizes());
        known(functional::cosine_similarity(
            &self.dynamic(),
            &other.dynamic(),
            AXIS,
            eps,
        ))
    }

    /// The values that these queries ask for: `softmax(q k^T / sqrt(e)) v`, as
    /// [`functional::scaled_dot_product_attention`](crate::functional::scaled_dot_product_attention): `[.., l, e] [.., s, e] [.., s, d]` to
    /// `[.., l, d]`. Panics where two values of one named size differ.
    ///
    /// ```
    /// use tensor::functional::{Attention, AttentionMask};
    /// use tensor::prelude::*;
    /// let (q, k, v) = (tensor![[0., 0.]], tensor![[1., 0.], [0., 1.]], tensor![[2.], [4.]]);
    /// let y = q.scaled_dot_product_attention(&k, &v, AttentionMask::None, Attention::default())?;
    /// assert_eq!(y, tensor![[3.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the mask does not broadcast to `[.., l, s]`.
    #[track_caller]
    pub fn scaled_dot_product_attention<K, V>(
        &self,
        keys: &Tensor<K, T>,
        values: &Tensor<V, T>,
        mask: AttentionMask<'_, T>,
        options: Attention,
    ) -> Result<Tensor<<V as Attended<S, K>>::Output, T>>
    where
        K: Ranked,
        V: Ranked + Attended<S, K>,
    {
        let name = "scaled_dot_product_attention";
        agree(name, S::AXES, self.sizes(), K::AXES, keys.sizes());
        agree(name, S::AXES, self.sizes(), V::AXES, values.sizes());
        agree(name, K::AXES, keys.sizes(), V::AXES, values.sizes());
        let (keys, values) = (keys.dynamic(), values.dynamic());
        named(functional::scaled_dot_product_attention(
            &self.dynamic(),
            &keys,
            &values,
            mask,
            options,
        ))
    }
}

impl<N: Dim, Width: Dim, T: Differentiable> Tensor<(N, Width), T> {
    /// The rows of this table with these numbers, as [`functional::embedding`](crate::functional::embedding): `[n, width]`, numbers `[..]` to
    /// `[.., width]`.
    ///
    /// ```
    /// use tensor::functional::Embedding;
    /// use tensor::prelude::*;
    /// let table = tensor![[1., 2.], [3., 4.]];
    /// assert_eq!(table.embedding(&tensor![1, 0], Embedding::default())?, tensor![[3., 4.], [1., 2.]]);
    /// # Ok::<(), tensor::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where a number is out of range, or two values of one named size differ.
    pub fn embedding<I>(
        &self,
        numbers: &Tensor<I, i64>,
        options: Embedding,
    ) -> Result<Tensor<<I as LooksUp<Width>>::Output, T>>
    where
        I: Ranked + LooksUp<Width>,
    {
        crate::ops::names::agree(
            "embedding",
            <(Width,) as Shape>::AXES,
            &self.sizes()[1..],
            I::AXES,
            numbers.sizes(),
        )?;
        named(functional::embedding(&self.dynamic(), &numbers.dynamic(), options))
    }
}
