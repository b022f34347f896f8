//! Recurrent layers: a product for all steps, then the steps, for each layer and direction; and one step alone.

use super::Steps;
use crate::check::resolved::Stack;
use tensor_ops::primitive::{Cat, Cell, Recurrent, Select};
use tensor_ops::{Misfit, Poly, Primitive};

impl Steps {
    /// The states of the last layer; then, if they are wanted, those of all layers and directions after their last step, and the cells.
    pub(super) fn recurrent(&mut self, stack: &Stack, hidden: &Poly, makes: usize) -> Result<Vec<usize>, Misfit> {
        let Stack { cell, bias, .. } = *stack;
        self.sequence()?;
        let (starts, ends) = (self.inputs() > 1, makes > 1);
        let cells = ends && cell.cells() > 0;
        let mut last = vec![Vec::new(); makes - 1];
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
                let mut inputs = vec![given];
                for start in 1..self.inputs() {
                    let lane = layer * (1 + usize::from(stack.both)) + usize::from(reverse);
                    inputs.push(match stack.lanes() {
                        1 => self.reshape(start, vec![hidden.clone()]),
                        _ => self.select(start, 1, lane)?,
                    });
                }
                let steps = Recurrent {
                    cell,
                    reverse,
                    bias,
                    starts,
                    cells,
                };
                let made = self.primitive(Primitive::Recurrent(steps), &inputs, &of_state)?;
                states.push(if cells { self.select(made, 2, 0)? } else { made });
                if ends {
                    let (axis, place, back) = (1, 0, !reverse);
                    let end = Primitive::Select(Select { axis, place, back });
                    let end = self.primitive(end, &[made], &[])?;
                    for (place, last) in last.iter_mut().enumerate() {
                        let end = if cells { self.select(end, 1, place)? } else { end };
                        last.push(self.reshape(end, vec![Poly::number(1), hidden.clone()]));
                    }
                }
            }
            x = self.side_by_side(2, &states)?;
            if layer + 1 < stack.layers {
                x = self.dropout(stack.dropout, x);
            }
        }
        let mut made = vec![x];
        for states in last {
            made.push(self.side_by_side(1, &states)?);
        }
        Ok(made)
    }

    fn side_by_side(&mut self, axis: usize, values: &[usize]) -> Result<usize, Misfit> {
        let count = values.len();
        match values {
            [one] => Ok(*one),
            _ => self.primitive(Primitive::Cat(Cat { axis, count }), values, &[]),
        }
    }

    /// One step: the state, and of an LSTM the cell, if that is wanted.
    pub(super) fn cell(&mut self, cell: Cell, bias: bool, hidden: &Poly, makes: usize) -> Result<Vec<usize>, Misfit> {
        let shape = self.shape(0);
        if shape.axes().len() != 2 {
            return Err(Misfit::Axes {
                needs: "[batch, features]",
                found: shape.clone(),
            });
        }
        let (inputs, gates) = (shape.features(), hidden * &Poly::number(cell.gates() as u64));
        let mut of_input = vec![self.parameter("weight_ih".to_owned(), [&gates, &inputs])];
        let mut of_state = vec![self.parameter("weight_hh".to_owned(), [&gates, hidden])];
        if bias {
            of_input.push(self.parameter("bias_ih".to_owned(), [&gates]));
            of_state.push(self.parameter("bias_hh".to_owned(), [&gates]));
        }
        let given = self.linear(0, &of_input);
        let given = self.reshape(given, vec![Poly::number(1), gates]);
        let step = Recurrent {
            cell,
            reverse: false,
            bias,
            starts: self.inputs() > 1,
            cells: makes > 1,
        };
        let inputs: Vec<usize> = [given].into_iter().chain(1..self.inputs()).collect();
        let made = self.primitive(Primitive::Recurrent(step), &inputs, &of_state)?;
        if makes == 1 {
            return Ok(vec![self.reshape(made, vec![hidden.clone()])]);
        }
        let both = self.reshape(made, vec![Poly::number(2), hidden.clone()]);
        (0..makes).map(|place| self.select(both, 1, place)).collect()
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
