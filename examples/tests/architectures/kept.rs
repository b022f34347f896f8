//! What is kept of PyTorch's results.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tensor::prelude::*;

/// A file of `make.py`.
#[derive(Deserialize)]
pub struct Known {
    /// The number of parameters.
    pub parameters: usize,
    /// The sizes of everything in the state, by name.
    pub state: BTreeMap<String, Vec<usize>>,
    /// The sizes of each input.
    pub inputs: Vec<Input>,
    /// Results in evaluation.
    pub eval: Run,
    /// Results in training, where that is something else: without dropout, with batch norm by the batch.
    pub train: Option<Run>,
}

/// An input of the model.
#[derive(Deserialize)]
pub struct Input {
    /// Its sizes.
    pub shape: Vec<usize>,
}

/// What came of a forward and a backward.
#[derive(Deserialize)]
pub struct Run {
    /// Each output.
    pub outputs: Vec<Kept>,
    /// The gradient by each parameter.
    pub gradients: BTreeMap<String, Kept>,
    /// The gradient by each input.
    pub input_gradients: Vec<Kept>,
    /// Running statistics after a forward in training.
    #[serde(default)]
    pub buffers: BTreeMap<String, Kept>,
}

/// A tensor, as its sums and a few elements.
#[derive(Deserialize)]
pub struct Kept {
    shape: Vec<usize>,
    sum: f64,
    magnitude: f64,
    elements: Vec<(usize, f64)>,
}

impl Known {
    /// The file of this name.
    pub fn of(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/architectures");
        let path = folder.join(format!("{name}.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

impl Kept {
    /// Holds a tensor against it: all was computed in doubles, so only the order of sums differs.
    #[track_caller]
    pub fn hold<S: Shape>(&self, what: &str, tensor: &Tensor<S, f64>) {
        assert_eq!(tensor.sizes(), self.shape, "the sizes of {what}");
        let values = tensor.to_vec().expect("computed");
        let mean = self.magnitude / values.len().max(1) as f64;
        let near = |found: f64, expected: f64, scale: f64| (found - expected).abs() <= 1e-9 * scale.max(expected.abs());
        for &(place, expected) in &self.elements {
            let found = values[place];
            assert!(
                near(found, expected, mean),
                "{what}, element {place}: {found}, PyTorch has {expected}"
            );
        }
        for (name, found, expected) in [
            ("sum", values.iter().sum::<f64>(), self.sum),
            (
                "magnitude",
                values.iter().map(|value| value.abs()).sum(),
                self.magnitude,
            ),
        ] {
            assert!(
                near(found, expected, self.magnitude),
                "the {name} of {what}: {found}, PyTorch has {expected}"
            );
        }
    }
}
