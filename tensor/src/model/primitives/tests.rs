//! What joins values, on the device itself: a gradient that nobody wants is left out.

use tensor_ops::Primitive;
use tensor_ops::primitive::Cat;

use crate::device::{Device, PrimitiveBackward, PrimitiveForward, Saved};
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
