//! A vision transformer.

use tensor::prelude::*;

/// ViT-B/16 for 1,000 classes: 86,567,656 parameters.
pub type VitB16<T = f32> = Vit<dim![64], dim![1000], T>;

/// A vision transformer of 12 blocks with 12 heads for images `[3, 224, 224]`, which it sees as 14 x 14 patches: Dosovitskiy et al., *An image
/// is worth 16x16 words*, 2020. `H` features a head, `C` classes. Its names are torchvision's.
///
/// ```
/// use examples::models::Vit;
/// use tensor::prelude::*;
/// let model = Vit::<dim![2], dim![10]>::new(&Device::cpu(), Seed(0));
/// assert_eq!(model.infer(&Tensor::<dims![1, 3, 224, 224]>::zeros()).sizes(), [1, 10]);
/// ```
#[model]
#[forward(|x: [3, 224, 224]| {
    let patches = permute(flatten(conv_proj(x), 2, 3), 2, 1);
    let x: [197, 12 * H] = encoder(cat(reshape(class_token, 1, 12 * H), patches, axis = 1));
    let (class, _) = split(x, [1, 196], axis = 1);
    heads(flatten(class))
})]
pub struct Vit<H: Dim, C: Dim> {
    #[init(zeros)]
    class_token: parameter!(1, 1, 12 * H),
    conv_proj: conv2d!(3, 12 * H, 16, stride = 16),
    encoder: Encoder<H>,
    heads: net!(head: linear(12 * H, C)),
}

#[model]
#[forward(|x: [197, 12 * H]| ln(layers(x + pos_embedding)))]
pub struct Encoder<H: Dim> {
    #[init(normal(0.02))]
    pos_embedding: parameter!(1, 197, 12 * H),
    layers: EncoderLayers<H>,
    ln: layer_norm!(12 * H, eps = 1e-6),
}

#[model]
#[forward(|x: [197, 12 * H]| {
    let x = encoder_layer_3(encoder_layer_2(encoder_layer_1(encoder_layer_0(x))));
    let x = encoder_layer_7(encoder_layer_6(encoder_layer_5(encoder_layer_4(x))));
    encoder_layer_11(encoder_layer_10(encoder_layer_9(encoder_layer_8(x))))
})]
pub struct EncoderLayers<H: Dim> {
    encoder_layer_0: EncoderBlock<H>,
    encoder_layer_1: EncoderBlock<H>,
    encoder_layer_2: EncoderBlock<H>,
    encoder_layer_3: EncoderBlock<H>,
    encoder_layer_4: EncoderBlock<H>,
    encoder_layer_5: EncoderBlock<H>,
    encoder_layer_6: EncoderBlock<H>,
    encoder_layer_7: EncoderBlock<H>,
    encoder_layer_8: EncoderBlock<H>,
    encoder_layer_9: EncoderBlock<H>,
    encoder_layer_10: EncoderBlock<H>,
    encoder_layer_11: EncoderBlock<H>,
}

#[model]
#[forward(|x: [197, 12 * H]| {
    let x = x + self_attention(ln_1(x));
    x + mlp(ln_2(x))
})]
pub struct EncoderBlock<H: Dim> {
    ln_1: layer_norm!(12 * H, eps = 1e-6),
    self_attention: multi_head_attention!(12 * H, 12),
    ln_2: layer_norm!(12 * H, eps = 1e-6),
    mlp: net!(linear(12 * H, 48 * H) >> gelu >> dropout(0.0) >> linear(_, 12 * H) >> dropout(0.0)),
}
