//! Generated against eager.

use tests::eager::hold;

use crate::nets::*;

macro_rules! tests {
    ($($test:ident $Net:ident)*) => {
        /// The number of nets is what the generator says.
        #[test]
        fn all_nets_are_here() {
            assert_eq!([$(stringify!($Net)),*].len(), tests::nets::COUNT);
        }

        $(
            #[test]
            fn $test() {
                hold::<$Net<f32>, $Net<f64>>(stringify!($Net).bytes().map(u64::from).sum());
            }
        )*
    };
}

for_each_net!(tests);
