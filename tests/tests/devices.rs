//! docs/devices.md says what runs where, as the backends themselves do. `just bless` writes it anew.
#![cfg(feature = "cuda")]

use std::fs;
use std::path::Path;

#[test]
fn the_page_is_what_the_backends_say() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/devices.md");
    let table = tensor::__private::devices_table();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&page, &table).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    }
    let found = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    assert_eq!(found, table, "run `just bless` if this is what it should be");
}
