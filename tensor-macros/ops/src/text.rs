//! [`Text`]: what is put together while a constant is evaluated.

/// A text of a constant: a message with numbers that only rustc knows, or the name of a layer of a generic model. What is longer than its
/// room is cut. An empty one says that nothing is wrong.
///
/// ```
/// use tensor_ops::Text;
/// const LAYER: &Text = &Text::new().then("linear(64, ").then_number(4 * 64).then(")");
/// assert_eq!(LAYER.as_str(), "linear(64, 256)");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Text {
    bytes: [u8; Text::ROOM],
    len: usize,
}

impl Text {
    const ROOM: usize = 512;

    /// Nothing.
    #[expect(clippy::new_without_default, reason = "a default is no constant function")]
    pub const fn new() -> Self {
        Text {
            bytes: [0; Text::ROOM],
            len: 0,
        }
    }

    /// With a text behind it.
    #[must_use]
    pub const fn then(mut self, text: &str) -> Self {
        let mut index = 0;
        while index < text.len() && self.len < self.bytes.len() {
            self.bytes[self.len] = text.as_bytes()[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    /// With a number behind it, in decimals.
    #[must_use]
    pub const fn then_number(mut self, number: usize) -> Self {
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

    /// With the sizes of a sample behind it, `_` for one that only the input tells.
    #[must_use]
    pub const fn then_sizes(mut self, sizes: &[usize]) -> Self {
        self = self.then("[batch");
        let mut axis = 0;
        while axis < sizes.len() {
            self = match sizes[axis] {
                0 => self.then(", _"),
                size => self.then(", ").then_number(size),
            };
            axis += 1;
        }
        self.then("]")
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// As it is read.
    pub const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            // A letter was cut.
            Err(_) => "..",
        }
    }

    /// Stops the compilation with the text, if there is one.
    #[track_caller]
    pub const fn tell(&self) {
        if self.len > 0 {
            panic!("{}", self.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn numbers_are_decimal() {
        let text = Text::new()
            .then_number(0)
            .then(" ")
            .then_number(1000)
            .then(" ")
            .then_number(90);
        assert_eq!(text.as_str(), "0 1000 90");
    }

    #[test]
    fn what_has_no_room_is_cut() {
        let long = "x".repeat(600);
        assert_eq!(Text::new().then(&long).as_str(), &long[..512]);
        let cut = format!("{}\u{e9}", "x".repeat(511));
        assert_eq!(Text::new().then(&cut).as_str(), "..");
    }

    #[test]
    fn nothing_is_not_told() {
        Text::new().tell();
        assert!(Text::new().is_empty() && !Text::new().then("a").is_empty());
    }

    #[test]
    #[should_panic(expected = "wrong")]
    fn what_is_wrong_stops() {
        Text::new().then("wrong").tell();
    }
}
