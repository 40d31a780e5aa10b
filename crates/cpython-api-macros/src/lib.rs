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
mod class;
mod class_methods;
mod class_slot;
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
/// | in Python | in Rust |
/// | --- | --- |
/// | `x` | what the type's `FromArg` converts to, as Clinic's converter does |
/// | `x=False`, `x=0`, `x=1.5`, `x='a'`, `x=b''` | the same value |
/// | `x=None` | an `Option`: `None` for `None` too; else Python's `None`, converted |
/// | `x=TEXT` | an `Option`: `None` when left out; else needs `#[default(expression)]` |
/// | `*args` | `&Bound<PyTuple>` |
/// | `**kwargs` | `&Bound<PyDict>` |
///
/// The calling convention is the one that Clinic chooses. `by_hand = "text signature"` behind the
/// signature is for what C has without Clinic: arguments come in a tuple, and the text signature
/// is what is said there, `"name($module, a)"`, or none for an empty text. The result is anything that implements
/// `IntoPy`, or a `PyResult` of it. In the type namespace, the function's name then names it for
/// [`module!`].
///
/// ```no_run
/// use cpython_api::types::PyStr;
/// use cpython_api::{Bound, PyResult, ThreadState, function};
///
/// /// Repeat a text.
/// #[function("repeat(text, /, count=2, *, end='')")]
/// fn repeat<'py>(
///     ts: &ThreadState<'py>,
///     text: &str,
///     count: usize,
///     end: &str,
/// ) -> PyResult<Bound<'py, PyStr>> {
///     PyStr::new(ts, &(text.repeat(count) + end))
/// }
/// ```
#[proc_macro_attribute]
pub fn function(signature: TokenStream, item: TokenStream) -> TokenStream {
    finish(function::expand(signature.into(), item.into()))
}

/// Makes a module: a `pub static MODULE` for the integration to export.
///
/// `name` is required. `replaces` is the C file that the module stands for. `state` is a `pub` type
/// that implements `ModuleState`; without it the state is `()`. Functions may have paths.
///
/// ```no_run
/// use cpython_api::{Module, ModuleState, PyResult, ThreadState, Traverse, function, module};
///
/// module! {
///     /// Counts things.
///     name: "_count",
///     replaces: "Modules/_countmodule.c",
///     state: State,
///     functions: [start],
/// }
///
/// /// What the module keeps for each interpreter.
/// #[derive(Traverse)]
/// pub struct State {
///     start: u64,
/// }
///
/// impl ModuleState for State {
///     fn new<'py>(_: &mut ThreadState<'py>, _: &Module<'_, 'py, Self>) -> PyResult<Self> {
///         Ok(Self { start: 1 })
///     }
/// }
///
/// /// Where counting starts.
/// #[function("start()")]
/// fn start(module: &Module<'_, '_, State>) -> PyResult<u64> {
///     Ok(module.state()?.start)
/// }
/// ```
#[proc_macro]
pub fn module(input: TokenStream) -> TokenStream {
    finish(module::expand(input.into()))
}

/// Implements `Traverse`: visits each field once. `#[traverse(skip)]` leaves a field out, which is
/// right for types without Python references.
///
/// ```compile_fail,E0277
/// struct Unknown;
///
/// #[derive(cpython_api::Traverse)]
/// struct Holds(Unknown);
/// ```
#[proc_macro_derive(Traverse, attributes(traverse))]
pub fn traverse(item: TokenStream) -> TokenStream {
    finish(traverse::expand(item.into()))
}

/// Makes a struct the payload of a Python class.
///
/// The attribute has the dotted name, the type of the module's state unless that is `()`, and
/// features, which are methods of `ClassFacts`. The doc comment is the docstring; `Traverse` is
/// derived.
///
/// | feature | what it gives |
/// | --- | --- |
/// | `subclassable` | subclasses in Python |
/// | `weakly_referenced`, `with_dict` | weak references, a `__dict__` |
/// | `sequence`, `mapping` | how `match` sees instances |
/// | `with_given_base` | a base class: one of C, or as payloads of each other one of Rust |
/// | `mutable` | class attributes that Python code may change |
/// | `uncollected` | no part in garbage collection, for payloads without references |
///
/// `#[member]` on a field (`bool`, `AtomicBool`, `AtomicU64`, `Py`) lets Python read it, as
/// `PyMemberDef` does; `#[member("text")]` also has a docstring.
///
/// ```no_run
/// use cpython_api::{Py, PyLock, class};
///
/// /// Reads rows.
/// #[class("_csv.reader", subclassable, weakly_referenced)]
/// struct Reader {
///     #[member]
///     lines: Py,
///     fields: PyLock<Vec<String>>,
/// }
/// ```
#[proc_macro_attribute]
pub fn class(facts: TokenStream, item: TokenStream) -> TokenStream {
    finish(class::expand(facts.into(), item.into()))
}

/// Makes the functions of an `impl` block methods, properties and slots of a class.
///
/// - `#[new("Reader(lines, /)")]`: the constructor; gives the payload, or an instance that there
///   is already (`New`), or a result with either. With `unnamed` behind it, it has no text signature
///   and error texts say "function" for its name, as where C parses without a name; with `unsigned`,
///   it has no text signature.
/// - `#[init("Reader(lines, /)")]`, `#[call("reader(x)")]`: `__init__`, `__call__`.
/// - `#[method("read(n=1, /)")]` (with `coexist` behind it: in place of a slot's wrapper),
///   `#[class_method("...")]`, `#[static_method("...")]`; `by_hand = "..."` as for `#[function]`.
///   With `defining_class`, convention and error texts are those that Clinic has for a method that
///   asks for its defining class.
/// - `#[getter("name")]`, `#[setter("name")]` (or `#[setter("name", deletable)]`, whose value is an
///   `Option`).
/// - `#[slot(tp_repr)]`: any other slot, or several, by the names of C.
///
/// `&self` is the payload, `&Bound<Self>` the instance, `&Bound<PyType>` the class of a class
/// method or constructor, `&Module<State>` the module. The attribute itself may name what needs
/// no function: `#[methods(class_getitem, tp_iter_self, tp_getattro_generic)]`. (The last is what a
/// class has anyway, but as its own `__getattribute__`.)
///
/// ```no_run
/// use std::sync::atomic::{AtomicI64, Ordering};
///
/// use cpython_api::{Bound, IntoPy, PyAny, PyResult, ThreadState, class, methods};
///
/// /// Counts.
/// #[class("counters.Counter", uncollected)]
/// struct Counter {
///     count: AtomicI64,
/// }
///
/// #[methods(tp_iter_self)]
/// impl Counter {
///     #[new("Counter(start=0, /)")]
///     fn new(start: i64) -> Self {
///         Self { count: AtomicI64::new(start) }
///     }
///
///     /// Count on.
///     #[method("add(n=1, /)")]
///     fn add(&self, n: i64) {
///         self.count.fetch_add(n, Ordering::Relaxed);
///     }
///
///     #[getter("count")]
///     fn count(&self) -> i64 {
///         self.count.load(Ordering::Relaxed)
///     }
///
///     #[slot(tp_iternext)]
///     fn next<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
///         self.count.fetch_add(1, Ordering::Relaxed).into_py(ts).map(Some)
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn methods(ready: TokenStream, item: TokenStream) -> TokenStream {
    finish(class_methods::expand(ready.into(), item.into()))
}

/// The code, or the errors where the compiler shows them.
fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.into_compile_error()).into()
}
