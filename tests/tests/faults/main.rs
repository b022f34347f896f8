//! Faults planted in the kernels: the suite must find each of them.
//!
//! A copy of the sources is changed in one place; the family that it is of is compiled anew and linked with all others to an emulated
//! driver; on that the suite's checks of the family run, in a process of their own.
#![cfg(feature = "emu")]

mod elements;
mod list;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gpu_kernels::emu;

/// A change to one of the kernels' sources.
struct Fault {
    /// What is wrong then.
    name: &'static str,
    /// The file that it is in.
    file: &'static str,
    /// What is written there, once, and what in its place.
    change: (&'static str, &'static str),
    /// The family whose kernels are compiled with it.
    family: &'static str,
    /// The checks that must find it, by a part of their names.
    checks: &'static str,
}

/// Two compilers and two suites at a time.
const WORKERS: usize = 2;
/// A kernel that never ends is found too.
const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn the_suite_finds_every_planted_fault() {
    let begin = Instant::now();
    let faults: Vec<&Fault> = list::FAULTS.iter().chain(elements::FAULTS).collect();
    let folder = tempfile::tempdir().expect("a folder for libraries");
    let next = AtomicUsize::new(0);
    let lines = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    // The last turn is that of the sources as they are.
                    let fault = faults.get(index);
                    if index > faults.len() {
                        break;
                    }
                    let own = folder.path().join(index.to_string());
                    let found = match fault {
                        Some(fault) => found(fault, &own),
                        None => nothing_found(&own),
                    };
                    lines.lock().expect("no worker panics").push((index, found));
                }
            });
        }
    });
    let mut lines = lines.into_inner().expect("no worker panics");
    lines.sort_by_key(|(index, _)| *index);
    let name = |index: usize| faults.get(index).map_or("nothing is changed", |fault| fault.name);
    for (index, found) in &lines {
        let found = found.as_ref().map_or("NOT FOUND", |check| check.as_str());
        println!("{:70} {found}", name(*index));
    }
    println!("{} faults in {:.0?}", faults.len(), begin.elapsed());
    let missed: Vec<String> = lines
        .into_iter()
        .filter_map(|(index, found)| found.err().map(|why| format!("{}:\n{why}", name(index))))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

/// The check that found the fault, or why none did.
fn found(fault: &Fault, folder: &Path) -> Result<String, String> {
    let library = build(folder, Some(fault))?;
    let (status, said) = suite(&library, fault.checks, folder);
    let failed: Vec<&str> = failed(&said).collect();
    match (failed.as_slice(), status) {
        ([], None) => Ok(format!("{}: it never ends", fault.checks)),
        ([], Some(status)) if status.success() => Err(format!("the checks of {} pass", fault.checks)),
        // Whatever happened was no check's finding.
        ([], Some(status)) => Err(format!("{status}\n{said}")),
        ([first], _) => Ok((*first).to_owned()),
        ([first, more @ ..], _) => Ok(format!("{first} and {} more", more.len())),
    }
}

/// That the suite passes on what is built in the same way of the sources as they are.
fn nothing_found(folder: &Path) -> Result<String, String> {
    let library = build(folder, None)?;
    let (status, said) = suite(&library, "kernels::", folder);
    match status {
        Some(status) if status.success() => Ok("by no check".to_owned()),
        status => Err(format!("{status:?}\n{said}")),
    }
}

/// The names of the checks that failed.
fn failed(said: &str) -> impl Iterator<Item = &str> {
    let lines = said.lines().skip_while(|line| *line != "failures:").skip(1);
    // The names stand once more at the end, by themselves.
    let lines = lines.skip_while(|line| *line != "failures:").skip(1);
    let is_check = |line: &&str| ["kernels::", "ops::"].iter().any(|start| line.starts_with(start));
    lines.map(str::trim).filter(is_check)
}

/// Where the sources are.
fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../gpu-kernels")
}

/// An emulated driver with the fault in it.
fn build(folder: &Path, fault: Option<&Fault>) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).expect("a folder");
    let mut objects = Vec::new();
    for entry in fs::read_dir(emu::OBJECTS).expect("the folder of the build") {
        objects.push(entry.expect("an entry of a folder").path());
    }
    objects.retain(|path| path.extension().is_some_and(|extension| extension == "o"));
    if let Some(fault) = fault {
        let object = compile(folder, fault)?;
        let before = objects.len();
        objects.retain(|path| path.file_name() != object.file_name());
        assert_eq!(objects.len() + 1, before, "{} takes the place of one", object.display());
        // First: of functions that several objects have, the linker takes the first.
        objects.insert(0, object);
    }
    let library = folder.join("libcuda_emu.so");
    call(emu::compiler().arg("-shared").arg("-o").arg(&library).args(objects))?;
    Ok(library)
}

fn compile(folder: &Path, fault: &Fault) -> Result<PathBuf, String> {
    for part in ["kernels", "kernels/special", "emu"] {
        fs::create_dir(folder.join(part)).expect("a new folder");
        for entry in fs::read_dir(sources().join(part)).expect("the sources") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                continue;
            }
            fs::copy(&path, folder.join(part).join(path.file_name().expect("a file"))).expect("a copy");
        }
    }
    let path = folder.join("kernels").join(fault.file);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", fault.file))?;
    let (from, to) = fault.change;
    let count = text.matches(from).count();
    if count != 1 {
        return Err(format!(
            "{} has {count} times what is to be changed, expected once: {from}",
            fault.file
        ));
    }
    fs::write(&path, text.replacen(from, to, 1)).expect("a file of the copy");
    let object = folder.join(format!("kernels_{}.o", fault.family));
    let mut command = emu::compiler();
    // The last option of its kind holds: half the time to compile is worth more here than the kernels' own.
    command.args(["-O1", "-c", "-x", "c++", "-w", "-Iemu", "-Ikernels", "-o"]);
    command
        .arg(&object)
        .arg(format!("kernels/{}.cu", fault.family))
        .current_dir(folder);
    call(&mut command)?;
    Ok(object)
}

fn call(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// Runs the suite's checks of this name on a library. No status if they did not end.
fn suite(library: &Path, checks: &str, folder: &Path) -> (Option<ExitStatus>, String) {
    let log = folder.join("log");
    let file = File::create(&log).expect("a file for what the suite says");
    let mut child = Command::new(env!("CARGO_BIN_EXE_gpu"))
        .args(["test", checks])
        .env("CUDA_DRIVER_LIB", library)
        .env("RUST_BACKTRACE", "0")
        .stdout(file.try_clone().expect("the same file"))
        .stderr(file)
        .stdin(Stdio::null())
        .spawn()
        .expect("the program `gpu`");
    let end = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child of this process") {
            break Some(status);
        }
        if Instant::now() > end {
            child.kill().expect("a child of this process");
            child.wait().expect("a child of this process");
            break None;
        }
        thread::sleep(Duration::from_millis(20));
    };
    (
        status,
        String::from_utf8_lossy(&fs::read(&log).expect("the file above")).into_owned(),
    )
}
