//! Tests that need the whole library.
