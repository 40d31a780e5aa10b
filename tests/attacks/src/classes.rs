//! The module `classes`: a class for each feature of classes, and some that misbehave wherever
//! they can.
mod container;
mod featured;
mod misbehaved;
mod number;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cpython_api::class::Construct;
use cpython_api::exception::{ExceptionType, ValueError};
use cpython_api::types::{PyList, PyType};
use cpython_api::{
    Bound, Class, ClassRef, IntoPy, Module, ModuleState, Py, PyAny, PyLock, PyResult, ThreadState,
    Traverse, class, function, methods, module,
};

use container::{Cursor, Items, Lender, Node};
use featured::{Attributes, Awaited, Callable, Deeper, Deepest, Failure, Odd, Shared, Zone};
use misbehaved::{Evil, Finalized, Hidden, Misplaced, Mutable};
use number::Number;

module! {
    /// Classes, well-behaved and not.
    name: "classes",
    state: State,
    functions: [misplaced, foreign_member, hidden, build_box, is_box, take_box, live_payloads, keep, stash, nodes_with_stashed, construct_elsewhere],
}

/// What the module keeps: its classes and an exception.
#[derive(Traverse)]
pub struct State {
    boxed: ClassRef<Boxed>,
    items: ClassRef<Items>,
    cursor: ClassRef<Cursor>,
    number: ClassRef<Number>,
    hidden: ClassRef<Hidden>,
    node: ClassRef<Node>,
    error: Py<PyType>,
    misplaced: ClassRef<Misplaced>,
    shared: ClassRef<Shared>,
    kept: PyLock<Vec<Py>>,
    others: [Py<PyType>; 13],
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let tzinfo = ts.import(c"datetime")?.getattr(c"tzinfo")?.into_cast::<PyType>()?;
        let error = module.add_exception(
            ts,
            c"classes.Error",
            &ValueError::class(ts),
            Some(c"An error."),
        )?;
        let boxed = module.add_class::<Boxed>(ts)?;
        boxed.add(ts, c"empty", &boxed.instance(ts, Boxed::new(None))?.into_any())?;
        let deeper = module.add_class_on::<Deeper, Boxed>(ts, &boxed)?;
        let deepest = module.add_class_on::<Deepest, Deeper>(ts, &deeper)?;
        Ok(Self {
            boxed,
            items: module.add_class::<Items>(ts)?,
            cursor: module.new_class::<Cursor>(ts)?,
            number: module.add_class::<Number>(ts)?,
            hidden: module.add_class::<Hidden>(ts)?,
            node: module.add_class::<Node>(ts)?,
            error,
            misplaced: module.new_class::<Misplaced>(ts)?,
            shared: module.add_class::<Shared>(ts)?,
            kept: PyLock::default(),
            others: [
                kept(ts, &deeper),
                kept(ts, &module.add_class::<Odd>(ts)?),
                kept(ts, &deepest),
                kept(ts, &module.add_class::<Lender>(ts)?),
                kept(ts, &module.add_class::<Mutable>(ts)?),
                kept(ts, &module.add_class::<Evil>(ts)?),
                kept(ts, &module.add_class::<Finalized>(ts)?),
                kept(ts, &module.add_class_below::<Zone>(ts, &tzinfo)?),
                kept(ts, &module.add_class_below::<Failure>(ts, &ValueError::class(ts))?),
                kept(ts, &module.add_class::<Attributes>(ts)?),
                kept(ts, &module.add_class::<Callable>(ts)?),
                kept(ts, &module.add_class::<Awaited>(ts)?),
                module.add_spec_exception(ts, c"classes.Plain", &ValueError::class(ts))?,
            ],
        })
    }
}

fn kept<T: Class>(ts: &ThreadState<'_>, class: &ClassRef<T>) -> Py<PyType> {
    class.get(ts).clone().unbind()
}

/// Makes a `Hidden`, which Python cannot.
#[function("hidden(n, /)")]
fn hidden<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    n: i64,
) -> PyResult<Bound<'py, Hidden>> {
    module.state()?.hidden.instance(ts, Hidden { n })
}

/// Makes an instance of any class with the payload of a `Box`.
#[function("build_box(cls, value, /)")]
fn build_box<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    cls: &Bound<'py, PyType>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, Boxed>> {
    Boxed::holding(value).into_instance(ts, cls)
}

#[function("is_box(x, /)")]
fn is_box(_module: &Module<'_, '_, State>, x: &Bound<'_, PyAny>) -> bool {
    x.cast::<Boxed>().is_some()
}

#[function("take_box(x, /)")]
fn take_box<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    x: &Bound<'py, Boxed>,
) -> PyResult<Option<Py>> {
    x.get().copy(ts)
}

/// How many payloads of `Box` there are in this process.
#[function("live_payloads()")]
fn live_payloads(_module: &Module<'_, '_, State>) -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Tries to make an instance whose member is elsewhere than it says.
#[function("misplaced(x, /)")]
fn misplaced<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    x: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, Misplaced>> {
    Misplaced::holding(x).into_instance(ts, &module.state()?.misplaced.get(ts))
}

/// Tries to make an instance with a member that is stashed, perhaps of another interpreter.
#[function("foreign_member()")]
fn foreign_member<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
) -> PyResult<Option<Bound<'py, Shared>>> {
    let stashed = STASH.lock().ok().and_then(|mut stash| stash.pop());
    let class = module.state()?.shared.get(ts);
    stashed.map(|object| Shared::holding(object).into_instance(ts, &class)).transpose()
}

/// Keeps an object in the state.
#[function("keep(x, /)")]
fn keep<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    x: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let x = x.clone().unbind();
    module.state()?.kept.with(ts, |kept| kept.push(x))
}

/// Keeps an object where every interpreter of the process finds it.
#[function("stash(x, /)")]
fn stash(_module: &Module<'_, '_, State>, x: &Bound<'_, PyAny>) {
    if let Ok(mut stash) = STASH.lock() {
        stash.push(x.clone().unbind());
    }
}

/// Puts what is stashed, perhaps in another interpreter, into nodes of this one.
#[function("nodes_with_stashed()")]
fn nodes_with_stashed<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
) -> PyResult<Bound<'py, PyList>> {
    let nodes = PyList::new(ts, &[])?;
    let stashed = STASH.lock().map(|mut stash| std::mem::take(&mut *stash)).unwrap_or_default();
    for object in stashed {
        let class = module.state()?.node.get(ts);
        nodes.append(&Node { next: Some(object) }.into_instance(ts, &class)?)?;
    }
    Ok(nodes)
}

/// Gives a box to what makes a constructor's result, in the interpreter of what is stashed.
#[function("construct_elsewhere(boxed, /)")]
fn construct_elsewhere(_module: &Module<'_, '_, State>, boxed: &Bound<'_, Boxed>) -> bool {
    let Some(stashed) = STASH.lock().ok().and_then(|mut stash| stash.pop()) else { return false };
    let boxed = boxed.clone();
    let made = stashed.attach(|ts, object| boxed.construct(ts, &object.get_type()).is_ok());
    made.is_ok_and(|made| made)
}

static STASH: Mutex<Vec<Py>> = Mutex::new(Vec::new());
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Counts payloads.
#[derive(Traverse)]
struct Counted;

impl Counted {
    fn new() -> Self {
        LIVE.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Holds an object.
#[class("classes.Box", state = State, subclassable, weakly_referenced)]
pub struct Boxed {
    value: PyLock<Option<Py>>,
    _counted: Counted,
}

impl Boxed {
    fn holding(value: &Bound<'_, PyAny>) -> Self {
        let value = (!value.is_none()).then(|| value.clone().unbind());
        Self { value: PyLock::new(value), _counted: Counted::new() }
    }

    fn copy(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        let taken = self.value.with(ts, Option::take)?;
        let copy = taken.as_ref().map(|value| value.clone_ref(ts));
        self.value.with(ts, |value| *value = taken)?;
        Ok(copy)
    }
}

#[methods(class_getitem)]
impl Boxed {
    #[new("Box(value=None)")]
    fn new(value: Option<&Bound<'_, PyAny>>) -> Self {
        let value = value.map(|value| value.clone().unbind());
        Self { value: PyLock::new(value), _counted: Counted::new() }
    }

    /// Gives what is in the box.
    #[method("get()")]
    fn get(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        self.copy(ts)
    }

    /// Puts something else in, and gives back what was there.
    #[method("swap(value, /)")]
    fn swap(&self, ts: &ThreadState<'_>, value: &Bound<'_, PyAny>) -> PyResult<Option<Py>> {
        let new = value.clone().unbind();
        self.value.with(ts, |value| value.replace(new))
    }

    /// Whether there is anything in the box.
    #[method("holds(x, /, *, twice=False)")]
    fn holds<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        x: &Bound<'py, PyAny>,
        twice: bool,
    ) -> PyResult<bool> {
        let found = this.get().copy(ts)?.is_some_and(|value| value.bind(ts).is(x));
        Ok(found && !twice)
    }

    /// The module and the payload, by way of the class.
    #[method("home()")]
    fn home<'py>(
        module: &Module<'_, 'py, State>,
        ts: &ThreadState<'py>,
        this: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyType>, bool)> {
        let class = module.state()?.boxed.get(ts).clone();
        let is_ours = this.get_type().is(&class);
        Ok((module.object().clone().into_any(), class, is_ours))
    }

    /// Makes a box of this class.
    #[class_method("of(value, /)")]
    fn of<'py>(
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        Self::holding(value).into_instance(ts, class)
    }

    /// Adds.
    #[static_method("add(a, b, /)")]
    fn add(a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }

    /// What is in the box.
    #[getter("value")]
    fn value(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        self.copy(ts)
    }

    #[setter("value")]
    fn set_value(&self, ts: &ThreadState<'_>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let new = value.clone().unbind();
        self.value.with(ts, |value| value.replace(new)).map(drop)
    }

    #[getter("erasable")]
    fn erasable(&self, ts: &ThreadState<'_>) -> PyResult<bool> {
        Ok(self.copy(ts)?.is_some())
    }

    #[setter("erasable", deletable)]
    fn set_erasable(&self, ts: &ThreadState<'_>, value: Option<i64>) -> PyResult<()> {
        let new = value.map(|value| value.into_py(ts)).transpose()?.map(Bound::unbind);
        self.value.with(ts, |value| std::mem::replace(value, new)).map(drop)
    }

    #[slot(tp_repr)]
    fn repr<'py>(&self, ts: &mut ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.copy(ts)? {
            Some(value) => {
                let text = value.bind(ts).repr()?;
                format!("Box({})", text.to_str()?).into_py(ts)
            }
            None => "Box()".into_py(ts),
        }
    }
}
