//! Parameters as values: the same for every sample.

use tensor_ops::Reduce;

use crate::device::{Block, Gradient, View};
use crate::layout::{Axes, Layout};
use crate::model::Pass;

impl Pass<'_> {
    /// A parameter, repeated along the first axes and where it has a size of 1.
    pub fn spread(&self, parameter: Block<'_>, out: Block<'_>) {
        let layout = Layout::contiguous(&out.sizes);
        let Some(spread) = Layout::contiguous(&parameter.sizes).broadcast_to(&out.sizes) else {
            unreachable!("check/parameters.rs: the sizes go into those of the value")
        };
        self.backend.copy(view(parameter, &spread), view(out, &layout));
    }

    /// Its gradient: the sum over all that was repeated.
    pub fn spread_backward(&self, d_out: Block<'_>, parameter: Block<'_>, gradient: Gradient<'_>) {
        if !gradient.wanted {
            return;
        }
        let ones = d_out.sizes.len() - parameter.sizes.len();
        let sizes: Axes<usize> = std::iter::repeat_n(1, ones)
            .chain(parameter.sizes.iter().copied())
            .collect();
        let (from, to) = (Layout::contiguous(&d_out.sizes), Layout::contiguous(&sizes));
        let out = View {
            buffer: gradient.matrix.buffer,
            offset: gradient.matrix.offset,
            layout: &to,
        };
        self.backend
            .reduce(Reduce::Sum, view(d_out, &from), out, gradient.accumulate);
    }
}

fn view<'a>(block: Block<'a>, layout: &'a Layout) -> View<'a> {
    View {
        buffer: block.buffer,
        offset: block.offset,
        layout,
    }
}
