//! Python's built-in types: a marker for each, and methods on [`Bound`](crate::Bound) handles to it.
mod any;
mod capsule;
mod class;
mod compare;
mod datetime;
mod list_builder;
mod mapping;
mod module;
mod number;
mod sequence;
mod sequence_protocol;
mod set;
mod singleton;
mod steady;
mod steady_items;
mod str_data;
mod str_part;
mod text;
mod typed;
mod value;

pub use any::{Compare, Name, TypeName};
pub use compare::LessThan;
pub use datetime::{DateTimeApi, Moment, PyDateTime};
pub use list_builder::ListBuilder;
pub use mapping::DictIter;
pub use number::Integer;
pub use sequence_protocol::Sequence;
pub use steady::Steady;
pub use steady_items::SteadyItems;
pub use str_data::StrData;
pub(crate) use typed::Sealed;
pub use typed::{
    PyAny, PyBool, PyByteArray, PyBytes, PyCapsule, PyComplex, PyDict, PyFloat, PyFrozenDict,
    PyFrozenSet, PyInt, PyList, PyMemoryView, PyModule, PySet, PyStr, PyTuple, PyType, Typed,
};
pub use value::Value;
