//! What the tests are about: a module with state and classes, whose function runs what a test wants to do with the API.
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cpython_api::exception::ValueError;
use cpython_api::{
    Bound, ClassRef, Module, ModuleState, Py, PyAny, PyLock, PyResult, ThreadState, Traverse,
    class, function, methods, module,
};

use crate::c::{Object, World};

module! {
    /// A module for tests.
    name: "subject",
    state: State,
    functions: [run],
}

/// The state.
#[derive(Traverse)]
pub(crate) struct State {
    pub(crate) node: ClassRef<Node>,
    pub(crate) leaf: ClassRef<Leaf>,
    pub(crate) kept: PyLock<Option<Py>>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let (node, leaf) = (module.add_class(ts)?, module.add_class(ts)?);
        match FAILING.get() {
            Failing::No => Ok(Self { node, leaf, kept: PyLock::default() }),
            Failing::Raises => Err(ValueError::new(ts, "it was asked for")),
            Failing::Panics => panic!("it was asked for"),
        }
    }
}

/// How building the state ends.
#[derive(Clone, Copy)]
pub(crate) enum Failing {
    No,
    Raises,
    Panics,
}

/// An object with others behind a lock.
#[class("subject.Node", state = State)]
pub(crate) struct Node {
    pub(crate) links: PyLock<Vec<Py>>,
    #[traverse(skip)]
    pub(crate) _dropped: Counted,
}

#[methods]
impl Node {
    /// How many there are.
    #[method("links()")]
    fn links(&self, ts: &ThreadState<'_>) -> PyResult<usize> {
        self.links.with(ts, |links| links.len())
    }

    #[method("panics()")]
    fn panics(&self, _ts: &ThreadState<'_>) {
        panic!("it was asked for");
    }
}

/// An object without references, unknown to the collector.
#[class("subject.Leaf", state = State, uncollected)]
pub(crate) struct Leaf {
    pub(crate) number: usize,
    #[traverse(skip)]
    pub(crate) _dropped: Counted,
}

#[methods]
impl Leaf {
    #[method("number()")]
    fn number(&self, _ts: &ThreadState<'_>) -> usize {
        self.number
    }
}

/// How many payloads have been dropped.
#[derive(Clone, Default)]
pub(crate) struct Dropped(Arc<AtomicUsize>);

/// A part of a payload: it is counted when it is dropped, and panics then when it is to.
pub(crate) struct Counted {
    dropped: Dropped,
    panics: bool,
}

impl Dropped {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn counted(&self, panics: bool) -> Counted {
        Counted { dropped: self.clone(), panics }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.dropped.0.fetch_add(1, Ordering::Relaxed);
        assert!(!self.panics, "it was asked for");
    }
}

thread_local! {
    pub(crate) static FAILING: Cell<Failing> = const { Cell::new(Failing::No) };
    static JOB: Cell<Option<Job>> = const { Cell::new(None) };
}

type Job = Box<dyn for<'py> FnOnce(&mut ThreadState<'py>, &Module<'_, 'py, State>) -> PyResult<()>>;

#[function("run()")]
fn run<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, State>) -> PyResult<()> {
    JOB.take().map_or(Ok(()), |job| job(ts, module))
}

/// An interpreter that has the module.
pub(crate) struct Subject {
    pub(crate) world: World,
    pub(crate) module: Object,
}

impl Subject {
    pub(crate) fn new() -> Self {
        let world = World::new();
        let module = world.attached(|| world.create(MODULE.init()));
        world.execute(module).expect("the state can be built");
        Self { world, module }
    }

    /// Calls the module's function, which runs `job`; its exception.
    pub(crate) fn run(
        &self,
        job: impl for<'py> FnOnce(&mut ThreadState<'py>, &Module<'_, 'py, State>) -> PyResult<()>
        + 'static,
    ) -> Result<(), String> {
        JOB.set(Some(Box::new(job)));
        self.world.call(self.module, "run").map(|none| self.world.release(none))
    }

    /// Ends the interpreter; all objects must be gone then.
    pub(crate) fn end(self) {
        self.world.release(self.module);
        self.world.end();
    }
}

/// A new node.
pub(crate) fn node<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    dropped: &Dropped,
) -> PyResult<Bound<'py, Node>> {
    let links = PyLock::new(Vec::new());
    module.state()?.node.instance(ts, Node { links, _dropped: dropped.counted(false) })
}

/// A new leaf.
pub(crate) fn leaf<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    number: usize,
    dropped: &Dropped,
) -> PyResult<Bound<'py, Leaf>> {
    module.state()?.leaf.instance(ts, Leaf { number, _dropped: dropped.counted(false) })
}

/// Lets a node know another object.
pub(crate) fn link<'py>(
    ts: &ThreadState<'py>,
    node: &Bound<'py, Node>,
    other: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let other = other.clone().unbind();
    node.get().links.with(ts, |links| links.push(other))
}
