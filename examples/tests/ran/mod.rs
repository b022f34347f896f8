//! What a program did: an exit code and two streams.

use std::path::Path;
use std::process::{Command, Output};

/// What a program did.
pub struct Ran {
    /// The exit code.
    pub code: Option<i32>,
    /// What it wrote.
    pub out: String,
    /// What it complained about.
    pub err: String,
}

/// Runs a program in a folder, with variables of the environment.
pub fn run(program: &str, folder: &Path, options: &[&str], variables: &[(&str, &str)]) -> Ran {
    let Output { status, stdout, stderr } = Command::new(program)
        .args(options)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .envs(variables.iter().copied())
        .output()
        .expect("the program was built");
    Ran {
        code: status.code(),
        out: String::from_utf8(stdout).expect("text"),
        err: String::from_utf8(stderr).expect("text"),
    }
}

impl Ran {
    /// What it said, if all went well.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        self.out
    }

    /// That it ended with one line on stderr, which has all of `words` in it.
    #[track_caller]
    pub fn badly(self, words: &[&str]) {
        let Self { code, out, err } = self;
        assert_eq!(code, Some(1), "{err}{out}");
        assert!(
            err.starts_with("error: ") && err.ends_with('\n') && err.lines().count() == 1,
            "{err:?}"
        );
        for word in words {
            assert!(err.contains(word), "no `{word}` in: {err}");
        }
        println!("{}", err.trim_end());
    }
}
