//! Models of random structure. Written by `cargo run --package tests --bin nets`; do not edit.

use tensor::prelude::*;

// [5] to [5].
net! { pub type Net00 = [5] => tanh >> layer_norm(_, 1e-6) >> (elu(alpha = 1.3)) >> sigmoid }

// [6, 4] to [6, 40].
#[model]
#[input(6, 4)]
pub struct Net01 {
    pub chain0: net!(fc0: linear(_, 12) >> norm1: layer_norm(_) >> act2: dropout(0.1)),
    pub part1: Gelu,
    pub chain2: net!(< linear(_, 40) >),
}

// [5] to [5].
net! { pub type Net02 = linear(5, 3, bias = true) >> linear(3, 5) }

// [3] to [5].
#[model]
#[input(3)]
pub struct Net03 {
    pub chain0: net!(norm0: layer_norm(3, eps = 0.001) >> to1: linear(_, 5) >> inner1: Net02),
    pub part1: LayerNorm<5>,
    pub part2: Softmax,
}

// [8, 2] to [8, 2].
net! { #[input(8, 2)] pub type Net04 = fc0: linear(2, 2) >> softplus(2.0) >> dropout(0.1) >> norm3: layer_norm(_) >> tanh }

// [2, 3] to [2, 3].
net! { #[input(2, 3)] pub type Net05 = layer_norm(3) }

// [8, 2] to [8, 40].
net! { pub type Net06 = [8, 2] => tanh >> gelu(approximate = tanh) >> linear(2, 40) >> tanh }

// [7] to [20].
#[model]
#[input(7)]
pub struct Net07 {
    pub chain0: net!(< leaky_relu >> tanh >> group2: (to0: linear(_, 5) >> inner0: Net00) >),
    pub part1: Linear<5, 20>,
    pub chain2: net!(dropout >> leaky_relu),
}

// [8] to [5].
net! { pub type Net08 = fc0: linear(8, 4) >> to1: linear(_, 5) >> inner1: Net02 >> act2: relu }

// [8] to [40].
#[model]
#[input(8)]
pub struct Net09 {
    pub chain0: net!(linear(_, 8, bias = true)),
    pub chain1: net!((linear(_, 2, bias = true) >> linear(2, 12) >> leaky_relu(0.2)) >> linear(12, 40)),
}

// [4, 8] to [4, 40].
#[model]
#[input(4, 8)]
pub struct Net10 {
    pub chain0: net!(layer_norm(_, eps = 0.001)),
    pub part1: Linear<8, 20>,
    pub chain2: net!(fc0: linear(20, 7, bias = false) >> fc1: linear(_, 12)),
    pub part3: Softmax,
    pub chain4: net!(< fc0: linear(12, 40) >> softmax >),
}

// [3, 6] to [72].
net! { pub type Net11 = [3, 6] => gelu >> fc1: linear(6, 16) >> fc2: linear(16, 24) >> tanh >> group4: (flatten) }

// [5] to [5].
#[model]
#[input(5)]
pub struct Net12 {
    pub chain0: net!(< fc0: linear(_, 24) >> to1: linear(_, 8) >> inner1: Net08 >),
    pub part1: LayerNorm<5>,
    pub part2: Silu,
}

// [3, 6] to [18].
net! { #[input(3, 6)] pub type Net13 = act0: leaky_relu(0.2) >> norm1: layer_norm(_, 1e-6) >> flatten >> norm3: layer_norm(18, 1e-6) >> gelu >> softplus(2.0) }

// [8] to [12].
net! { pub type Net14 = linear(8, 24, bias = true) >> tanh >> dropout >> linear(_, 12, bias = true) }

// [7] to [12].
net! { pub type Net15 = linear(7, 2) >> (linear(2, 40) >> linear(40, 6)) >> linear(_, 5, bias = false) >> leaky_relu(slope = 0.3) >> linear(5, 12, bias = true) >> leaky_relu(slope = 0.3) }

// [4, 4] to [24].
net! { #[input(4, 4)] pub type Net16 = flatten >> linear(_, 3, bias = false) >> elu >> linear(3, 2, bias = false) >> linear(_, 24) }

// [3] to [3].
net! { pub type Net17 = [3] => gelu }

// [8] to [5].
net! { pub type Net18 = linear(8, 5, bias = true) }

// [8, 2] to [3].
net! { #[input(8, 2)] pub type Net19 = softplus(2.0) >> (flatten) >> linear(16, 3, bias = false) >> elu >> tanh >> tanh }

// [6] to [12].
net! { pub type Net20 = fc0: linear(6, 3, bias = true) >> to1: linear(_, 7) >> inner1: Net07 >> to3: linear(_, 3) >> inner3: Net17 >> group3: ((layer_norm(_)) >> silu) >> to6: linear(_, 8) >> inner6: Net14 }

// [3, 3] to [5].
net! { #[input(3, 3)] pub type Net21 = dropout >> linear(_, 33) >> flatten >> linear(99, 5) >> layer_norm(_, 1e-6) }

// [3] to [5].
net! { pub type Net22 = fc0: linear(3, 5, bias = false) }

// [6] to [40].
#[model]
#[input(6)]
pub struct Net23 {
    pub part0: Silu,
    pub chain1: net!(norm0: layer_norm(6, eps = 0.001) >> fc1: linear(_, 40, bias = true)),
    pub chain2: net!(log_softmax >> softplus(2.0)),
}

// [4] to [3].
net! { pub type Net24 = fc0: linear(4, 6) >> tanh >> group2: (softmax >> leaky_relu(slope = 0.3)) >> relu >> group4: (fc0: linear(6, 3, bias = false) >> act1: relu) }

// [4] to [16].
#[model]
#[input(4)]
pub struct Net25 {
    pub part0: Relu,
    pub part1: Linear<4, 16>,
    pub part2: Tanh,
    pub chain3: net!(dropout(0.5)),
    pub part4: Identity,
}

// [4] to [3].
net! { pub type Net26 = linear(4, 3) }

// [2, 6] to [2, 40].
#[model]
#[input(2, 6)]
pub struct Net27 {
    pub chain0: net!(< leaky_relu >),
    pub part1: Linear<6, 16>,
    pub part2: Linear<16, 1>,
    pub chain3: net!(dropout >> (softplus(beta = 0.5, threshold = 15.0)) >> linear(_, 40)),
}

// [7] to [12].
net! { pub type Net28 = linear(7, 33) >> linear(33, 12, bias = false) }

// [6] to [1].
net! { pub type Net29 = linear(6, 6) >> dropout(0.1) >> linear(6, 1) >> (relu) }

// [6] to [7].
net! { pub type Net30 = layer_norm(6) >> linear(_, 17, bias = true) >> linear(17, 10, bias = false) >> linear(_, 7) }

// [5] to [3].
net! { pub type Net31 = linear(5, 3, bias = true) >> softplus(beta = 0.5, threshold = 15.0) }

// [4] to [24].
net! { pub type Net32 = linear(4, 8) >> dropout(p = 0.25) >> leaky_relu(slope = 0.3) >> log_softmax >> (to0: linear(_, 6) >> inner0: Net20 >> to2: linear(_, 6) >> inner2: Net20 >> group2: (layer_norm(_) >> leaky_relu(slope = 0.3) >> linear(_, 24, bias = false))) }

// [7] to [7].
net! { pub type Net33 = fc0: linear(7, 16, bias = true) >> act1: silu >> fc2: linear(_, 7) >> norm3: layer_norm(_, eps = 0.001) }

// [2, 2, 4] to [2, 2, 6].
net! { pub type Net34 = [2, 2, 4] => layer_norm(4, eps = 0.001) >> linear(_, 6, bias = true) >> softmax >> dropout(0.1) >> softmax >> layer_norm(6) }

// [8, 8] to [8, 8].
net! { pub type Net35 = [8, 8] => leaky_relu }

// [5] to [8].
#[model]
#[input(5)]
pub struct Net36 {
    pub chain0: net!(< dropout(p = 0.25) >> (linear(5, 17, bias = false) >> linear(_, 24)) >),
    pub chain1: net!(linear(24, 7, bias = false)),
    pub to2: Linear<7, 6>,
    pub inner2: Net23,
    pub part3: Linear<40, 9>,
    pub chain4: net!(linear(9, 8, bias = false)),
}

// [5, 4, 4] to [5, 4, 4].
net! { #[input(5, 4, 4)] pub type Net37 = softplus(beta = 0.5, threshold = 15.0) }

// [3, 4] to [3, 17].
net! { pub type Net38 = [3, 4] => (linear(4, 16, bias = false) >> dropout(0.1) >> linear(16, 5)) >> linear(5, 17) >> layer_norm(17, 1e-6) }

// [5] to [8].
net! { pub type Net39 = fc0: linear(5, 8) }

// [2, 8, 4] to [8].
net! { pub type Net40 = [2, 8, 4] => norm0: layer_norm(_) >> flatten >> fc2: linear(64, 8, bias = true) }

// [4, 4, 8] to [4, 4, 8].
net! { #[input(4, 4, 8)] pub type Net41 = norm0: layer_norm(8, 1e-6) }

// [7] to [12].
#[model]
#[input(7)]
pub struct Net42 {
    pub part0: Dropout,
    pub part1: Relu,
    pub chain2: net!((linear(_, 2) >> gelu(approximate = tanh) >> linear(_, 3)) >> leaky_relu >> softplus(beta = 0.5, threshold = 15.0)),
    pub chain3: net!(fc0: linear(_, 12) >> dropout),
    pub part4: Elu,
}

// [6, 6] to [6, 12].
net! { #[input(6, 6)] pub type Net43 = elu(0.7) >> fc1: linear(_, 12) >> norm2: layer_norm(12, eps = 0.001) >> norm3: layer_norm(_, eps = 0.001) }

// [7] to [24].
net! { pub type Net44 = linear(7, 24) }

// [4] to [4].
net! { #[input(4)] pub type Net45 = linear(_, 17) >> gelu >> sigmoid >> layer_norm(_) >> linear(17, 4, bias = true) }

// [8] to [16].
#[model]
#[input(8)]
pub struct Net46 {
    pub part0: Linear<8, 20>,
    pub chain1: net!(< layer_norm(20) >),
    pub part2: LayerNorm<20>,
    pub part3: Linear<20, 16>,
}

// [3, 2, 3] to [3, 2, 3].
#[model]
#[input(3, 2, 3)]
pub struct Net47 {
    pub part0: LeakyRelu,
}

// [3, 6] to [3, 6].
net! { #[input(3, 6)] pub type Net48 = layer_norm(6, eps = 0.001) >> log_softmax >> layer_norm(6, eps = 0.001) }

// [6, 2, 4] to [6, 2, 3].
net! { #[input(6, 2, 4)] pub type Net49 = linear(4, 3) }

// [5] to [8].
net! { pub type Net50 = layer_norm(5, 1e-6) >> (linear(_, 16, bias = false) >> linear(_, 2)) >> leaky_relu(-0.25) >> linear(2, 8) }

// [5] to [5].
net! { pub type Net51 = norm0: layer_norm(5) >> norm1: layer_norm(_, 1e-6) }

// [7] to [16].
net! { pub type Net52 = linear(7, 6) >> dropout(0.5) >> (softplus(2.0) >> linear(_, 24, bias = true) >> (softplus(2.0) >> linear(24, 10))) >> gelu(approximate = tanh) >> linear(10, 16, bias = false) >> layer_norm(_) }

// [3] to [20].
net! { pub type Net53 = fc0: linear(3, 12) >> to1: linear(_, 5) >> inner1: Net50 >> group2: (sigmoid) >> fc3: linear(8, 24, bias = true) >> to5: linear(_, 7) >> inner5: Net07 >> group5: (log_softmax) }

// [7] to [6].
net! { pub type Net54 = linear(7, 6) }

// [2, 2, 5] to [2, 2, 33].
net! { #[input(2, 2, 5)] pub type Net55 = (linear(5, 10)) >> linear(10, 5) >> (layer_norm(5)) >> ((fc0: linear(5, 6) >> tanh) >> layer_norm(6, eps = 0.001)) >> linear(_, 17) >> linear(_, 33, bias = false) }

// [6, 8] to [6, 24].
net! { pub type Net56 = [6, 8] => linear(_, 24) }

// [7] to [6].
net! { pub type Net57 = linear(7, 16) >> linear(_, 6) >> dropout(0.5) }

// [7] to [12].
net! { #[input(7)] pub type Net58 = linear(7, 2) >> (gelu >> leaky_relu(-0.25)) >> linear(2, 12, bias = true) }

// [4] to [2].
#[model]
#[input(4)]
pub struct Net59 {
    pub chain0: net!(< dropout(p = 0.25) >> linear(4, 8, bias = false) >),
    pub chain1: net!(< norm0: layer_norm(8, 1e-6) >> fc1: linear(_, 2) >),
}

/// Gives every net to a macro.
macro_rules! for_each_net {
    ($given:ident) => {
        $given! {
            net_00 Net00
            net_01 Net01
            net_02 Net02
            net_03 Net03
            net_04 Net04
            net_05 Net05
            net_06 Net06
            net_07 Net07
            net_08 Net08
            net_09 Net09
            net_10 Net10
            net_11 Net11
            net_12 Net12
            net_13 Net13
            net_14 Net14
            net_15 Net15
            net_16 Net16
            net_17 Net17
            net_18 Net18
            net_19 Net19
            net_20 Net20
            net_21 Net21
            net_22 Net22
            net_23 Net23
            net_24 Net24
            net_25 Net25
            net_26 Net26
            net_27 Net27
            net_28 Net28
            net_29 Net29
            net_30 Net30
            net_31 Net31
            net_32 Net32
            net_33 Net33
            net_34 Net34
            net_35 Net35
            net_36 Net36
            net_37 Net37
            net_38 Net38
            net_39 Net39
            net_40 Net40
            net_41 Net41
            net_42 Net42
            net_43 Net43
            net_44 Net44
            net_45 Net45
            net_46 Net46
            net_47 Net47
            net_48 Net48
            net_49 Net49
            net_50 Net50
            net_51 Net51
            net_52 Net52
            net_53 Net53
            net_54 Net54
            net_55 Net55
            net_56 Net56
            net_57 Net57
            net_58 Net58
            net_59 Net59
        }
    };
}
pub(crate) use for_each_net;
