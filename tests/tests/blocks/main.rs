//! Models with layers over blocks of several axes: generated code against its eager form and against finite differences.

mod axes;
mod images;
mod layers;
mod lenet;
mod norms;
mod sequences;

/// A test for each net: with the eager form on batches of 0, 1 and 3, and with finite differences, in training and in evaluation.
macro_rules! hold {
    ($($test:ident $Net:ident)*) => {
        $(
            #[test]
            fn $test() {
                tests::held::hold::<$Net<f32>, $Net<f64>>();
            }
        )*
    };
}
pub(crate) use hold;
