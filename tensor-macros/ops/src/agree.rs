//! The comparison that the compiler of models leaves to rustc: of sizes that are types to it.

/// Stops the compilation where two sizes differ, with both in decimals after the two texts.
///
/// ```
/// const _: () = tensor_ops::agree(256, 256, ["`fc2` expects ", " input features, but `fc1` produces "]);
/// ```
#[track_caller]
pub const fn agree(expected: usize, found: usize, texts: [&str; 2]) {
    if expected != found {
        let message = Text::new()
            .then(texts[0])
            .then_number(expected)
            .then(texts[1])
            .then_number(found);
        message.panic();
    }
}

/// A text that is put together while a constant is evaluated. What is longer than its room is cut.
struct Text {
    bytes: [u8; 1024],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Text {
            bytes: [0; 1024],
            len: 0,
        }
    }

    const fn then(mut self, text: &str) -> Self {
        let mut index = 0;
        while index < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text.as_bytes()[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    const fn then_number(mut self, number: usize) -> Self {
        let mut weight = 1;
        while number / weight >= 10 {
            weight *= 10;
        }
        while weight > 0 && self.len < self.bytes.len() {
            self.bytes[self.len] = b'0' + (number / weight % 10) as u8;
            self.len += 1;
            weight /= 10;
        }
        self
    }

    #[track_caller]
    const fn panic(&self) {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("two sizes that must be the same differ"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::agree;

    const TEXTS: [&str; 2] = ["expects ", ", finds "];

    #[test]
    fn the_same_size_is_the_same() {
        agree(0, 0, TEXTS);
        agree(784, 784, TEXTS);
    }

    #[test]
    #[should_panic(expected = "expects 0, finds 1000")]
    fn other_sizes_are_told_in_decimals() {
        agree(0, 1000, TEXTS);
    }

    #[test]
    #[should_panic(expected = "expects 784, finds 90")]
    fn every_digit_is_told() {
        agree(784, 90, TEXTS);
    }
}
