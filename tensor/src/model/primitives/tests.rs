//! Primitives on the device itself: a gradient that nobody wants is left out.

use tensor_ops::primitive::{Cat, Features};
use tensor_ops::{Poly, Primitive, Shape};

use crate::device::{Block, Device, Gradient, PrimitiveBackward, PrimitiveForward, Saved};
use crate::element::DType;
use crate::tape::Value;

#[test]
fn parts_lie_one_behind_the_other_and_get_their_own_gradients() {
    let cpu = Device::cpu();
    let value = |sizes: &[usize], numbers: &[f64]| Value::from_slice(cpu, sizes, numbers);
    let (x, y) = (value(&[2, 1], &[1.0, 2.0]), value(&[2, 2], &[3.0, 4.0, 5.0, 6.0]));
    let out = value(&[2, 3], &[0.0; 6]);
    let primitive = Primitive::Cat(Cat { axis: 1, count: 2 });
    cpu.backend().primitive(PrimitiveForward {
        primitive: &primitive,
        inputs: &[x.block(), y.block()],
        parameters: &[],
        buffers: &[],
        updated: &[],
        training: true,
        out: out.block(),
        kept: &[],
    });
    assert_eq!(out.to_vec::<f64>().unwrap(), [1.0, 3.0, 4.0, 2.0, 5.0, 6.0]);
    let (d_x, d_y) = (value(&[2, 1], &[9.0; 2]), value(&[2, 2], &[9.0; 4]));
    for wanted in [Some(d_x.block()), None] {
        cpu.backend().primitive_backward(PrimitiveBackward {
            primitive: &primitive,
            saved: Saved {
                inputs: &[x.block(), y.block()],
                out: None,
                kept: &[],
                parameters: &[],
            },
            training: true,
            d_out: out.block(),
            d_inputs: &[wanted, Some(d_y.block())],
            d_parameters: &[],
        });
        assert_eq!(d_x.to_vec::<f64>().unwrap(), [1.0, 2.0]);
        assert_eq!(d_y.to_vec::<f64>().unwrap(), [3.0, 4.0, 5.0, 6.0]);
    }
}

/// Small numbers of these sizes.
fn filled(shape: &Shape) -> Value {
    let sizes: Vec<usize> = shape
        .axes()
        .iter()
        .map(|size| size.as_number().unwrap() as usize)
        .collect();
    let numbers: Vec<f64> = (0..sizes.iter().product()).map(|index| (index % 3) as f64).collect();
    Value::from_slice(Device::cpu(), &sizes, &numbers)
}

#[test]
fn gradients_of_parameters_are_made_for_those_who_want_them() {
    let (cpu, untouched) = (Device::cpu(), 7.5);
    let mut seen = 0;
    for primitive in Primitive::each() {
        let sizes = match (primitive, primitive.features()) {
            // The layer knows the shapes of its parameters, and its steps are tested beside them.
            (Primitive::Recurrent(_), _) => continue,
            _ if primitive.parameters().is_empty() => continue,
            (Primitive::Embedding(_), _) => vec![2, 3],
            (_, Features::Last) => vec![2, 3, 5],
            (_, Features::Channels) => [&[2, 3][..], &[4; 3][..primitive.rank()]].concat(),
        };
        let shape = Shape::new(sizes.into_iter().map(Poly::number));
        let shapes = match primitive {
            Primitive::Embedding(_) => vec![Shape::new([4, 5].map(Poly::number))],
            _ => primitive.parameter_shapes(&[&shape], Some(&Poly::number(3))).unwrap(),
        };
        let made = primitive
            .made(&[&shape], &shapes.iter().collect::<Vec<_>>())
            .unwrap()
            .shape;
        let (x, parameters): (_, Vec<Value>) = (filled(&shape), shapes.iter().map(filled).collect());
        let x = match primitive {
            Primitive::Embedding(_) => x.cast(DType::I64),
            _ => x,
        };
        let (out, kept) = (filled(&made), primitive.kept(&[&shape]));
        let kept: Vec<Value> = kept.iter().map(|(_, shape)| filled(shape)).collect();
        let [kept, parameters]: [Vec<Block<'_>>; 2] =
            [&kept, &parameters].map(|all| all.iter().map(Value::block).collect());
        cpu.backend().primitive(PrimitiveForward {
            primitive: &primitive,
            inputs: &[x.block()],
            parameters: &parameters,
            buffers: &[],
            updated: &[],
            training: true,
            out: out.block(),
            kept: &kept,
        });
        for wanted in 0..1 << shapes.len() {
            let gradients: Vec<Value> = shapes.iter().map(filled).collect();
            let places = gradients.iter().enumerate().map(|(index, gradient)| {
                cpu.backend().fill(untouched, gradient.view());
                Gradient {
                    matrix: gradient.row(),
                    accumulate: false,
                    wanted: wanted & 1 << index != 0,
                }
            });
            let places: Vec<Gradient<'_>> = places.collect();
            cpu.backend().primitive_backward(PrimitiveBackward {
                primitive: &primitive,
                saved: Saved {
                    inputs: &[x.block()],
                    out: Some(out.block()),
                    kept: &kept,
                    parameters: &parameters,
                },
                training: true,
                d_out: filled(&made).block(),
                d_inputs: &[None],
                d_parameters: &places,
            });
            for (place, gradient) in places.iter().zip(&gradients) {
                let numbers = gradient.to_vec::<f64>().unwrap();
                let is_written = numbers.iter().any(|&number| number != untouched);
                assert_eq!(is_written, place.wanted, "{primitive:?}");
            }
        }
        seen += 1;
    }
    assert!(seen >= 15, "{seen} primitives have parameters");
}
