//! The module `buffers`: lent bytes, and bytes being made, while Python does what it likes.
use std::mem::MaybeUninit;
use std::thread::sleep;
use std::time::Duration;

use cpython_api::exception::ValueError;
use cpython_api::types::{PyBytes, PyList, PyStr};
use cpython_api::{
    AsciiBuffer, Bound, Buffer, BufferMut, BytesBuilder, Chunks, Kept, PyAny, PyResult, Sink,
    StrOrBuffer, ThreadState, function, module,
};

module! {
    /// Lent bytes and bytes being made.
    name: "buffers",
    functions: [
        echo, ascii, text, pieces, write, read, join, join_with_one_holder, hold_longer,
        unchanged, unchanged_pieces, unchanged_text, unchanged_detached, pieces_detached,
        build, build_ascii, build_failing, build_panicking, swap_sinks, grow, grow_by_sink,
    ],
}

// What arrives.

#[function("echo(data, /)")]
fn echo<'py>(ts: &ThreadState<'py>, data: Buffer<'_>) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new(ts, &data)
}

#[function("ascii(data, /)")]
fn ascii<'py>(ts: &ThreadState<'py>, data: AsciiBuffer<'_>) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new(ts, &data)
}

#[function("text(data, /)")]
fn text<'py>(ts: &ThreadState<'py>, data: StrOrBuffer<'_>) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new(ts, &data)
}

/// The bytes, and how many pieces they came in.
#[function("pieces(data, /)")]
fn pieces<'py>(ts: &ThreadState<'py>, data: Chunks<'_>) -> PyResult<(Bound<'py, PyBytes>, usize)> {
    let mut all = BytesBuilder::new(ts, data.len())?;
    let count = data.try_fold(0, |count, piece| all.extend(piece).map(|()| count + 1))?;
    Ok((all.finish()?, count))
}

#[function("write(target, offset, data, /)")]
fn write(target: BufferMut<'_>, offset: usize, data: Buffer<'_>) -> usize {
    target.write_at(offset, &data)
}

#[function("read(target, offset, count, /)")]
fn read<'py>(
    ts: &ThreadState<'py>,
    target: BufferMut<'_>,
    offset: usize,
    count: u8,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut bytes = [0; 255];
    let count = target.read_at(offset, &mut bytes[..count.into()]);
    PyBytes::new(ts, &bytes[..count])
}

/// The parts one after the other, each lent while it is appended.
#[function("join(parts, /)")]
fn join<'py>(ts: &ThreadState<'py>, parts: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyBytes>> {
    let mut all = BytesBuilder::new(ts, 0)?;
    for part in parts.iter() {
        let mut kept = Kept::default();
        all.extend(part.buffer(&mut kept)?)?;
    }
    all.finish()
}

/// The same with one holder for all parts.
#[function("join_with_one_holder(parts, /)")]
fn join_with_one_holder<'py>(
    ts: &ThreadState<'py>,
    parts: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut all = BytesBuilder::new(ts, 0)?;
    let mut kept = Kept::default();
    for part in parts.iter() {
        all.extend(part.buffer(&mut kept)?)?;
    }
    all.finish()
}

/// Keeps the holder of the list's first item longer than the item, while `work` runs.
#[function("hold_longer(parts, work, /)")]
fn hold_longer(parts: &Bound<'_, PyList>, work: &Bound<'_, PyAny>) -> PyResult<usize> {
    let mut kept = Kept::default();
    let mut len = 0;
    for part in parts.iter() {
        len += part.buffer(&mut kept)?.len();
    }
    work.call0()?;
    drop(kept);
    Ok(len)
}

// What becomes of it meanwhile.

/// Whether the bytes stay as they are while `work` runs.
#[function("unchanged(data, work, /)")]
fn unchanged(data: Buffer<'_>, work: &Bound<'_, PyAny>) -> PyResult<bool> {
    let before = data.to_vec();
    work.call0()?;
    Ok(*data == before[..])
}

#[function("unchanged_text(data, work, /)")]
fn unchanged_text(data: StrOrBuffer<'_>, work: &Bound<'_, PyAny>) -> PyResult<bool> {
    let before = data.to_vec();
    work.call0()?;
    Ok(*data == before[..])
}

/// Calls `work` between the pieces, and gives back how many bytes there were in all.
#[function("unchanged_pieces(data, work, /)")]
fn unchanged_pieces(data: Chunks<'_>, work: &Bound<'_, PyAny>) -> PyResult<usize> {
    data.try_fold(0, |count, piece| {
        let before = piece.to_vec();
        work.call0()?;
        assert_eq!(piece, before, "a piece has changed");
        Ok(count + piece.len())
    })
}

/// Whether the bytes stay as they are while this thread is detached; tells it on stdout, too, for
/// threads that nobody waits for.
#[function("unchanged_detached(data, milliseconds, /)")]
fn unchanged_detached(ts: &mut ThreadState<'_>, data: StrOrBuffer<'_>, milliseconds: u64) -> bool {
    let before = data.to_vec();
    let same = ts.detach(|| {
        sleep(Duration::from_millis(milliseconds));
        let same = *data == before[..];
        println!("{}", if same { "unchanged" } else { "CHANGED" });
        same
    });
    same && *data == before[..]
}

/// The sum of the bytes, computed detached.
#[function("pieces_detached(data, /)")]
fn pieces_detached(ts: &mut ThreadState<'_>, data: Chunks<'_>) -> u64 {
    ts.detach(|| {
        data.fold(0, |sum, piece| piece.iter().fold(sum, |sum, &byte| sum + u64::from(byte)))
    })
}

// What is made.

/// `written` bytes in a place for `size`.
#[function("build(size, written, /)")]
fn build<'py>(ts: &ThreadState<'py>, size: usize, written: usize) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::build(ts, size, |out| {
        out.fill(b'x', written).map_err(|full| ValueError::new(ts, full))
    })
}

#[function("build_ascii(byte, size, written, /)")]
fn build_ascii<'py>(
    ts: &ThreadState<'py>,
    byte: u8,
    size: usize,
    written: usize,
) -> PyResult<Bound<'py, PyStr>> {
    PyStr::build_ascii(ts, size, |out| {
        out.fill(byte, written).map_err(|full| ValueError::new(ts, full))
    })
}

#[function("build_failing(size, /)")]
fn build_failing<'py>(ts: &ThreadState<'py>, size: usize) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::build(ts, size, |_| Err(ValueError::new(ts, "no")))
}

#[function("build_panicking(size, /)")]
fn build_panicking<'py>(ts: &ThreadState<'py>, size: usize) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::build(ts, size, |_| panic!("on purpose"))
}

/// Leaves another sink in the place of the one that was lent, which says more has been written.
#[function("swap_sinks(size, /)")]
fn swap_sinks<'py>(ts: &ThreadState<'py>, size: usize) -> PyResult<Bound<'py, PyBytes>> {
    let memory: &'static mut [MaybeUninit<u8>] = vec![MaybeUninit::new(0); 4096].leak();
    PyBytes::build(ts, size, |out| {
        let mut other = Sink::new(memory);
        other.fill(b'x', 4096).map_err(|full| ValueError::new(ts, full))?;
        std::mem::swap(out, &mut other);
        Ok(())
    })
}

/// `data` over and over.
#[function("grow(data, times, /)")]
fn grow<'py>(
    ts: &ThreadState<'py>,
    data: Buffer<'_>,
    times: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut out = BytesBuilder::new(ts, 0)?;
    for i in 0..times {
        out.extend(&data)?;
        assert_eq!(out.len(), (i + 1) * data.len());
    }
    out.finish()
}

#[function("grow_by_sink(data, times, /)")]
fn grow_by_sink<'py>(
    ts: &ThreadState<'py>,
    data: Buffer<'_>,
    times: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut out = BytesBuilder::new(ts, 1)?;
    for _ in 0..times {
        out.append(data.len() + 9, |sink| {
            sink.extend(&data).map_err(|full| ValueError::new(ts, full))
        })?;
    }
    assert!(out.append(0, |_| Err(ValueError::new(ts, "no"))).is_err());
    out.finish()
}
