//! The compiler behind `#[model]` and `net!`.
