//! Folders that a test writes.
