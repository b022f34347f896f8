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
            "attention" | "transformer_encoder_layer" => &[&["x"], &["x", "mask"]],
            "scaled_dot_product_attention" => &[&["q", "k", "v"], &["q", "k", "v", "mask"]],
            "multi_head_attention" => &[
                &["x"],
                &["x", "mask"],
                &["query", "key", "value"],
                &["query", "key", "value", "mask"],
            ],
            "transformer_decoder_layer" => &[
                &["x", "memory"],
                &["x", "memory", "memory_mask"],
                &["x", "memory", "memory_mask", "mask"],
            ],
            _ => &[&["x"]],
        }
    }

    /// Whether one of so many values is a mask: whole numbers, which say where there is something.
    pub fn is_mask(&self, place: usize, count: usize) -> bool {
        let names = self.takes().iter().find(|names| names.len() == count);
        names.is_some_and(|names| names[place].ends_with("mask"))
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

/// `1 or 3`, `2, 3 or 4`.
pub fn counts(values: Values) -> String {
    let counts: Vec<String> = values.iter().map(|names| names.len().to_string()).collect();
    match counts.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => counts.concat(),
    }
}
