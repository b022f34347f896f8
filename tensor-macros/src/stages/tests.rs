//! Random nets through every pass: each graph is verified, and every plan keeps what is still needed.

use super::Stages;
use crate::check::check;
use crate::emit::{Emission, Library, emit};
use crate::errors::Errors;
use crate::graph::{Node, Value};
use crate::passes::{Place, Planned};
use crate::syntax::{self, Net};
use std::collections::HashMap;
use tensor_ops::Op;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

const LAYERS: &[&str] = &[
    "linear(_, 3)",
    "linear(_, 16, bias = false)",
    "linear(_, 64)",
    "relu",
    "tanh",
    "gelu",
    "elu(alpha = -1.0)",
    "dropout",
    "dropout(0.1)",
    "softmax",
    "log_softmax",
    "layer_norm(_)",
    "flatten",
    "identity",
    "(linear(_, 8) >> silu)",
];

fn random_net(dice: &mut Dice) -> String {
    let input = ["7", "3, 4", "2, 3, 5", "Seq, 6"][dice.below(4)];
    let count = 1 + dice.below(9);
    let layers: Vec<&str> = (0..count).map(|_| LAYERS[dice.below(LAYERS.len())]).collect();
    format!("#[input({input})] type Random = identity >> {}", layers.join(" >> "))
}

/// A struct whose values go everywhere: every part may run twice, every value may be read many times.
fn random_forward(dice: &mut Dice) -> String {
    const PARTS: usize = 3;
    let mut values = vec!["x".to_owned(), "y".to_owned()];
    let mut unread: Vec<String> = values.clone();
    let mut lines = String::new();
    let count = 3 + dice.below(9);
    for line in 0..count {
        let value = |unread: &mut Vec<String>, dice: &mut Dice| {
            let value = match dice.below(3) {
                0 if !unread.is_empty() => unread[dice.below(unread.len())].clone(),
                _ => values[dice.below(values.len())].clone(),
            };
            unread.retain(|name| *name != value);
            value
        };
        // Every part runs once at least.
        let choice = if line < PARTS { 0 } else { dice.below(8) };
        let (a, b) = (value(&mut unread, dice), value(&mut unread, dice));
        let right = match choice {
            0 | 1 => format!("p{}({a}) + {b}", if line < PARTS { line } else { dice.below(PARTS) }),
            2 => format!(
                "{} + {b}",
                ["relu", "tanh", "gelu", "softmax", "dropout"][dice.below(5)].to_owned() + &format!("({a})")
            ),
            3 => format!("{a} * {b}"),
            4 => format!("{a} / (2.0 - {b})"),
            5 => format!("sigmoid(tanh({a} - {b}))"),
            6 => format!("-{a} * 0.5 + {b}"),
            _ => format!("relu(p{}(silu({a}))) - {b}", dice.below(PARTS)),
        };
        lines += &format!("let v{line} = {right};\n");
        values.push(format!("v{line}"));
        unread.push(format!("v{line}"));
    }
    let sum = match dice.below(2) {
        0 if unread.len() > 1 => format!("({}, {})", unread[0], unread[1..].join(" + ")),
        _ => unread.join(" + "),
    };
    format!(
        "#[forward(|x: [6], y: [6]| {{ {lines} {sum} }})] struct Random {{ p0: Linear<6, 6>, p1: net!(linear(6, 8) >> relu >> linear(8, 6)), p2: LayerNorm<6> }}"
    )
}

fn stages_of_struct(item: &str) -> Stages {
    let errors = Errors::new();
    let (model, _) = syntax::structure(&errors, proc_macro2::TokenStream::new(), item.parse().unwrap());
    let model = model.unwrap();
    let facts = check(&errors, &model);
    errors.finish().unwrap_or_else(|found| panic!("{item}: {}", found[0]));
    let stages = Stages::of("Random", &facts);
    // Where nothing can fail any more, nothing does.
    let emission = Emission {
        krate: &Library::new(None),
        model: &model,
        facts: &facts,
        lowered: &stages.lowered,
        training: &stages.training,
        inference: &stages.inference,
        primitives: &stages.primitives,
    };
    assert!(emit(&emission).len() > 3, "{item}");
    stages
}

#[test]
fn plans_of_forwards_keep_what_is_still_needed() {
    let mut dice = Dice(3);
    for _ in 0..500 {
        let item = random_forward(&mut dice);
        let stages = stages_of_struct(&item);
        run(&item, &stages.training);
        run(&item, &stages.inference);
    }
}

fn stages(net: &str) -> Stages {
    let errors = Errors::new();
    let (parsed, _) = syntax::net(&errors, net.parse().unwrap());
    errors.finish().unwrap();
    let Some(Net::Items(mut models)) = parsed else {
        panic!("{net}")
    };
    let (model, errors) = models.remove(0);
    let facts = check(&errors, &model);
    errors.finish().unwrap_or_else(|found| panic!("{net}: {}", found[0]));
    Stages::of("Random", &facts)
}

#[test]
fn plans_keep_what_is_still_needed() {
    let mut dice = Dice(2);
    for _ in 0..500 {
        let net = random_net(&mut dice);
        let stages = stages(&net);
        run(&net, &stages.training);
        run(&net, &stages.inference);
    }
}

/// Plays the program: whatever is read must still be in its place, and no result lies where an operand of its step does.
fn run(net: &str, planned: &Planned) {
    let graph = &planned.graph;
    let place = |value: Value| planned.places[value.0];
    let mut holds: HashMap<Place, Value> = HashMap::new();
    let context = |node: &Node| format!("{net}\n{graph}{planned}\nat {}", graph.line(node));
    for node in graph.nodes() {
        for value in node.read() {
            assert_eq!(holds.get(&place(value)), Some(&graph.root(value)), "{}", context(node));
        }
        for value in node.made().filter(|value| place(*value) != Place::Nowhere) {
            let shared = node.read().any(|read| place(read) == place(value));
            let may_share = matches!(node.op, Op::ElementwiseBackward(_));
            assert!(!shared || may_share, "{}", context(node));
            assert!(
                !matches!(place(value), Place::OutputGradient(_)) || node.op == Op::OutputGradient,
                "{}",
                context(node)
            );
            if let Place::Slot(slot) = place(value) {
                let size = graph.row(value).shape.elements();
                assert!(size.fits_in(&planned.slots[slot]), "{}", context(node));
            }
            holds.insert(place(value), value);
        }
    }
}

#[test]
fn two_hundred_layers_take_no_time() {
    let layers = ["linear(_, 64) >> relu >> layer_norm(_) >> dropout"; 50].join(" >> ");
    let begin = std::time::Instant::now();
    let stages = stages(&format!("#[input(64)] type Long = {layers}"));
    assert!(begin.elapsed().as_secs() < 5);
    assert_eq!(stages.inference.slots.len(), 2);
}

#[test]
fn plans_of_blocks_keep_what_is_still_needed() {
    for net in [
        "#[input(1, 28, 28)] type Net = conv2d(1, 6, 5) >> relu >> max_pool2d(2) >> flatten >> linear(_, 10)",
        "#[input(3, 8, 8)] type Net = conv2d(3, 4, 3) >> batch_norm2d(4) >> relu >> conv2d(_, 4, 1) >> group_norm(2, _) >> tanh",
        "#[input(4, 12)] type Net = attention(2) >> linear(_, 12) >> attention(1, causal = true) >> rms_norm(_) >> hardswish",
        "#[input(8, 4, 4)] type Net = pixel_shuffle(2) >> avg_pool2d(2) >> upsample(2) >> zero_pad2d(1) >> flatten",
    ] {
        let stages = stages(net);
        run(net, &stages.training);
        run(net, &stages.inference);
    }
}

#[test]
fn a_hundred_convolutions_take_no_time() {
    let layers = ["conv2d(_, 64, 3, padding = 1) >> batch_norm2d(_) >> relu"; 100].join(" >> ");
    let begin = std::time::Instant::now();
    let stages = stages(&format!("#[input(3, 32, 32)] type Deep = {layers}"));
    assert!(begin.elapsed().as_secs() < 5);
    assert_eq!(stages.inference.slots.len(), 2);
}
