use super::*;
use syn::parse::Parser;

fn parsed(text: &str) -> (Option<Forward>, Vec<String>) {
    let errors = Errors::new();
    let tokens = text.parse().unwrap();
    let read = (|input: ParseStream<'_>| {
        let read = forward(&errors, input);
        let _ = input.parse::<proc_macro2::TokenStream>();
        Ok(read)
    })
    .parse2(tokens)
    .unwrap();
    let found = errors.finish().err().unwrap_or_default();
    (read, found.iter().map(syn::Error::to_string).collect())
}

fn error(text: &str) -> String {
    let (read, found) = parsed(text);
    assert!(read.is_none(), "{text} is not understood");
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].clone()
}

#[test]
fn a_block_has_statements_and_a_value() {
    let (read, found) = parsed(
        "|x: [Seq, 4 * D], mut mask: [Seq]| { let h = norm(x); let (a, _): [8] = split(h); \
         for block in blocks { mask = block(mask); } (a + x, mask) }",
    );
    assert!(found.is_empty(), "{found:?}");
    let read = read.unwrap();
    assert_eq!(read.inputs.len(), 2);
    assert!(read.inputs[1].is_mutable && !read.inputs[0].is_mutable);
    assert_eq!(read.inputs[0].shape.sizes.len(), 2);
    assert_eq!(read.body.statements.len(), 3);
    assert!(matches!(read.body.value, Expr::Tuple(_)));
    let Statement::Let { pattern, declared, .. } = &read.body.statements[1] else {
        panic!("the second is a let")
    };
    assert!(pattern.tuple.is_some() && pattern.names[1].name.is_none() && declared.len() == 1);
    assert!(matches!(&read.body.statements[2], Statement::For { body, .. } if body.len() == 1));
}

#[test]
fn a_body_may_be_one_expression() {
    let (read, found) = parsed("|x: [8]| x + fc(x)");
    assert!(found.is_empty() && read.unwrap().body.statements.is_empty());
}

#[test]
fn what_is_wrong_is_said() {
    assert!(error("|x| fc(x)").starts_with("the shape of `x` is not known"));
    assert!(error("|| fc").starts_with("a forward is given at least one value"));
    assert!(error("fc(x)").starts_with("expected a closure over the parts"));
    assert!(error("|x: 8| x").starts_with("expected a shape"));
    assert!(error("|x: [8]|").starts_with("the forward has no body"));
    assert!(error("|x: [8]| { let y = x; }").starts_with("the forward gives no value"));
    assert!(error("|x: [8]| { fc(x); x }").starts_with("this value is computed and not used"));
    assert!(error("|x: [8]| { if a { b } x }").starts_with("`if` cannot stand in a forward"));
    assert!(error("|x: [8]| { for b in bs { b(x) } x }").starts_with("the body of a `for` gives no value"));
    assert!(error("|x: [8]| { for b in bs { } x }").starts_with("this `for` does nothing"));
    assert!(error("|x: [8]| { a.b = x; x }").starts_with("only a name can be assigned to"));
    assert!(error("|x: [8]| { let Some(y) = x; x }").starts_with("expected a name"));
    assert!(error("|x: [8]| { x y }").starts_with("expected `;` before this"));
}

#[test]
fn several_mistakes_are_told_at_once() {
    let (read, found) = parsed("|x: [8]| { return x; a.b = x; x }");
    assert!(read.is_none());
    assert_eq!(found.len(), 2, "{found:?}");
}
