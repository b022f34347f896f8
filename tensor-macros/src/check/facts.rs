//! [`Facts`]: the table beside the tree.

use super::elements::Elements;
use super::resolved::{ModelType, Resolved};
use super::variables::Variables;
use proc_macro2::Span;
use tensor_ops::{Poly, Shape, chain};

/// All that is known of a model that is right.
pub struct Facts {
    /// The steps, in the order in which they run. Fewer if something was wrong.
    pub layers: Vec<LayerFact>,
    /// Of each value which step makes it; none makes those that the model takes.
    pub makers: Vec<Option<usize>>,
    /// What the model takes. Fewer if something was wrong.
    pub inputs: Vec<GivenFact>,
    /// Which values come out, as in [`LayerFact::inputs`]. None if something was wrong.
    pub outputs: Vec<usize>,
    /// Their shapes, batch first.
    pub output_shapes: Vec<Shape>,
    /// What the names in the shapes stand for.
    pub variables: Variables,
    /// What only rustc can compare.
    pub obligations: Vec<Obligation>,
    /// The same of the shapes that models take and make.
    pub fits: Vec<Fit>,
    /// Leaves whose weight is that of another leaf, which comes second.
    pub ties: Vec<(usize, usize)>,
}

impl Facts {
    /// Nothing but names.
    pub fn unknown(variables: Variables) -> Self {
        Facts {
            layers: Vec::new(),
            makers: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            output_shapes: Vec::new(),
            variables,
            obligations: Vec::new(),
            fits: Vec::new(),
            ties: Vec::new(),
        }
    }

    /// Whether someone takes what this step makes who must know its axes: not another model, and not what goes element by element.
    pub fn needs_axes(&self, step: &LayerFact) -> bool {
        let place = self.layers.iter().position(|other| std::ptr::eq(other, step));
        let Some(place) = place else {
            return true;
        };
        let is_taken = |taker: &&LayerFact| taker.inputs.iter().any(|value| self.makers[*value] == Some(place));
        let mut takers = self.layers.iter().filter(is_taken);
        takers.any(|taker| match taker.resolved {
            Resolved::Model(_) | Resolved::Reshape(..) => false,
            Resolved::Elementwise(_) | Resolved::Identity => self.needs_axes(taker),
            // Of two models each, whose shapes are compared, or with a value of one axis.
            Resolved::Binary(_) => !taker.inputs.iter().all(|input| self.is_open(*input)) || self.needs_axes(taker),
            _ => true,
        })
    }

    /// Whether only the model that has made a value knows its axes.
    fn is_open(&self, value: usize) -> bool {
        let Some(place) = self.makers[value] else {
            return false;
        };
        let first = self.makers.iter().position(|maker| *maker == Some(place));
        let maker = &self.layers[place];
        let shape = match value - first.unwrap_or(value) {
            0 => Some(&maker.output),
            other => maker.others.get(other - 1),
        };
        shape.is_some_and(|shape| self.variables.made_by(shape).is_some())
    }

    /// What is known of a part that is no group, where it runs first. They are counted in the order in which they are declared.
    pub fn leaf(&self, leaf: usize) -> Option<&LayerFact> {
        self.layers.iter().find(|layer| layer.leaf == Some(leaf))
    }

    /// Whether a leaf holds nothing: its weight is another's.
    pub fn is_tied(&self, leaf: usize) -> bool {
        self.ties.iter().any(|(tied, _)| *tied == leaf)
    }

    /// Whether a step runs a part that has run before: what it holds is counted there.
    pub fn runs_again(&self, step: &LayerFact) -> bool {
        let first = step.leaf.and_then(|leaf| self.leaf(leaf));
        first.is_some_and(|first| !std::ptr::eq(first, step))
    }
}

/// What is known of an input of the model.
pub struct GivenFact {
    /// What the forward calls it; `input` where nothing does.
    pub name: String,
    /// Batch first.
    pub shape: Shape,
    /// What it consists of.
    pub elements: Elements,
}

impl Facts {
    /// `[batch, 784]`, or several of such: what the model takes, then what it makes.
    pub fn texts(&self) -> [String; 2] {
        let list = |shapes: Vec<String>| shapes.join("`, `");
        [
            list(self.inputs.iter().map(|input| input.shape.to_string()).collect()),
            list(self.output_shapes.iter().map(Shape::to_string).collect()),
        ]
    }
}

/// What is known of a step: a layer, and what it is given.
pub struct LayerFact {
    /// Which part it runs; `None` for a function, which no part is.
    pub leaf: Option<usize>,
    /// `hidden.0`.
    pub path: String,
    /// What it is.
    pub resolved: Resolved,
    /// The values that it takes: the model's inputs have the first numbers, then come those that the layers make.
    pub inputs: Vec<usize>,
    /// What it takes, the first if there are several.
    pub input: Shape,
    /// What it takes beside that.
    pub beside: Vec<Shape>,
    /// What it makes, the first if there are several.
    pub output: Shape,
    /// What it makes beside that.
    pub others: Vec<Shape>,
    /// One token of it, for what only rustc can find wrong.
    pub span: Span,
}

impl LayerFact {
    /// The layer with every size worked out: `linear(784, 128)`.
    pub fn text(&self) -> String {
        self.text_with(&Poly::to_string)
    }

    /// The same with sizes spelled in some way.
    pub fn text_with(&self, spell: &dyn Fn(&Poly) -> String) -> String {
        // Another model's size has no number yet.
        let features = self.input.features();
        let is_foreign = features.variables().any(|name| name.ends_with("::output"));
        let features = || if is_foreign { "_".to_owned() } else { spell(&features) };
        match &self.resolved {
            Resolved::Linear { bias, transposed, .. } => {
                let bias = if *bias { "" } else { ", bias = false" };
                let transposed = if *transposed { ", transposed = true" } else { "" };
                let (inputs, outputs) = (features(), spell(&self.output.features()));
                format!("linear({inputs}, {outputs}{bias}{transposed})")
            }
            Resolved::LayerNorm { eps, .. } if *eps == 1e-5 => format!("layer_norm({})", features()),
            Resolved::LayerNorm { eps, .. } => format!("layer_norm({}, eps = {eps:?})", features()),
            Resolved::Elementwise(op) => chain::text(&[*op]),
            Resolved::Softmax => "softmax".to_owned(),
            Resolved::LogSoftmax => "log_softmax".to_owned(),
            Resolved::Flatten => "flatten".to_owned(),
            Resolved::Reshape(sizes, _) => {
                let sizes: Vec<String> = sizes.iter().map(spell).collect();
                format!("reshape({})", sizes.join(", "))
            }
            Resolved::Embedding { num, padding, .. } => {
                let num = num.as_ref().map_or_else(|| "_".to_owned(), spell);
                let padding = padding.map_or(String::new(), |row| format!(", padding_idx = {row}"));
                format!("embedding({num}, {}{padding})", spell(&self.output.features()))
            }
            Resolved::Parameter(sizes) | Resolved::Buffer(sizes) => {
                let sizes: Vec<String> = sizes.iter().map(Poly::to_string).collect();
                let word = match self.resolved {
                    Resolved::Buffer(_) => "buffer",
                    _ => "parameter",
                };
                format!("{word}({})", sizes.join(", "))
            }
            Resolved::Block(block) => {
                let takes = block.takes.as_ref().map(|wanted| match &wanted.size {
                    Some(size) => spell(size),
                    None => spell(&self.input.axes()[block.primitive.features().axis(&self.input)]),
                });
                let makes = block.makes.as_ref().map(spell);
                block
                    .primitive
                    .text(&takes.into_iter().chain(makes).collect::<Vec<_>>())
            }
            Resolved::Composed(composed) => composed.text(&self.input),
            Resolved::Inner(_) => unreachable!("program.rs: the part that it is in has a text"),
            Resolved::Identity => "identity".to_owned(),
            Resolved::Binary(op) => op.name().to_owned(),
            Resolved::Model(model) => model.text_with(spell),
            Resolved::Broken => unreachable!("shapes.rs: a broken layer made no fact"),
        }
    }
}

/// What [`Obligation::what`] says where all of the numbers of a sample are compared.
pub const ELEMENTS: &str = "elements of each sample";

/// Two sizes that must be the same, one of which the macro cannot know.
pub struct Obligation {
    /// Who makes the one, as a message says it: `` `fc1` produces ``.
    pub producer: String,
    /// What is made.
    pub found: Poly,
    /// Who takes the other, as a message calls it: `fc2`.
    pub consumer: String,
    /// What is taken.
    pub expected: Poly,
    /// `input features`.
    pub what: &'static str,
    /// The token to change.
    pub span: Span,
}

/// A model that takes, or is added to, what another makes, of whatever shape that is.
pub struct Fit {
    /// Who makes it, as a message says it: `` `down` produces ``.
    pub producer: String,
    /// The model that makes it, and which of its values that is.
    pub found: (ModelType, usize),
    /// Who takes it, as a message calls it.
    pub consumer: String,
    /// The model that takes it, and as which of its values.
    pub expected: (ModelType, usize),
    /// Whether it is what that model makes that must be the same.
    pub is_made: bool,
    /// Where.
    pub span: Span,
}
