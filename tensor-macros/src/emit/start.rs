//! What parameters start from, as the run time reads it.

use super::{ident, ours};
use crate::syntax::Start;
use proc_macro2::{Literal, TokenStream};

/// `Rule { of: Of::Weights, init: Init::Normal { .. } }`; of a parameter by itself all that there is.
pub fn start(private: &TokenStream, start: &Start, is_parameter: bool) -> TokenStream {
    let of = match &start.of {
        Some(name) => {
            let name = name.to_string();
            ours!(Named(#name))
        }
        None if is_parameter => ours!(All),
        None => ours!(Weights),
    };
    let init = init(private, start);
    ours!(#private::Rule { of: #private::Of::#of, init: #private::Init::#init })
}

fn init(private: &TokenStream, start: &Start) -> TokenStream {
    let number = |place: usize| Literal::f64_unsuffixed(start.numbers[place]);
    let uniform = start.law.name.ends_with("uniform");
    match start.law.name {
        "zeros" => ours!(Constant(0.0)),
        "ones" => ours!(Constant(1.0)),
        "constant" => {
            let value = number(0);
            ours!(Constant(#value))
        }
        // One number is a bound on both sides.
        "uniform" if start.numbers[1].is_nan() => {
            let bound = number(0);
            ours!(Uniform { bound: #bound })
        }
        "uniform" => {
            let (low, high) = (number(0), number(1));
            ours!(Between { low: #low, high: #high })
        }
        "normal" => {
            let (deviation, mean) = (number(0), number(1));
            ours!(Around { mean: #mean, deviation: #deviation })
        }
        "trunc_normal" => {
            let (deviation, mean, low, high) = (number(0), number(1), number(2), number(3));
            ours!(Truncated { mean: #mean, deviation: #deviation, low: #low, high: #high })
        }
        "eye" => ours!(Eye),
        "dirac" => {
            let groups = Literal::usize_unsuffixed(start.numbers[0] as usize);
            ours!(Dirac { groups: #groups })
        }
        "xavier_uniform" | "xavier_normal" => {
            let gain = number(0);
            ours!(Xavier { uniform: #uniform, gain: #gain })
        }
        "kaiming_uniform" | "kaiming_normal" => {
            let fan = ident(if start.words[0] == "fan_out" { "Out" } else { "In" });
            let slope = number(0);
            let nonlinearity = match start.words[1] {
                "leaky_relu" => ours!(LeakyRelu(#slope)),
                "relu" => ours!(Relu),
                "linear" => ours!(Linear),
                "tanh" => ours!(Tanh),
                "sigmoid" => ours!(Sigmoid),
                _ => ours!(Selu),
            };
            ours!(Kaiming { uniform: #uniform, fan: #private::Fan::#fan, nonlinearity: #private::Nonlinearity::#nonlinearity })
        }
        "orthogonal" => {
            let gain = number(0);
            ours!(Orthogonal { gain: #gain })
        }
        "sparse" => {
            let (sparsity, deviation) = (number(0), number(1));
            ours!(Sparse { sparsity: #sparsity, deviation: #deviation })
        }
        other => unreachable!("syntax/start.rs: `{other}` is no law"),
    }
}
