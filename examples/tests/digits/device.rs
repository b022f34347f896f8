//! Where the program computes.

use super::digits;
use super::files::Folder;

/// That the program gives up before it says anything.
#[track_caller]
fn refused(ran: super::Ran, words: &[&str]) {
    assert_eq!(ran.out, "");
    ran.badly(words);
}

#[test]
fn that_has_no_such_name() {
    let folder = Folder::new("unknown_device");
    for name in ["", "gpu", "CPU", "cpu:0", "cuda:", "cuda:one", "cuda:-1", "cuda:1:1"] {
        let ran = digits(folder.path(), &["--device", name, "--save", "model.safetensors"]);
        refused(
            ran,
            &["--device: expected `cpu`, `cuda` or ", &format!("found `{name}`")],
        );
    }
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn that_is_named_though_it_is_the_usual_one() {
    let folder = Folder::new("cpu");
    let options = ["--epochs", "1"];
    let said = digits(folder.path(), &[&options[..], &["--device", "cpu"]].concat()).well();
    assert_eq!(said, digits(folder.path(), &options).well());
}

#[cfg(not(feature = "cuda"))]
#[test]
fn that_the_program_was_not_built_for() {
    let folder = Folder::new("without_cuda");
    for name in ["cuda", "cuda:0", "cuda:7"] {
        // The device is looked at before the data.
        let ran = digits(folder.path(), &["--device", name, "--data", "nowhere"]);
        refused(ran, &["error: this program was built without CUDA: ", "feature `cuda`"]);
    }
}

#[cfg(feature = "cuda")]
#[test]
fn that_has_no_driver() {
    let folder = Folder::new("without_driver");
    for name in ["cuda", "cuda:0", "cuda:7"] {
        let ran = super::digits_where(
            folder.path(),
            &["--device", name, "--data", "nowhere"],
            &[("CUDA_DRIVER_LIB", "nowhere/libcuda.so.1")],
        );
        refused(ran, &["error: no CUDA driver found: ", "nowhere/libcuda.so.1"]);
    }
    assert!(folder.names().is_empty(), "{:?}", folder.names());
}

/// On the emulated driver, or with TEST_GPU=1 on a card.
#[cfg(feature = "emu")]
mod cuda {
    use crate::files::Folder;
    use crate::{accuracy, digits, digits_where};

    /// The losses of the epochs.
    fn losses(out: &str) -> Vec<f64> {
        let lines = out.lines().filter(|line| line.starts_with("epoch "));
        lines
            .map(|line| {
                let mut words = line.split_whitespace().skip_while(|word| *word != "loss").skip(1);
                words.next().and_then(|loss| loss.parse().ok()).expect("a loss")
            })
            .collect()
    }

    /// The same seed gives the same start, order and dropouts on every device; sums are taken in another order.
    #[test]
    fn learns_as_the_cpu_does() {
        let folder = Folder::new("learns_on_cuda");
        let options = ["--epochs", "3"];
        let here = digits(folder.path(), &options).well();
        let there = digits(folder.path(), &[&options[..], &["--device", "cuda"]].concat()).well();
        let first = there.lines().next().expect("a first line");
        assert!(first.starts_with("device  cuda:0 "), "{first}");
        for (epoch, (here, there)) in losses(&here).into_iter().zip(losses(&there)).enumerate() {
            let far = (here - there).abs() / here;
            assert!(
                far < LOSS,
                "epoch {}: loss {here} on cpu and {there} on cuda",
                epoch + 1
            );
        }
        assert_eq!(losses(&there).len(), 3, "{there}");
        let (here, there) = (accuracy(&here), accuracy(&there));
        assert!((here - there).abs() < ACCURACY, "{here} % on cpu and {there} % on cuda");
    }

    /// How far the loss of an epoch may be from the cpu's, as a part of it: two in the last digit that is printed.
    const LOSS: f64 = 2e-3;

    /// How far the accuracy may be, in percent: two of 359 digits.
    const ACCURACY: f64 = 0.6;

    #[test]
    fn twice_gives_the_same_bits() {
        let folder = Folder::new("same_on_cuda");
        let saved = [0, 1].map(|_| {
            let options = ["--device", "cuda", "--epochs", "1", "--save", "model.safetensors"];
            digits(folder.path(), &options).well();
            folder.read("model.safetensors")
        });
        assert!(saved[0] == saved[1]);
    }

    #[test]
    fn loads_what_the_other_saved() {
        let folder = Folder::new("carried");
        for (from, to) in [("cuda", "cpu"), ("cpu", "cuda")] {
            let save = ["--device", from, "--epochs", "1", "--save", "model.safetensors"];
            let said = digits(folder.path(), &save).well();
            let before = folder.read("model.safetensors");
            let load = [
                "--device",
                to,
                "--epochs",
                "0",
                "--load",
                "model.safetensors",
                "--save",
                "copy.safetensors",
            ];
            let loaded = digits(folder.path(), &load).well();
            assert!(before == folder.read("copy.safetensors"), "from {from} to {to}");
            // A digit on the edge between two classes may fall to either side.
            let (there, here) = (accuracy(&said), accuracy(&loaded));
            assert!((there - here).abs() < 0.3, "{there} % on {from} and {here} % on {to}");
        }
    }

    #[test]
    fn learns_from_a_folder_of_files() {
        let folder = Folder::with_data("files_on_cuda");
        let out = digits(
            folder.path(),
            &["--device", "cuda:0", "--data", ".", "--epochs", "5", "--batch", "16"],
        )
        .well();
        assert!(accuracy(&out) > 90.0, "{out}");
    }

    #[test]
    fn of_a_number_that_no_device_has() {
        let folder = Folder::new("no_such_device");
        let ran = digits(folder.path(), &["--device", "cuda:99"]);
        super::refused(ran, &["error: there is no cuda:99: this machine has "]);
    }

    /// Whether tests run on a card, which fails when it wants to.
    fn on_a_card() -> bool {
        std::env::var_os("TEST_GPU").is_some()
    }

    /// What the emulated driver does when it is told to.
    #[test]
    fn that_fails_on_the_way() {
        if on_a_card() {
            return;
        }
        let folder = Folder::new("fails_on_the_way");
        folder.write("model.safetensors", b"what was there");
        for (variable, words) in [
            (("EMU_FAULT_IN", "500"), "a kernel failed on cuda:0: "),
            (("EMU_LOSE_IN", "1000"), "cuda:0 was lost: "),
            (("EMU_MEMORY", "2097152"), "out of memory on cuda:0: "),
        ] {
            let options = ["--device", "cuda", "--epochs", "3", "--save", "model.safetensors"];
            let ran = digits_where(folder.path(), &options, &[variable]);
            assert!(!ran.out.contains("saved"), "{}", ran.out);
            ran.badly(&[words]);
            assert_eq!(folder.read("model.safetensors"), b"what was there");
            assert_eq!(folder.names(), ["model.safetensors"]);
        }
    }

    #[test]
    fn of_a_driver_that_is_too_old_and_of_one_without_devices() {
        if on_a_card() {
            return;
        }
        let folder = Folder::new("poor_drivers");
        let run = |variable| digits_where(folder.path(), &["--device", "cuda"], &[variable]);
        super::refused(
            run(("EMU_DRIVER_VERSION", "10020")),
            &["error: the CUDA driver is too old: expected CUDA 11.0 or newer, found 10.2"],
        );
        super::refused(
            run(("EMU_DEVICES", "0")),
            &["error: there is no cuda:0: this machine has no CUDA device"],
        );
    }
}
