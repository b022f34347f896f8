//! What is spelled, and what is said of mistakes.

use proc_macro2::{TokenStream, TokenTree};

use super::name::{Case, camel, case, snake};
use super::{declare_dims, dim, dims};

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("tokens")
}

/// The expansion as text, with the library's paths shortened.
fn text(expansion: TokenStream) -> String {
    let text = expansion.to_string().replace(' ', "");
    text.replace("::tensor::shape::digits::", "")
        .replace("::tensor::shape::", "")
}

fn shape(sizes: &str) -> String {
    text(dims(tokens(sizes)))
}

fn size(size: &str) -> String {
    text(dim(tokens(size)))
}

/// The messages of `compile_error!`s in an expansion.
fn messages(expansion: TokenStream) -> Vec<String> {
    let mut messages = Vec::new();
    let mut in_error = false;
    for token in expansion {
        match token {
            TokenTree::Ident(name) => in_error = name == "compile_error",
            TokenTree::Group(group) if in_error => {
                let message: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                messages.push(message.value());
            }
            TokenTree::Group(group) => messages.extend(self::messages(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    messages
}

fn shape_error(sizes: &str) -> String {
    let messages = messages(dims(tokens(sizes)));
    assert_eq!(messages.len(), 1, "{messages:?}");
    messages[0].clone()
}

#[test]
fn shapes_are_tuples() {
    assert_eq!(shape(""), "()");
    assert_eq!(shape("3"), "(Size<_3>,)");
    assert_eq!(shape("Batch, 784"), "(Batch,Size<_7,_8,_4>,)");
    assert_eq!(shape("Batch, 784,"), shape("Batch, 784"));
    assert_eq!(
        shape("Self::Rows, <T as Layer>::Out, crate::Seq, D"),
        "(Self::Rows,<TasLayer>::Out,crate::Seq,D,)"
    );
    assert_eq!(shape("0, 1_000, 0x10"), "(Size<_0>,Size<_1,_0,_0,_0>,Size<_1,_6>,)");
}

#[test]
fn expressions_bind_as_in_rust() {
    assert_eq!(size("4 * D"), "Times<Size<_4>,D>");
    assert_eq!(size("A + B * C"), "Plus<A,Times<B,C>>");
    assert_eq!(size("(A + B) * C"), "Times<Plus<A,B>,C>");
    assert_eq!(size("A * B * C"), "Times<Times<A,B>,C>");
    assert_eq!(size("28 * 28"), "Size<_7,_8,_4>");
    assert_eq!(size("2 * (3 + 4)"), "Size<_1,_4>");
}

#[test]
fn the_library_may_have_another_name() {
    assert_eq!(
        dims(tokens("#![crate = my_tensor] Batch, 7"))
            .to_string()
            .replace(' ', ""),
        "(Batch,my_tensor::shape::Size<my_tensor::shape::digits::_7>,)"
    );
    assert!(size("#![crate = crate::inner] 7").starts_with("crate::inner::shape::Size"));
}

#[test]
fn mistakes_in_literals() {
    assert_eq!(
        shape_error("784usize"),
        "a size has no type suffix: `784usize`\n\nhelp: write 784"
    );
    assert_eq!(shape_error("-3"), "a size cannot be negative");
    assert_eq!(
        shape_error("1.5"),
        "a size is a whole number, such as `784`; found a number with a fraction"
    );
    assert_eq!(
        shape_error("\"784\""),
        "a size is a whole number, such as `784`; found a string"
    );
    assert_eq!(
        shape_error("true"),
        "a size is a whole number, such as `784`; found a truth value"
    );
    assert_eq!(
        shape_error("1000000000000"),
        "this size is too large: sizes end at 999999999999"
    );
    assert_eq!(
        shape_error("99999999999999999999999"),
        "this size is too large: sizes end at 999999999999"
    );
    assert_eq!(
        shape_error("1000000 * 1000000"),
        "this size is too large: sizes end at 999999999999"
    );
    assert_eq!(size("999999 * 1000001"), "Size<_9,_9,_9,_9,_9,_9,_9,_9,_9,_9,_9,_9>");
}

#[test]
fn mistakes_in_names() {
    assert_eq!(
        shape_error("Batch, HIDDEN_SIZE"),
        "`HIDDEN_SIZE` is a constant, and a size in a shape is a type\n\n\
         help: declare_dims! { HiddenSize = 3072; } with the number it has, then write HiddenSize"
    );
    assert_eq!(
        shape_error("hidden"),
        "`hidden` is a value, and a size in a shape is a type\n\n\
         help: declare_dims! { Hidden; } names a size known at run time, then write Hidden"
    );
}

#[test]
fn mistakes_between_sizes() {
    assert_eq!(shape_error("1 2"), "expected `,` between sizes");
    assert_eq!(
        shape_error("Batch; 784"),
        "expected `,` between sizes\n\nhelp: write `,`"
    );
    assert_eq!(
        shape_error("1, , 2"),
        "expected a size: a number, or a name such as `Batch`"
    );
    assert_eq!(shape_error("10 - 1"), "a size is made by `+` and `*` only");
    assert!(shape_error("1, 2, 3, 4, 5, 6, 7").starts_with("a shape has at most 6 axes"));
    assert_eq!(messages(dims(tokens("-1, Batch, 1.5, 3"))).len(), 2);
    assert_eq!(
        messages(dim(tokens("1, 2"))),
        ["`dim!` takes one size\n\nhelp: write `dims![..]` for a shape"]
    );
}

#[test]
fn declarations() {
    let alias = declare_dims(tokens("#[doc = \"wide\"] pub Width = 384;"))
        .to_string()
        .replace(' ', "");
    assert!(
        alias.starts_with("#[doc=\"wide\"]pubtypeWidth=::tensor::shape::Size<"),
        "{alias}"
    );
    let named = declare_dims(tokens("pub(crate) SeqLength;"))
        .to_string()
        .replace(' ', "");
    assert!(
        named.starts_with("#[doc=\"Thesize`seq_length`,knownatruntime.\"]#[allow("),
        "{named}"
    );
    assert!(named.contains("]pub(crate)structSeqLength;const_:()="), "{named}");
    assert_eq!(
        messages(declare_dims(tokens("seq; Width = 384; HIDDEN = 1; Seq: 3; 5; Good"))).len(),
        4
    );
    assert!(messages(declare_dims(tokens("A; B = 2; C"))).is_empty());
    assert_eq!(
        messages(declare_dims(tokens("Seq; Seq; Seq = 2;"))),
        ["`Seq` is declared twice"; 2]
    );
    assert!(messages(declare_dims(tokens("#[cfg(a)] Seq = 2; #[cfg(not(a))] Seq;"))).is_empty());
}

#[test]
fn names() {
    assert_eq!(
        [camel("HIDDEN"), camel("hidden_size"), camel("N_IN")],
        ["Hidden", "HiddenSize", "NIn"]
    );
    assert_eq!(
        [snake("Seq"), snake("BatchSize"), snake("D")],
        ["seq", "batch_size", "d"]
    );
    assert_eq!([case("Seq"), case("D"), case("K2"), case("D_")], [Case::Type; 4]);
    assert_eq!([case("HIDDEN"), case("N_IN"), case("IN2")], [Case::Const; 3]);
    assert_eq!([case("n"), case("hidden"), case("_x")], [Case::Value; 3]);
}
