//! Models with layers over blocks of several axes: generated code against its eager form and against finite differences.

mod images;
mod lenet;
mod norms;

/// A test for each net: with the eager form on batches of 0, 1 and 3, and with finite differences, in training and in evaluation.
macro_rules! hold {
    ($($test:ident $Net:ident)*) => {
        $(
            #[test]
            fn $test() {
                tests::eager::hold_for::<$Net<f32>, $Net<f64>>(7, &[0, 1, 3]);
                let mut chance = tests::Chance::new(11);
                let mut model = $Net::<f64>::new_as(&tensor::Device::cpu(), tensor::Seed(5));
                for training in [true, false] {
                    if training { model.train() } else { model.eval() };
                    let x = tests::model_differences::input::<$Net<f64>>(2, &mut chance);
                    tests::model_differences::check(&model, &x);
                }
            }
        )*
    };
}
pub(crate) use hold;
