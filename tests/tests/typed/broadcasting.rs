//! Typed broadcasting over a table of pairs, against the dynamic rule: both ways round.

use tensor::prelude::*;
use tensor::shape::{Broadcast, StaticShape};

macro_rules! pairs {
    ($([$($a:literal),*] [$($b:literal),*];)*) => {
        $({
            type Left = dims![$($a),*];
            type Right = dims![$($b),*];
            let (a, b) = (Tensor::<Left>::ones(), Tensor::<Right>::ones());
            let typed: Tensor<Broadcast<Left, Right>> = &a + &b;
            let turned: Tensor<Broadcast<Right, Left>> = &b + &a;
            let any = a.clone().into_dynamic().add(&b.clone().into_dynamic()).unwrap();
            assert_eq!(typed.sizes(), any.sizes());
            assert_eq!(<Broadcast<Left, Right> as StaticShape>::SIZES, any.sizes());
            assert_eq!(<Broadcast<Right, Left> as StaticShape>::SIZES, any.sizes());
            assert_eq!(turned.into_dynamic(), any);
        })*
    };
}

#[test]
fn typed_sizes_are_those_of_the_dynamic_rule() {
    pairs! {
        [] [];
        [] [1];
        [] [0];
        [] [3, 4];
        [1] [1];
        [1] [0];
        [1] [5];
        [0] [0];
        [5] [5];
        [3, 1] [4];
        [3, 1] [1, 4];
        [3, 4] [4];
        [3, 4] [1];
        [0, 4] [4];
        [0, 4] [1, 1];
        [1, 0] [3, 1];
        [1, 1] [0, 0];
        [2, 0, 3] [1];
        [2, 1, 3] [5, 1];
        [2, 1, 3] [1, 5, 3];
        [1, 1, 1, 1] [2];
        [2, 3, 4, 5] [];
        [2, 3, 4, 5] [4, 1];
        [2, 1, 2, 1, 2, 1] [1, 3, 1, 3, 1, 3];
        [2, 1, 2, 1, 2, 0] [3, 1, 1];
        [1, 1, 1, 1, 1, 1] [];
    }
}
