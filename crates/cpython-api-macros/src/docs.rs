//! Doc comments as docstrings, and text as C string literals.
use proc_macro2::{Literal, Span};
use std::ffi::CString;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of the doc comments, without the space behind `///`.
pub(crate) fn docstring(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    lines.join("\n").trim().to_owned()
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    let text = text.value();
    let text = text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned();
    pair.path.is_ident("doc").then_some(text)
}

/// `c"text"`.
pub(crate) fn c_string(text: &str, span: Span) -> syn::Result<Literal> {
    let text = CString::new(text).map_err(|_| syn::Error::new(span, "no NUL in a text for C"))?;
    let mut literal = Literal::c_string(&text);
    literal.set_span(span);
    Ok(literal)
}
