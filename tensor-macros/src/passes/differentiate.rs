//! `differentiate`: the reverse pass. Every gradient of the language is on this screen.

use crate::graph::{Graph, Node, Operand, Value};
use std::collections::HashMap;
use tensor_ops::{Binary, Op, Primitive, Saves, Shape, Unary, chain};

/// The graph with its backward: from the gradient by the output to those by every parameter and by the input.
pub fn differentiate(graph: Graph) -> Graph {
    let mut reverse = Reverse {
        forward: graph.forward.clone(),
        graph,
        gradients: HashMap::new(),
    };
    for (index, output) in reverse.graph.outputs.clone().into_iter().enumerate() {
        let seed = reverse.gradient_value(output);
        let part = if index == 0 {
            "output".to_owned()
        } else {
            index.to_string()
        };
        reverse.push(Op::OutputGradient, Vec::new(), vec![Operand::Value(seed)], &part);
        reverse.gradients.insert(output, seed);
    }
    for position in (0..reverse.forward.len()).rev() {
        reverse.node(position);
    }
    let inputs = reverse.graph.inputs.clone().into_iter();
    let whole = reverse.graph.whole.clone();
    let input_gradients = inputs.zip(whole);
    let input_gradients = input_gradients
        .map(|(input, whole)| (!whole).then(|| reverse.input_gradient(input)))
        .collect();
    let Reverse { mut graph, forward, .. } = reverse;
    graph.stage = "differentiated";
    graph.forward = forward;
    graph.input_gradients = input_gradients;
    graph
}

struct Reverse {
    graph: Graph,
    forward: Vec<Node>,
    /// The gradient by each value, as far as it has been summed.
    gradients: HashMap<Value, Value>,
}

impl Reverse {
    fn node(&mut self, position: usize) {
        let Node {
            op,
            operands,
            results,
            part,
            ..
        } = self.forward[position].clone();
        let (Some(Operand::Value(out)), Some(&operand)) = (results.first().copied(), operands.first()) else {
            return;
        };
        if let Op::Call {
            program,
            inputs,
            outputs,
        } = op
        {
            return self.call(program, [inputs, outputs], &operands, &results, &part);
        }
        // A value that the output does not depend on has no gradient.
        let Some(&d_out) = self.gradients.get(&out) else {
            return;
        };
        let Operand::Value(x) = operand else {
            unreachable!("lower.rs: the first operand is a value")
        };
        let (d, x_operand, out) = (Operand::Value(d_out), Operand::Value(x), Operand::Value(out));
        match op {
            // d_w = d_out^T x,  d_b = sum over rows of d_out,  d_x = d_out w
            Op::Linear { bias, transposed, .. } => {
                let Operand::Parameter(weight) = operands[1] else {
                    unreachable!("lower.rs: weight, bias")
                };
                self.push(
                    Op::LinearWeightGradient,
                    if transposed {
                        vec![x_operand, d]
                    } else {
                        vec![d, x_operand]
                    },
                    vec![Operand::Gradient(weight)],
                    &part,
                );
                if let (true, Some(Operand::Parameter(bias))) = (bias, operands.get(2)) {
                    self.push(Op::BiasGradient, vec![d], vec![Operand::Gradient(*bias)], &part);
                }
                self.gradient(x, Op::LinearInputGradient { transposed }, vec![d, operands[1]], &part);
            }
            // d_x = d_out f'(x), from whichever of x and f(x) it is known
            Op::Elementwise(ops) => {
                let saved = match chain::saves(&ops) {
                    Saves::Nothing => vec![d],
                    Saves::Output => vec![out, d],
                    Saves::Input => vec![x_operand, d],
                };
                let d_x = self.gradient_value(x);
                self.push(Op::ElementwiseBackward(ops), saved, vec![Operand::Value(d_x)], &part);
                if let Some(node) = self.graph.backward.last_mut() {
                    node.reverses = out.value();
                }
                self.meet(x, d_x);
            }
            // d_x = out (d_out - sum(out d_out))
            Op::Softmax => self.gradient(x, Op::SoftmaxBackward, vec![out, d], &part),
            // d_x = d_out - exp(out) sum(d_out)
            Op::LogSoftmax => self.gradient(x, Op::LogSoftmaxBackward, vec![out, d], &part),
            Op::LayerNorm { .. } => self.layer_norm(position, d, &part),
            // d_parameter = sum of d_out over the batch and what else was repeated; x has only told sizes
            Op::Spread { .. } => {
                // A buffer has none.
                if let Operand::Parameter(parameter) = operands[1] {
                    self.push(Op::SpreadBackward, vec![d], vec![Operand::Gradient(parameter)], &part);
                }
            }
            Op::Flatten | Op::Reshape => self.gradient(x, Op::Unflatten, vec![d], &part),
            Op::Primitive { primitive, .. } if primitive.teaches_nothing() => {}
            Op::Primitive { primitive, .. } => self.primitive(position, primitive, d, &part),
            Op::Call { .. } => unreachable!("gone through above"),
            Op::Binary(op) => self.binary(op, &operands, [out, d], &part),
            Op::Input => {}
            Op::ArgMax => unreachable!("check/arguments.rs: refused, it has no gradient"),
            Op::OutputGradient | Op::LinearInputGradient { .. } | Op::LinearWeightGradient | Op::BiasGradient => {
                not_forward()
            }
            Op::ElementwiseBackward(_) | Op::SoftmaxBackward | Op::LogSoftmaxBackward => not_forward(),
            Op::LayerNormBackward
            | Op::SpreadBackward
            | Op::Unflatten
            | Op::CallBackward { .. }
            | Op::PrimitiveBackward(_)
            | Op::Zeros => not_forward(),
        }
    }

    /// The gradients by all that it takes, from those by all that it makes; one by which nobody asks is 0.
    fn call(&mut self, program: usize, counts: [usize; 2], inputs: &[Operand], outputs: &[Operand], part: &str) {
        let values = |operands: &[Operand]| {
            operands
                .iter()
                .filter_map(|operand| operand.value())
                .collect::<Vec<_>>()
        };
        let made = values(outputs);
        if !made.iter().any(|value| self.gradients.contains_key(value)) {
            return;
        }
        let d: Vec<Operand> = made
            .iter()
            .map(|value| Operand::Value(self.known_or_zeros(*value, part)))
            .collect();
        let taken = values(inputs);
        // The same value may be given twice.
        let gradients: Vec<Value> = taken.iter().map(|value| self.gradient_value(*value)).collect();
        let [inputs_count, outputs_count] = counts;
        let op = Op::CallBackward {
            program,
            inputs: inputs_count,
            outputs: outputs_count,
        };
        let results = gradients.iter().map(|gradient| Operand::Value(*gradient)).collect();
        self.push(op, [inputs, outputs, &d].concat(), results, part);
        for (value, gradient) in taken.into_iter().zip(gradients) {
            self.meet(value, gradient);
        }
    }

    /// The gradient by an input, in memory of its own: it lies with the caller.
    fn input_gradient(&mut self, input: Value) -> Value {
        let known = self.known_or_zeros(input, "input");
        let made = |graph: &[Node], value: Value| graph.iter().find(|node| node.result() == Some(value)).cloned();
        let mut root = known;
        let maker = loop {
            match made(&self.graph.backward, root) {
                Some(node) if node.op == Op::Unflatten => root = node.read().next().unwrap_or(root),
                maker => break maker,
            }
        };
        let mut of = self.graph.row(root).gradient_of;
        while let Some(node) = of.and_then(|of| made(&self.forward, of)) {
            match node.op {
                Op::Flatten | Op::Reshape => of = node.read().next(),
                _ => break,
            }
        }
        let is_given = maker.is_some_and(|node| node.op == Op::OutputGradient);
        if of == Some(input) && !is_given {
            return known;
        }
        let own = self.gradient_value(input);
        let (from, to) = (vec![Operand::Value(known)], vec![Operand::Value(own)]);
        self.push(Op::ElementwiseBackward(Vec::new()), from, to, "input");
        own
    }

    /// The gradient by a value, 0 where nothing is computed from it that has one.
    fn known_or_zeros(&mut self, value: Value, part: &str) -> Value {
        if let Some(known) = self.gradients.get(&value) {
            return *known;
        }
        let zeros = self.gradient_value(value);
        self.push(Op::Zeros, Vec::new(), vec![Operand::Value(zeros)], part);
        zeros
    }

    fn binary(&mut self, op: Binary, operands: &[Operand], [out, d]: [Operand; 2], part: &str) {
        let [Operand::Value(a), Operand::Value(b)] = *operands else {
            unreachable!("lower.rs: two values")
        };
        let neg = || Op::ElementwiseBackward(vec![Unary::Neg]);
        let d_out = d
            .value()
            .unwrap_or_else(|| unreachable!("`node` gives the gradient's value"));
        match op {
            // d_a = d_b = d_out
            Binary::Add => {
                self.meet(a, d_out);
                self.meet(b, d_out);
            }
            // d_a = d_out,  d_b = -d_out
            Binary::Sub => {
                self.meet(a, d_out);
                self.gradient(b, neg(), vec![d], part);
            }
            // d_a = d_out b,  d_b = d_out a
            Binary::Mul => {
                self.gradient(a, Op::Binary(Binary::Mul), vec![d, Operand::Value(b)], part);
                self.gradient(b, Op::Binary(Binary::Mul), vec![d, Operand::Value(a)], part);
            }
            // d_a = d_out / b,  d_b = -d_a out
            Binary::Div => {
                let d_a = Operand::Value(self.gradient_value(a));
                self.push(Op::Binary(Binary::Div), vec![d, Operand::Value(b)], vec![d_a], part);
                let product = Operand::Value(self.gradient_value(b));
                self.push(Op::Binary(Binary::Mul), vec![d_a, out], vec![product], part);
                d_a.value().into_iter().for_each(|d_a| self.meet(a, d_a));
                self.gradient(b, neg(), vec![product], part);
            }
            Binary::Pow | Binary::Maximum | Binary::Minimum => {
                unreachable!("check/flow.rs: no such operation is written")
            }
        }
    }

    /// Mean and deviation of each row, which forward has in hand, become a second result of it.
    fn layer_norm(&mut self, position: usize, d: Operand, part: &str) {
        let Node {
            op, operands, results, ..
        } = &mut self.forward[position];
        let ([Operand::Value(x), Operand::Parameter(weight), Operand::Parameter(bias)], [Operand::Value(out)]) =
            (&operands[..], &results[..])
        else {
            unreachable!("lower.rs: x, weight, bias -> out")
        };
        let (x, weight, bias, out) = (*x, *weight, *bias, *out);
        if let Op::LayerNorm { keeps_statistics, .. } = op {
            *keeps_statistics = true;
        }
        let rows = self.graph.row(x).shape.rows();
        let name = format!("{}_statistics", self.graph.row(out).name.trim_end_matches("_out"));
        let shape = Shape::new([rows, tensor_ops::Poly::number(2)]);
        let statistics = Operand::Value(self.graph.add_value(name, shape, None));
        results.push(statistics);
        let d_x = self.gradient_value(x);
        let results = vec![Operand::Value(d_x), Operand::Gradient(weight), Operand::Gradient(bias)];
        let operands = vec![Operand::Value(x), Operand::Parameter(weight), statistics, d];
        self.push(Op::LayerNormBackward, operands, results, part);
        self.meet(x, d_x);
    }

    /// What forward has in hand and backward wants becomes further results of it; backward reads that and what it needs besides.
    fn primitive(&mut self, position: usize, primitive: Primitive, d: Operand, part: &str) {
        let Node { operands, results, .. } = self.forward[position].clone();
        let (inputs, rest) = operands.split_at(primitive.inputs());
        let parameters = &rest[..primitive.parameters().len()];
        let shapes: Vec<&Shape> = inputs.iter().map(|input| self.graph.shape(*input)).collect();
        let out = results[0];
        let kept: Vec<Operand> = primitive
            .kept(&shapes)
            .into_iter()
            .map(|(name, shape)| {
                let of = out
                    .value()
                    .map_or("", |out| self.graph.values[out.0].name.trim_end_matches("_out"));
                Operand::Value(self.graph.add_value(format!("{of}_{name}"), shape, None))
            })
            .collect();
        let node = &mut self.forward[position];
        node.op = Op::Primitive { primitive, keeps: true };
        node.results.extend(&kept);
        let needs = primitive.needs();
        let none: &[Operand] = &[];
        let read = [
            if needs.inputs { inputs } else { none },
            if needs.output { &[out] } else { none },
            &kept,
            &[d],
            if needs.parameters { parameters } else { none },
        ];
        let differentiable = &inputs[..primitive.gradients()];
        let values: Vec<Value> = differentiable.iter().filter_map(|input| input.value()).collect();
        let gradients: Vec<Value> = values.iter().map(|value| self.gradient_value(*value)).collect();
        let made = gradients.iter().map(|gradient| Operand::Value(*gradient));
        let taught = parameters.iter().map(|parameter| match parameter {
            Operand::Parameter(parameter) => Operand::Gradient(*parameter),
            Operand::Value(_) | Operand::Gradient(_) | Operand::Buffer(_) => {
                unreachable!("lower.rs: inputs, then parameters")
            }
        });
        let results = made.chain(taught).collect();
        self.push(Op::PrimitiveBackward(primitive), read.concat(), results, part);
        for (value, gradient) in values.into_iter().zip(gradients).take(primitive.taught()) {
            self.meet(value, gradient);
        }
    }

    /// `d_x = op operands`, added to what is known of the gradient by `x`, unless that depends on nothing.
    fn gradient(&mut self, x: Value, op: Op, operands: Vec<Operand>, part: &str) {
        let maker = self.forward.iter().find(|node| node.result() == Some(x));
        if maker.is_some_and(|node| matches!(node.op, Op::Primitive { primitive, .. } if primitive.teaches_nothing())) {
            return;
        }
        let d_x = self.gradient_value(x);
        self.push(op, operands, vec![Operand::Value(d_x)], part);
        self.meet(x, d_x);
    }

    /// Where a value is used twice, its gradients add.
    fn meet(&mut self, value: Value, gradient: Value) {
        let sum = match self.gradients.get(&value).copied() {
            None => gradient,
            Some(known) => {
                let sum = self.gradient_value(value);
                self.push(
                    Op::Binary(Binary::Add),
                    vec![Operand::Value(known), Operand::Value(gradient)],
                    vec![Operand::Value(sum)],
                    "sum",
                );
                sum
            }
        };
        self.gradients.insert(value, sum);
    }

    fn gradient_value(&mut self, of: Value) -> Value {
        let row = self.graph.row(of).clone();
        let taken = self
            .graph
            .values
            .iter()
            .filter(|other| other.gradient_of == Some(of))
            .count();
        self.graph
            .add_value(format!("d_{}{}", row.name, "_".repeat(taken)), row.shape, Some(of))
    }

    fn push(&mut self, op: Op, operands: Vec<Operand>, results: Vec<Operand>, part: &str) {
        self.graph.backward.push(Node {
            op,
            operands,
            results,
            part: part.to_owned(),
            reverses: None,
        });
    }
}

fn not_forward() -> ! {
    unreachable!("lower.rs: forward has no operation of backward")
}
