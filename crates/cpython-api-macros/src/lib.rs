//! The work of Argument Clinic: from a Python signature and a Rust function to what C calls.
//!
//! - `#[function]` makes a Rust function callable from Python.
//! - `module!` makes a module of such functions.
//! - `#[derive(Traverse)]` shows the collector the references in a struct.
//!
//! What comes out is short, safe code that can be printed and read; everything that needs
//! `unsafe` is generic code in `cpython-api`. What this crate does not do: it checks no types
//! (the compiler does) and knows no converter (those are implementations of `FromArg`).
#![forbid(unsafe_code)]

mod arguments;
mod docs;
mod function;
mod literal;
mod module;
mod signature;
mod traverse;

use proc_macro::TokenStream;

/// Makes a Rust function callable from Python.
///
/// The attribute's text is the Python signature, as Argument Clinic prints it. Parameters are
/// matched by name; a Rust parameter that Python does not know is asked for by its type:
/// `&ThreadState`, `&mut ThreadState`, `&Module<State>`. The doc comment is the docstring.
///
/// A default that is a literal (`False`, `0`, `1.5`, `'x'`, `b''`) becomes the Rust value; `None`
/// makes an `Option` accept `None`; any other text makes an `Option` `None` when the argument is
/// left out, and else needs `#[default(expression)]` on the parameter.
///
/// ```ignore
/// /// Joins words.
/// #[function("join(words, /, *, separator=' ')")]
/// fn join<'py>(words: &Bound<'py, PyList>, separator: &str) -> PyResult<Bound<'py, PyStr>> { .. }
/// ```
#[proc_macro_attribute]
pub fn function(signature: TokenStream, item: TokenStream) -> TokenStream {
    finish(function::expand(signature.into(), item.into()))
}

/// Makes a module: a `pub static MODULE` for the integration to export.
///
/// ```ignore
/// module! {
///     /// Checksums and encodings.
///     name: "binascii",
///     replaces: "Modules/binascii.c",
///     state: State,
///     functions: [a2b_uu, text::b2a_uu],
/// }
/// ```
/// `name` is required; without `state` the state is `()`. Function names may have paths.
#[proc_macro]
pub fn module(input: TokenStream) -> TokenStream {
    finish(module::expand(input.into()))
}

/// Implements `Traverse`: visits each field once. `#[traverse(skip)]` leaves a field out, which is
/// right for types without Python references.
#[proc_macro_derive(Traverse, attributes(traverse))]
pub fn traverse(item: TokenStream) -> TokenStream {
    finish(traverse::expand(item.into()))
}

/// The code, or the errors where the compiler shows them.
fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.into_compile_error()).into()
}
