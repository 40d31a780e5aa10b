//! Classes that hold things: a sequence and its iterator, a link of a chain, memory to lend.
use std::sync::atomic::{AtomicI64, Ordering};

use cpython_api::class::{Lent, Memory};
use cpython_api::exception::{IndexError, TypeError, ValueError};
use cpython_api::types::{PyInt, PyTuple};
use cpython_api::{
    Bound, Buffer, Py, PyAny, PyLock, PyResult, Shared, ThreadState, class, methods,
};

use super::State;

/// A sequence.
#[class("classes.Items", state = State, sequence)]
pub(super) struct Items {
    items: PyLock<Vec<Py>>,
}

impl Items {
    fn at(&self, ts: &ThreadState<'_>, i: usize) -> PyResult<Option<Py>> {
        // A count can be taken outside of a lock only: take the item out for that moment.
        let found = self.items.with(ts, |items| {
            let last = items.len().checked_sub(1)?;
            (i <= last).then(|| items.swap_remove(i))
        })?;
        let Some(found) = found else { return Ok(None) };
        let copy = found.clone_ref(ts);
        self.items.with(ts, |items| {
            items.push(found);
            let last = items.len() - 1;
            if i < last {
                items.swap(i, last);
            }
        })?;
        Ok(Some(copy))
    }
}

#[methods(class_getitem)]
impl Items {
    #[new("Items(*items)")]
    fn new(items: &Bound<'_, PyTuple>) -> Self {
        let items = items.iter().map(Bound::unbind).collect();
        Self { items: PyLock::new(items) }
    }

    /// Adds an item at the end.
    #[method("append(item, /)")]
    fn append(&self, ts: &ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
        let item = item.clone().unbind();
        self.items.with(ts, |items| items.push(item))
    }

    #[slot(sq_length, mp_length)]
    fn len(&self, ts: &mut ThreadState<'_>) -> PyResult<usize> {
        self.items.with(ts, |items| items.len())
    }

    #[slot(sq_item)]
    fn item<'py>(&self, ts: &mut ThreadState<'py>, i: isize) -> PyResult<Bound<'py, PyAny>> {
        let found = usize::try_from(i).ok().map(|i| self.at(ts, i)).transpose()?.flatten();
        found.map(|item| item.bind(ts)).ok_or_else(|| IndexError::new(ts, "index out of range"))
    }

    #[slot(sq_ass_item)]
    fn set_item<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        i: isize,
        value: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let value = value.map(|value| value.clone().unbind());
        let done = self.items.with(ts, |items| {
            let i = usize::try_from(i).ok().filter(|i| *i < items.len())?;
            Some(match value {
                Some(value) => std::mem::replace(&mut items[i], value),
                None => items.remove(i),
            })
        })?;
        done.map(drop).ok_or_else(|| IndexError::new(ts, "assignment index out of range"))
    }

    /// Whether an item equals the value.
    #[method("__contains__(value, /)", coexist)]
    #[slot(sq_contains)]
    fn contains<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<bool> {
        let mut i = 0;
        while let Some(item) = self.at(ts, i)? {
            if item.bind(ts).eq(value)? {
                return Ok(true);
            }
            i += 1;
        }
        Ok(false)
    }

    #[slot(mp_subscript)]
    fn subscript<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match key.cast::<PyInt>().and_then(|key| key.to_i64()) {
            Some(i) => self.item(ts, i as isize),
            None => Err(TypeError::new(ts, "indices must be integers")),
        }
    }

    #[slot(tp_iter)]
    fn iter<'py>(
        this: &Bound<'py, Self>,
        ts: &mut ThreadState<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let module = this.module()?;
        let cursor = Cursor { items: this.clone().unbind(), next: AtomicI64::new(0) };
        Ok(module.state()?.cursor.instance(ts, cursor)?.into_any())
    }
}

/// An iterator over `Items`.
#[class("classes.Cursor", state = State)]
pub(super) struct Cursor {
    items: Py<Items>,
    next: AtomicI64,
}

#[methods(tp_iter_self)]
impl Cursor {
    #[slot(tp_iternext)]
    fn next<'py>(&self, ts: &mut ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let i = self.next.fetch_add(1, Ordering::Relaxed);
        let items = self.items.get(ts);
        Ok(items.get().at(ts, usize::try_from(i).unwrap_or_default())?.map(|item| item.bind(ts)))
    }
}

/// A link of a chain; its references never change.
#[class("classes.Node", state = State)]
pub(super) struct Node {
    pub(super) next: Option<Py>,
}

#[methods]
impl Node {
    #[new("Node(next=None, /)")]
    fn new(next: Option<&Bound<'_, PyAny>>) -> Self {
        Self { next: next.map(|next| next.clone().unbind()) }
    }

    #[getter("next")]
    fn next(&self) -> Option<&Py> {
        self.next.as_ref()
    }
}

/// Lends its memory.
#[class("classes.Lender", state = State, subclassable)]
pub(super) struct Lender {
    memory: PyLock<Shared<Memory>>,
    how: String,
}

impl Lender {
    fn memory(&self, ts: &ThreadState<'_>) -> PyResult<Shared<Memory>> {
        self.memory.with(ts, |memory| memory.clone())
    }
}

#[methods]
impl Lender {
    #[new("Lender(length, how='')")]
    fn new(ts: &ThreadState<'_>, length: usize, how: &str) -> PyResult<Self> {
        Ok(Self { memory: PyLock::new(Memory::new(ts, length)?), how: how.to_owned() })
    }

    #[method("lent()")]
    fn lent(&self, ts: &ThreadState<'_>) -> PyResult<bool> {
        Ok(self.memory(ts)?.is_lent())
    }

    #[method("read()")]
    fn read(&self, ts: &ThreadState<'_>) -> PyResult<Vec<u8>> {
        let memory = self.memory(ts)?;
        let mut bytes = vec![0; memory.len()];
        memory.read(0, &mut bytes);
        Ok(bytes)
    }

    #[method("write(start, data, /)")]
    fn write(&self, ts: &ThreadState<'_>, start: usize, data: Buffer<'_>) -> PyResult<usize> {
        Ok(self.memory(ts)?.write(start, &data))
    }

    /// New memory, also while the old one is lent.
    #[method("replace(length, /)")]
    fn replace(&self, ts: &ThreadState<'_>, length: usize) -> PyResult<()> {
        let new = Memory::new(ts, length)?;
        self.memory.with(ts, |memory| *memory = new)
    }

    #[slot(bf_getbuffer)]
    fn getbuffer(&self, ts: &mut ThreadState<'_>) -> PyResult<Lent> {
        let lent = Lent::all(&self.memory(ts)?);
        Ok(match self.how.as_str() {
            "readonly" => lent.readonly(),
            "items" => lent.items(c"i", 4),
            "range" => lent.range(2..usize::MAX),
            "raise" => return Err(ValueError::new(ts, "no buffer")),
            "panic" => panic!("no buffer"),
            _ => lent,
        })
    }
}
