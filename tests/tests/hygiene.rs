//! Models among items whose names are also those of the standard library, of this library, or of what models are written out
//! to. Each module compiles, and its model learns something.
//!
//! Attributes of a whole crate, and the crate under another name, are in `outside.rs`.

mod hygiene {
    mod macros;
    mod methods;
    mod models;
    mod parts;
    mod scopes;
    mod types;
    mod values;
}
