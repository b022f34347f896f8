//! Models whose values go as a `#[forward(..)]` says: generated code against its eager form and against finite differences.

mod arrays;
mod buffers;
mod dynamic;
mod embedding;
mod joins;
mod losses;
mod nested;
mod orders;
mod own;
mod parameters;
mod several;
mod sums;
mod tied;

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
