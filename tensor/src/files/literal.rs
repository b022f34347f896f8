//! As much of Python's literals as the headers of NumPy's files have.

/// A literal.
#[derive(Debug, PartialEq)]
pub(crate) enum Literal {
    /// `'<f4'`.
    Text(String),
    /// `True`.
    Truth(bool),
    /// `(3, 4)`.
    Numbers(Vec<usize>),
}

impl Literal {
    /// Reads a dictionary whose keys are texts; `None` where it is anything else.
    pub(crate) fn dictionary(text: &str) -> Option<Vec<(String, Self)>> {
        let mut reader = Reader { rest: text };
        let mut entries = Vec::new();
        reader.take("{")?;
        while reader.take("}").is_none() {
            let key = reader.text()?;
            reader.take(":")?;
            entries.push((key, reader.literal()?));
            if reader.take(",").is_none() {
                reader.take("}")?;
                break;
            }
        }
        reader.rest.trim().is_empty().then_some(entries)
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Goes over a word, where it is next.
    fn take(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(word)?;
        Some(())
    }

    fn literal(&mut self) -> Option<Literal> {
        if self.take("True").is_some() {
            return Some(Literal::Truth(true));
        }
        if self.take("False").is_some() {
            return Some(Literal::Truth(false));
        }
        if self.take("(").is_some() {
            return self.numbers().map(Literal::Numbers);
        }
        self.text().map(Literal::Text)
    }

    /// A text without escapes.
    fn text(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (text, behind) = rest[1..].split_once(quote)?;
        self.rest = behind;
        (!text.contains('\\')).then(|| text.to_owned())
    }

    /// What is left of a tuple of numbers.
    fn numbers(&mut self) -> Option<Vec<usize>> {
        let mut numbers = Vec::new();
        while self.take(")").is_none() {
            let rest = self.rest.trim_start();
            let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
            numbers.push(rest[..digits].parse().ok()?);
            // Python 2 wrote `3L`.
            self.rest = rest[digits..].strip_prefix('L').unwrap_or(&rest[digits..]);
            if self.take(",").is_none() {
                self.take(")")?;
                break;
            }
        }
        Some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let text = "{'descr': '<f4', \"fortran_order\": False, 'shape': (3L, 4), }  \n";
        let expected = [
            ("descr".to_owned(), Literal::Text("<f4".to_owned())),
            ("fortran_order".to_owned(), Literal::Truth(false)),
            ("shape".to_owned(), Literal::Numbers(vec![3, 4])),
        ];
        assert_eq!(Literal::dictionary(text).expect("a header"), expected);
        let broken = [
            "",
            "{",
            "{}x",
            "{'a'}",
            "{'a': }",
            "{'a': (1",
            "{'a': (,)}",
            "{'a': (-1,)}",
            "{'a': '",
            "{'a': (1 2)}",
            "{'a': 99999999999999999999}",
            "{'a': (99999999999999999999,)}",
            "{'a': True 'b': False}",
            "{'a': '\\x'}",
        ];
        for text in broken {
            assert_eq!(Literal::dictionary(text), None, "{text}");
        }
    }
}
