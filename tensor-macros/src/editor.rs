//! What an editor has of the compiler: a model that is being written still expands to its items, under the user's names, and expanding
//! takes no time.

use crate::driver;
use proc_macro2::{TokenStream, TokenTree};
use std::time::{Duration, Instant};

/// What the compiler has for an expansion is half a second. Here nothing is optimised and other tests run beside: twice that, of the processor's
/// time where the system tells it.
const BOUND: Duration = Duration::from_millis(1000);

/// How long this thread has computed; what the clock says where nobody knows.
fn computed(begin: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

fn tokens(source: &str) -> TokenStream {
    source.parse().unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// All words of an expansion, in order.
fn words(of: TokenStream, found: &mut Vec<String>) {
    for token in of {
        match token {
            TokenTree::Group(group) => words(group.stream(), found),
            TokenTree::Ident(word) => found.push(word.to_string()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// That an expansion has errors, is read by rustc, and holds these words of the user's.
fn holds(expansion: TokenStream, kept: &[&str]) {
    let mut found = Vec::new();
    words(expansion.clone(), &mut found);
    assert!(found.iter().any(|word| word == "compile_error"), "{expansion}");
    let file = syn::parse2::<syn::File>(expansion.clone());
    assert!(file.is_ok(), "{:?}: {expansion}", file.err());
    for word in kept {
        assert!(found.iter().any(|found| found == word), "`{word}` is lost: {expansion}");
    }
    // What a program does with a model, whether or not it is whole.
    for method in ["new", "forward", "infer", "parameters", "save", "load", "compile"] {
        assert!(
            found.iter().any(|found| found == method),
            "`{method}` is lost: {expansion}"
        );
    }
}

#[test]
fn a_broken_net_keeps_its_names() {
    let names = &["Mlp", "hidden", "output"];
    for source in [
        "pub type Mlp = hidden: lineer(784, 128) >> relu >> output: linear(_, 10)",
        "pub type Mlp = hidden: linear(784, 128) >> relu >> output: linear(64, 10)",
        "pub type Mlp = hidden: linear(784) >> relu >> output: linear(_, 10)",
        "pub type Mlp = hidden: linear(784, 128) >> relu >> output: linear(_, 10) >>",
        "pub type Mlp = hidden: linear(784, 128) >> >> output: linear(_, 10)",
        "pub type Mlp = hidden: linear(784, 128) >> output: li",
        "pub type Mlp = hidden: linear(784, 128, bia) >> output: linear(_, 10)",
        "pub type Mlp = hidden: linear(784, 128) >> output: linear(_, 10",
    ] {
        let Ok(tokens) = source.parse::<TokenStream>() else {
            // Brackets that are not closed are rustc's to tell.
            continue;
        };
        holds(driver::net(tokens), names);
    }
}

#[test]
fn a_net_that_has_just_begun_keeps_its_name() {
    for source in [
        "type Mlp = ",
        "type Mlp = linear(4, 8) >> ",
        "type Mlp = linear(4, ) >> relu",
        "type Mlp = l",
        "type Mlp = [28, 28] => ",
        "type Mlp = residual() >> relu",
        "type Mlp = repeat(3, ) >> relu",
        "type Mlp = #[init(norm)] linear(4, 8)",
        "type Mlp = #[tied()] linear(4, 8)",
    ] {
        holds(driver::net(tokens(source)), &["Mlp"]);
    }
}

#[test]
fn one_that_is_whole_beside_a_broken_one_is_whole() {
    let mut found = Vec::new();
    let expansion = driver::net(tokens("type Whole = linear(4, 8); type Broken = linear(4, 8) >> ;"));
    words(expansion, &mut found);
    assert!(found.iter().any(|word| word == "PROGRAM") && found.iter().any(|word| word == "Broken"));
}

#[test]
fn a_broken_struct_keeps_its_fields() {
    let names = &["Block", "norm", "up", "down", "position"];
    for forward in [
        "|x: [64]| down(up(norm(x)))",
        "|x: [64]|",
        "|x: [64]| {}",
        "|x: [64]| { let h = }",
        "|x: [64]| { let h = up(norm(x)); h. }",
        "|x: [64]| { let h = up(norm(x)); do }",
        "|x: [64]| x + down(upp(norm(x))) + position",
        "|x: [64], | x + position + down(up(norm(x, y)))",
        "|x: [63]| x + position + down(up(norm(x)))",
        "|x",
    ] {
        let source = format!(
            "#[forward({forward})] pub struct Block {{ norm: LayerNorm<64>, up: Linear<64, 256>, pub down: Linear<256, 64>, \
             position: Parameter<64> }}"
        );
        holds(driver::model(TokenStream::new(), tokens(&source)), names);
    }
    for field in [
        "Linear<64, >",
        "Linear",
        "net!(linear(64, 64) >> )",
        "[Linear<64, 64>; ]",
        "Liner<64, 64>",
    ] {
        let source = format!("#[input(64)] struct Block {{ norm: LayerNorm<64>, up: {field}, down: Linear<64, 65> }}");
        let Ok(item) = syn::parse_str::<syn::Item>(&source) else {
            // What is no Rust at all rustc tells before the macro runs.
            continue;
        };
        let expansion = driver::model(TokenStream::new(), quote::quote!(#item));
        let mut found = Vec::new();
        words(expansion.clone(), &mut found);
        for name in ["Block", "norm", "up", "down", "forward"] {
            assert!(found.iter().any(|found| found == name), "`{name}` is lost: {expansion}");
        }
    }
}

#[test]
fn a_broken_expression_is_an_expression() {
    for source in ["linear(4, 8) >> ", "lineer(4, 8)", "linear(4, 8) >> linear(9, 2)", ""] {
        let expansion = driver::net(tokens(source));
        let read = syn::parse2::<syn::Expr>(expansion.clone());
        assert!(read.is_ok(), "{source}: {expansion}");
    }
}

/// Panics unless a source expands within the bound, the best of a few: other tests run beside this one.
fn is_fast(what: &str, expand: impl Fn() -> TokenStream) {
    let begin = Instant::now();
    let time = |_| {
        let before = computed(begin);
        let expansion = expand();
        let took = computed(begin).saturating_sub(before);
        assert!(!expansion.to_string().contains("compile_error"), "{what}: {expansion}");
        took
    };
    let mut times = (0..5).map(time);
    assert!(times.any(|took| took < BOUND), "{what} takes longer than {BOUND:?}");
}

/// ResNet-50 in one chain: 53 convolutions, a norm behind each.
#[test]
fn a_residual_network_expands_in_time() {
    let mut parts =
        vec!["conv2d(3, 64, 7, stride = 2, padding = 3, bias = false) >> batch_norm2d(_) >> relu".to_owned()];
    parts.push("max_pool2d(3, stride = 2, padding = 1)".to_owned());
    let mut channels = 64;
    for (stage, blocks) in [3, 4, 6, 3].into_iter().enumerate() {
        let width = 64 << stage;
        let stride = if stage == 0 { 1 } else { 2 };
        let conv = |from, to, kernel, stride| {
            let padding = kernel / 2;
            format!(
                "conv2d({from}, {to}, {kernel}, stride = {stride}, padding = {padding}, bias = false) >> batch_norm2d({to})"
            )
        };
        parts.push(format!("{} >> relu", conv(channels, 4 * width, 1, stride)));
        channels = 4 * width;
        for _ in 0..blocks {
            let [first, second, third] = [
                conv(channels, width, 1, 1),
                conv(width, width, 3, 1),
                conv(width, channels, 1, 1),
            ];
            parts.push(format!(
                "residual({first} >> relu >> {second} >> relu >> {third}) >> relu"
            ));
        }
    }
    parts.push("adaptive_avg_pool2d(1) >> flatten >> linear(2048, 1000)".to_owned());
    let source = format!("[3, 224, 224] => {}", parts.join(" >> "));
    let source = tokens(&format!("pub type ResNet = {source}"));
    is_fast("a ResNet-50", || driver::net(source.clone()));
}

/// Twelve blocks of a GPT as an array of groups, with their attention, in one forward.
#[test]
fn a_transformer_expands_in_time() {
    let source = "
        #[forward(|x: [256, 384]| {
            let mut x = x + position;
            for block in blocks { x = x + block(x); }
            for block in others { x = x + block(x); }
            head(norm(x))
        })]
        pub struct Gpt {
            position: Parameter<256, 384>,
            blocks: [net!(layer_norm(384) >> linear(384, 1152) >> attention(6, causal = true) >> linear(384, 384)); 12],
            others: [net!(layer_norm(384) >> linear(384, 1536) >> gelu >> linear(1536, 384) >> dropout(0.1)); 12],
            norm: LayerNorm<384>,
            head: Linear<384, 65>,
        }";
    let source = tokens(source);
    is_fast("a GPT of twelve blocks", || {
        driver::model(TokenStream::new(), source.clone())
    });
}
