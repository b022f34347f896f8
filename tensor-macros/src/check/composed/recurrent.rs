//! Recurrent layers: a product for all steps, then the steps, for each layer and direction.

use super::Steps;
use crate::check::resolved::Stack;
use tensor_ops::primitive::{Cat, Recurrent};
use tensor_ops::{Misfit, Poly, Primitive};

impl Steps {
    /// The states of the last layer.
    pub(super) fn recurrent(&mut self, stack: &Stack, hidden: &Poly) -> Result<usize, Misfit> {
        let Stack { cell, bias, .. } = *stack;
        self.sequence()?;
        let gates = hidden * &Poly::number(cell.gates() as u64);
        let mut x = 0;
        for layer in 0..stack.layers {
            let inputs = self.shape(x).features();
            let mut states = Vec::new();
            for reverse in [false, true].into_iter().take(1 + usize::from(stack.both)) {
                let behind = if reverse { "_reverse" } else { "" };
                let name = |what: &str| format!("{what}_l{layer}{behind}");
                let mut of_input = vec![self.parameter(name("weight_ih"), [&gates, &inputs])];
                let mut of_state = vec![self.parameter(name("weight_hh"), [&gates, hidden])];
                if bias {
                    of_input.push(self.parameter(name("bias_ih"), [&gates]));
                    of_state.push(self.parameter(name("bias_hh"), [&gates]));
                }
                let given = self.linear(x, &of_input);
                let steps = Primitive::Recurrent(Recurrent { cell, reverse, bias });
                states.push(self.primitive(steps, &[given], &of_state)?);
            }
            x = match states[..] {
                [states] => states,
                _ => self.primitive(Primitive::Cat(Cat { axis: 2, count: 2 }), &states, &[])?,
            };
            if layer + 1 < stack.layers {
                x = self.dropout(stack.dropout, x);
            }
        }
        Ok(x)
    }

    /// Whether the input is a sequence.
    pub(super) fn sequence(&self) -> Result<(), Misfit> {
        match self.shape(0).axes().len() {
            3 => Ok(()),
            _ => Err(Misfit::Axes {
                needs: "[batch, seq, features]",
                found: self.shape(0).clone(),
            }),
        }
    }
}
