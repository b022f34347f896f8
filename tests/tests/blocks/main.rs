//! Models with layers over blocks of several axes: generated code against its eager form and against finite differences.

mod attention;
mod axes;
mod drawn;
mod images;
mod joins;
mod layers;
mod lenet;
mod norms;
mod places;
mod recurrent;
mod sequences;
mod values;

use tensor::NamedParameter;
use tensor::dynamic::Module;
use tensor::files::Archive;

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

/// Puts what the first part of a net has learned into a layer of run-time sizes, which has every one of its names.
fn taught<M: Module>(layer: M, parameters: Vec<NamedParameter<f64>>) -> tensor::Result<M> {
    taught_by(layer, parameters, "0.")
}

/// The same of the part whose parameters' names begin so.
fn taught_by<M: Module>(mut layer: M, parameters: Vec<NamedParameter<f64>>, part: &str) -> tensor::Result<M> {
    let mut state = Archive::new();
    for NamedParameter { name, tensor } in parameters {
        if let Some(name) = name.strip_prefix(part) {
            state.insert(name, &tensor)?;
        }
    }
    layer.load_state_dict(&state)?;
    layer.eval();
    Ok(layer)
}
