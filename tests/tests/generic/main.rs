//! Models that are generic over their sizes: generated code against its eager form and against finite differences, for several sizes in one
//! program.

mod blocks;
mod counts;
mod images;

/// A test for each model.
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
