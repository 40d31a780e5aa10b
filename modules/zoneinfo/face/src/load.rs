//! Zones by key: out of the caches, or out of a file.
use cpython_api::exception::{ExceptionType, RuntimeError};
use cpython_api::sync::critical_section;
use cpython_api::types::{PyStr, PyType};
use cpython_api::{Bound, Class, IntoPy, PyAny, PyErr, PyResult, StrWriter, ThreadState};

use crate::file;
use crate::state::State;
use crate::zone::{Origin, ZoneInfo};

/// The zone of a class with this key, which the caches have or get.
#[inline]
pub(crate) fn cached<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    class: &Bound<'py, PyType>,
    key: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, ZoneInfo>> {
    let is_base = class.is(&state.zone_info.get(ts));
    // What is kept there is the zone that all threads get; one look needs no order among them.
    if is_base && let Some(zone) = state.strong.same(ts, key) {
        return Ok(zone);
    }
    read_or_find(ts, state, class, key, is_base)
}

/// The same for a key that the first look has not found.
#[inline(never)]
fn read_or_find<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    class: &Bound<'py, PyType>,
    key: &Bound<'py, PyAny>,
    is_base: bool,
) -> PyResult<Bound<'py, ZoneInfo>> {
    // As in C, so that threads that ask for the same zone get the same one.
    critical_section(ts, class, || {
        if is_base && let Some(zone) = state.strong.find(ts, key)? {
            return Ok(zone);
        }
        let weak = weak_cache(ts, state, class)?;
        let mut found = weak.call_method(state.names.get.get(ts), &[key])?;
        if found.is_none() {
            let made = fresh(ts, state, class, key, Origin::Cache)?;
            found = weak.call_method(state.names.setdefault.get(ts), &[key, &made])?;
        }
        // The cache of a subclass may be anything, and give anything.
        let zone = match found.cast::<ZoneInfo>() {
            Some(zone) if found.get_type().is_below(class) => zone.clone(),
            _ => return Err(unexpected(ts, class, key, &found)),
        };
        if is_base {
            state.strong.put(ts, key, &zone)?;
        }
        Ok(zone)
    })
}

/// A new zone of a class, read from the file with this key.
pub(crate) fn fresh<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    class: &Bound<'py, PyType>,
    key: &Bound<'py, PyAny>,
    origin: Origin,
) -> PyResult<Bound<'py, ZoneInfo>> {
    let path = state.find_tzfile.get(ts).call1(key)?;
    let file = if path.is_none() {
        state.common.get(ts).call_method(state.names.load_tzdata.get(ts), &[key])?
    } else {
        state.open.get(ts).call(&[&path, &"rb".into_py(ts)?])?
    };
    let read = file::read(ts, state, &file);
    let closed = file.call_method(state.names.close.get(ts), &[]);
    let zone = match (read, closed) {
        (Ok(zone), Ok(_)) => zone,
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => return Err(error),
        (Err(first), Err(second)) => return Err(second.in_context(ts, first)),
    };
    ZoneInfo::from_zone(ts, state, zone, key, origin)?.into_instance(ts, class)
}

/// The weak cache of a class.
pub(crate) fn weak_cache<'py>(
    ts: &ThreadState<'py>,
    state: &State,
    class: &Bound<'py, PyType>,
) -> PyResult<Bound<'py, PyAny>> {
    if class.is(&state.zone_info.get(ts)) {
        Ok(state.weak.bind(ts))
    } else {
        class.getattr(state.names.weak_cache.get(ts))
    }
}

#[cold]
fn unexpected<'py>(
    ts: &ThreadState<'py>,
    class: &Bound<'py, PyType>,
    key: &Bound<'py, PyAny>,
    found: &Bound<'py, PyAny>,
) -> PyErr {
    let text = || -> PyResult<Bound<'py, PyStr>> {
        let mut text = StrWriter::new(ts, 0)?;
        text.push_str("Unexpected instance of ")?;
        text.str(found.full_type_name()?.as_any())?;
        text.push_str(" in ")?;
        text.str(class.name()?.as_any())?;
        text.push_str(" weak cache for key ")?;
        text.repr(key)?;
        text.finish()
    };
    match text() {
        Ok(text) => PyErr::with_value(ts, &RuntimeError::class(ts), &text),
        Err(error) => error,
    }
}
