//! The methods that every generated model has, written once.

/// Gives a generated model what does not depend on what it is made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __model_methods {
    ($Model:ident) => {
        $crate::__model_methods! { $Model [] [] T }
    };
    ($Model:ident [$($bounded:tt)*] [$($used:tt)*] $T:ident) => {
        // A program need not use all of them.
        #[allow(dead_code)]
        impl<$($bounded)* $T: $crate::Float> $Model<$($used)* $T> {
            /// A model with fresh parameters of any elements; `new` is this for `f32`.
            pub fn new_as(device: &$crate::Device, seed: $crate::Seed) -> Self {
                const { <Self as $crate::__private::Model>::WRONG.tell() };
                $crate::__private::build(device, seed)
            }

            /// Switches to training, the mode a new model is in: dropouts drop.
            pub fn train(&mut self) -> &mut Self {
                $crate::__private::set_training(self, true);
                self
            }

            /// Switches to evaluation: dropouts do nothing.
            pub fn eval(&mut self) -> &mut Self {
                $crate::__private::set_training(self, false);
                self
            }

            /// Whether the model is in training.
            pub fn is_training(&self) -> ::core::primitive::bool {
                $crate::__private::Model::core(self).is_training()
            }

            /// Where the model is.
            pub fn device(&self) -> $crate::Device {
                $crate::__private::Model::core(self).device()
            }

            /// The model on another device, with its parameters and its mode; itself, if it is there. Gradients stay behind, and
            /// optimizers begin anew with it: move first, then train.
            ///
            /// # Errors
            /// Where the device has no room.
            pub fn to(self, device: $crate::Device) -> $crate::Result<Self> {
                $crate::__private::moved(self, device)
            }

            /// The parameters with their names, in the order of declaration.
            pub fn parameters(&self) -> $crate::__private::Vec<$crate::NamedParameter<$T>> {
                $crate::__private::parameters(self)
            }

            /// The number of trainable numbers.
            pub fn num_parameters(&self) -> ::core::primitive::usize {
                $crate::__private::num_parameters(self)
            }

            /// Forgets all gradients.
            pub fn zero_grad(&mut self) {
                $crate::__private::zero_grad(self);
            }

            /// Writes the parameters to a safetensors file, under PyTorch's names. The file is whole or is not there.
            ///
            /// # Errors
            /// Where the file cannot be written, by name.
            pub fn save(&self, path: impl $crate::__private::AsRef<$crate::__private::FilePath>) -> $crate::Result<()> {
                $crate::__private::save(self, $crate::__private::AsRef::as_ref(&path))
            }

            /// Reads the parameters from a safetensors file: all of them or, after an error, none.
            ///
            /// # Errors
            /// Where the file cannot be read, is not safetensors, or holds another model: missing, unexpected and
            /// misshapen names are listed.
            pub fn load(
                &mut self,
                path: impl $crate::__private::AsRef<$crate::__private::FilePath>,
            ) -> $crate::Result<()> {
                $crate::__private::load(self, $crate::__private::AsRef::as_ref(&path))
            }

            /// Compiles a whole training step: forward, loss, backward and update. The loss is one of `tensor::loss`, or a function of
            /// the outputs and what they are compared with.
            pub fn compile<LossFn, By, Goal, Value>(
                self,
                loss: LossFn,
                optimizer: By,
            ) -> $crate::Step<Self, LossFn, By, Goal>
            where
                LossFn: $crate::__private::Fn(&$crate::__private::PlannedOutputs<Self>, &Goal) -> Value,
                Value: $crate::Loss,
                By: $crate::Optimizer,
                Goal: $crate::Target<Self>,
            {
                $crate::Step::new(self, loss, optimizer)
            }
        }

        impl<$($bounded)* $T: $crate::Float> $crate::__private::Display for $Model<$($used)* $T> {
            fn fmt(&self, f: &mut $crate::__private::Formatter<'_>) -> $crate::__private::FmtResult {
                $crate::__private::summary(self, f)
            }
        }

        impl<$($bounded)* $T: $crate::Float> $crate::__private::Debug for $Model<$($used)* $T> {
            fn fmt(&self, f: &mut $crate::__private::Formatter<'_>) -> $crate::__private::FmtResult {
                $crate::__private::summary(self, f)
            }
        }

        impl<$($bounded)* $T: $crate::Float> $crate::__private::Clone for $Model<$($used)* $T> {
            fn clone(&self) -> Self {
                $crate::__private::copied(self)
            }
        }
    };
}
