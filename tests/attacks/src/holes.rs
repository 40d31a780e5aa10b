//! The module `holes`: what has broken other bindings, tried on this one; `ledgers/holes.tsv` names each.
use std::mem::forget;

use cpython_api::types::{PyBytes, PyList, PyTuple};
use cpython_api::{
    Bound, BytesBuilder, Chunks, Kept, Py, PyAny, PyErr, PyResult, StrWriter, ThreadState,
    function, module,
};
use send_wrapper::SendWrapper;

module! {
    /// Holes of other bindings.
    name: "holes",
    functions: [
        wrapped_into_detach, writes_too_little, writes_in_pieces, nth_of_list, nth_of_tuple, copied,
        forgotten,
    ],
}

/// Uses a handle while detached that says it may be sent (PyO3 #2141).
#[function("wrapped_into_detach(x, /)")]
fn wrapped_into_detach(ts: &mut ThreadState<'_>, x: &Bound<'_, PyAny>) -> bool {
    let wrapped = SendWrapper::new(x.clone());
    ts.detach(move || wrapped.repr().is_ok())
}

/// Writes less than it has asked for: nobody may see the rest.
#[function("writes_too_little(asked, written, /)")]
fn writes_too_little<'py>(
    ts: &ThreadState<'py>,
    asked: usize,
    written: u8,
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::build(ts, asked, |out| {
        for byte in 0..written {
            let _full = out.push(byte);
        }
        Ok(())
    })
}

/// Each part is written by itself, with more room asked for in between (PyO3 #5907).
#[function("writes_in_pieces(parts, room, /)")]
fn writes_in_pieces<'py>(
    ts: &ThreadState<'py>,
    parts: &Bound<'py, PyList>,
    room: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut all = BytesBuilder::new(ts, room)?;
    for part in parts.iter() {
        let mut kept = Kept::default();
        all.extend(part.buffer(&mut kept)?)?;
        all.reserve(room)?;
        all.truncate(usize::MAX);
    }
    all.finish()
}

/// Far items of an iterator, again and again (PyO3 #6086).
#[function("nth_of_list(items, n, /)")]
fn nth_of_list<'py>(
    items: &Bound<'py, PyList>,
    n: usize,
) -> (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>) {
    let mut iter = items.iter();
    (iter.nth(n), iter.nth(n))
}

#[function("nth_of_tuple(items, n, /)")]
fn nth_of_tuple<'py>(
    items: &Bound<'py, PyTuple>,
    n: usize,
) -> (Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>) {
    let mut iter = items.iter();
    (iter.nth(n), iter.nth(n))
}

/// A copy of bytes that others may be changing (PyO3 #4736, #6267); its length, and how many differ
/// from the first.
#[function("copied(data, /)")]
fn copied(ts: &mut ThreadState<'_>, data: Chunks<'_>) -> (usize, usize) {
    ts.detach(|| {
        let first = data.fold(None, |first, piece| first.or(piece.first().copied()));
        data.fold((0, 0), |(len, odd), piece| {
            let here = piece.iter().filter(|&&byte| Some(byte) != first).count();
            (len + piece.len(), odd + here)
        })
    })
}

/// Forgets one of everything that has something to do when it is dropped.
#[function("forgotten(x, data, /)")]
fn forgotten<'py>(
    ts: &mut ThreadState<'py>,
    x: &Bound<'py, PyAny>,
    data: &Bound<'py, PyAny>,
) -> PyResult<()> {
    let kept: Py = x.clone().unbind();
    let mut copy = Box::new(Kept::default());
    data.buffer(&mut copy)?;
    forget(copy);
    forget(BytesBuilder::new(ts, 100)?);
    forget(StrWriter::new(ts, 10)?);
    forget(x.clone());
    forget(x.iter());
    forget(PyErr::no_memory(ts));
    ts.detach(move || forget(kept));
    Ok(())
}
