//! The program `conformance`, on folders that the tests write.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder of files as the program reads them.
struct Written(TempDir);

impl Written {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for files"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder that can be written");
        fs::write(path, bytes).expect("a file that can be written");
        self
    }

    /// A json file and the tensors beside it, vectors of f64.
    fn pack(&self, path: &str, json: &Value, tensors: &[(&str, &[f64])]) -> &Self {
        let bytes = |numbers: &[f64]| {
            numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect::<Vec<u8>>()
        };
        let data: Vec<_> = tensors.iter().map(|(name, numbers)| (*name, bytes(numbers))).collect();
        let views: HashMap<&str, TensorView<'_>> = data
            .iter()
            .map(|(name, bytes)| {
                let view = TensorView::new(Dtype::F64, vec![bytes.len() / 8], bytes);
                (*name, view.expect("as many bytes as numbers need"))
            })
            .collect();
        let file = safetensors::serialize(views, None).expect("tensors");
        self.write(&format!("{path}.json"), json.to_string());
        self.write(&format!("{path}.safetensors"), file)
    }

    /// `square` of 3, -1 with the first and second order.
    fn square(&self, path: &str, out: &[f64], gradient: &[f64], second: &[f64]) -> &Self {
        let sample = json!({
            "id": 4, "args": [{"t": "x"}], "kwargs": {}, "out": {"t": "y"}, "cotangents": {"y": "v"}, "grads": {"x": "g"},
            "gg": {"w": {"x": "w"}, "grads": {"x": "gg"}},
        });
        let tensors = [
            ("x", &[3.0, -1.0][..]),
            ("y", out),
            ("v", &[1.0, 2.0]),
            ("g", gradient),
            ("w", &[1.0, 1.0]),
            ("gg", second),
        ];
        self.pack(path, &operator("square", json!([sample]), json!([])), &tensors)
    }

    fn run(&self, options: &[&str]) -> Run {
        let program = Command::new(env!("CARGO_BIN_EXE_conformance"))
            .arg(self.path())
            .args(options)
            .output();
        Run::of(&program.expect("the program, which cargo built"))
    }
}

/// What the program said.
struct Run {
    status: Option<i32>,
    text: String,
    error: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            status: output.status.code(),
            text: text(&output.stdout),
            error: text(&output.stderr),
        }
    }

    /// The numbers in the line of a name: samples, passed, failed, missing.
    fn counts(&self, name: &str) -> [usize; 4] {
        let line = self
            .text
            .lines()
            .find(|line| line.split_whitespace().next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("no line of {name}:\n{}", self.text));
        let mut words = line
            .split_whitespace()
            .skip(1)
            .map(|word| word.parse().expect("a number"));
        [(); 4].map(|()| words.next().expect("four numbers"))
    }

    #[track_caller]
    fn says(&self, part: &str) {
        assert!(self.text.contains(part), "`{part}` is not in\n{}", self.text);
    }
}

fn operator(op: &str, samples: Value, errors: Value) -> Value {
    json!({"op": op, "variant": "", "dtype": "float64", "samples": samples, "errors": errors})
}

#[test]
fn right_values_pass() {
    let folder = Written::new();
    folder.square("square.float64", &[9.0, 1.0], &[6.0, -4.0], &[2.0, 4.0]);
    let run = folder.run(&[]);
    assert_eq!(run.counts("square"), [1, 1, 0, 0], "{}", run.text);
    run.says("operators: 1 names, 1 with nothing missing, 0.0 % missing; 1 samples, 1 passed, 0 failed, 0 missing");
    assert_eq!(run.status, Some(0));
}

#[test]
fn wrong_values_fail_with_a_reason() {
    let wrong: [(&str, [&[f64]; 3], &str); 4] = [
        (
            "value",
            [&[9.0, 1.5], &[6.0, -4.0], &[2.0, 4.0]],
            "failed float64 4: out at [1]: got 1, expected 1.5",
        ),
        (
            "sizes",
            [&[9.0], &[6.0, -4.0], &[2.0, 4.0]],
            "out: got sizes [2], expected [1]",
        ),
        (
            "gradient",
            [&[9.0, 1.0], &[6.0, 4.0], &[2.0, 4.0]],
            "gradient of x at [1]: got -4, expected 4",
        ),
        (
            "second",
            [&[9.0, 1.0], &[6.0, -4.0], &[2.0, 5.0]],
            "second order gradient of x at [1]: got 4, expected 5",
        ),
    ];
    for (what, [out, gradient, second], reason) in wrong {
        let folder = Written::new();
        let run = folder.square("square.float64", out, gradient, second).run(&[]);
        assert_eq!(run.counts("square"), [1, 0, 1, 0], "{what}");
        run.says(reason);
        assert_eq!(run.status, Some(1), "{what}");
    }
}

#[test]
fn unknown_names_arguments_and_forms_are_missing() {
    let folder = Written::new();
    let sample = |args: Value, kwargs: Value| json!({"id": 0, "args": args, "kwargs": kwargs, "out": {"t": "x"}});
    let x = || json!({"t": "x"});
    let unknown = operator(
        "nn.functional.no_such_thing",
        json!([sample(json!([x()]), json!({}))]),
        json!([]),
    );
    folder.pack("operators/unknown.float64", &unknown, &[("x", &[1.0])]);
    let others = json!([
        sample(json!([x()]), json!({"out": x()})),
        sample(json!(["text"]), json!({})),
        sample(json!([{"something": "new"}]), json!({})),
        sample(json!([x()]), json!({"out": null})),
    ]);
    folder.pack(
        "operators/abs.float64",
        &operator("abs", others, json!([])),
        &[("x", &[1.0])],
    );
    let layer = json!({"module": "torch.nn.modules.new.Layer", "dtype": "float64", "samples": [{"id": "train0", "mode": "train",
        "ctor": {"args": [], "kwargs": {}}, "args": [x()], "kwargs": {}, "state_dict": {}, "out": x()}]});
    folder.pack("deep/down/layer.float64", &layer, &[("x", &[1.0])]);
    let run = folder.run(&["--verbose"]);
    assert_eq!(run.counts("nn.functional.no_such_thing"), [1, 0, 0, 1]);
    assert_eq!(run.counts("abs"), [4, 1, 0, 3], "{}", run.text);
    assert_eq!(run.counts("Layer"), [1, 0, 0, 1]);
    run.says("argument `out` (a tensor of float64 [1])");
    run.says("operators: 2 names, 0 with nothing missing, 100.0 % missing");
    run.says("layers: 1 names");
    assert_eq!(run.status, Some(0), "nothing failed");
}

#[test]
fn calls_that_must_be_refused() {
    let folder = Written::new();
    let error = |args: Value| json!({"args": args, "kwargs": {}, "type": "RuntimeError", "regex": "sizes"});
    let errors = json!([
        error(json!([{"t": "two"}, {"t": "three"}])),
        error(json!([{"t": "two"}, "text"])),
        error(json!([{"t": "two"}, {"t": "two"}])),
    ]);
    let tensors: [(&str, &[f64]); 2] = [("two", &[1.0, 2.0]), ("three", &[1.0, 2.0, 3.0])];
    folder.pack("add.float64", &operator("add", json!([]), errors), &tensors);
    let unknown = operator("unknown", json!([]), json!([error(json!([]))]));
    folder.pack("unknown.float64", &unknown, &[]);
    let run = folder.run(&[]);
    assert_eq!(run.counts("add"), [3, 2, 1, 0], "{}", run.text);
    run.says("failed float64 error 2: it was to be refused (sizes), and was not");
    assert_eq!(run.counts("unknown"), [1, 0, 0, 1]);
    assert_eq!(run.status, Some(1));
}

#[test]
fn what_is_broken_is_named_and_the_rest_goes_on() {
    let folder = Written::new();
    folder.square("good.float64", &[9.0, 1.0], &[6.0, -4.0], &[2.0, 4.0]);
    folder.write("torn.float64.json", "{\"op\": \"exp\", \"samp");
    folder.write("empty.json", "");
    folder.write("without.json", "{\"op\": \"exp\"}");
    folder.write("whose.json", "{\"samples\": []}");
    folder.write("list.json", "[1, 2]");
    folder.write("notes.txt", "not for the program");
    let sample = json!({"id": 1, "args": [{"t": "nowhere"}], "kwargs": {}, "out": {"t": "x"}});
    folder.pack(
        "sin.float64",
        &operator("sin", json!([sample, {}, 3]), json!([])),
        &[("x", &[1.0])],
    );
    let alone = operator(
        "cos",
        json!([{"id": 1, "args": [{"t": "x"}], "out": {"t": "x"}}]),
        json!([]),
    );
    folder.write("cos.float64.json", alone.to_string());
    folder.write("exp.float64.json", operator("exp", json!([]), json!([])).to_string());
    folder.write("exp.float64.safetensors", "short");
    let run = folder.run(&[]);
    assert_eq!(run.counts("square"), [1, 1, 0, 0]);
    assert_eq!(run.counts("sin")[0], 3);
    assert_eq!(run.counts("cos"), [1, 0, 1, 0]);
    assert_eq!(run.counts("exp"), [1, 0, 1, 0]);
    for part in [
        "torn.float64.json",
        "empty.json",
        "without.json",
        "whose.json",
        "exp.float64.safetensors",
        "`nowhere`",
    ] {
        run.says(part);
    }
    assert!(
        !run.text.contains("list.json"),
        "json of another kind is not for the program\n{}",
        run.text
    );
    run.says("4 files are broken");
    assert_eq!(run.status, Some(1));
}

#[test]
fn only_some_names() {
    let folder = Written::new();
    folder.square("square.float64", &[0.0, 0.0], &[6.0, -4.0], &[2.0, 4.0]);
    folder.pack("other.float64", &operator("other", json!([]), json!([])), &[]);
    let run = folder.run(&["--only", "oth"]);
    assert!(!run.text.contains("square"), "{}", run.text);
    assert_eq!(run.status, Some(0));
    assert_eq!(folder.run(&["--only", "*quar*"]).status, Some(1));
    assert_eq!(
        folder.run(&["--only", "quar*"]).status,
        Some(2),
        "a pattern with `*` is of the whole name"
    );
}

#[test]
fn nothing_to_run() {
    let folder = Written::new();
    let run = folder.run(&[]);
    assert_eq!(run.status, Some(2));
    assert!(run.error.contains("there are no such files"), "{}", run.error);
    let run = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .arg(folder.path().join("nowhere"))
        .output();
    assert_eq!(Run::of(&run.expect("the program")).status, Some(2));
}

#[test]
fn the_values_in_this_repository() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reference");
    let run = Command::new(env!("CARGO_BIN_EXE_conformance")).arg(folder).output();
    let run = Run::of(&run.expect("the program"));
    for (name, counts) in [
        ("exp", [6, 6, 0, 0]),
        ("Softmax", [6, 6, 0, 0]),
        ("AdamW", [14, 14, 0, 0]),
    ] {
        assert_eq!(run.counts(name), counts);
    }
}
