//! Every scheduler of PyTorch's: the learning rates and momenta of two groups over 60 steps, to the last bit.

use std::path::Path;

use tests::conformance::{Folder, Options, Report};

#[test]
fn every_scheduler() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference/optimizers");
    let folder = Folder::read(&folder).expect("the folder can be read");
    let options = Options {
        verbose: true,
        ..Options::default()
    };
    let mut text = Vec::new();
    let report = Report::run(&folder, &options, &mut text).expect("memory can be written to");
    let text = String::from_utf8_lossy(&text);
    assert!(report.is_right(), "{text}");
    // 28 runs of SGD and Adam, 14 of AdamW, 25 of schedulers.
    assert!(text.contains("67 samples, 67 passed, 0 failed, 0 missing"), "{text}");
}
