//! Classes with a base of C, a dict, a call, something to await.
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use cpython_api::class::New;
use cpython_api::class::slot::Sent;
use cpython_api::exception::ValueError;
use cpython_api::types::{PyDict, PyStr, PyTuple};
use cpython_api::{Bound, IntoPy, Py, PyAny, PyLock, PyResult, ThreadState, class, methods};

use super::{Boxed, State};

/// A time zone, below a static type of C.
#[class("classes.Zone", state = State, subclassable, with_given_base)]
pub(super) struct Zone {
    hours: i64,
    note: Option<Py>,
}

#[methods]
impl Zone {
    #[new("Zone(hours, note=None)")]
    fn new(hours: i64, note: Option<&Bound<'_, PyAny>>) -> Self {
        Self { hours, note: note.map(|note| note.clone().unbind()) }
    }

    #[method("tzname(dt, /)")]
    fn tzname(&self, _dt: &Bound<'_, PyAny>) -> String {
        format!("Z{}", self.hours)
    }

    #[getter("note")]
    fn note(&self) -> Option<&Py> {
        self.note.as_ref()
    }
}

/// An exception with a payload, below a collected type of C.
#[class("classes.Failure", state = State, subclassable, with_given_base)]
pub(super) struct Failure {
    reason: Option<Py>,
}

#[methods]
impl Failure {
    #[new("Failure(reason=None, /)")]
    fn new(reason: Option<&Bound<'_, PyAny>>) -> Self {
        Self { reason: reason.map(|reason| reason.clone().unbind()) }
    }

    #[getter("reason")]
    fn reason(&self) -> Option<&Py> {
        self.reason.as_ref()
    }
}

/// A box in a box: below a class that is Rust, too.
#[class("classes.Deeper", state = State, subclassable, with_given_base, with_dict)]
pub(super) struct Deeper {
    extra: PyLock<Option<Py>>,
}

#[methods]
impl Deeper {
    #[new("Deeper(value, extra=None)")]
    fn new(value: &Bound<'_, PyAny>, extra: Option<&Bound<'_, PyAny>>) -> (Boxed, Self) {
        let extra = extra.map(|extra| extra.clone().unbind());
        (Boxed::holding(value), Self { extra: PyLock::new(extra) })
    }

    #[getter("extra")]
    fn extra<'py>(&self, ts: &ThreadState<'py>) -> PyResult<bool> {
        self.extra.with(ts, |extra| extra.is_some())
    }
}

/// Below that class, with a constructor that leaves the bases to theirs.
#[class("classes.Deepest", state = State, with_given_base)]
pub(super) struct Deepest {
    depth: i64,
}

#[methods]
impl Deepest {
    #[new("Deepest(depth)")]
    fn new(depth: i64) -> Self {
        Self { depth }
    }

    #[getter("depth")]
    fn depth(&self) -> i64 {
        self.depth
    }
}

/// Has a `__dict__`, and is a descriptor.
#[class("classes.Attributes", state = State, subclassable, with_dict, weakly_referenced)]
pub(super) struct Attributes {
    initialised: AtomicI64,
}

#[methods]
impl Attributes {
    #[new("Attributes(*args)")]
    fn new(args: &Bound<'_, PyTuple>) -> Self {
        let _ = args;
        Self { initialised: AtomicI64::new(0) }
    }

    #[init("Attributes(times=1, /)")]
    fn init(&self, times: i64) {
        self.initialised.fetch_add(times, Ordering::Relaxed);
    }

    #[getter("initialised")]
    fn initialised(&self) -> i64 {
        self.initialised.load(Ordering::Relaxed)
    }

    #[slot(tp_descr_get)]
    fn descr_get<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        instance: Option<&Bound<'py, PyAny>>,
        owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match instance {
            Some(instance) => (this, instance, owner).into_py(ts),
            None => Ok(this.clone().into_any()),
        }
    }

    #[slot(tp_descr_set)]
    fn descr_set<'py>(
        ts: &ThreadState<'py>,
        this: &Bound<'py, Self>,
        instance: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let _ = (this, instance);
        match value {
            Some(_) => Err(ValueError::new(ts, "set")),
            None => Err(ValueError::new(ts, "deleted")),
        }
    }
}

/// Has attributes of its own kind besides the usual ones.
#[class("classes.Odd", state = State, with_dict)]
pub(super) struct Odd {}

#[methods]
impl Odd {
    #[new("Odd()")]
    fn new() -> Self {
        Self {}
    }

    #[slot(tp_getattro)]
    fn getattr<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        name: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match name.cast::<PyStr>().map(|name| name.to_str()).transpose()? {
            Some("odd") => 1.into_py(ts),
            _ => this.generic_getattr(name),
        }
    }

    #[slot(tp_setattro)]
    fn setattr<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        name: &Bound<'py, PyAny>,
        value: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        match name.cast::<PyStr>().map(|name| name.to_str()).transpose()? {
            Some("odd") => Err(ValueError::new(ts, "always 1")),
            _ => this.generic_setattr(name, value),
        }
    }
}

/// Can be called.
#[class("classes.Callable", state = State)]
pub(super) struct Callable {}

#[methods]
impl Callable {
    #[new("Callable()")]
    fn new() -> Self {
        Self {}
    }

    #[call("Callable(a, /, b=2, *, c=3)")]
    fn call(&self, a: i64, b: i64, c: i64) -> (i64, i64, i64) {
        (a, b, c)
    }
}

/// Has members, and a constructor that may give what there is already.
#[class("classes.Shared", state = State, subclassable)]
pub(super) struct Shared {
    #[member("Whether it is raised.")]
    flag: bool,
    #[member]
    count: AtomicU64,
    #[member]
    object: Py,
    _behind: u8,
}

impl Shared {
    pub(super) fn holding(object: Py) -> Self {
        Self { flag: false, count: AtomicU64::new(0), object, _behind: 0xff }
    }
}

#[methods]
impl Shared {
    #[new("Shared(object, flag=False, count=0)", unnamed)]
    fn new<'py>(
        ts: &ThreadState<'py>,
        object: &Bound<'py, PyAny>,
        flag: bool,
        count: u64,
    ) -> New<Self> {
        let _ = ts;
        if let Some(shared) = object.cast::<Self>() {
            return New::Instance(shared.clone().unbind());
        }
        let count = AtomicU64::new(count);
        New::Payload(Self { flag, count, object: object.clone().unbind(), _behind: 0xff })
    }

    /// Counts.
    #[method("add(*args)", by_hand = "")]
    fn add(&self, args: &Bound<'_, PyTuple>) {
        self.count.fetch_add(args.len() as u64, Ordering::Relaxed);
    }

    /// Counts, too.
    #[method("more(n, m=0, /, **names)", by_hand = "more($self, n, /, m=0, **names)")]
    fn more(&self, n: u64, m: u64, names: &Bound<'_, PyDict>) {
        self.count.fetch_add(n + m + names.len() as u64, Ordering::Relaxed);
    }
}

/// Can be awaited: yields what it holds, returns what is sent.
#[class("classes.Awaited", state = State)]
pub(super) struct Awaited {
    value: Py,
    yielded: AtomicI64,
}

#[methods(tp_iter_self)]
impl Awaited {
    #[new("Awaited(value, /)")]
    fn new(value: &Bound<'_, PyAny>) -> Self {
        Self { value: value.clone().unbind(), yielded: AtomicI64::new(0) }
    }

    #[slot(am_await)]
    fn awaited<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Ok(this.clone().into_any())
    }

    #[slot(tp_iternext)]
    fn next<'py>(&self, ts: &mut ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let first = self.yielded.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(first.then(|| self.value.bind(ts)))
    }

    #[slot(am_send)]
    fn send<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<Sent<'py>> {
        let first = self.yielded.fetch_add(1, Ordering::Relaxed) == 0;
        Ok(if first { Sent::Next(self.value.bind(ts)) } else { Sent::Return(value.clone()) })
    }
}
