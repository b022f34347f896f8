//! Matrix products.

mod case;

use gpu_kernels::{Code, Epilogue, Float, Operand, Ptr, Step, Tiles};

use self::case::{Case, LIES, Lie, steps};
use super::placed::Placed;
use crate::Chance;
use crate::gpu::{Check, gpu};

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check {
            name: "kernels::gemm::random_products",
            run: || {
                random_products::<f32>();
                random_products::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::every_tile_of_every_layout",
            run: || {
                every_tile_of_every_layout::<f32>();
                every_tile_of_every_layout::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::few_rows_or_columns",
            run: || {
                few_rows_or_columns::<f32>();
                few_rows_or_columns::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::every_activation",
            run: || {
                every_activation::<f32>();
                every_activation::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::long_sums_of_few_elements",
            run: || {
                long_sums_of_few_elements::<f32>();
                long_sums_of_few_elements::<f64>();
            },
        },
        Check {
            name: "kernels::gemm::what_is_beside_stays_out",
            run: what_is_beside_stays_out,
        },
    ]
}

/// Around threads, warps and tiles.
const SIZES: [usize; 17] = [1, 2, 3, 4, 7, 8, 9, 16, 31, 32, 33, 60, 64, 65, 127, 128, 129];

fn random_products<T: Float>() {
    let chance = &mut Chance::new(1);
    for _ in 0..150 {
        let sizes = [(); 3].map(|()| if chance.once_in(25) { 0 } else { *chance.one_of(&SIZES) });
        Case {
            sizes,
            lies: [(); 2].map(|()| *chance.one_of(&LIES)),
            shifts: [(); 3].map(|()| *chance.one_of(&[0, 0, 0, 1, 4])),
            accumulate: chance.once_in(2),
            bias: chance.once_in(2),
            pre: chance.once_in(3),
            activation: chance.once_in(2).then(|| *chance.one_of(&steps())),
            by: None,
        }
        .check::<T>(chance);
    }
}

fn every_tile_of_every_layout<T: Float>() {
    let chance = &mut Chance::new(2);
    for tiles in [Tiles::Large, Tiles::Small] {
        for a in LIES {
            for b in LIES {
                // Once with room for 16 bytes at a time everywhere, once not.
                for sizes in [[132, 140, 84], [131, 67, 37]] {
                    Case {
                        lies: [a, b],
                        shifts: if chance.once_in(4) { [1; 3] } else { [0; 3] },
                        accumulate: chance.once_in(2),
                        bias: chance.once_in(2),
                        pre: chance.once_in(2),
                        activation: chance.once_in(2).then(|| *chance.one_of(&steps())),
                        by: Some((tiles, if chance.once_in(2) { 2 } else { 1 })),
                        ..Case::plain(sizes[0], sizes[1], sizes[2])
                    }
                    .check::<T>(chance);
                }
            }
        }
    }
}

fn few_rows_or_columns<T: Float>() {
    let chance = &mut Chance::new(3);
    let lies = [LIES.as_slice(), &[Lie::Columns(3)]].concat();
    for few in 1..=8 {
        for many in [1, 2, 31, 33, 70] {
            for k in [0, 1, 5, 64, 129, 600] {
                let by_rows = chance.once_in(2);
                let [m, n] = if by_rows { [few, many] } else { [many, few] };
                Case {
                    lies: [(); 2].map(|()| *chance.one_of(&lies)),
                    shifts: [(); 3].map(|()| chance.below(2)),
                    accumulate: chance.once_in(2),
                    bias: chance.once_in(2),
                    pre: chance.once_in(2),
                    activation: chance.once_in(2).then(|| *chance.one_of(&steps())),
                    ..Case::plain(m, n, k)
                }
                .check::<T>(chance);
            }
        }
    }
    // 16 bytes at a time, with something beside the last of them.
    for k in [5, 129, 601] {
        let gap = 4 - k % 4;
        Case {
            lies: [Lie::Rows(gap), Lie::Columns(gap)],
            ..Case::plain(3, 20, k)
        }
        .check::<T>(chance);
    }
}

fn every_activation<T: Float>() {
    let chance = &mut Chance::new(4);
    for step in steps() {
        for by in [(Tiles::Large, 1), (Tiles::Small, 1), (Tiles::Small, 3)] {
            Case {
                bias: true,
                pre: true,
                activation: Some(step),
                by: Some(by),
                ..Case::plain(40, 36, 132)
            }
            .check::<T>(chance);
        }
        Case {
            activation: Some(step),
            ..Case::plain(3, 20, 10)
        }
        .check::<T>(chance);
    }
}

fn long_sums_of_few_elements<T: Float>() {
    let chance = &mut Chance::new(5);
    // The launcher cuts k here, by tiles and by lines.
    for [m, n, k] in [
        [20, 24, 5000],
        [9, 9, 20_001],
        [1, 1, 30_000],
        [5, 40, 9000],
        [30, 2, 4097],
    ] {
        for lies in [
            [Lie::Rows(0), Lie::Rows(0)],
            [Lie::Rows(0), Lie::Columns(0)],
            [Lie::Columns(0), Lie::Rows(0)],
        ] {
            Case {
                lies,
                accumulate: true,
                bias: true,
                activation: Some(Step::new(Code::Relu, 0.0, 0.0)),
                ..Case::plain(m, n, k)
            }
            .check::<T>(chance);
        }
    }
    for parts in [2, 5, 8, 17, 40] {
        Case {
            by: Some((Tiles::Small, parts)),
            pre: true,
            activation: Some(Step::new(Code::Tanh, 0.0, 0.0)),
            ..Case::plain(33, 5, 64 * parts - 3)
        }
        .check::<T>(chance);
    }
}

/// A NaN or an infinity stays in its row and its column, and edges of tiles add nothing to others.
fn what_is_beside_stays_out() {
    let (m, n, k) = (70, 66, 20);
    let (mut a, b) = (vec![1f32; m * k], vec![1f32; k * n]);
    a[3 * k + 7] = f32::NAN;
    a[69 * k] = f32::INFINITY;
    for tiles in [Tiles::Large, Tiles::Small] {
        let (a, b, out) = (
            Placed::new(&a, 0),
            Placed::new(&b, 0),
            Placed::filled_with_nan(m * n, 0),
        );
        let operand = |ptr: Ptr<f32>, row| Operand { ptr, row, col: 1 };
        let (left, right) = (operand(a.ptr(), k), operand(b.ptr(), n));
        // SAFETY: the matrices are of these sizes.
        unsafe { gpu().gemm_by_tiles(tiles, 1, left, right, out.ptr(), m, n, k, false, Epilogue::default()) }
            .expect("a launch");
        for (index, out) in out.read().into_iter().enumerate() {
            match index / n {
                3 => assert!(out.is_nan()),
                69 => assert_eq!(out, f32::INFINITY),
                _ => assert_eq!(out, k as f32),
            }
        }
    }
}
