//! Classes: heap types whose instances carry a Rust value, the payload.
//!
//! A class is a Rust type that implements [`Class`] (facts and identity, by `#[class]`) and
//! [`Methods`] (tables, by `#[methods]`). A module makes the type object in its
//! [`ModuleState::new`] with `Module::add_class` and keeps the
//! [`ClassRef`] that it gets.
//!
//! ```no_run
//! use cpython_api::{
//!     Bound, ClassRef, Module, ModuleState, Py, PyAny, PyLock, PyResult, ThreadState, Traverse,
//!     class, methods, module,
//! };
//!
//! /// A stack of objects.
//! #[class("stacks.Stack", state = State, subclassable, weakly_referenced)]
//! struct Stack {
//!     items: PyLock<Vec<Py>>,
//! }
//!
//! #[methods(class_getitem)]
//! impl Stack {
//!     #[new("Stack()")]
//!     fn new() -> Self {
//!         Self { items: PyLock::new(Vec::new()) }
//!     }
//!
//!     /// Put an object on top.
//!     #[method("push(item, /)")]
//!     fn push(&self, ts: &ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
//!         let item = item.clone().unbind();
//!         self.items.with(ts, |items| items.push(item))
//!     }
//!
//!     #[slot(sq_length, mp_length)]
//!     fn len(&self, ts: &mut ThreadState<'_>) -> PyResult<usize> {
//!         self.items.with(ts, |items| items.len())
//!     }
//! }
//!
//! #[derive(Traverse)]
//! pub struct State {
//!     stack: ClassRef<Stack>,
//! }
//!
//! impl ModuleState for State {
//!     fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
//!         Ok(Self { stack: module.add_class(ts)? })
//!     }
//! }
//!
//! module! {
//!     name: "stacks",
//!     state: State,
//! }
//! # fn main() {}
//! ```
//!
//! The payload is shared: many threads may hold `&T` at the same time, and nobody ever holds
//! `&mut T`. What changes is behind a [`PyLock`](crate::PyLock), an atomic or a `OnceLock`.
//!
//! Whether an object is an instance is never taken on anybody's word: the type object that was
//! made for `T` carries the address of `T`'s [`Token`], and each object carries a phase that says
//! whether its payload is there. Both are compared when an object becomes a `Bound<'py, T>`.
use std::ffi::CStr;
use std::marker::PhantomData;
use std::sync::atomic::AtomicU8;

use crate::error::PyResult;
use crate::gc::Traverse;
use crate::handle::Bound;
use crate::module::ModuleState;
use crate::thread::ThreadState;
use crate::types::PyType;

mod definition;
mod instance;
mod layout;
mod lifecycle;
mod member;
mod memory;
mod method;
mod property;
mod tables;

pub mod slot;

pub use instance::{ClassModule, ClassRef};
pub use member::{Field, Member, MemberDef};
pub use memory::{Lent, Memory};
pub use method::{Construct, MethodDef, New, OfClass, OfNothing, OfType};
pub use property::PropertyDef;
pub use slot::Slot;
pub use tables::{Tables, TablesRef};

/// A Rust type that is the payload of a Python class.
///
/// Its references to Python objects are fields that [`Traverse`] shows. What cannot be shared by
/// threads is refused:
///
/// ```compile_fail,E0277
/// #[cpython_api::class("m.Guarded")]
/// struct Guarded {
///     #[traverse(skip)]
///     guard: std::sync::MutexGuard<'static, i32>,
/// }
/// ```
pub trait Class: Traverse + Send + Sync + Sized + 'static {
    /// The state of the module that the class belongs to.
    type State: ModuleState;
    /// Name, docstring and features.
    const FACTS: ClassFacts;
    /// The fields that are members.
    const MEMBERS: &'static [MemberDef<Self>] = &[];

    /// The address that stands for this class: a `static` of the implementation.
    fn token() -> &'static Token<Self>;

    /// A new instance of `class`, with this payload.
    ///
    /// # Errors
    /// `TypeError` when `class` is neither the class of this payload nor below it; `MemoryError`.
    fn into_instance<'py>(
        self,
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
    ) -> PyResult<Bound<'py, Self>> {
        instance::new_instance(ts, class, self)
    }
}

/// What the type object of a class offers.
pub trait Methods: Class {
    /// The tables, a `static` of the implementation.
    fn tables() -> TablesRef<Self>;
}

/// The identity of the class `T`: an address that no other class has.
///
/// # Invariants
/// A token that is borrowed for ever shares its address with no other such token: it is not
/// zero-sized, and it has interior mutability, so the compiler neither merges nor copies it.
pub struct Token<T> {
    _address: AtomicU8,
    _class: PhantomData<fn() -> T>,
}

impl<T> Token<T> {
    /// A token, to be a `static`.
    #[expect(clippy::new_without_default, reason = "made in statics only")]
    pub const fn new() -> Self {
        Self { _address: AtomicU8::new(0), _class: PhantomData }
    }
}

/// Name, docstring and features of a class.
#[derive(Clone, Copy, Debug)]
pub struct ClassFacts {
    pub(crate) name: &'static CStr,
    pub(crate) doc: &'static CStr,
    pub(crate) subclassable: bool,
    pub(crate) collected: bool,
    pub(crate) weakly_referenced: bool,
    pub(crate) with_dict: bool,
    pub(crate) mutable: bool,
    pub(crate) pattern: Pattern,
    pub(crate) given_base: bool,
}

/// What a `match` statement takes an instance for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Neither.
    None,
    /// `case [...]` (`Py_TPFLAGS_SEQUENCE`).
    Sequence,
    /// `case {...}` (`Py_TPFLAGS_MAPPING`).
    Mapping,
}

impl ClassFacts {
    /// A final, immutable, collected class below `object`.
    ///
    /// `name` is dotted (`"_csv.Dialect"`). `doc` starts with the text signature when there is a
    /// constructor (`"Dialect(dialect='')\n--\n\n..."`); without any text, `__doc__` is `None`.
    pub const fn new(name: &'static CStr, doc: &'static CStr) -> Self {
        Self {
            name,
            doc,
            subclassable: false,
            collected: true,
            weakly_referenced: false,
            with_dict: false,
            mutable: false,
            pattern: Pattern::None,
            given_base: false,
        }
    }

    /// With subclasses in Python (`Py_TPFLAGS_BASETYPE`).
    #[must_use]
    pub const fn subclassable(self) -> Self {
        Self { subclassable: true, ..self }
    }

    /// Unknown to the collector. A payload with references to Python objects does not compile.
    ///
    /// Like each object, an instance counts its class, and by it the module: one that the module's own state keeps
    /// is there until the process ends.
    #[must_use]
    pub const fn uncollected(self) -> Self {
        Self { collected: false, ..self }
    }

    /// With weak references to instances (`Py_TPFLAGS_MANAGED_WEAKREF`).
    #[must_use]
    pub const fn weakly_referenced(self) -> Self {
        Self { weakly_referenced: true, ..self }
    }

    /// With a `__dict__` in each instance (`Py_TPFLAGS_MANAGED_DICT`).
    #[must_use]
    pub const fn with_dict(self) -> Self {
        Self { with_dict: true, ..self }
    }

    /// With class attributes that Python code may change (no `Py_TPFLAGS_IMMUTABLETYPE`).
    ///
    /// Such a class can be robbed of its constructor. An instance without payload is no `T`: each
    /// use of it as one raises.
    #[must_use]
    pub const fn mutable(self) -> Self {
        Self { mutable: true, ..self }
    }

    /// Seen by `match` as a sequence or a mapping.
    #[must_use]
    pub const fn matched_as(self, pattern: Pattern) -> Self {
        Self { pattern, ..self }
    }

    /// Below a base class that is known at run time only, such as `datetime.tzinfo`.
    #[must_use]
    pub const fn with_given_base(self) -> Self {
        Self { given_base: true, ..self }
    }

    /// The full name, as error texts have it.
    pub(crate) const fn shown_name(&self) -> &'static str {
        match self.name.to_str() {
            Ok(name) => name,
            Err(_) => panic!("a class's name is UTF-8"),
        }
    }
}
