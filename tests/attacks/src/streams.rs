//! The module `streams`: work that runs detached behind a lock, and the `bytes` that it makes.
use std::io::BufRead;
use std::mem::MaybeUninit;
use std::ops::ControlFlow::{Break, Continue};
use std::thread::sleep;
use std::time::Duration;

use cpython_api::exception::ValueError;
use cpython_api::types::PyBytes;
use cpython_api::{
    Bound, Chunks, Module, ModuleState, Py, PyAny, PyErr, PyLock, PyResult, Room, Sink,
    ThreadState, Traverse, class, function, methods, module,
};
use send_wrapper::SendWrapper;

module! {
    /// Work that runs detached behind a lock.
    name: "streams",
    state: State,
    functions: [copy, count_up, swap_grown],
}

/// Nothing but the class.
#[derive(Traverse)]
pub struct State {}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        module.add_class::<Stream>(ts)?;
        Ok(Self {})
    }
}

/// A number, and objects that are kept beside it.
#[class("streams.Stream", state = State)]
pub struct Stream {
    inner: PyLock<Inner>,
}

#[derive(Default, Traverse)]
struct Inner {
    kept: Vec<Py>,
    #[traverse(skip)]
    total: u64,
}

#[methods]
impl Stream {
    #[new("Stream()")]
    fn new() -> Self {
        Self { inner: PyLock::default() }
    }

    /// Adds up the bytes, detached, a piece at a time; the sums come back as text.
    #[method("add(data, milliseconds=0, /)")]
    fn add(
        &self,
        ts: &mut ThreadState<'_>,
        data: Chunks<'_>,
        milliseconds: u64,
    ) -> PyResult<Py<PyBytes>> {
        let mut pieces = data.pieces();
        self.inner.hold(ts, |inner, inside| {
            inside.grow(Room::UNLIMITED, |out| {
                let piece = pieces.fill_buf().unwrap_or_default();
                let (count, before) = (piece.len().min(1000), inner.total);
                inner.total += piece[..count].iter().map(|&byte| u64::from(byte)).sum::<u64>();
                sleep(Duration::from_millis(milliseconds));
                pieces.consume(count);
                if out.extend(format!("{} ", inner.total).as_bytes()).is_err() || count == 0 {
                    inner.total = before;
                    return Ok::<_, PyErr>(Break(()));
                }
                Ok(Continue(()))
            })
        })?
    }

    /// Keeps the bytes twice over, joined to themselves inside; and whether they were lent.
    #[method("doubled(data, /)")]
    fn doubled(&self, ts: &mut ThreadState<'_>, data: Chunks<'_>) -> PyResult<(Py<PyBytes>, bool)> {
        let lent = data.whole();
        let mut copy = vec![0; data.len()];
        data.read_at(0, &mut copy);
        let doubled = self.inner.hold(ts, |inner, inside| {
            let one = inside.join(lent.unwrap_or(&copy), b"")?;
            let both = inside.join(inside.slice(&one), &copy)?;
            let same = inside.detach(|| inside_is(lent, &copy));
            assert!(same, "what is lent has changed");
            inner.total += inside.slice(&both).len() as u64;
            Ok::<_, PyErr>(inside.another(&both))
        })??;
        Ok((doubled, lent.is_some()))
    }

    #[method("total()")]
    fn total(&self, ts: &ThreadState<'_>) -> PyResult<u64> {
        self.inner.with(ts, |inner| inner.total)
    }

    /// Holds the lock, detached.
    #[method("hold(milliseconds, /)")]
    fn hold(&self, ts: &mut ThreadState<'_>, milliseconds: u64) -> PyResult<()> {
        self.inner.hold(ts, |_, inside| {
            inside.detach(|| sleep(Duration::from_millis(milliseconds)));
        })
    }

    #[method("keep(item, /)")]
    fn keep(&self, ts: &ThreadState<'_>, item: &Bound<'_, PyAny>) -> PyResult<()> {
        let item = item.clone().unbind();
        self.inner.with(ts, |inner| inner.kept.push(item))
    }

    /// Drops what is kept: half of it detached, half of it attached, all of it inside.
    #[method("drop_kept()")]
    fn drop_kept(&self, ts: &mut ThreadState<'_>) -> PyResult<()> {
        self.inner.hold(ts, |inner, inside| {
            let half = inner.kept.split_off(inner.kept.len() / 2);
            inside.detach(|| drop(half));
            inner.kept.truncate(0);
        })
    }

    /// Panics while it is detached, when some output has been made.
    #[method("panic_inside()")]
    fn panic_inside(&self, ts: &mut ThreadState<'_>) -> PyResult<Py<PyBytes>> {
        self.inner.hold(ts, |inner, inside| {
            inside.grow(Room::UNLIMITED, |out| {
                if out.fill(b'x', out.remaining()).is_err() || inner.total > 100_000 {
                    panic!("on purpose");
                }
                inner.total += 50_000;
                Ok::<_, PyErr>(Continue(()))
            })
        })?
    }

    /// Runs Python where there is none: inside the lock, attached or detached.
    #[method("smuggle(work, detached, /)")]
    fn smuggle<'py>(
        &self,
        ts: &mut ThreadState<'py>,
        work: &Bound<'py, PyAny>,
        detached: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let work = SendWrapper::new(work);
        let result = self.inner.hold(ts, |_, inside| {
            SendWrapper::new(if detached {
                inside.detach(|| SendWrapper::new(work.call0())).take()
            } else {
                work.call0()
            })
        })?;
        result.take()
    }
}

fn inside_is(lent: Option<&[u8]>, copy: &[u8]) -> bool {
    lent.is_none_or(|lent| lent == copy)
}

/// The bytes without the first `skipped`, through a stream of pieces; `most` of them at most.
#[function("copy(data, most, first, brief=False, skipped=0, /)")]
fn copy<'py>(
    ts: &mut ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    data: Chunks<'_>,
    most: isize,
    first: usize,
    brief: bool,
    skipped: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut pieces = data.pieces();
    pieces.skip(skipped / 2);
    let _ = pieces.fill_buf();
    pieces.skip(skipped - skipped / 2);
    PyBytes::grow(ts, Room::max_length(most).first(first).brief(brief), |out| {
        let piece = pieces.fill_buf().unwrap_or_default();
        let count = piece.len().min(out.remaining());
        let _ = out.extend(&piece[..count]);
        pieces.consume(count);
        let is_over = pieces.fill_buf().unwrap_or_default().is_empty();
        Ok::<_, PyErr>(if is_over { Break(()) } else { Continue(()) })
    })
}

/// Fills all room it gets and fails at the step of this number; gives how much room each step had.
#[function("count_up(most, steps, /)")]
fn count_up<'py>(
    ts: &mut ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    most: isize,
    steps: usize,
) -> PyResult<String> {
    struct Failed(Option<PyErr>);
    impl From<PyErr> for Failed {
        fn from(error: PyErr) -> Self {
            Self(Some(error))
        }
    }
    let mut rooms = Vec::new();
    let made = PyBytes::grow(ts, Room::max_length(most), |out| {
        rooms.push(out.remaining());
        let _ = out.fill(1, out.remaining());
        if rooms.len() < steps { Ok(Continue(())) } else { Err(Failed(None)) }
    });
    match made {
        Ok(bytes) if bytes.as_slice().iter().all(|&byte| byte == 1) => Ok(format!("{rooms:?}")),
        Err(Failed(None)) => Ok(format!("{rooms:?}")),
        Ok(_) => Err(ValueError::new(ts, "some bytes are lost")),
        Err(Failed(Some(error))) => Err(error),
    }
}

/// Leaves another sink in the place of the one that was lent.
#[function("swap_grown(size, /)")]
fn swap_grown<'py>(
    ts: &mut ThreadState<'py>,
    _module: &Module<'_, 'py, State>,
    size: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let memory: &'static mut [MaybeUninit<u8>] = vec![MaybeUninit::new(0); size].leak();
    let mut memory = Some(memory);
    PyBytes::grow(ts, Room::UNLIMITED, |out| {
        let mut other = Sink::new(memory.take().unwrap_or_default());
        let _ = other.fill(b'x', other.remaining());
        *out = other;
        Ok::<_, PyErr>(Break(()))
    })
}
