//! What a file calls a scheduler: `StepLR(step_size=7,gamma=0.3)`, as text.

use std::iter::Peekable;
use std::str::Chars;

use crate::conformance::Refusal;

/// A value of such a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A number.
    Number(f64),
    /// A word, with or without quotes: `True`, `triangular2`.
    Word(String),
    /// A list, or a tuple.
    List(Vec<Item>),
    /// A name with arguments.
    Call(Title),
}

/// A name with arguments. Those of a dictionary are named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Title {
    /// The class.
    pub name: String,
    given: Vec<Item>,
    named: Vec<(String, Item)>,
}

impl Title {
    /// Reads the text.
    ///
    /// # Errors
    /// Where it is of another form.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mut reader = Reader {
            letters: text.chars().peekable(),
        };
        match reader.item() {
            Some(Item::Call(title)) if reader.next().is_none() => Ok(title),
            _ => Err(Refusal::form(format!("the title `{text}`"))),
        }
    }

    /// Refuses named arguments that are none of these, and more than there are.
    pub fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        if self.given.len() > known.len() {
            return Err(Refusal::form(format!("{} arguments", self.given.len())));
        }
        match self.named.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Refusal::missing(format!("option `{name}`"))),
            None => Ok(()),
        }
    }

    /// An argument by place or by name.
    pub fn get(&self, place: usize, name: &str) -> Option<&Item> {
        let named = self.named.iter().find(|(other, _)| other == name);
        named.map(|(_, item)| item).or_else(|| {
            let item = self.given.get(place)?;
            // A word where a number is due is a flag of its own.
            (!matches!(item, Item::Word(_))).then_some(item)
        })
    }

    /// Whether a word is among the arguments, alone or as the value of `name`.
    pub fn says(&self, name: &str, word: &str) -> bool {
        let word = Item::Word(word.to_owned());
        let named = self.named.iter().find(|(other, _)| other == name);
        named.map_or(self.given.contains(&word), |(_, item)| *item == word)
    }

    /// A number.
    pub fn number(&self, place: usize, name: &str) -> Result<f64, Refusal> {
        let item = self.get(place, name);
        let number = item.ok_or_else(|| Refusal::form(format!("no `{name}`")))?.number();
        number.ok_or_else(|| Refusal::form(format!("no number as `{name}`")))
    }

    /// A number, or what it is without one.
    pub fn number_or(&self, place: usize, name: &str, default: f64) -> Result<f64, Refusal> {
        match self.get(place, name) {
            Some(_) => self.number(place, name),
            None => Ok(default),
        }
    }

    /// One number, or a list of them.
    pub fn numbers(&self, place: usize, name: &str) -> Result<Vec<f64>, Refusal> {
        let numbers = match self.get(place, name) {
            Some(Item::List(items)) => items.iter().map(Item::number).collect(),
            Some(item) => item.number().map(|number| vec![number]),
            None => None,
        };
        numbers.ok_or_else(|| Refusal::form(format!("no numbers as `{name}`")))
    }

    /// The calls of a list.
    pub fn calls(&self, place: usize, name: &str) -> Result<Vec<Title>, Refusal> {
        let Some(Item::List(items)) = self.get(place, name) else {
            return Err(Refusal::form(format!("no list as `{name}`")));
        };
        let call = |item: &Item| match item {
            Item::Call(title) => Ok(title.clone()),
            _ => Err(Refusal::form(format!("no calls as `{name}`"))),
        };
        items.iter().map(call).collect()
    }
}

impl Item {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Word(_) | Self::List(_) | Self::Call(_) => None,
        }
    }
}

/// What is left of a text.
struct Reader<'a> {
    letters: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    /// The next letter that is no space.
    fn peek(&mut self) -> Option<char> {
        while self.letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        self.letters.peek().copied()
    }

    fn next(&mut self) -> Option<char> {
        self.peek()?;
        self.letters.next()
    }

    fn takes(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.letters.next();
        }
        found
    }

    fn word(&mut self) -> String {
        self.peek();
        let mut word = String::new();
        while let Some(letter) = self
            .letters
            .next_if(|letter| letter.is_alphanumeric() || "_.+-*/".contains(*letter))
        {
            word.push(letter);
        }
        word
    }

    fn item(&mut self) -> Option<Item> {
        match self.peek()? {
            '[' | '(' => {
                let end = if self.next()? == '[' { ']' } else { ')' };
                let mut items = Vec::new();
                while !self.takes(end) {
                    items.push(self.item()?);
                    self.takes(',');
                }
                Some(Item::List(items))
            }
            '\'' => {
                self.next();
                let word = self.word();
                self.takes('\'').then_some(Item::Word(word))
            }
            _ => {
                let word = self.word();
                if word.is_empty() {
                    return None;
                }
                if self.takes('(') {
                    return self.arguments(word).map(Item::Call);
                }
                let number = word.parse().ok().map(Item::Number);
                Some(number.unwrap_or(Item::Word(word)))
            }
        }
    }

    /// The arguments of a call whose parenthesis is open.
    fn arguments(&mut self, name: String) -> Option<Title> {
        let mut title = Title {
            name,
            ..Title::default()
        };
        let mut braces = 0;
        while !self.takes(')') {
            if self.takes('{') {
                braces += 1;
            }
            let item = self.item()?;
            match item {
                Item::Word(name) if self.takes('=') || self.takes(':') => title.named.push((name, self.item()?)),
                item => title.given.push(item),
            }
            while self.takes(',') {}
            if braces > 0 && self.takes('}') {
                braces -= 1;
            }
        }
        (braces == 0).then_some(title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_by_place_and_by_name() {
        let title = Title::read("OneCycleLR(max_lr=[0.4, 4e-2],total_steps=61,linear,three_phase)").expect("a title");
        assert_eq!(title.name, "OneCycleLR");
        assert_eq!(title.numbers(0, "max_lr").expect("numbers"), [0.4, 0.04]);
        assert_eq!(title.number(1, "total_steps").expect("a number"), 61.0);
        assert!(title.says("anneal_strategy", "linear") && !title.says("anneal_strategy", "cos"));
        assert!(title.only(&["max_lr"]).is_err());
        let named = Title::read("A(mode='min', {'factor': 0.5, 'patience': 3})").expect("a title");
        assert!(named.says("mode", "min"));
        assert_eq!(named.number(1, "patience").expect("a number"), 3.0);
        assert!(named.number(2, "cooldown").is_err());
    }

    #[test]
    fn calls_in_calls() {
        let title = Title::read("SequentialLR([LinearLR(0.1,1,10), StepLR(50)], milestones=[10])").expect("a title");
        let calls = title.calls(0, "schedulers").expect("calls");
        let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names, ["LinearLR", "StepLR"]);
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "StepLR",
            "StepLR(",
            "StepLR(1))",
            "A({'a': 1)",
            "A([1)",
            "=",
            "A(=)",
        ] {
            assert!(Title::read(text).is_err(), "{text}");
        }
    }
}
