//! How names are written: a size that is a type is `CamelCase`.

/// `Hidden` for `HIDDEN` and `hidden`, `BatchSize` for `BATCH_SIZE`.
pub fn camel(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters.flat_map(char::to_lowercase)).collect::<String>()
        })
        .collect()
}

/// `batch_size` for `BatchSize`: the name in messages.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// What kind of thing a name is by how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `Seq`, `D`, `D1`: a type.
    Type,
    /// `HIDDEN`, `N_IN`: a const.
    Const,
    /// `hidden`: a variable.
    Value,
}

/// What kind of thing `name` is.
pub fn case(name: &str) -> Case {
    let letters = name.chars().filter(|letter| letter.is_alphabetic());
    if !name
        .trim_start_matches("r#")
        .trim_start_matches('_')
        .starts_with(char::is_uppercase)
    {
        Case::Value
    } else if letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase) {
        Case::Const
    } else {
        Case::Type
    }
}
