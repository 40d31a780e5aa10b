//! What is being encoded at this moment, from the outermost in: finds circular references.
use cpython_api::exception::ValueError;
use cpython_api::types::{PyDict, PyInt};
use cpython_api::{Bound, PyErr, PyResult, ThreadState};

use super::addresses::Addresses;

/// The containers that are open.
///
/// Python sees them in a dict from id to object, the encoder's `markers`. That dict is slow, and
/// nobody can look at it while no Python runs: so the newest containers are here only, until
/// [`Path::show`].
pub(super) struct Path<'a, 'py> {
    ts: &'a ThreadState<'py>,
    markers: Option<&'a Bound<'py, PyDict>>,
    open: Vec<Bound<'py>>,
    /// What the open ones are called in `markers`, as many as are there.
    shown: Vec<Bound<'py, PyInt>>,
    /// The open ones behind the first few, while none is shown.
    deep: Addresses,
}

impl<'a, 'py> Path<'a, 'py> {
    /// Nothing is open. Without `markers` there is no search for circular references.
    pub(super) fn new(ts: &'a ThreadState<'py>, markers: Option<&'a Bound<'py, PyDict>>) -> Self {
        Self { ts, markers, open: Vec::new(), shown: Vec::new(), deep: Addresses::default() }
    }

    /// Opens an object.
    #[inline]
    pub(super) fn enter(&mut self, object: &Bound<'py>) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        if !self.shown.is_empty() || !markers.is_empty() {
            return self.enter_shown(object);
        }
        if self.open.len() >= FEW {
            return self.enter_deep(object);
        }
        if self.open.iter().any(|open| open.is(object)) {
            return Err(circular(self.ts));
        }
        self.push(object)
    }

    /// Opens an object, and brings `markers` up to date: Python is going to run.
    #[inline(never)]
    pub(super) fn enter_shown(&mut self, object: &Bound<'py>) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        self.show()?;
        let id = PyInt::new(self.ts, object.id())?;
        let (_, again) = markers.set_default(&id, object)?;
        if again {
            return Err(circular(self.ts));
        }
        self.name_next(id)?;
        self.push(object)
    }

    /// Closes the newest object.
    #[inline]
    pub(super) fn leave(&mut self) -> PyResult<()> {
        if self.shown.len() == self.open.len() {
            return self.leave_shown();
        }
        if self.open.len() > FEW {
            self.leave_deep();
        }
        // Not `pop`: whoever takes the object out of the list waits for its parts.
        self.open.truncate(self.open.len().saturating_sub(1));
        Ok(())
    }

    /// Brings `markers` up to date: Python is going to run.
    pub(super) fn show(&mut self) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        while let Some(object) = self.open.get(self.shown.len()) {
            let id = PyInt::new(self.ts, object.id())?;
            markers.set(&id, object)?;
            self.name_next(id)?;
        }
        self.deep.clear();
        Ok(())
    }

    #[inline(never)]
    fn leave_shown(&mut self) -> PyResult<()> {
        self.open.pop();
        match (self.shown.pop(), self.markers) {
            (Some(id), Some(markers)) => markers.del(&id),
            _ => Ok(()),
        }
    }

    #[inline(never)]
    fn enter_deep(&mut self, object: &Bound<'py>) -> PyResult<()> {
        let (near, deep) = self.open.split_at_checked(FEW).unwrap_or_default();
        if near.iter().any(|open| open.is(object)) || self.deep.has(object.id()) {
            return Err(circular(self.ts));
        }
        if !self.deep.has_room() && self.deep.grow(deep.iter().map(|open| open.id())).is_err() {
            return Err(PyErr::no_memory(self.ts));
        }
        self.push(object)?;
        self.deep.add(object.id());
        Ok(())
    }

    #[inline(never)]
    fn leave_deep(&mut self) {
        if let Some(newest) = self.open.last() {
            self.deep.remove_newest(newest.id());
        }
    }

    #[inline(always)]
    fn push(&mut self, object: &Bound<'py>) -> PyResult<()> {
        if self.open.try_reserve(1).is_err() {
            return Err(PyErr::no_memory(self.ts));
        }
        self.open.push(object.clone());
        Ok(())
    }

    /// What the next of the open ones is called in `markers`.
    fn name_next(&mut self, id: Bound<'py, PyInt>) -> PyResult<()> {
        if self.shown.try_reserve(1).is_err() {
            return Err(PyErr::no_memory(self.ts));
        }
        self.shown.push(id);
        Ok(())
    }
}

#[cold]
fn circular(ts: &ThreadState<'_>) -> PyErr {
    ValueError::new(ts, "Circular reference detected")
}

/// So many objects are searched one by one.
const FEW: usize = 16;
