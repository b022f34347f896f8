//! Generated gradients against finite differences.

use tensor::{Device, Seed};
use tests::Chance;
use tests::model_differences::check;
use tests::model_inputs::inputs;

use crate::nets::*;

macro_rules! tests {
    ($($test:ident $Net:ident)*) => {
        $(
            #[test]
            fn $test() {
                let seed = stringify!($Net).bytes().fold(0, |seed, byte| seed * 31 + u64::from(byte));
                let mut model = $Net::<f64>::new_as(&Device::cpu(), Seed(seed));
                let x = inputs::<$Net<f64>>(3, &mut Chance::new(seed));
                check(&model, &x);
                model.eval();
                check(&model, &x);
            }
        )*
    };
}

for_each_net!(tests);
