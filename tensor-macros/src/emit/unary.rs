//! Operations on elements as expressions.

use super::ours;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use tensor_ops::{Binary, Unary};

/// `::tensor::__private::Unary::LeakyRelu { slope: 0.01 }`.
pub fn unary(private: &TokenStream, op: &Unary) -> TokenStream {
    let number = |number: &f64| {
        let size = Literal::f64_unsuffixed(number.abs());
        if number.is_sign_negative() {
            ours!(-#size)
        } else {
            ours!(#size)
        }
    };
    let written = match op {
        Unary::Relu => ours!(Relu),
        Unary::LeakyRelu { slope } => {
            let slope = number(slope);
            ours!(LeakyRelu { slope: #slope })
        }
        Unary::Tanh => ours!(Tanh),
        Unary::Sigmoid => ours!(Sigmoid),
        Unary::Gelu => ours!(Gelu),
        Unary::GeluTanh => ours!(GeluTanh),
        Unary::Silu => ours!(Silu),
        Unary::Elu { alpha } => {
            let alpha = number(alpha);
            ours!(Elu { alpha: #alpha })
        }
        Unary::Softplus { beta, threshold } => {
            let (beta, threshold) = (number(beta), number(threshold));
            ours!(Softplus { beta: #beta, threshold: #threshold })
        }
        Unary::Neg => ours!(Neg),
        Unary::Abs => ours!(Abs),
        Unary::Square => ours!(Square),
        Unary::Sqrt => ours!(Sqrt),
        Unary::Recip => ours!(Recip),
        Unary::Exp => ours!(Exp),
        Unary::Log => ours!(Log),
        Unary::Sin => ours!(Sin),
        Unary::Cos => ours!(Cos),
        Unary::Erf => ours!(Erf),
        Unary::Sign => ours!(Sign),
        Unary::Affine { scale, shift } => {
            let (scale, shift) = (number(scale), number(shift));
            ours!(Affine { scale: #scale, shift: #shift })
        }
        Unary::Powf { exponent } => {
            let exponent = number(exponent);
            ours!(Powf { exponent: #exponent })
        }
        Unary::Dropout { p, layer } => {
            let (p, layer) = (number(p), Literal::u32_unsuffixed(*layer));
            ours!(Dropout { p: #p, layer: #layer })
        }
    };
    ours!(#private::Unary::#written)
}

/// `::tensor::__private::Binary::Add`.
pub fn binary(private: &TokenStream, op: Binary) -> TokenStream {
    let written = Ident::new(&format!("{op:?}"), Span::mixed_site());
    ours!(#private::Binary::#written)
}
