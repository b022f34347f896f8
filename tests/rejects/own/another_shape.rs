use tensor::own::{Backward, Forward, Layer, Own};
use tensor::prelude::*;

struct CopyRule;
type Copied<T = f32> = Own<CopyRule, T>;

impl Layer for CopyRule {
    type Input<B: Dim> = (B, dim![8]);
    type Output<B: Dim> = (B, dim![8]);
    const NAME: &'static str = "copied";

    fn forward<T: Float>(pass: Forward<'_, T>) {
        pass.out.copy_from_slice(pass.x);
    }

    fn backward<T: Float>(_: Backward<'_, T>) {}
}

net! { type Net = linear(4, 9) >> Copied >> linear(8, 2) }

fn main() {}
