//! Checks the committed PTX, and compiles the emulated driver where the feature `emu` asks for it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=kernels");
    println!("cargo:rerun-if-changed=ptx");
    println!("cargo:rerun-if-changed=emu");
    if env::var_os("CARGO_FEATURE_CUDA").is_none() {
        return;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let families = families();
    embed_ptx(&families, &out);
    if env::var_os("CARGO_FEATURE_EMU").is_some() {
        let library = build_emulator(&families, &out);
        println!("cargo:rustc-env=CUDA_EMU_LIB={}", library.display());
    }
}

/// The names of `kernels/*.cu`, sorted.
fn families() -> Vec<String> {
    let mut names: Vec<String> = files("kernels", "cu")
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    paths
}

/// Writes `ptx.rs`, which has the PTX of every family by its name.
fn embed_ptx(families: &[String], out: &Path) {
    println!("cargo:rerun-if-env-changed=STALE_PTX");
    let allowed = env::var("STALE_PTX").is_ok_and(|value| value == "allow");
    let mut list = String::from("pub(crate) const PTX: &[(&str, &str)] = &[\n");
    for family in families {
        let path = Path::new("ptx").join(format!("{family}.ptx"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let first = format!("// sources {}", checksum(family));
        if text.lines().next() != Some(first.as_str()) {
            let what = format!(
                "{} was not made of kernels/{family}.cu as it is now; run gpu-kernels/scripts/ptx.sh {family}",
                path.display()
            );
            assert!(allowed, "{what}");
            println!("cargo:warning={what}");
        }
        if !text.is_empty() {
            let path = path.canonicalize().unwrap_or(path);
            writeln!(list, "    ({family:?}, include_str!({path:?})),").expect("a String takes all");
        }
    }
    list.push_str("];\n");
    write_if_changed(&out.join("ptx.rs"), &list);
}

/// What `cksum` prints of the family's sources.
fn checksum(family: &str) -> String {
    let mut bytes = Vec::new();
    gather(&format!("{family}.cu"), &mut Vec::new(), &mut bytes);
    format!("{}-{}", crc(&bytes), bytes.len())
}

/// The CRC of POSIX's `cksum`: of the bytes, and then of those of their number.
fn crc(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, byte: u8| {
        (0..8).fold(crc ^ (u32::from(byte) << 24), |crc, _| {
            (crc << 1) ^ if crc >> 31 == 1 { 0x04C1_1DB7 } else { 0 }
        })
    };
    let mut crc = bytes.iter().fold(0, |crc, byte| shift(crc, *byte));
    let mut length = bytes.len();
    while length > 0 {
        crc = shift(crc, (length & 0xFF) as u8);
        length >>= 8;
    }
    !crc
}

/// The file's bytes, after those of the headers beside it that it includes, each once. scripts/ptx.sh walks them in the same order.
fn gather(name: &str, seen: &mut Vec<String>, bytes: &mut Vec<u8>) {
    let path = Path::new("kernels").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for line in text.lines() {
        let Some(rest) = line.strip_prefix('#').map(str::trim_start) else {
            continue;
        };
        let Some(rest) = rest.strip_prefix("include \"") else {
            continue;
        };
        let Some((header, _)) = rest.split_once('"') else {
            continue;
        };
        if Path::new("kernels").join(header).exists() && !seen.iter().any(|name| name == header) {
            seen.push(header.to_owned());
            gather(header, seen, bytes);
        }
    }
    bytes.extend_from_slice(text.as_bytes());
}

/// Compiles the emulated driver and every family for this processor, and links them into one library.
fn build_emulator(families: &[String], out: &Path) -> PathBuf {
    for variable in ["CXX", "EMU_CXXFLAGS"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    let driver = files("emu", "cpp").into_iter().map(|path| (path, DRIVER_OPTIONS));
    let planted = files("emu", "cu").into_iter().map(|path| (path, KERNEL_OPTIONS));
    let kernels = families
        .iter()
        .map(|family| (Path::new("kernels").join(format!("{family}.cu")), KERNEL_OPTIONS));
    let headers = files("emu", "h").into_iter().chain(files("kernels", "cuh"));
    let newest = headers
        .chain(files("kernels/special", "cuh"))
        .chain([PathBuf::from("build.rs")])
        .filter_map(|path| modified(&path))
        .max();
    // Another compiler or other options make other objects.
    let folder = out.join(format!("{:x}", crc(format!("{:?}", compiler()).as_bytes())));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));

    let mut objects = Vec::new();
    let mut running: Vec<(Child, PathBuf)> = Vec::new();
    for (source, options) in driver.chain(planted).chain(kernels) {
        let object = folder
            .join(source.to_string_lossy().replace('/', "_"))
            .with_extension("o");
        let fresh = modified(&object) > modified(&source).max(newest);
        objects.push(object.clone());
        if fresh {
            continue;
        }
        if running.len() == AT_ONCE {
            finish(running.remove(0));
        }
        let mut command = compiler();
        command
            .args(options)
            .args(["-c", "-x", "c++", "-Iemu", "-Ikernels", "-o"])
            .arg(&object)
            .arg(&source);
        running.push((start(&mut command), source));
    }
    running.into_iter().for_each(finish);

    // So that tests can compile a family with a fault in it and link it with the rest.
    println!("cargo:rustc-env=CUDA_EMU_OBJECTS={}", folder.display());
    println!(
        "cargo:rustc-env=CUDA_EMU_COMPILER={}",
        words(compiler().args(KERNEL_OPTIONS))
    );

    let library = out.join("libcuda_emu.so");
    let mut command = compiler();
    command.args(["-shared", "-o"]).arg(&library).args(&objects);
    finish((start(&mut command), library.clone()));
    library
}

/// How many compilers run at a time: the larger kernels take a gigabyte each.
const AT_ONCE: usize = 2;

const DRIVER_OPTIONS: &[&str] = &["-Wall", "-Wextra"];
/// Indices and alignment are looked at: `emu/sanitizer.cpp`. A product and a sum become one operation, as nvcc has it.
const KERNEL_OPTIONS: &[&str] = &[
    "-fsanitize=bounds,alignment",
    "-ffp-contract=fast",
    "-Wno-unknown-pragmas",
];

/// The C++ compiler, with the options of every call.
fn compiler() -> Command {
    let mut command = Command::new(env::var_os("CXX").unwrap_or_else(|| "c++".into()));
    command.args([
        "-std=c++17",
        "-O2",
        "-g1",
        "-DCUDA_EMU",
        "-fPIC",
        "-fvisibility=hidden",
        "-pthread",
    ]);
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("x86_64") {
        command.arg("-march=x86-64-v3");
    }
    if let Ok(more) = env::var("EMU_CXXFLAGS") {
        command.args(more.split_whitespace());
    }
    command
}

/// A program and its arguments, with tabs between them.
fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join("\t")
}

fn start(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| {
        panic!("the feature `emu` needs a C++ compiler, and this one does not start: {command:?}: {error}")
    })
}

fn finish((mut child, source): (Child, PathBuf)) {
    let status = child
        .wait()
        .unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    assert!(status.success(), "the C++ compiler did not make {}", source.display());
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
