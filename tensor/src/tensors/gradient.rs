//! The side of a tensor that the tape sees.

use std::sync::Arc;

use crate::element::{Differentiable, Element};
use crate::error::{Error, Result};
use crate::shape::Shape;
use crate::tape::{self, Hook, Leaf, Tour, Track, Value};
use crate::tensors::Tensor;

impl<S: Shape, T: Differentiable> Tensor<S, T> {
    /// The same tensor as a leaf of the tape: `backward` leaves its gradient here.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![[1., 0.], [-1., 1.]].requires_grad();
    /// x.pow(2.).sum().backward();
    /// assert_eq!(x.grad(), Some(tensor![[2., 0.], [-2., 2.]]));
    /// ```
    ///
    /// A tensor that was computed from others with gradients has one already and stays as it is; [`Tensor::detach`] it first to
    /// begin anew.
    pub fn requires_grad(mut self) -> Self {
        if self.is_tracked() {
            return self;
        }
        let leaf = Leaf::of(self.value());
        self.value_mut().track = Track::Leaf(Arc::new(leaf));
        self
    }

    /// Whether a gradient is wanted of this tensor or of anything it was computed from.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// assert!(x.square().is_tracked() && !tensor![1., 2.].is_tracked());
    /// ```
    pub fn is_tracked(&self) -> bool {
        self.value().track.is_tracked()
    }

    /// Whether this tensor was not computed from others with gradients.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// assert!(x.is_leaf() && !x.square().is_leaf());
    /// ```
    pub fn is_leaf(&self) -> bool {
        !matches!(self.value().track, Track::Node(_))
    }

    /// The same elements without the tape behind them.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// x.mul(&x.detach()).sum().backward();
    /// assert_eq!(x.grad(), Some(tensor![1., 2.]));
    /// ```
    pub fn detach(&self) -> Self {
        Self::of(self.value().detach())
    }

    /// The sum of the gradients that every `backward` left here; `None` before the first, and for tensors that are not
    /// leaves.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// assert_eq!(x.grad(), None);
    /// x.square().sum().backward();
    /// assert_eq!(x.grad(), Some(tensor![2., 4.]));
    /// ```
    pub fn grad(&self) -> Option<Self> {
        match &self.value().track {
            Track::Leaf(leaf) => leaf.gradient().map(Self::of),
            Track::Parameter(flat, index) => flat.gradient(*index).map(Self::of),
            Track::Constant | Track::Node(_) | Track::Own => None,
        }
    }

    /// Forgets the gradient of a leaf.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let mut x = tensor![1., 2.].requires_grad();
    /// x.square().sum().backward();
    /// x.zero_grad();
    /// assert_eq!(x.grad(), None);
    /// ```
    pub fn zero_grad(&mut self) {
        match &self.value().track {
            Track::Leaf(leaf) => leaf.clear(),
            Track::Parameter(flat, index) => flat.forget(*index),
            Track::Constant | Track::Node(_) | Track::Own => {}
        }
    }

    /// Calls `hook` with the gradient of this tensor in every backward pass, once it is whole; what it returns takes the gradient's place.
    /// PyTorch's `register_hook`.
    ///
    /// # Errors
    /// Where no gradient is wanted of this tensor, or it is a parameter of a model, whose gradients lie side by side.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// x.register_hook(|gradient| Some(gradient.affine(10., 0.)))?;
    /// x.sum().backward();
    /// assert_eq!(x.grad(), Some(tensor![10., 10.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn register_hook(&self, hook: impl Fn(&Self) -> Option<Self> + Send + Sync + 'static) -> Result<()> {
        let sizes: Vec<usize> = self.sizes().to_vec();
        let hook = Hook::new(move |gradient: &Value| {
            let Some(other) = hook(&Self::of(gradient.clone())) else {
                return Ok(None);
            };
            if other.sizes() != sizes {
                let expected = format!("a gradient of {}", crate::layout::describe(&sizes));
                return Err(Error::shape("register_hook", expected, other.value().layout.describe()));
            }
            Ok(Some(other.value().clone()))
        });
        match &self.value().track {
            Track::Leaf(leaf) => leaf.hook(hook),
            Track::Node(node) => node.body().hooks.push(hook),
            Track::Constant | Track::Parameter(..) | Track::Own => {
                return Err(Error::Gradient(
                    "`register_hook`: expected a tensor with `requires_grad` or one computed from such, and no parameter of a model".into(),
                ));
            }
        }
        Ok(())
    }

    /// Adds to every leaf behind this tensor the gradient of `sum(self * gradient)`.
    ///
    /// # Errors
    /// Where there is nothing to differentiate, the computation was gone through already, or a parameter was changed
    /// since.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// x.square().backward_with(&tensor![1., 10.])?;
    /// assert_eq!(x.grad(), Some(tensor![2., 40.]));
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn backward_with(&self, gradient: &Self) -> Result<()> {
        if gradient.sizes() != self.sizes() {
            return Err(Error::shape(
                "backward_with",
                format!("a gradient of {}", self.value().layout.describe()),
                gradient.value().layout.describe(),
            ));
        }
        self.value().buffer.check()?;
        gradient.value().buffer.check()?;
        self.value().same_device("backward_with", gradient.value())?;
        tape::backward(&[(self.value(), gradient.value().detach())], Tour::default())
    }
}

/// What a backward may begin at: a single float.
#[diagnostic::on_unimplemented(
    message = "`backward` begins at a single float, and this is `{Self}`",
    label = "not a single float",
    note = "a loss is one, and so is what `.sum()` and `.mean()` give; integers, such as those of `.argmax()`, have no gradient"
)]
pub trait Root {}

#[diagnostic::do_not_recommend]
impl<T: Differentiable> Root for Tensor<(), T> {}

// The bound stands on the methods: on the block, rustc would not show its message.
impl<S: Shape, T: Element> Tensor<S, T> {
    /// Adds to every leaf and parameter behind this number its gradient.
    ///
    /// What goes wrong here is not lost: a parameter that was changed since the forward pass, or a second backward through
    /// the same computation, leaves its error in the gradients, and the optimizer's `step` returns it.
    /// [`Tensor::try_backward`] returns it at once.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// x.pow(3.).sum().backward();
    /// assert_eq!(x.grad(), Some(tensor![3., 12.]));
    /// ```
    pub fn backward(&self)
    where
        Self: Root,
    {
        if let Err(error) = self.try_backward() {
            tape::poison(&self.value().track, &error);
        }
    }

    /// [`Tensor::backward`], with the error as a result.
    ///
    /// # Errors
    /// Where there is nothing to differentiate, the computation was gone through already, a parameter was changed since, or
    /// the operation that should have computed this number failed.
    ///
    /// ```
    /// use tensor::prelude::*;
    /// let x = tensor![1., 2.].requires_grad();
    /// let loss = x.square().sum();
    /// loss.try_backward()?;
    /// assert_eq!(x.grad(), Some(tensor![2., 4.]));
    /// assert!(loss.try_backward().is_err());
    /// # Ok::<(), tensor::Error>(())
    /// ```
    pub fn try_backward(&self) -> Result<()>
    where
        Self: Root,
    {
        self.value().buffer.check()?;
        let one = Value::empty(self.device(), T::DTYPE, &[]);
        one.buffer.check()?;
        one.device().backend().fill(1.0, one.view());
        tape::backward(&[(self.value(), one)], Tour::default())
    }
}
