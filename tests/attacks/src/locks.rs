//! The module `locks`: values behind locks, with Python smuggled in where it does not belong.
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use cpython_api::sync::{critical_section, critical_section2};
use cpython_api::types::{PyList, PyType};
use cpython_api::{
    Bound, Module, ModuleState, Py, PyAny, PyErr, PyLock, PyOnce, PyResult, ThreadState, Traverse,
    class, function, methods, module,
};
use send_wrapper::SendWrapper;

module! {
    /// Values behind locks.
    name: "locks",
    state: State,
    functions: [swap, pair, extend_both, attach_and_push, once, once_attempts],
}

/// What the module keeps.
#[derive(Traverse)]
pub struct State {
    shelf: Py<PyType>,
    once: PyOnce<Py>,
    #[traverse(skip)]
    attempts: AtomicUsize,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let shelf = module.add_class::<Shelf>(ts)?.get(ts).clone().unbind();
        Ok(Self { shelf, once: PyOnce::new(), attempts: AtomicUsize::new(0) })
    }
}

/// Objects behind a lock.
#[class("locks.Shelf", state = State, weakly_referenced)]
pub struct Shelf {
    items: PyLock<Vec<Py>>,
}

#[methods]
impl Shelf {
    #[new("Shelf()")]
    fn new() -> Self {
        Self { items: PyLock::new(Vec::new()) }
    }

    #[method("push(item, /)")]
    fn push(&self, ts: &ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
        let item = item.clone().unbind();
        self.items.with(ts, |items| items.push(item))
    }

    #[method("pop()")]
    fn pop(&self, ts: &ThreadState<'_>) -> PyResult<Option<Py>> {
        self.items.with(ts, Vec::pop)
    }

    #[method("size()")]
    fn size(&self, ts: &ThreadState<'_>) -> PyResult<usize> {
        self.items.with(ts, |items| items.len())
    }

    /// Drops all items inside the lock.
    #[method("clear()")]
    fn clear(&self, ts: &ThreadState<'_>) -> PyResult<()> {
        self.items.with(ts, Vec::clear)
    }

    /// Drops every second item inside the lock, one after the other while the list is being
    /// changed, and gives back how many are left.
    #[method("thin_out(milliseconds=0, /)")]
    fn thin_out(&self, ts: &ThreadState<'_>, milliseconds: u64) -> PyResult<usize> {
        self.items.with(ts, |items| {
            let mut i = 0;
            items.retain(|_| {
                sleep(Duration::from_millis(milliseconds));
                i += 1;
                i % 2 == 0
            });
            items.len()
        })
    }

    /// Holds the lock, in Rust alone.
    #[method("hold(milliseconds, /)")]
    fn hold(&self, ts: &ThreadState<'_>, milliseconds: u64) -> PyResult<()> {
        self.items.with(ts, |_| sleep(Duration::from_millis(milliseconds)))
    }

    /// Runs Python inside the lock, through a wrapper that says it can be sent. The items must
    /// stay as they are meanwhile.
    #[method("smuggle(work, /)")]
    fn smuggle<'py>(
        &self,
        ts: &ThreadState<'py>,
        work: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let work = SendWrapper::new(work);
        self.items.with(ts, |items| {
            let before = items.len();
            let result = work.call0();
            assert_eq!(items.len(), before, "the items have changed inside the lock");
            result
        })?
    }

    /// Attaches inside the lock, which needs no token; gives back why it was refused.
    #[method("attach_inside()")]
    fn attach_inside(&self, ts: &ThreadState<'_>) -> PyResult<String> {
        let any = ts.none().clone().unbind();
        self.items.with(ts, |_| {
            any.attach(|_, object| object.is_none())
                .map_or_else(|gone| format!("{gone:?}"), |_| "attached".to_owned())
        })
    }

    /// Shows an exception inside the lock, which needs no token either.
    #[method("debug_inside(exception, /)")]
    fn debug_inside(&self, ts: &ThreadState<'_>, exception: &Bound<'_, PyAny>) -> PyResult<String> {
        let error = PyErr::from_object(exception.clone());
        self.items.with(ts, |_| format!("{error:?}"))
    }

    /// Panics inside the lock, half way through a change.
    #[method("panic_inside()")]
    fn panic_inside(&self, ts: &ThreadState<'_>) -> PyResult<()> {
        self.items.with(ts, |items| {
            items.truncate(1);
            panic!("on purpose")
        })
    }

    /// Moves all items to another shelf.
    #[method("move_to(other, /)")]
    fn move_to(&self, ts: &ThreadState<'_>, other: &Bound<'_, Self>) -> PyResult<()> {
        self.items.with_both(&other.get().items, ts, |mine, theirs| theirs.append(mine))
    }
}

/// Swaps the first two items in the list's critical section.
#[function("swap(list, /)")]
fn swap<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    list: &Bound<'py, PyList>,
) -> PyResult<()> {
    critical_section(ts, list, || match (list.get(0), list.get(1)) {
        (Some(a), Some(b)) => list.set(0, &b).and_then(|()| list.set(1, &a)),
        _ => Ok(()),
    })
}

/// The first two items, read in the list's critical section.
#[function("pair(list, /)")]
fn pair<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    list: &Bound<'py, PyList>,
) -> (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>) {
    critical_section(ts, list, || (list.get(0), list.get(1)))
}

/// Appends to both lists in the critical section of both; one that fails leaves it, too.
#[function("extend_both(a, b, items, /)")]
fn extend_both<'py>(
    ts: &ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    a: &Bound<'py, PyList>,
    b: &Bound<'py, PyList>,
    items: &Bound<'py, PyAny>,
) -> PyResult<()> {
    critical_section2(ts, a, b, || a.extend(items).and_then(|()| b.extend(items)))
}

/// Pushes through a second attachment of this thread.
#[function("attach_and_push(shelf, item, /)")]
fn attach_and_push<'py>(
    _module: &Module<'_, 'py, State>,
    shelf: &Bound<'py, Shelf>,
    item: &Bound<'py, PyAny>,
) -> PyResult<String> {
    let (shelf, item) = (shelf.clone().unbind(), item.clone().unbind());
    match shelf.attach(|ts, shelf| shelf.get().push(ts, item.get(ts).as_any())) {
        Ok(pushed) => pushed.map(|()| "pushed".to_owned()),
        Err(gone) => Ok(format!("{gone:?}")),
    }
}

/// What `make` gives when it is first called; the same ever after.
#[function("once(make, /)")]
fn once(
    ts: &ThreadState<'_>,
    module: &Module<'_, '_, State>,
    make: &Bound<'_, PyAny>,
) -> PyResult<Py> {
    let state = module.state()?;
    let value = state.once.get_or_try_init(|| {
        state.attempts.fetch_add(1, Ordering::Relaxed);
        Ok(make.call0()?.unbind())
    })?;
    Ok(value.clone_ref(ts))
}

#[function("once_attempts()")]
fn once_attempts(module: &Module<'_, '_, State>) -> PyResult<usize> {
    Ok(module.state()?.attempts.load(Ordering::Relaxed))
}
