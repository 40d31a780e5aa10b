//! The module `arguments`: data lent from arguments, module and receiver while Python takes them away.
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cpython_api::class::{Lent, Memory};
use cpython_api::{
    Bound, Buffer, Call, ClassRef, Convention, Function, Module, ModuleState, OfModule, Outcome,
    Parameters, PlacesOf, Py, PyAny, PyResult, Shared, ThreadState, Traverse, class, function,
    methods, module,
};

module! {
    /// Data lent while Python takes away what it rests on.
    name: "arguments",
    state: State,
    functions: [
        text_stays, bytes_stay, bytes_stay_detached, state_stays, set_callback, state_stays_or_zero,
        last_answer, float_that_is_kept,
    ],
}

/// Says of itself whether it is alive.
#[derive(Traverse)]
pub struct State {
    mark: Mark,
    _receiver: ClassRef<Receiver>,
    _taker: ClassRef<Taker>,
    _liar: ClassRef<Liar>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self {
            mark: Mark::new(),
            _receiver: module.add_class::<Receiver>(ts)?,
            _taker: module.add_class::<Taker>(ts)?,
            _liar: module.add_class::<Liar>(ts)?,
        })
    }
}

/// A number that only a living value has.
#[derive(Traverse)]
struct Mark(#[traverse(skip)] AtomicU64);

const ALIVE: u64 = 0x0a11_ce00_0a11_ce00;

impl Mark {
    fn new() -> Self {
        Self(AtomicU64::new(ALIVE))
    }

    fn is_alive(&self) -> bool {
        self.0.load(Ordering::Relaxed) == ALIVE
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Whether a text is the same after a call of `run` as before.
#[function("text_stays(text, run, /)")]
fn text_stays(text: &str, run: &Bound<'_, PyAny>) -> PyResult<bool> {
    let before = text.to_owned();
    run.call0()?;
    Ok(text == before)
}

/// Whether bytes are the same after a call of `run` as before.
#[function("bytes_stay(data, run, /)")]
fn bytes_stay(data: Buffer<'_>, run: &Bound<'_, PyAny>) -> PyResult<bool> {
    let before = data.to_vec();
    run.call0()?;
    Ok(*data == before[..])
}

/// Whether bytes stay the same for a time, read again and again while detached.
#[function("bytes_stay_detached(data, milliseconds, /)")]
fn bytes_stay_detached(ts: &mut ThreadState<'_>, data: Buffer<'_>, milliseconds: u64) -> bool {
    let end = Instant::now() + Duration::from_millis(milliseconds);
    let before = data.to_vec();
    ts.detach(|| {
        while Instant::now() < end {
            if *data != before[..] {
                return false;
            }
            thread::sleep(Duration::from_millis(1));
        }
        true
    })
}

/// Whether the module's state is alive after a call of `run`.
#[function("state_stays(run, /)")]
fn state_stays(module: &Module<'_, '_, State>, run: &Bound<'_, PyAny>) -> PyResult<bool> {
    let state = module.state()?;
    run.call0()?;
    Ok(state.mark.is_alive())
}

thread_local! {
    static CALLBACK: RefCell<Option<Py>> = const { RefCell::new(None) };
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// What the last function that called the callback has answered, for callers that lose it.
#[function("last_answer()")]
fn last_answer() -> u32 {
    LAST.replace(0)
}

/// What functions without parameters call.
#[function("set_callback(run, /)")]
fn set_callback(run: &Bound<'_, PyAny>) {
    CALLBACK.set(Some(run.clone().unbind()));
}

/// 1 when the state is alive after the callback, 2 when not; 0 when called by the callback.
#[function("state_stays_or_zero()")]
fn state_stays_or_zero(ts: &ThreadState<'_>, module: &Module<'_, '_, State>) -> PyResult<u32> {
    let state = module.state()?;
    call_back_or_zero(ts, || state.mark.is_alive())
}

fn call_back_or_zero(ts: &ThreadState<'_>, is_alive: impl FnOnce() -> bool) -> PyResult<u32> {
    if INSIDE.replace(true) {
        return Ok(0);
    }
    let called = CALLBACK.take().map_or(Ok(()), |run| run.get(ts).call0().map(drop));
    INSIDE.set(false);
    called?;
    LAST.set(if is_alive() { 1 } else { 2 });
    Ok(LAST.get())
}

/// A receiver that tells whether it is alive.
#[class("arguments.Receiver", state = State)]
pub struct Receiver {
    mark: Mark,
}

#[methods]
impl Receiver {
    #[new("Receiver()")]
    fn new() -> Self {
        Self { mark: Mark::new() }
    }

    /// 1 when alive after the callback, 2 when not; 0 when called by the callback.
    #[method("stays_or_zero()")]
    fn stays_or_zero(&self, ts: &ThreadState<'_>) -> PyResult<u32> {
        call_back_or_zero(ts, || self.mark.is_alive())
    }

    /// Whether the module's state can be had; an error when the collector has torn them apart.
    #[method("reaches_state()")]
    fn reaches_state(&self, module: &Module<'_, '_, State>) -> PyResult<bool> {
        Ok(module.state()?.mark.is_alive() && self.mark.is_alive())
    }
}

/// A class whose constructor takes keywords, from whatever dictionary C passes.
#[class("arguments.Taker", state = State, subclassable)]
pub struct Taker;

#[methods]
impl Taker {
    /// Looks at both arguments.
    #[new("Taker(first=None, second=None)")]
    fn new<'py>(
        first: Option<&Bound<'py, PyAny>>,
        second: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        for argument in [first, second].into_iter().flatten() {
            argument.repr()?;
        }
        Ok(Self)
    }
}

/// A class that lends its memory as items that are larger than it says.
#[class("arguments.Liar", state = State)]
pub struct Liar {
    memory: Shared<Memory>,
}

#[methods]
impl Liar {
    #[new("Liar(length, /)")]
    fn new(ts: &ThreadState<'_>, length: usize) -> PyResult<Self> {
        Ok(Self { memory: Memory::new(ts, length)? })
    }

    #[slot(bf_getbuffer)]
    fn getbuffer(&self, _ts: &mut ThreadState<'_>) -> PyResult<Lent> {
        Ok(Lent::all(&self.memory).items(c"@d", 1).range(1..usize::MAX))
    }
}

/// Says that it only reads floats, and asks for its argument as any object.
#[allow(non_camel_case_types, reason = "has the name of its function")]
enum float_that_is_kept {}

impl Function<OfModule<State>> for float_that_is_kept {
    const PARAMETERS: &'static Parameters = &Parameters {
        name: c"float_that_is_kept",
        doc: c"",
        convention: Convention::One,
        names: &["x"],
        positional_only: 1,
        positional: 1,
        required: 1,
        ..Parameters::NONE
    };
    const READS_FLOATS: bool = true;
    type Places = PlacesOf<1>;

    fn call<'a, 'py>(call: Call<'a, 'py, OfModule<State>>) -> PyResult<Outcome<'py>> {
        let mut holder = Default::default();
        let kept: &Bound<'py, PyAny> = call.required(0, &mut holder)?;
        call.give(kept.clone())
    }
}
