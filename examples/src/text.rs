//! Text as numbers: its bytes, so that every text is one. The last tenth is held out.

use std::path::Path;

use tensor::prelude::*;
use tensor::random::Generator;

/// How many different numbers there are.
pub const VALUES: usize = 256;

/// A text, of which the last tenth is held out.
#[derive(Clone, Debug)]
pub struct Text {
    bytes: Vec<u8>,
    /// Where the held-out part begins.
    training: usize,
    /// How many characters that has.
    held_out: usize,
    /// Which bytes there are.
    seen: [bool; VALUES],
}

/// Windows of a text, one beside the other, and what is to be foretold at each place of them: the byte behind it.
pub type Windows<S> = (Tensor<S, i64>, Tensor<S, i64>);

/// Windows of the held-out part, and at how many of their last places it counts what is foretold.
#[derive(Clone, Debug)]
pub struct Held<S: Shape> {
    /// The windows.
    pub windows: Windows<S>,
    /// Places of each, at the end.
    pub counted: usize,
}

impl Text {
    /// A text that has room for a window of `length` in either part.
    ///
    /// # Errors
    /// In words, where it has not.
    ///
    /// ```
    /// use examples::text::Text;
    /// assert_eq!(Text::of("abcdefghij".repeat(3), 2)?.held_out(), 3);
    /// let error = Text::of(String::new(), 2).unwrap_err();
    /// assert_eq!(error, "expected a text of 30 bytes or more, found none");
    /// # Ok::<(), String>(())
    /// ```
    pub fn of(text: String, length: usize) -> Result<Self, String> {
        let least = 10 * (length + 1);
        if text.len() < least {
            let found = match text.len() {
                0 => "none".to_owned(),
                found => found.to_string(),
            };
            return Err(format!("expected a text of {least} bytes or more, found {found}"));
        }
        // Characters stay whole.
        let mut training = text.len() - text.len() / 10;
        while !text.is_char_boundary(training) {
            training -= 1;
        }
        let held_out = text[training..].chars().count();
        let mut seen = [false; VALUES];
        text.bytes().for_each(|byte| seen[usize::from(byte)] = true);
        let bytes = text.into_bytes();
        Ok(Self {
            bytes,
            training,
            held_out,
            seen,
        })
    }

    /// That of a file.
    ///
    /// # Errors
    /// In words that name the file, where it cannot be read, is not UTF-8, or is too short.
    pub fn read(path: &Path, length: usize) -> Result<Self, String> {
        let problem = |problem: String| format!("{}: {problem}", path.display());
        let bytes = std::fs::read(path).map_err(|error| problem(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let found = error.as_bytes()[at];
            problem(format!("expected UTF-8, found the byte {found} at place {at}"))
        })?;
        Self::of(text, length).map_err(problem)
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it has none; it never is.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many characters are held out.
    pub fn held_out(&self) -> usize {
        self.held_out
    }

    /// The first character of which this text has a byte not.
    pub fn unknown(&self, prompt: &str) -> Option<char> {
        let is_known = |letter: &char| {
            letter
                .encode_utf8(&mut [0; 4])
                .bytes()
                .all(|byte| self.seen[usize::from(byte)])
        };
        prompt.chars().find(|letter| !is_known(letter))
    }

    fn windows<S: Shape>(&self, starts: &[usize], length: usize) -> tensor::Result<Windows<S>> {
        let at = |from: usize| -> tensor::Result<Tensor<S, i64>> {
            let bytes = starts.iter().flat_map(|start| &self.bytes[start + from..][..length]);
            let numbers = bytes.map(|&byte| i64::from(byte)).collect();
            Tensor::<Dynamic, i64>::from_vec(numbers, &[starts.len(), length])?.try_into_shape()
        };
        Ok((at(0)?, at(1)?))
    }

    /// So many windows from anywhere in the part to learn from.
    ///
    /// # Errors
    /// Where there is no room for them.
    pub fn sample<S: Shape>(&self, count: usize, length: usize, random: &Generator) -> tensor::Result<Windows<S>> {
        let ends = (self.training - length) as i64;
        let starts = random.randint::<i64>(0, ends, &[count])?.to_vec()?;
        let starts: Vec<usize> = starts.into_iter().map(|start| start as usize).collect();
        self.windows(&starts, length)
    }

    /// All of the held-out part, `batch` windows at a time: each byte is foretold once, from `length - stride` to `length` bytes
    /// before it.
    pub fn held_out_windows<S: Shape>(
        &self,
        length: usize,
        stride: usize,
        batch: usize,
    ) -> impl Iterator<Item = tensor::Result<Held<S>>> {
        let all = self.bytes.len() - self.training;
        // The last window ends with the text, and counts for what is left.
        let window = move |end: usize| (end - length - 1, stride);
        let whole = (1..=all / stride).map(move |chunk| window(self.training + chunk * stride));
        let rest = (!all.is_multiple_of(stride)).then(|| (self.bytes.len() - length - 1, all % stride));
        let mut starts = whole.chain(rest).peekable();
        std::iter::from_fn(move || {
            let (first, counted) = starts.next()?;
            let mut group = vec![first];
            while let Some((start, _)) = starts.next_if(|next| next.1 == counted && group.len() < batch) {
                group.push(start);
            }
            Some(self.windows(&group, length).map(|windows| Held { windows, counted }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_out_is_counted_once() -> tensor::Result<()> {
        let letters = |count: usize| {
            (0..count)
                .map(|at| char::from(b'a' + (at % 26) as u8))
                .collect::<String>()
        };
        for (length, stride, batch) in [(4, 4, 3), (4, 2, 2), (4, 3, 1), (1, 1, 7)] {
            let text = Text::of(letters(137), length).expect("long enough");
            let mut counted: Vec<i64> = Vec::new();
            for held in text.held_out_windows::<Dynamic>(length, stride, batch) {
                let Held {
                    windows: (read, next),
                    counted: places,
                } = held?;
                let (rows, read, next) = (read.sizes()[0], read.to_vec()?, next.to_vec()?);
                assert!(rows <= batch && places <= stride);
                for row in 0..rows {
                    assert_eq!(
                        read[row * length + 1..(row + 1) * length],
                        next[row * length..][..length - 1]
                    );
                    counted.extend(&next[(row + 1) * length - places..(row + 1) * length]);
                }
            }
            let expected: Vec<i64> = letters(137).bytes().skip(124).map(i64::from).collect();
            assert_eq!(counted, expected, "{length}, {stride}, {batch}");
        }
        Ok(())
    }

    #[test]
    fn windows_to_learn_from_end_before_what_is_held_out() -> tensor::Result<()> {
        let text = Text::of("a".repeat(27) + "bbb", 2).expect("long enough");
        let (read, next): Windows<Dynamic> = text.sample(200, 2, &Generator::new(0))?;
        assert_eq!((read.sizes(), next.sizes()), (&[200, 2][..], &[200, 2][..]));
        assert!(
            read.to_vec()?
                .iter()
                .chain(&next.to_vec()?)
                .all(|&byte| byte == i64::from(b'a'))
        );
        Ok(())
    }

    #[test]
    fn characters_stay_whole() {
        let text = Text::of("é".repeat(31), 2).expect("long enough");
        assert_eq!(text.held_out(), 3);
        assert_eq!(text.unknown("éèé"), Some('è'));
        assert_eq!(text.unknown(""), None);
    }
}
