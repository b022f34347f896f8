//! The comparisons that the compiler of models leaves to rustc: of sizes that are types to it.

use crate::Text;

/// Stops the compilation where two sizes differ, with both in decimals after the two texts.
///
/// ```
/// const _: () = tensor_ops::agree(256, 256, ["`fc2` expects ", " input features, but `fc1` produces "]);
/// ```
#[track_caller]
pub const fn agree(expected: usize, found: usize, texts: [&str; 2]) {
    differ(expected, found, texts).tell();
}

/// What [`agree`] says, or nothing.
pub const fn differ(expected: usize, found: usize, texts: [&str; 2]) -> Text {
    if expected == found {
        return Text::new();
    }
    let text = Text::new().then(texts[0]).then_number(expected);
    text.then(texts[1]).then_number(found)
}

/// That a quotient is no whole number, if it is none: `` `D / H` is 64 / 7, which leaves 1 ``.
pub const fn leaves(dividend: usize, divisor: usize, quotient: &str) -> Text {
    let text = Text::new().then("`").then(quotient).then("` is ").then_number(dividend);
    let text = text.then(" / ").then_number(divisor);
    match dividend.checked_rem(divisor) {
        Some(0) => Text::new(),
        Some(rest) => text.then(", which leaves ").then_number(rest),
        None => text.then(", which is nothing"),
    }
}

/// That a model takes what another makes: sizes after the batch, after the names of both as [`differ`] has them.
pub const fn fits(expected: &[usize], found: &[usize], [consumer, producer]: [&str; 2]) -> Text {
    let mut same = expected.len() == found.len();
    let mut axis = 0;
    while same && axis < expected.len() {
        same = expected[axis] == found[axis];
        axis += 1;
    }
    if same {
        return Text::new();
    }
    let text = Text::new().then("`").then(consumer);
    if let ([expected], [found]) = (expected, found) {
        let text = text
            .then("` expects ")
            .then_number(*expected)
            .then(" input features, but ");
        return text.then(producer).then(" ").then_number(*found);
    }
    let text = text.then("` takes ").then_sizes(expected).then(", but ");
    text.then(producer).then(" ").then_sizes(found)
}

/// The product of sizes.
pub const fn elements(sizes: &[usize]) -> usize {
    let (mut product, mut axis) = (1, 0);
    while axis < sizes.len() {
        product *= sizes[axis];
        axis += 1;
    }
    product
}

/// The text, unless something holds.
pub const fn unless(holds: bool, text: &str) -> Text {
    if holds { Text::new() } else { Text::new().then(text) }
}

/// What [`takes`] says, or nothing.
pub const fn refuses(expected: usize, found: usize, texts: [&str; 2]) -> Text {
    match (expected, found) {
        (0, _) => Text::new(),
        (_, 0) => {
            let text = Text::new().then(texts[0]).then_number(expected).then(texts[1]);
            text.then("a number that is known only at run time")
        }
        _ => differ(expected, found, texts),
    }
}

/// As [`agree`], where 0 stands for a size that is known only at run time: one that takes any is content with each.
#[track_caller]
pub const fn takes(expected: usize, found: usize, texts: [&str; 2]) {
    refuses(expected, found, texts).tell();
}

#[cfg(test)]
mod tests {
    use super::{agree, differ, elements, fits, leaves, takes, unless};

    const TEXTS: [&str; 2] = ["expects ", ", finds "];

    #[test]
    fn the_same_size_is_the_same() {
        agree(0, 0, TEXTS);
        agree(784, 784, TEXTS);
        assert_eq!(differ(784, 784, TEXTS).as_str(), "");
    }

    #[test]
    #[should_panic(expected = "expects 0, finds 1000")]
    fn other_sizes_are_told_in_decimals() {
        agree(0, 1000, TEXTS);
    }

    #[test]
    #[should_panic(expected = "expects 64, finds a number that is known only at run time")]
    fn a_size_of_run_time_fits_its_like() {
        takes(0, 7, TEXTS);
        takes(0, 0, TEXTS);
        takes(7, 7, TEXTS);
        takes(64, 0, TEXTS);
    }

    #[test]
    #[should_panic(expected = "expects 784, finds 90")]
    fn every_digit_is_told() {
        agree(784, 90, TEXTS);
    }

    #[test]
    fn quotients_leave_nothing() {
        assert_eq!(leaves(64, 8, "D / H").as_str(), "");
        assert_eq!(leaves(64, 7, "D / H").as_str(), "`D / H` is 64 / 7, which leaves 1");
        assert_eq!(leaves(64, 0, "D / H").as_str(), "`D / H` is 64 / 0, which is nothing");
    }

    #[test]
    fn shapes_fit() {
        let words = ["b", "`a` produces"];
        assert_eq!(fits(&[3, 4], &[3, 4], words).as_str(), "");
        assert_eq!(
            fits(&[3], &[4], words).as_str(),
            "`b` expects 3 input features, but `a` produces 4"
        );
        assert_eq!(
            fits(&[3, 4], &[3], words).as_str(),
            "`b` takes [batch, 3, 4], but `a` produces [batch, 3]"
        );
        assert_eq!(
            fits(&[3, 4], &[0, 4], words).as_str(),
            "`b` takes [batch, 3, 4], but `a` produces [batch, _, 4]"
        );
        assert_eq!(elements(&[3, 4]), 12);
    }

    #[test]
    fn what_holds_is_not_told() {
        assert_eq!(
            [true, false].map(|holds| unless(holds, "no").as_str().to_owned()),
            ["", "no"]
        );
    }
}
