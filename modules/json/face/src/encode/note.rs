//! What an exception is told on its way out: where it came from.
use cpython_api::types::{PyStr, Value};
use cpython_api::{Bound, PyErr, PyResult, StrWriter};

use super::walk::Walk;

/// Where in a container.
pub(super) enum Place<'py> {
    /// At a position of a list or tuple.
    Index(usize),
    /// At a key of a dict.
    Key(Value<'py>),
    /// It is no container.
    Whole,
}

impl<'py> Walk<'_, 'py> {
    /// The error with a note of the place.
    #[cold]
    #[inline(never)]
    pub(super) fn noted(&mut self, error: PyErr, object: &Bound<'py>, place: Place<'py>) -> PyErr {
        let note = self.note(object, &place);
        error.with_note_str(self.ts, note)
    }

    fn note(&mut self, object: &Bound<'py>, place: &Place<'py>) -> PyResult<Bound<'py, PyStr>> {
        self.path.show()?;
        let mut note = StrWriter::new(self.ts, 0)?;
        note.push_str("when serializing ")?;
        let name = object.full_type_name()?;
        note.str(&name)?;
        match place {
            Place::Index(i) => write!(note, " item {i}")?,
            Place::Key(key) => {
                note.push_str(" item ")?;
                note.repr(&key.object(self.ts)?)?;
            }
            Place::Whole => note.push_str(" object")?,
        }
        note.finish()
    }
}
