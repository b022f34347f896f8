//! The program: a table of plain functions, and `Model`, by which the run time finds it.

use super::function::Function;
use super::nested::{constant, count};
use super::texts::Texts;
use super::{Emission, body, eager, generics, ident, nested, obligations, ours, primitive};
use crate::check::{BATCH, Elements, Resolved};
use crate::graph::{Graph, Nested, Node};
use crate::passes::{Mode, Planned};
use proc_macro2::{Literal, TokenStream};
use tensor_ops::{Op, Poly, Shape};

/// Everything that stays behind the curtain of one `const _`.
pub fn program(emission: &Emission<'_>) -> TokenStream {
    let Emission {
        krate,
        model,
        facts,
        training,
        inference,
        lowered,
        ..
    } = emission;
    let (private, shape, sizes) = (krate.private(), krate.shape(), emission.sizes());
    let (name, element, batch, float) = (&model.name, emission.element(), emission.batch(), emission.float());
    let other = emission.parameter(&["E", "OtherElement", "OtherElementOfModel"]);
    let generics = &model.generics;
    let (bounded, used) = (generics::bounded(krate, generics), generics::used(generics));
    let shape_of = |shape: &Shape| sizes.shape_type(shape, ours!(#batch));
    let (first, made) = (&facts.inputs[0].shape, &facts.output_shapes[0]);
    let (first_type, made_type) = (shape_of(first), shape_of(made));
    let (features_in, features_out) = (sizes.known_type(&first.features()), sizes.known_type(&made.features()));
    let types = emission.input_types(&ours!(#batch));
    let takes = match &types[..] {
        [only] => ours!(&'a #only),
        _ => ours!((#(&'a #types),*)),
    };
    let makes = emission.output_type(&ours!(#batch));
    let shape_path = &shape;
    let gives = facts.output_shapes.iter().enumerate().skip(1).map(|(output, shape)| {
        let (output, features) = (Literal::usize_unsuffixed(output), sizes.known_type(&shape.features()));
        let of = shape_of(shape);
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> #private::Gives<#output> for #name<#used #element> {
                type Shape<#batch: #shape_path::Dim> = #of;
                type Features = #features;
            }
        }
    });
    let takes_each = facts.inputs.iter().enumerate().map(|(place, input)| {
        let (place, of) = (
            Literal::usize_unsuffixed(place),
            emission.element_of(&input.elements, &other),
        );
        ours! {
            #[automatically_derived]
            impl<#bounded #element: #float> #private::TakesInput<#place> for #name<#used #element> {
                type Of<#other: #float> = #of;
            }
        }
    });
    let gives: Vec<TokenStream> = gives.chain(takes_each).collect();
    let nested = lowered.programs[..lowered.parts()].iter().enumerate();
    let nested = nested.map(|(index, nested)| {
        let (constant, of) = (nested::name(lowered, index), sizes.model_type(&nested.model));
        ours!(const #constant: &'static #private::Program = <#of as #private::Model>::PROGRAM;)
    });
    let texts = Texts::new(emission);
    let (table, primitives) = (table(emission, &texts), primitive::table(emission));
    let functions = match model.dynamic {
        // Those of the run time, over the body.
        Some(_) => Vec::new(),
        None => vec![
            plan(emission, "plan_training", training, Mode::Training),
            plan(emission, "plan_inference", inference, Mode::Inference),
            Function::forward(emission, "infer", inference, Mode::Inference),
            Function::forward(emission, "forward", training, Mode::Training),
            Function::backward(emission, "backward", training),
            eager::eager(emission),
        ],
    };
    let (core, runs) = (core(emission), model.dynamic.is_some().then(|| body::runs(emission)));
    let generics = &model.generics;
    let (bounded, used) = (generics::bounded(krate, generics), generics::used(generics));
    let (code, program, wrong) = if generics.is_empty() {
        let code = ours! {
            #(#nested)*
            #primitives
            static PROGRAM: #private::Program = #table;
            #(#functions)*
        };
        (code, ours!(&PROGRAM), None)
    } else {
        let (phantom, wrong) = (generics::phantom(generics), obligations::wrong(emission, &texts));
        let values = generics.iter().map(|parameter| {
            let (name, constant) = (&parameter.name, generics::constant(&parameter.name));
            ours!(const #constant: ::core::primitive::usize = #private::settled::<#name>();)
        });
        let texts = texts.finish();
        let code = ours! {
            // What the model is compiled to, for each choice of its sizes.
            struct Code<#bounded>(#phantom);
            #[allow(dead_code)]
            impl<#bounded> Code<#used> {
                #(#values)*
                #(#texts)*
                #(#nested)*
                #primitives
                const PROGRAM: #private::Program = #table;
                const WRONG: #private::Text = #wrong;
                #(#functions)*
            }
        };
        let wrong = ours!(const WRONG: #private::Text = Code::<#used>::WRONG;);
        (code, ours!(&Code::<#used>::PROGRAM), Some(wrong))
    };
    ours! {
        #[allow(clippy::all)]
        const _: () = {
            #code
            #[automatically_derived]
            impl<#bounded #element: #float> #private::Model for #name<#used #element> {
                type Element = #element;
                type Inputs<'a, #batch: #shape::Dim> = #takes;
                type Outputs<#batch: #shape::Dim> = #makes;
                type Input<#batch: #shape::Dim> = #first_type;
                type Output<#batch: #shape::Dim> = #made_type;
                type InputFeatures = #features_in;
                type OutputFeatures = #features_out;
                type With<#other: #float> = #name<#used #other>;
                const PROGRAM: &'static #private::Program = #program;
                #wrong
                #runs
                fn core(&self) -> &#private::Core {
                    &self.#core
                }
            }
            #(#gives)*
        };
    }
}

/// The field that holds the model's state: the last, or in a tuple the one after the parts.
fn core(emission: &Emission<'_>) -> TokenStream {
    let parts = &emission.model.chain.parts;
    if parts.iter().any(|part| part.name.is_some()) {
        return ours!(__core);
    }
    let position = Literal::usize_unsuffixed(parts.len());
    ours!(#position)
}

fn table(emission: &Emission<'_>, texts: &Texts<'_>) -> TokenStream {
    let Emission {
        krate,
        training,
        inference,
        lowered,
        ..
    } = emission;
    let private = krate.private();
    let programs = lowered.programs.len();
    let name = texts.name();
    let (inputs, outputs, shared) = (inputs(emission, texts), outputs(emission, texts), shared(emission));
    let parameters = count(lowered, lowered.parameters.len(), lowered.parts(), "parameters");
    let buffers = count(lowered, lowered.buffers.len(), lowered.parts(), "buffers");
    let is_dynamic = emission.model.dynamic.is_some();
    let [training_slots, inference_slots, streams] = match is_dynamic {
        // A run of a body is known by its slot, and draws what its models draw from.
        true => [ours!(1), ours!(1), ours!(1)],
        false => [
            count(lowered, training.slots.len(), programs, "training_slots"),
            count(lowered, inference.slots.len(), programs, "inference_slots"),
            count(lowered, lowered.streams as usize, programs, "streams"),
        ],
    };
    let parts = parts(emission, texts);
    let functions = [
        "plan_training",
        "plan_inference",
        "infer",
        "forward",
        "backward",
        "eager",
    ]
    .map(ident);
    let of_body = is_dynamic.then(|| body::functions(emission));
    let functions = functions.iter().map(|name| match (&of_body, lowered.is_generic) {
        (Some(of), _) if *name == "plan_training" || *name == "plan_inference" => ours!(#name: #of::plan),
        (Some(of), _) => ours!(#name: #of::#name),
        (None, true) => ours!(#name: Self::#name),
        (None, false) => ours!(#name),
    });
    ours! {
        #private::Program {
            name: #name,
            inputs: &[#(#inputs),*],
            outputs: &[#(#outputs),*],
            shared: &[#(#shared),*],
            parameters: #parameters,
            buffers: #buffers,
            training_slots: #training_slots,
            inference_slots: #inference_slots,
            streams: #streams,
            parts: &[#(#parts),*],
            #(#functions,)*
        }
    }
}

/// The sizes after the batch; 0 for one that only the input tells.
fn after_batch(emission: &Emission<'_>, shape: &Shape) -> TokenStream {
    let (sizes, private) = (emission.sizes(), emission.krate.private());
    if let Some((model, output)) = sizes.variables.made_by(shape) {
        let (of, output) = (sizes.model_type(model), Literal::usize_unsuffixed(output));
        return ours!(<#of as #private::Model>::PROGRAM.output_sizes(#output));
    }
    let axes = shape.axes()[1..].iter().map(|size| sizes.known(size));
    ours!(&[#(#axes),*])
}

/// The inputs, each with its sizes after the batch; 0 for one that only the data tells.
fn inputs(emission: &Emission<'_>, texts: &Texts<'_>) -> Vec<TokenStream> {
    let private = emission.krate.private();
    let row = |input: &crate::check::GivenFact| {
        let whole = match &input.elements {
            Elements::Floats => ours!(false),
            Elements::Whole => ours!(true),
            Elements::OfModel(model, place) => {
                let (of, place) = (emission.sizes().model_type(model), Literal::usize_unsuffixed(*place));
                ours!(<#of as #private::Model>::PROGRAM.is_whole(#place))
            }
        };
        let (name, text, axes) = (
            &input.name,
            texts.shape(&input.shape),
            after_batch(emission, &input.shape),
        );
        ours!(#private::Given { name: #name, sizes: #axes, text: #text, whole: #whole })
    };
    emission.facts.inputs.iter().map(row).collect()
}

/// The outputs, each with its sizes or from where they are taken.
fn outputs(emission: &Emission<'_>, texts: &Texts<'_>) -> Vec<TokenStream> {
    let (private, sizes, variables) = (emission.krate.private(), emission.sizes(), &emission.facts.variables);
    let places: Vec<_> = [(BATCH, [0, 0])].into_iter().chain(variables.run_time()).collect();
    let extent = |size: &Poly| match places.iter().find(|(name, _)| *size == Poly::variable(name)) {
        Some((_, place)) => {
            let [input, axis] = place.map(Literal::usize_unsuffixed);
            ours!(#private::Extent::Given(#input, #axis))
        }
        None => {
            let size = sizes.constant(size);
            ours!(#private::Extent::Known(#size))
        }
    };
    let row = |shape: &Shape| {
        let (text, known) = (texts.shape(shape), after_batch(emission, shape));
        let extents = match variables.made_by(shape) {
            Some((model, output)) => {
                let (of, output) = (sizes.model_type(model), Literal::usize_unsuffixed(output));
                ours!(<#of as #private::Model>::PROGRAM.outputs[#output].extents)
            }
            None => {
                let extents = shape.axes().iter().map(extent);
                ours!(&[#(#extents),*])
            }
        };
        ours!(#private::Made { sizes: #known, extents: #extents, text: #text })
    };
    emission.facts.output_shapes.iter().map(row).collect()
}

/// Names of sizes that stand in several inputs, or twice in one.
fn shared(emission: &Emission<'_>) -> Vec<TokenStream> {
    let (private, facts) = (emission.krate.private(), emission.facts);
    let names = [BATCH]
        .into_iter()
        .chain(facts.variables.run_time().into_iter().map(|(name, _)| name));
    let row = |name: &str| {
        let inputs = facts.inputs.iter().enumerate();
        let places = inputs.flat_map(|(input, given)| {
            let axes = given.shape.axes().iter().enumerate();
            let here = axes.filter(|(_, size)| **size == Poly::variable(name));
            here.map(|(axis, _)| [input, axis]).collect::<Vec<_>>()
        });
        let places: Vec<TokenStream> = places
            .map(|place| {
                let [input, axis] = place.map(Literal::usize_unsuffixed);
                ours!((#input, #axis))
            })
            .collect();
        (places.len() > 1).then(|| ours!(#private::Shared { name: #name, places: &[#(#places),*] }))
    };
    names.filter_map(row).collect()
}

/// One row a layer: what the summary shows.
fn parts(emission: &Emission<'_>, texts: &Texts<'_>) -> Vec<TokenStream> {
    let Emission {
        krate, facts, lowered, ..
    } = emission;
    let (private, sizes) = (krate.private(), emission.sizes());
    // What a part consists of is no part.
    let rows = || {
        let all = facts.layers.iter();
        all.filter(|layer| !matches!(layer.resolved, Resolved::Inner(_)))
    };
    let row = |layer: &crate::check::LayerFact| {
        let (path, text, output) = (
            &layer.path,
            texts.text(|spell| layer.text_with(spell)),
            texts.shape(&layer.output),
        );
        let inside = format!("{path}.");
        let here = || lowered.forward.iter().filter(|node| node.part == layer.path);
        // A part that runs several times has so many rows.
        let runs = rows().filter(|other| other.path == layer.path).count();
        let nodes = || here().take(here().count() / runs);
        let own = lowered
            .parameters
            .iter()
            // A parameter is a part by itself.
            .filter(|parameter| parameter.path.starts_with(&inside) || parameter.path == layer.path);
        // What a part holds is counted once.
        let own = own.filter(|_| layer.leaf.is_some() && !facts.runs_again(layer));
        let parameters = own.fold(Poly::number(0), |sum, parameter| &sum + &parameter.shape.elements());
        let flops = nodes().fold(Poly::number(0), |sum, node| &sum + &flops(lowered, node));
        let parameters = sizes.constant(&parameters);
        let is_number = flops.variables().all(|name| name == BATCH);
        let flops = sizes.constant(&flops);
        let flops = if is_number {
            flops
        } else {
            ours!((#flops) as ::core::primitive::u64)
        };
        let is_here = |nested: &Nested| nested.part == layer.path;
        let nested = match lowered.programs.iter().position(is_here) {
            Some(program) => {
                let program = constant(lowered, program);
                ours!(::core::option::Option::Some(#program))
            }
            None => ours!(::core::option::Option::None),
        };
        let primitives = nodes().filter_map(|node| match &node.op {
            Op::Primitive { primitive, .. } => Some(primitive::entry(emission, primitive)),
            _ => None,
        });
        let primitives: Vec<TokenStream> = primitives.collect();
        ours!(#private::Part { path: #path, layer: #text, output: #output, parameters: #parameters, flops: #flops, nested: #nested, primitives: &[#(#primitives),*] })
    };
    rows().map(row).collect()
}

fn flops(lowered: &Graph, node: &Node) -> Poly {
    let operands: Vec<&Shape> = node.operands.iter().map(|operand| lowered.shape(*operand)).collect();
    node.op.flops(&operands)
}

/// Sets out the slots: the model's own, then those of each nested model.
fn plan(emission: &Emission<'_>, name: &str, planned: &Planned, mode: Mode) -> TokenStream {
    let private = emission.krate.private();
    let mut function = Function::new(emission, planned, mode);
    for slot in &planned.slots {
        let size = function.size(slot);
        function.push(ours!(plan.slot(#size);));
    }
    for program in 0..planned.graph.programs.len() {
        let mut nodes = planned.graph.forward.iter();
        if let Some(node) = nodes.find(|node| matches!(node.op, Op::Call { program: called, .. } if called == program))
        {
            let (program, sizes) = (constant(&planned.graph, program), function.list_of_all(&node.operands));
            function.push(ours!(plan.call(#program, #sizes);));
        }
    }
    let (name, plan) = (
        ident(name),
        if function.is_empty() {
            ident("_plan")
        } else {
            ident("plan")
        },
    );
    let statements = function.statements(&ident("plan"));
    ours! {
        fn #name(#plan: &mut #private::Plan) {
            #(#statements)*
        }
    }
}
