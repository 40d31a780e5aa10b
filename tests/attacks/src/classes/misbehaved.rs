//! Classes that can be robbed, cannot be made, panic, or come back to life.
use std::mem::offset_of;

use cpython_api::class::{Field, MemberDef, Token};
use cpython_api::exception::ValueError;
use cpython_api::{
    Bound, Class, ClassFacts, Py, PyAny, PyResult, ThreadState, Traverse, class, methods,
};

use super::State;

/// A class whose attributes Python code may change.
#[class("classes.Mutable", state = State, subclassable, mutable)]
pub(super) struct Mutable {
    n: u64,
}

#[methods]
impl Mutable {
    #[new("Mutable(n=7)")]
    fn new(n: u64) -> Self {
        Self { n }
    }

    #[getter("n")]
    fn n(&self) -> u64 {
        self.n
    }

    #[method("double()")]
    fn double(&self) -> u64 {
        self.n.wrapping_mul(2)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(-1)
    }
}

/// A class that Python cannot make instances of.
#[class("classes.Hidden", state = State, subclassable)]
pub(super) struct Hidden {
    pub(super) n: i64,
}

#[methods]
impl Hidden {
    #[getter("n")]
    fn n(&self) -> i64 {
        self.n
    }
}

/// Panics, raises and runs Python in places where it hurts.
#[class("classes.Evil", state = State, subclassable, weakly_referenced)]
pub(super) struct Evil {
    how: String,
    callback: Py,
}

#[methods(tp_iter_self)]
impl Evil {
    #[new("Evil(how, callback=None)")]
    fn new(ts: &ThreadState<'_>, how: &str, callback: &Bound<'_, PyAny>) -> PyResult<Self> {
        match how {
            "raise" => return Err(ValueError::new(ts, "no instance")),
            "panic" => panic!("no instance"),
            "call" => drop(callback.call0()?),
            _ => {}
        }
        Ok(Self { how: how.to_owned(), callback: callback.clone().unbind() })
    }

    #[slot(tp_repr)]
    fn repr<'py>(&self) -> PyResult<Bound<'py, PyAny>> {
        panic!("repr of {}", self.how)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        panic!("hash")
    }

    #[slot(tp_iternext)]
    fn next<'py>(&self) -> PyResult<Option<Bound<'py, PyAny>>> {
        panic!("next")
    }

    #[slot(nb_add)]
    fn add<'py>(
        _a: &Bound<'py, PyAny>,
        _b: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        panic!("add")
    }

    #[slot(nb_bool)]
    fn truth(&self) -> PyResult<bool> {
        panic!("bool")
    }

    #[slot(sq_length)]
    fn len(&self) -> PyResult<usize> {
        Ok(usize::MAX)
    }

    #[getter("attribute")]
    fn attribute(&self) {
        panic!("getter")
    }

    #[setter("attribute")]
    fn set_attribute(&self, _value: &Bound<'_, PyAny>) {
        panic!("setter")
    }

    #[method("call()")]
    fn call(&self, ts: &ThreadState<'_>) -> PyResult<Py> {
        Ok(self.callback.bind(ts).call0()?.unbind())
    }

    /// Runs the callback without asking for a token, and looks at the payload afterwards.
    #[method("call_by_attaching()")]
    fn call_by_attaching(&self) -> usize {
        let _ = self.callback.attach(|_, callback| callback.call0().is_ok());
        self.how.len()
    }
}

impl Drop for Evil {
    fn drop(&mut self) {
        match self.how.as_str() {
            "panic in drop" => panic!("drop"),
            "call in drop" => {
                let _ = self.callback.attach(|ts, callback| {
                    if let Err(error) = callback.call0() {
                        error.write_unraisable(ts, None);
                    }
                });
            }
            _ => {}
        }
    }
}

/// Shows itself to a callback before it dies.
#[class("classes.Finalized", state = State, subclassable, weakly_referenced)]
pub(super) struct Finalized {
    callback: Py,
}

#[methods]
impl Finalized {
    #[new("Finalized(callback, /)")]
    fn new(callback: &Bound<'_, PyAny>) -> Self {
        Self { callback: callback.clone().unbind() }
    }

    #[slot(tp_finalize)]
    fn finalize<'py>(this: &Bound<'py, Self>, ts: &mut ThreadState<'py>) -> PyResult<()> {
        this.get().callback.bind(ts).call1(this).map(drop)
    }
}

/// Says of one field that it is where another is. `#[member]` cannot be made to.
#[derive(Traverse)]
#[repr(C)]
pub(super) struct Misplaced {
    number: [u64; 2],
    object: Py,
}

impl Misplaced {
    pub(super) fn holding(object: &Bound<'_, PyAny>) -> Self {
        Self { number: [0xdead_beef; 2], object: object.clone().unbind() }
    }
}

impl Class for Misplaced {
    type State = State;
    const FACTS: ClassFacts = ClassFacts::new(c"classes.Misplaced", c"");
    const MEMBERS: &'static [MemberDef<Self>] =
        &[MemberDef::new::<Py>(c"object", offset_of!(Self, number), |this| {
            Field::of(&this.object)
        })];

    fn token() -> &'static Token<Self> {
        static TOKEN: Token<Misplaced> = Token::new();
        &TOKEN
    }
}

#[methods]
impl Misplaced {}
