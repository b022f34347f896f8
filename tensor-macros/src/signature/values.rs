//! How many values a layer takes and gives in a forward, under the names that messages have for them.

use super::Signature;

/// The lists of values that there may be, the shortest first.
pub type Values = &'static [&'static [&'static str]];

impl Signature {
    /// What it is called with: `lstm(x)`, `lstm(x, h, c)`.
    pub fn takes(&self) -> Values {
        match self.name {
            "rnn" | "gru" | "rnn_cell" | "gru_cell" => &[&["x"], &["x", "h"]],
            "lstm" | "lstm_cell" => &[&["x"], &["x", "h", "c"]],
            _ => &[&["x"]],
        }
    }

    /// What it makes: `let (y, h) = gru(x);`
    pub fn gives(&self) -> Values {
        match self.name {
            "rnn" | "gru" => &[&["y"], &["y", "h"]],
            "lstm" => &[&["y"], &["y", "h", "c"]],
            "lstm_cell" => &[&["h"], &["h", "c"]],
            _ => &[&["y"]],
        }
    }
}

/// `1 or 3`.
pub fn counts(values: Values) -> String {
    let counts: Vec<String> = values.iter().map(|names| names.len().to_string()).collect();
    counts.join(" or ")
}
