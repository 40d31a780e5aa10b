//! What is being encoded at this moment, from the outermost in: finds circular references.
use cpython_api::exception::ValueError;
use cpython_api::types::{PyDict, PyInt};
use cpython_api::{Bound, PyErr, PyResult, ThreadState};

/// The containers that are open.
///
/// Python sees them in a dict from id to object, the encoder's `markers`. That dict is slow, and
/// nobody can look at it while no Python runs: so the newest containers are here only, until
/// [`Path::show`].
pub(super) struct Path<'a, 'py> {
    ts: &'a ThreadState<'py>,
    markers: Option<&'a Bound<'py, PyDict>>,
    open: Vec<Bound<'py>>,
    /// How many of the open ones are in `markers`.
    shown: usize,
}

impl<'a, 'py> Path<'a, 'py> {
    /// Nothing is open. Without `markers` there is no search for circular references.
    pub(super) fn new(ts: &'a ThreadState<'py>, markers: Option<&'a Bound<'py, PyDict>>) -> Self {
        Self { ts, markers, open: Vec::new(), shown: 0 }
    }

    /// Opens an object.
    #[inline]
    pub(super) fn enter(&mut self, object: &Bound<'py>) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        let again = self.open[self.shown..].iter().any(|open| open.is(object))
            || !markers.is_empty() && markers.contains(&self.id(object)?)?;
        if again {
            return Err(ValueError::new(self.ts, "Circular reference detected"));
        }
        if self.open.try_reserve(1).is_err() {
            return Err(PyErr::no_memory(self.ts));
        }
        self.open.push(object.clone());
        if self.open.len() - self.shown > FEW { self.show() } else { Ok(()) }
    }

    /// Closes the newest object.
    #[inline]
    pub(super) fn leave(&mut self) -> PyResult<()> {
        match self.open.pop() {
            Some(object) if self.open.len() < self.shown => self.hide(&object),
            _ => Ok(()),
        }
    }

    /// Brings `markers` up to date: Python is going to run.
    pub(super) fn show(&mut self) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        for object in &self.open[self.shown..] {
            markers.set(&self.id(object)?, object)?;
            self.shown += 1;
        }
        Ok(())
    }

    #[cold]
    fn hide(&mut self, object: &Bound<'py>) -> PyResult<()> {
        self.shown -= 1;
        match self.markers {
            Some(markers) => markers.del(&self.id(object)?),
            None => Ok(()),
        }
    }

    fn id(&self, object: &Bound<'py>) -> PyResult<Bound<'py, PyInt>> {
        PyInt::new(self.ts, object.id())
    }
}

/// So many objects are searched one by one.
const FEW: usize = 64;
