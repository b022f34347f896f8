//! Layers that look at axes in another way.

use super::Steps;
use tensor_ops::primitive::{Along, Select};
use tensor_ops::{Binary, Misfit, Poly, Primitive, Reduce, Unary};

impl Steps {
    /// The axis goes to the back, and comes back.
    pub(super) fn softmax(&mut self, axis: i64, log: bool, negated: bool) -> Result<usize, Misfit> {
        let place = self.axis(0, axis)?;
        let rank = self.shape(0).axes().len();
        let x = if negated { self.unary(Unary::Neg, 0) } else { 0 };
        if place + 1 == rank {
            return Ok(self.softmax_of_rows(log, x));
        }
        let mut order: Vec<usize> = (0..rank).collect();
        order.swap(place, rank - 1);
        let turned = self.permute(x, &order)?;
        let made = self.softmax_of_rows(log, turned);
        self.permute(made, &order)
    }

    /// Along the channels of images.
    pub(super) fn softmax2d(&mut self) -> Result<usize, Misfit> {
        self.image()?;
        self.softmax(1, false, false)
    }

    /// `a sigmoid(b)`.
    pub(super) fn glu(&mut self, axis: i64) -> Result<usize, Misfit> {
        let place = self.axis(0, axis)?;
        let size = self.shape(0).axes()[place].clone();
        let Some(half) = size.divided(2).and_then(|half| half.as_number()) else {
            return Err(Misfit::Halves { size });
        };
        let half = half as usize;
        let first = self.slice(0, place, 0, half)?;
        let second = self.slice(0, place, half, half)?;
        let gate = self.unary(Unary::Sigmoid, second);
        Ok(self.binary(Binary::Mul, first, gate))
    }

    /// One number for all along an axis, which goes or becomes 1.
    pub(super) fn along(&mut self, op: Reduce, axis: i64, keep: bool) -> Result<usize, Misfit> {
        let axis = self.axis(0, axis)?;
        self.primitive(Primitive::Along(Along { op, axis, keep }), &[0], &[])
    }

    /// What is at one place of an axis, which goes. Where the size of the axis is a number only at run time, whether there is such a place is
    /// found out then.
    pub(super) fn select_at(&mut self, axis: i64, index: i64) -> Result<usize, Misfit> {
        let axis = self.axis(0, axis)?;
        let axes = self.shape(0).axes();
        if axes.len() == 2 {
            return Err(Misfit::Bare);
        }
        let back = index < 0;
        let place = if back { -1 - index } else { index } as usize;
        let select = Select { axis, place, back };
        let size = axes[axis].clone();
        if size.as_number().is_some_and(|size| select.on(size as usize).is_none()) {
            return Err(Misfit::Place { index, size });
        }
        self.primitive(Primitive::Select(select), &[0], &[])
    }

    /// Two axes in each other's place.
    pub(super) fn transpose(&mut self, axes: [i64; 2]) -> Result<usize, Misfit> {
        let [a, b] = [self.axis(0, axes[0])?, self.axis(0, axes[1])?];
        let mut order: Vec<usize> = (0..self.shape(0).axes().len()).collect();
        order.swap(a, b);
        self.permute(0, &order)
    }

    /// `[groups, channels / groups, ..]` to `[channels / groups, groups, ..]`.
    pub(super) fn channel_shuffle(&mut self, groups: u64) -> Result<usize, Misfit> {
        let x = self.shape(0).clone();
        let [_, channels, places @ ..] = x.axes() else {
            return Err(self.without_channels());
        };
        let places: Poly = places.iter().product();
        let each = channels.divided(groups).ok_or_else(|| Misfit::Groups {
            which: "input",
            channels: channels.clone(),
            groups,
        })?;
        let parts = self.reshape(0, vec![Poly::number(groups), each, places]);
        let turned = self.permute(parts, &[0, 2, 1, 3])?;
        Ok(self.reshape(turned, x.axes()[1..].to_vec()))
    }

    /// `[channels, h factor, w factor]` to `[channels factor^2, h, w]`.
    pub(super) fn pixel_unshuffle(&mut self, factor: u64) -> Result<usize, Misfit> {
        let [channels, height, width] = self.image()?;
        let shrunk = |size: &Poly| {
            size.divided(factor).ok_or_else(|| Misfit::Factor {
                size: size.clone(),
                factor,
            })
        };
        let (h, w, r) = (shrunk(&height)?, shrunk(&width)?, Poly::number(factor));
        let parts = self.reshape(0, vec![channels.clone(), h.clone(), r.clone(), w.clone(), r.clone()]);
        let turned = self.permute(parts, &[0, 1, 3, 5, 2, 4])?;
        Ok(self.reshape(turned, vec![&(&channels * &r) * &r, h, w]))
    }

    /// All axes from one to another as one.
    pub(super) fn flatten(&mut self, start: i64, end: i64) -> Result<usize, Misfit> {
        let (first, last) = (self.axis(0, start)?, self.axis(0, end)?);
        if first > last {
            let (start, end) = (first as u64, last as u64);
            return Err(Misfit::Order { start, end });
        }
        let axes = self.shape(0).axes();
        let joined = axes[first..=last].iter().product();
        let sizes = [&axes[1..first], &[joined], &axes[last + 1..]].concat();
        Ok(self.reshape(0, sizes))
    }

    /// An axis as several, as large together.
    pub(super) fn unflatten(&mut self, axis: i64, sizes: &[Poly]) -> Result<usize, Misfit> {
        let place = self.axis(0, axis)?;
        let axes = self.shape(0).axes();
        if sizes.iter().product::<Poly>() != axes[place] {
            let (size, product) = (axes[place].clone(), sizes.iter().product());
            return Err(Misfit::Product { size, product });
        }
        let sizes = [&axes[1..place], sizes, &axes[place + 1..]].concat();
        Ok(self.reshape(0, sizes))
    }

    /// The sizes behind the batch of `[batch, channels, height, width]`.
    fn image(&self) -> Result<[Poly; 3], Misfit> {
        match self.shape(0).axes() {
            [_, channels, height, width] => Ok([channels, height, width].map(Poly::clone)),
            _ => Err(Misfit::Axes {
                needs: "[batch, channels, height, width]",
                found: self.shape(0).clone(),
            }),
        }
    }

    pub(super) fn without_channels(&self) -> Misfit {
        Misfit::Axes {
            needs: "[batch, channels, ..]",
            found: self.shape(0).clone(),
        }
    }
}
