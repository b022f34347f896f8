//! Every layer, with all its arguments, as a generated model.

use tensor::prelude::*;
use tests::Chance;
use tests::model_differences::check;
use tests::model_inputs::inputs;

/// A model for each chain, checked with batches of several rows, of one, and of none.
macro_rules! hold {
    ($($test:ident: $Name:ident = { $($net:tt)* })*) => {
        $(
            #[test]
            fn $test() {
                net! { type $Name = $($net)* }

                let mut model = $Name::<f64>::new_as(&Device::cpu(), Seed(3));
                let mut chance = Chance::new(4);
                for batch in [5, 1, 0, 34] {
                    check(&model, &inputs::<$Name<f64>>(batch, &mut chance));
                }
                model.eval();
                check(&model, &inputs::<$Name<f64>>(3, &mut chance));
            }
        )*
    };
}

hold! {
    linear: A = { linear(3, 4) }
    linear_without_bias: A = { linear(3, 4, bias = false) }
    linear_of_one: A = { linear(1, 1) }
    linear_wide: A = { linear(70, 33) }
    linear_of_rows: A = { [2, 3] => linear(3, 4) }
    relu: A = { [6] => relu }
    leaky_relu: A = { [6] => leaky_relu }
    leaky_relu_slope: A = { [6] => leaky_relu(slope = 0.4) }
    leaky_relu_negative: A = { [6] => leaky_relu(-0.4) }
    leaky_relu_of_nothing: A = { [6] => leaky_relu(0.0) }
    tanh: A = { [6] => tanh }
    sigmoid: A = { [6] => sigmoid }
    gelu: A = { [6] => gelu }
    gelu_tanh: A = { [6] => gelu(approximate = tanh) }
    silu: A = { [6] => silu }
    elu: A = { [6] => elu }
    elu_alpha: A = { [6] => elu(alpha = 0.3) }
    elu_negative: A = { [6] => elu(-0.3) }
    softplus: A = { [6] => softplus }
    softplus_beta: A = { [6] => softplus(beta = 3.0, threshold = 30.0) }
    softplus_threshold: A = { [6] => softplus(2.0, -100.0) }
    softmax: A = { [6] => softmax }
    softmax_of_one: A = { [1] => softmax }
    softmax_of_rows: A = { [2, 3] => softmax }
    log_softmax: A = { [6] => log_softmax }
    layer_norm: A = { layer_norm(6) }
    layer_norm_eps: A = { layer_norm(6, eps = 0.1) }
    layer_norm_of_rows: A = { [2, 3] => layer_norm(3) }
    layer_norm_of_one: A = { layer_norm(1) }
    dropout: A = { [6] => dropout(0.3) }
    dropout_default: A = { [6] => dropout }
    dropout_of_nothing: A = { [6] => dropout(0.0) }
    dropout_of_nearly_all: A = { [6] => dropout(0.99) }
    flatten: A = { [2, 3] => flatten }
    identity: A = { [6] => identity }
    nothing_but_views: A = { [2, 3] => identity >> flatten >> identity }
}
