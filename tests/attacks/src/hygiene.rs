//! Macro output must not trip over what a module calls its own things: this one shadows every
//! name of the prelude and of the crates that the output mentions. That it compiles is the test.
#![allow(
    unused,
    missing_docs,
    private_interfaces,
    non_camel_case_types,
    reason = "names are shadowed to be in the way, not to be used"
)]

use ::cpython_api as api;

mod std {}
mod core {}
mod cpython_api {}

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct Default;
struct Into;
struct Vec;
struct String;
struct Box;
struct CStr;
struct ThreadState;
struct Module;
struct Function;
struct FunctionDef;
struct Call;
struct Parameters;
struct Convention;
struct FromArg;
struct Return;
struct S;
struct Class;
struct Methods;
struct Slot;
struct Token;
struct Tables;
struct Traverse;
struct Bound;
type bool = ();
type usize = ();
type str = ();

const FACTS: () = ();
const DOC: () = ();
static FUNCTIONS: () = ();
static SLOTS: () = ();
static EXPORT: () = ();

/// References of its own.
#[derive(api::Traverse)]
pub enum Held<T> {
    Nothing,
    One(api::Py, T),
    Two {
        field_0: api::Py,
        field_1: T,
        visit: u8,
        #[traverse(skip)]
        skipped: Default,
    },
}

#[derive(api::Traverse)]
pub struct State {
    visit: Held<u8>,
    held: (),
}

impl api::ModuleState for State {
    fn new<'py>(
        _ts: &mut api::ThreadState<'py>,
        module: &api::Module<'_, 'py, Self>,
    ) -> api::PyResult<Self> {
        module.add_class::<Thing>(_ts)?;
        ::core::result::Result::Ok(Self { visit: Held::Nothing, held: () })
    }
}

api::module! {
    /// Names in the way.
    name: "hygiene",
    state: State,
    functions: [all, r#in],
}

/// Everything that the macro can put into a function.
#[api::function("all(call, ts_holder, data=b'x', /, *rest, text='', wanted=None, flag=False)")]
fn all<'a>(
    ts: &api::ThreadState<'_>,
    module: &api::Module<'_, '_, State>,
    call: i32,
    ts_holder: i32,
    data: api::Buffer<'_>,
    rest: &api::Bound<'_, api::types::PyTuple>,
    text: &'a ::core::primitive::str,
    wanted: ::core::option::Option<i32>,
    flag: ::core::primitive::bool,
) -> api::PyResult<&'a ::core::primitive::str> {
    ::core::result::Result::Ok(text)
}

#[api::function("in(type=(1, 2), self=None)")]
fn r#in(r#type: ::core::option::Option<i32>, self_: ::core::option::Option<i32>) {}

/// A class among them.
#[api::class("hygiene.Thing", state = State, subclassable, mapping)]
struct Thing {
    this: api::Py,
    call: i64,
}

#[api::methods(class_getitem, tp_iter_self)]
impl Thing {
    #[new("Thing(this, /, call=3)")]
    fn new(this: &api::Bound<'_, api::PyAny>, call: i64) -> api::PyResult<Self> {
        ::core::result::Result::Ok(Self { this: this.clone().unbind(), call })
    }

    #[method("this(module, ts, /, *, call=None)")]
    fn this(
        &self,
        token: &api::ThreadState<'_>,
        home: &api::Module<'_, '_, State>,
        itself: &api::Bound<'_, Self>,
        module: i64,
        ts: i64,
        call: ::core::option::Option<i64>,
    ) -> i64 {
        self.call
    }

    #[class_method("make()")]
    fn make(class: &api::Bound<'_, api::PyType>) {}

    #[static_method("fixed(this)")]
    fn fixed(this: i64) {}

    #[getter("call")]
    fn call(&self) -> i64 {
        self.call
    }

    #[setter("call")]
    fn set_call(&self, this: &api::Bound<'_, Self>, call: i64) {}

    #[slot(sq_length, mp_length)]
    fn length(&self) -> api::PyResult<::core::primitive::usize> {
        ::core::result::Result::Ok(0)
    }

    #[slot(tp_richcompare)]
    fn compare<'py>(
        this: &api::Bound<'py, Self>,
        ts: &mut api::ThreadState<'py>,
        other: &api::Bound<'py, api::PyAny>,
        op: api::types::Compare,
    ) -> api::PyResult<::core::option::Option<api::Bound<'py, api::PyAny>>> {
        ::core::result::Result::Ok(::core::option::Option::None)
    }

    #[slot(nb_bool)]
    fn truth(&self) -> api::PyResult<::core::primitive::bool> {
        ::core::result::Result::Ok(true)
    }
}
