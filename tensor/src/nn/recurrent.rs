//! The parameters of recurrent layers, under PyTorch's names.

use crate::element::Float;
use crate::nn::{Builder, Init, Parameter, Walk};
use crate::shape::Dynamic;

/// The parameters of a layer in one direction. `gates` is 1 for a plain layer, 4 for an LSTM and 3 for a GRU.
#[derive(Clone, Debug)]
pub struct RecurrentLayer<T: Float = f32> {
    /// `[gates * hidden, inputs]`.
    pub weight_ih: Parameter<Dynamic, T>,
    /// `[gates * hidden, hidden]`, or `[gates * hidden, projected]`.
    pub weight_hh: Parameter<Dynamic, T>,
    /// `[gates * hidden]`.
    pub bias_ih: Option<Parameter<Dynamic, T>>,
    /// `[gates * hidden]`.
    pub bias_hh: Option<Parameter<Dynamic, T>>,
    /// `[projected, hidden]`, where an LSTM has a projection.
    pub weight_hr: Option<Parameter<Dynamic, T>>,
}

impl<T: Float> RecurrentLayer<T> {
    /// All of them uniform in `[-1 / sqrt(hidden), 1 / sqrt(hidden))`; `suffix` is what stands behind their names.
    pub(crate) fn built(
        builder: &mut Builder<'_>,
        suffix: &str,
        [inputs, hidden, gates]: [usize; 3],
        projected: Option<usize>,
        bias: bool,
    ) -> Self {
        let init = Init::linear(hidden);
        let (rows, outputs) = (gates.saturating_mul(hidden), projected.unwrap_or(hidden));
        let mut part = |name: &str, sizes: &[usize]| builder.parameter(format!("{name}{suffix}"), sizes, init);
        Self {
            weight_ih: part("weight_ih", &[rows, inputs]),
            weight_hh: part("weight_hh", &[rows, outputs]),
            bias_ih: bias.then(|| part("bias_ih", &[rows])),
            bias_hh: bias.then(|| part("bias_hh", &[rows])),
            weight_hr: projected.map(|projected| part("weight_hr", &[projected, hidden])),
        }
    }

    /// Walks the parameters under PyTorch's names with `suffix` behind them.
    pub(crate) fn walk(&self, suffix: &str, walk: &mut Walk<'_>) {
        let optional = [
            ("bias_ih", &self.bias_ih),
            ("bias_hh", &self.bias_hh),
            ("weight_hr", &self.weight_hr),
        ];
        let required = [("weight_ih", &self.weight_ih), ("weight_hh", &self.weight_hh)];
        let optional = optional
            .into_iter()
            .filter_map(|(name, part)| Some((name, part.as_ref()?)));
        for (name, parameter) in required.into_iter().chain(optional) {
            walk.parameter(&*format!("{name}{suffix}"), parameter);
        }
    }
}

/// What stands behind the names of a layer in one direction: `_l0`, `_l0_reverse`.
pub(crate) fn suffix(index: usize, directions: usize) -> String {
    let reverse = if index % directions == 1 { "_reverse" } else { "" };
    format!("_l{}{reverse}", index / directions)
}
