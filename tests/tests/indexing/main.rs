//! Views, indexing and arithmetic in random programs against a model without strides; and what PyTorch's index language says, by cases.

#![allow(clippy::type_complexity, reason = "a function of tensors is written out once")]

mod cases;
mod gradients;
mod model;
mod places;
mod steps;
mod views;

use proptest::prelude::*;
use tests::Chance;

/// How many programs: `PROPTEST_CASES`, or a few.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(64)
}

/// Runs a program of `length` steps. What is refused changes nothing, and the program goes on.
fn run(seed: u64, length: usize) -> Result<(), TestCaseError> {
    let mut chance = Chance::new(seed);
    let rank = chance.below(5);
    let sizes: Vec<usize> = (0..rank).map(|_| [0, 1, 2, 3, 4, 2, 3][chance.below(7)]).collect();
    let mut model = steps::drawn(&mut chance, &sizes);
    let mut x = steps::tensor(&model);
    let mut trail = format!("{sizes:?}");
    for _ in 0..length {
        let step = match chance.below(10) {
            0..=2 => views::view(&mut chance, &x, &model),
            3 | 4 => places::get(&mut chance, &x, &model),
            5 | 6 => places::set(&mut chance, &x, &model),
            7 => places::along(&mut chance, &x, &model),
            _ => steps::compute(&mut chance, &x, &model),
        };
        let Some(steps::Outcome { what, found, expected }) = step else {
            continue;
        };
        trail = format!("{trail}\n    .{what}");
        match (found, expected) {
            (Ok(found), Some(expected)) => {
                prop_assert_eq!(found.sizes(), &expected.sizes[..], "sizes after {}", trail);
                prop_assert_eq!(
                    found.to_vec().map_err(|error| error.to_string()),
                    Ok(expected.data.clone()),
                    "after {}",
                    trail
                );
                // What a step read is as it was.
                prop_assert_eq!(x.to_vec().ok(), Some(model.data), "before {}", trail);
                (x, model) = (found, expected);
            }
            (Err(error), None) => prop_assert!(!error.to_string().is_empty()),
            (Ok(found), None) => prop_assert!(false, "{} gave {:?} instead of an error", trail, found.sizes()),
            (Err(error), Some(expected)) => {
                prop_assert!(false, "{} gave `{}` instead of {:?}", trail, error, expected.sizes)
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn programs_agree_with_the_model(seed in any::<u64>(), length in 1usize..24) {
        run(seed, length)?;
    }
}
