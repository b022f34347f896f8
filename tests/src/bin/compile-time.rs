//! Measures what a model costs at compile time: `just compile-time`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use tests::Outside;

/// Prints the seconds of `cargo check` and of `cargo build --release` after one line of a program was changed, for models
/// of several lengths, and for two architectures of the examples.
///
/// The program is a package outside the workspace that declares one model and trains it. What it depends on is built
/// before. A layer is a `linear` with an activation; in the mixed model activations take turns, and every fourth layer has
/// `layer_norm` and `dropout` behind. The least of several runs counts. Close other programs: what they take is measured
/// too.
#[derive(Parser)]
struct Options {
    /// The lengths, with commas between
    #[arg(long, value_delimiter = ',', default_values_t = [10, 50, 200])]
    layers: Vec<usize>,
    /// Runs of each, of which the shortest counts
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Where the package is written [default: a folder beside this program]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Writes the layer of a number.
type Layer = fn(usize) -> String;

/// The forms of model: what each is called, and its layers.
const FORMS: [(&str, Layer); 2] = [("linear and relu", plain), ("mixed", mixed)];

/// The size of all layers.
const SIZE: usize = 64;

fn plain(index: usize) -> String {
    format!("fc{index}: linear({SIZE}, {SIZE}) >> relu")
}

fn mixed(index: usize) -> String {
    let activations = [
        "gelu",
        "tanh",
        "silu",
        "leaky_relu",
        "softplus",
        "sigmoid",
        "elu",
        "relu",
    ];
    let activation = activations[index % activations.len()];
    let bias = if index.is_multiple_of(3) { ", bias = false" } else { "" };
    let mut layer = format!("fc{index}: linear({SIZE}, {SIZE}{bias}) >> {activation}");
    if index % 4 == 3 {
        let _ = write!(layer, " >> norm{index}: layer_norm({SIZE}) >> dropout(0.1)");
    }
    layer
}

/// A program with a model; `change` is the number in the line that changes.
fn program(layers: usize, layer: Layer, change: usize) -> String {
    let chain: Vec<String> = (0..layers).map(layer).collect();
    format!(
        "use tensor::prelude::*;\n\n\
         net! {{\n    type Deep = {}\n        >> output: linear({SIZE}, 10)\n}}\n\n\
         fn main() -> tensor::Result<()> {{\n    \
             let seed = {change};\n    \
             let x = Tensor::<dims![Batch, {SIZE}]>::randn(&[8, {SIZE}], seed)?;\n    \
             let labels = tensor![0, 1, 2, 3, 4, 5, 6, 7].try_into_shape()?;\n    \
             let mut model = Deep::new(&Device::cpu(), Seed(seed));\n    \
             let mut adam = Adam::new(1e-3);\n    \
             cross_entropy(&model.forward(&x), &labels).backward();\n    \
             adam.step(&mut model)?;\n    \
             println!(\"{{}}\", model.infer(&x));\n    \
             Ok(())\n}}\n",
        chain.join("\n        >> "),
    )
}

/// Architectures of the examples: what each is called, its file, its type, and the input of one sample.
const ARCHITECTURES: [(&str, &str, &str, &str); 2] = [
    (
        "ResNet-50",
        "resnet.rs",
        "ResNet50",
        "Tensor::<dims![1, 3, 224, 224]>::zeros()",
    ),
    (
        "GPT-2, 12 blocks",
        "gpt2.rs",
        "Gpt2Small",
        "Tensor::<dims![1, 1024], i64>::zeros()",
    ),
];

/// A program with a model of the examples; `change` is the number in the line that changes.
fn architecture(file: &str, model: &str, input: &str, change: usize) -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/src/models")
        .join(file);
    let source = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(format!(
        "{source}\n\
         fn main() -> tensor::Result<()> {{\n    \
             let mut model = <{model}>::new(&Device::cpu(), Seed({change}));\n    \
             let mut adam = Adam::new(1e-3);\n    \
             model.forward(&{input}).sum().backward();\n    \
             adam.step(&mut model)\n}}\n",
    ))
}

/// The least seconds of `runs` calls of cargo, each after a change of the program.
fn measure(
    package: &Outside,
    command: &[&str],
    options: &Options,
    program: &dyn Fn(usize) -> Result<String, String>,
) -> Result<f64, String> {
    let mut least = f64::INFINITY;
    // The first one is not counted: it builds what the program depends on.
    for run in 0..=options.runs {
        package.write("src/main.rs", &program(run)?);
        let start = Instant::now();
        let output = package.cargo(command);
        let seconds = start.elapsed().as_secs_f64();
        if !output.status.success() {
            return Err(format!(
                "{command:?}: {}\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            ));
        }
        if run > 0 {
            least = least.min(seconds);
        }
    }
    Ok(least)
}

fn run(options: &Options) -> Result<(), String> {
    let beside = || Some(std::env::current_exe().ok()?.parent()?.with_file_name("compile-time"));
    let folder = options
        .folder
        .clone()
        .or_else(beside)
        .ok_or("where this program is cannot be found out; use --folder")?;
    let target = folder.join("target");
    let target = target.to_str().ok_or("--folder: expected letters, found other bytes")?;
    let package = Outside::new(folder.join("package"));
    let manifest =
        "[package]\nname = \"compile-time-of-a-model\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n";
    package.write(
        "Cargo.toml",
        &format!("{manifest}tensor = {{ path = {} }}\n", Outside::library()),
    );
    println!("{:<18}{:>6}{:>10}{:>10}", "model", "layers", "check", "build");
    let row = |name: &str, layers: &str, program: &dyn Fn(usize) -> Result<String, String>| {
        let check = ["check", "--target-dir", target];
        let check = measure(&package, &check, options, program)?;
        let build = ["build", "--release", "--target-dir", target];
        let build = measure(&package, &build, options, program)?;
        println!("{name:<18}{layers:>6}{check:>8.2} s{build:>8.2} s");
        Ok::<(), String>(())
    };
    for (name, layer) in FORMS {
        for &layers in &options.layers {
            row(name, &layers.to_string(), &|change| Ok(program(layers, layer, change)))?;
        }
    }
    for (name, file, model, input) in ARCHITECTURES {
        row(name, "", &|change| architecture(file, model, input, change))?;
    }
    Ok(())
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}
