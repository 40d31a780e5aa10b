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
    open: Vec<Open<'py>>,
    /// How many of the open ones are in `markers`.
    shown: usize,
}

/// An open container, and the key it has in `markers` when it is there.
type Open<'py> = (Bound<'py>, Option<Bound<'py, PyInt>>);

impl<'a, 'py> Path<'a, 'py> {
    /// Nothing is open. Without `markers` there is no search for circular references.
    pub(super) fn new(ts: &'a ThreadState<'py>, markers: Option<&'a Bound<'py, PyDict>>) -> Self {
        Self { ts, markers, open: Vec::new(), shown: 0 }
    }

    /// Opens an object.
    #[inline]
    pub(super) fn enter(&mut self, object: &Bound<'py>) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        if self.shown > 0 || self.open.len() >= FEW || !markers.is_empty() {
            return self.enter_shown(object);
        }
        if self.open.iter().any(|(open, _)| open.is(object)) {
            return Err(circular(self.ts));
        }
        self.push(object, None)
    }

    /// Opens an object, and brings `markers` up to date: Python is going to run.
    #[inline(never)]
    pub(super) fn enter_shown(&mut self, object: &Bound<'py>) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        self.show()?;
        let id = self.id(object)?;
        let (_, again) = markers.set_default(&id, object)?;
        if again {
            return Err(circular(self.ts));
        }
        self.push(object, Some(id))?;
        self.shown += 1;
        Ok(())
    }

    /// Closes the newest object.
    #[inline]
    pub(super) fn leave(&mut self) -> PyResult<()> {
        match self.open.pop() {
            Some((_, Some(id))) => {
                self.shown -= 1;
                self.markers.map_or(Ok(()), |markers| markers.del(&id))
            }
            _ => Ok(()),
        }
    }

    /// Brings `markers` up to date: Python is going to run.
    pub(super) fn show(&mut self) -> PyResult<()> {
        let Some(markers) = self.markers else { return Ok(()) };
        while let Some((object, shown)) = self.open.get_mut(self.shown) {
            let id = PyInt::new(self.ts, object.id())?;
            markers.set(&id, object)?;
            *shown = Some(id);
            self.shown += 1;
        }
        Ok(())
    }

    #[inline(always)]
    fn push(&mut self, object: &Bound<'py>, id: Option<Bound<'py, PyInt>>) -> PyResult<()> {
        if self.open.try_reserve(1).is_err() {
            return Err(PyErr::no_memory(self.ts));
        }
        self.open.push((object.clone(), id));
        Ok(())
    }

    fn id(&self, object: &Bound<'py>) -> PyResult<Bound<'py, PyInt>> {
        PyInt::new(self.ts, object.id())
    }
}

#[cold]
fn circular(ts: &ThreadState<'_>) -> PyErr {
    ValueError::new(ts, "Circular reference detected")
}

/// So many objects are searched one by one.
const FEW: usize = 64;
