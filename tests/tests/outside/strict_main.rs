//! Uses the library, and is as strict.

#![deny(warnings, missing_docs, unused)]
#![forbid(unsafe_code)]

fn main() {
    assert_eq!(user::sizes(), [3, 2]);
}
