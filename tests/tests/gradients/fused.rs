//! What the compiler fuses: a linear layer with what follows it, and elementwise layers with each other. And whole nets.

use tensor::prelude::*;
use tests::Chance;
use tests::model_differences::check;
use tests::model_inputs::inputs;

macro_rules! hold {
    ($($test:ident: { $($net:tt)* })*) => {
        $(
            #[test]
            fn $test() {
                net! { type Fused = $($net)* }

                let mut model = Fused::<f64>::new_as(&Device::cpu(), Seed(5));
                let mut chance = Chance::new(6);
                for batch in [4, 1, 19] {
                    check(&model, &inputs::<Fused<f64>>(batch, &mut chance));
                }
                model.eval();
                check(&model, &inputs::<Fused<f64>>(3, &mut chance));
            }
        )*
    };
}

/// The same pairs around every activation: behind a linear layer with and without bias, before one, behind a norm, before and
/// behind dropout, twice, and between two linear layers.
macro_rules! pairs {
    ($($name:ident: $activation:tt $(($($argument:tt)*))?;)*) => {
        $(
            mod $name {
                use super::*;

                hold! {
                    behind_linear: { linear(5, 7) >> $activation $(($($argument)*))? }
                    behind_linear_without_bias: { linear(5, 7, bias = false) >> $activation $(($($argument)*))? }
                    before_linear: { [5] => $activation $(($($argument)*))? >> linear(_, 3) }
                    between: { linear(5, 9) >> $activation $(($($argument)*))? >> linear(9, 3) }
                    behind_norm: { layer_norm(5) >> $activation $(($($argument)*))? }
                    before_norm: { linear(4, 5) >> $activation $(($($argument)*))? >> layer_norm(_) }
                    before_dropout: { linear(5, 7) >> $activation $(($($argument)*))? >> dropout(0.4) >> linear(_, 3) }
                    behind_dropout: { linear(5, 7) >> dropout(0.4) >> $activation $(($($argument)*))? >> linear(_, 3) }
                    alone_with_dropout: { [6] => $activation $(($($argument)*))? >> dropout(0.3) }
                    twice: { linear(5, 7) >> $activation $(($($argument)*))? >> $activation $(($($argument)*))? >> linear(_, 3) }
                }
            }
        )*
    };
}

pairs! {
    relu: relu;
    leaky_relu: leaky_relu(0.2);
    leaky_relu_negative: leaky_relu(-0.2);
    tanh: tanh;
    sigmoid: sigmoid;
    gelu: gelu;
    gelu_tanh: gelu(approximate = tanh);
    silu: silu;
    elu: elu(0.8);
    softplus: softplus(2.0);
    softmax: softmax;
    log_softmax: log_softmax;
    identity: identity;
    dropout: dropout(0.2);
}

mod chains {
    use super::*;

    hold! {
        three: { linear(4, 6) >> tanh >> sigmoid >> silu }
        four_alone: { [6] => gelu >> elu >> softplus >> tanh }
        with_two_dropouts: { linear(4, 6) >> relu >> dropout(0.2) >> tanh >> dropout(0.5) >> linear(_, 2) }
        dropout_first: { [8] => dropout(0.2) >> linear(_, 5) >> relu }
        dropout_last: { linear(4, 6) >> sigmoid >> dropout(0.25) }
        through_flatten: { [2, 3] => linear(3, 4) >> relu >> flatten >> gelu >> linear(8, 2) }
        dropout_through_flatten: { [2, 3] => tanh >> dropout(0.3) >> flatten >> dropout(0.3) >> linear(6, 2) }
        through_identity: { linear(4, 6) >> identity >> relu >> identity >> linear(_, 2) }
        norm_twice: { layer_norm(5) >> layer_norm(5) >> tanh }
        softmax_twice: { [5] => softmax >> log_softmax }
        norm_of_softmax: { linear(4, 5) >> softmax >> layer_norm(_) >> log_softmax }
    }
}

mod whole {
    use super::*;

    hold! {
        classifier: { linear(12, 16) >> relu >> linear(16, 16) >> relu >> linear(16, 10) >> log_softmax }
        normed: { linear(6, 8) >> layer_norm(8) >> gelu >> dropout(0.1) >> linear(8, 8) >> layer_norm(8) >> gelu >> linear(8, 3) }
        image: { [2, 4, 3] => flatten >> linear(24, 9) >> silu >> linear(_, 4) }
        named_groups: { encoder: (linear(7, 5) >> tanh) >> decoder: (hidden: linear(_, 6) >> elu >> out: linear(_, 7)) }
        deep: { linear(4, 5) >> tanh >> linear(5, 6) >> relu >> linear(6, 7) >> gelu >> linear(7, 6) >> elu >> linear(6, 5) >> silu
            >> linear(5, 4) >> sigmoid >> linear(4, 3) >> softplus >> linear(3, 2) }
    }

    #[model]
    #[input(6)]
    struct Inner {
        first: net!(linear(_, 8) >> tanh >> dropout(0.3)),
        norm: LayerNorm<8>,
        last: Linear<8, 5>,
    }

    #[model]
    #[input(6)]
    struct Outer {
        before: net!(linear(_, 6) >> dropout(0.2)),
        one: Inner,
        between: net!(relu >> linear(_, 6)),
        two: Inner,
        after: Softmax,
    }

    #[test]
    fn models_in_models() {
        let mut model = Outer::<f64>::new_as(&Device::cpu(), Seed(9));
        let mut chance = Chance::new(2);
        for batch in [3, 1, 0] {
            check(&model, &inputs::<Outer<f64>>(batch, &mut chance));
        }
        model.eval();
        check(&model, &inputs::<Outer<f64>>(3, &mut chance));
    }
}
