//! The printed graph: `%3: [batch, 128] = linear %1, hidden.0.weight, hidden.0.bias`.

use super::{Graph, Node, Operand, Value};
use std::fmt;
use tensor_ops::Op;

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.stage, self.name)?;
        for node in &self.forward {
            writeln!(f, "    {}", self.line(node))?;
        }
        writeln!(f, "    return {}", self.list(self.outputs.iter()))?;
        if !self.backward.is_empty() {
            writeln!(f, "backward")?;
            for node in &self.backward {
                writeln!(f, "    {}", self.line(node))?;
            }
            let gradients = self.list(self.input_gradients.iter().flatten());
            writeln!(f, "{}", format!("    return {gradients}").trim_end())?;
        }
        Ok(())
    }
}

impl Graph {
    /// One operation in one line.
    pub fn line(&self, node: &Node) -> String {
        let results: Vec<String> = node.results.iter().map(|result| self.result(*result)).collect();
        let operands: Vec<String> = node.operands.iter().map(|operand| self.operand(*operand)).collect();
        let name = match &node.op {
            Op::Call { program, .. } => format!("call {}", self.programs[*program].part),
            Op::CallBackward { program, .. } => {
                format!("backward of call {}", self.programs[*program].part)
            }
            // Of several, which.
            Op::Input if self.inputs.len() > 1 => format!("input {}", node.part),
            Op::OutputGradient if self.outputs.len() > 1 => format!("output_gradient {}", node.part),
            other => other.name(),
        };
        let line = format!("{} = {name} {}", results.join(", "), operands.join(", "));
        line.trim_end().to_owned()
    }

    fn list<'a>(&self, values: impl Iterator<Item = &'a Value>) -> String {
        let texts: Vec<String> = values.map(|value| self.operand(Operand::Value(*value))).collect();
        texts.join(", ")
    }

    fn result(&self, result: Operand) -> String {
        match result {
            Operand::Value(value) => format!("{value}: {}", self.row(value).shape),
            Operand::Parameter(parameter) | Operand::Gradient(parameter) => {
                format!("gradient of {}", self.parameters[parameter].path)
            }
            Operand::Buffer(buffer) => self.buffers[buffer].path.clone(),
        }
    }

    fn operand(&self, operand: Operand) -> String {
        match operand {
            Operand::Value(value) if self.row(value).view_of.is_some() => {
                format!("{} as {}", Value(self.root(value).0), self.row(value).shape)
            }
            Operand::Value(value) => value.to_string(),
            Operand::Parameter(parameter) | Operand::Gradient(parameter) => self.parameters[parameter].path.clone(),
            Operand::Buffer(buffer) => self.buffers[buffer].path.clone(),
        }
    }
}
