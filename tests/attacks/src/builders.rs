//! The module `builders`: lists, texts and bytes that are being made, where they must not be.
use std::mem::forget;
use std::ops::ControlFlow;
use std::sync::Mutex;

use cpython_api::types::{ListBuilder, PyBytes, PyList, PyStr, PyTuple};
use cpython_api::{
    Bound, ClassRef, Module, ModuleState, Py, PyAny, PyErr, PyLock, PyResult, Room, StrBuilder,
    ThreadState, Traverse, class, function, methods, module,
};
use send_wrapper::SendWrapper;

module! {
    /// Unfinished objects.
    name: "builders",
    state: State,
    functions: [
        forget_all, panics_with_list, drop_list_detached, finish_list_detached, keep,
        finish_list_elsewhere, grow_text_detached, grow_text_elsewhere, grow_bytes_panicking,
        grow_bytes_nested,
    ],
}

/// The class.
#[derive(Traverse)]
pub struct State {
    _held: ClassRef<Held>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self { _held: module.add_class::<Held>(ts)? })
    }
}

/// An object of another interpreter.
static KEPT: Mutex<Option<Py>> = Mutex::new(None);

/// Keeps an object for all interpreters.
#[function("keep(x, /)")]
fn keep(x: &Bound<'_, PyAny>) {
    let former = KEPT.lock().map(|mut kept| kept.replace(x.clone().unbind()));
    drop(former);
}

/// Runs `work` attached to the interpreter of what is kept.
fn elsewhere(work: impl FnOnce()) {
    let kept = KEPT.lock().ok().and_then(|mut kept| kept.take());
    if let Some(kept) = kept {
        let _ = kept.attach(|_, _| work());
    }
}

fn built<'py>(ts: &ThreadState<'py>, items: &Bound<'py, PyTuple>) -> PyResult<ListBuilder<'py>> {
    let mut builder = ListBuilder::new(ts);
    items.iter().try_for_each(|item| builder.push(item.clone()))?;
    Ok(builder)
}

/// Forgets a list and a text that are being made.
#[function("forget_all(items, /)")]
fn forget_all<'py>(ts: &ThreadState<'py>, items: &Bound<'py, PyTuple>) -> PyResult<()> {
    forget(built(ts, items)?);
    let mut first = [0; 4];
    let mut text = StrBuilder::new(ts, &mut first);
    text.room(5000)?;
    forget(text);
    Ok(())
}

/// Panics with a list that is being made.
#[function("panics_with_list(items, /)")]
fn panics_with_list<'py>(ts: &ThreadState<'py>, items: &Bound<'py, PyTuple>) -> PyResult<()> {
    let _builder = built(ts, items)?;
    panic!("with a builder");
}

/// Drops a list that is being made while detached.
#[function("drop_list_detached(items, /)")]
fn drop_list_detached<'py>(ts: &mut ThreadState<'py>, items: &Bound<'py, PyTuple>) -> PyResult<()> {
    let builder = SendWrapper::new(built(ts, items)?);
    ts.detach(|| drop(builder));
    Ok(())
}

/// Makes the list while detached.
#[function("finish_list_detached(items, /)")]
fn finish_list_detached<'py>(
    ts: &mut ThreadState<'py>,
    items: &Bound<'py, PyTuple>,
) -> PyResult<()> {
    let builder = SendWrapper::new(built(ts, items)?);
    ts.detach(|| drop(builder.take().finish().map(|list| list.len())));
    Ok(())
}

/// Makes the list while attached to another interpreter.
#[function("finish_list_elsewhere(items, /)")]
fn finish_list_elsewhere<'py>(ts: &ThreadState<'py>, items: &Bound<'py, PyTuple>) -> PyResult<()> {
    let builder = built(ts, items)?;
    elsewhere(|| drop(builder.finish()));
    Ok(())
}

/// Writes to a text that is being made while detached: first where there is room, then beyond.
#[function("grow_text_detached(beyond, /)")]
fn grow_text_detached<'py>(
    ts: &mut ThreadState<'py>,
    beyond: usize,
) -> PyResult<Bound<'py, PyStr>> {
    let mut first = [b'-'; 10];
    let mut text = SendWrapper::new(StrBuilder::new(ts, &mut first));
    let text = ts.detach(move || {
        text.advance(10);
        let grown = text.room(beyond).map(drop);
        grown.map(|()| text)
    })?;
    text.take().finish()
}

/// The same while attached to another interpreter.
#[function("grow_text_elsewhere(beyond, /)")]
fn grow_text_elsewhere<'py>(ts: &ThreadState<'py>, beyond: usize) -> PyResult<Bound<'py, PyStr>> {
    let mut first = [b'-'; 10];
    let mut text = StrBuilder::new(ts, &mut first);
    elsewhere(|| {
        text.advance(10);
        drop(text.room(beyond).map(drop));
    });
    text.finish()
}

/// Panics in the step of this number of bytes that grow.
#[function("grow_bytes_panicking(steps, /)")]
fn grow_bytes_panicking<'py>(
    ts: &mut ThreadState<'py>,
    steps: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut step = 0;
    PyBytes::grow(ts, Room::UNLIMITED, |out| {
        step += 1;
        assert!(step < steps, "in a step");
        while out.extend(b"grown") == Ok(()) {}
        Ok::<_, PyErr>(ControlFlow::Continue(()))
    })
}

/// Makes bytes in the step of others: attached again, with another token.
#[function("grow_bytes_nested(x, /)")]
fn grow_bytes_nested<'py>(
    ts: &mut ThreadState<'py>,
    x: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    let kept = x.clone().unbind();
    PyBytes::grow(ts, Room::UNLIMITED, |out| {
        let inner = kept.attach(|ts, _| {
            PyBytes::grow(ts, Room::at_most(4), |out| {
                let _ = out.extend(b"in");
                Ok::<_, PyErr>(ControlFlow::Break(()))
            })
            .and_then(|bytes| bytes.len())
        });
        let len = inner.map_or(0, |len| len.unwrap_or(0));
        let _ = out.extend(&b"outer"[len..]);
        Ok::<_, PyErr>(ControlFlow::Break(()))
    })
}

/// A lock that is held while nothing holds Python.
#[class("builders.Held", state = State, subclassable)]
pub struct Held {
    items: PyLock<Vec<Py>>,
}

#[methods]
impl Held {
    #[new("Held()")]
    fn new() -> Self {
        Self { items: PyLock::new(Vec::new()) }
    }

    /// Adds an object, and panics detached with the lock held.
    #[method("panics(item, /)")]
    fn panics(&self, ts: &mut ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
        let item = item.clone().unbind();
        self.items.hold(ts, |items, inside| {
            items.push(item);
            inside.detach(|| panic!("with the lock held"));
        })
    }

    /// Lends what is done inside to itself, which asks for Python there and for the lock again.
    #[method("again()")]
    fn again(&self, ts: &mut ThreadState<'_>) -> PyResult<(bool, usize)> {
        self.items.hold(ts, |items, inside| {
            let first = items.first().map(|item| inside.another(item));
            let attached = first.as_ref().is_some_and(|item| item.attach(|_, _| ()).is_ok());
            let detached = inside.detach(|| {
                // Dropped without Python, and inside: it waits.
                drop(first);
                items.len()
            });
            (attached, detached)
        })
    }

    /// Takes everything out, as a list.
    #[method("take()")]
    fn take<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyList>> {
        let items = self.items.with(ts, std::mem::take)?;
        let mut items: Vec<_> = items.iter().map(|item| item.bind(ts)).collect();
        PyList::take_from(ts, &mut items, 0)
    }

    /// Makes bytes inside, and lends them.
    #[method("bytes()")]
    fn bytes(&self, ts: &mut ThreadState<'_>) -> PyResult<usize> {
        self.items.hold(ts, |_, inside| {
            let bytes = inside.bytes(b"made inside")?;
            let lent = inside.slice(&bytes);
            Ok(inside.detach(|| lent.iter().filter(|&&byte| byte == b'i').count()))
        })?
    }
}
