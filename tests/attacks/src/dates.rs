//! The module `dates`: the C functions of `datetime`, with objects that only look like dates and
//! with an interpreter that is not the one they were imported in.
use std::sync::Mutex;

use cpython_api::types::{DateTimeApi, Moment};
use cpython_api::{
    Bound, Module, ModuleState, PyAny, PyResult, ThreadState, Traverse, function, module,
};

module! {
    /// Dates and times.
    name: "dates",
    state: State,
    functions: [told, zone_of, later, delta, moment, folded, stash, use_stashed],
}

/// What the module keeps.
#[derive(Traverse)]
pub struct State {
    api: DateTimeApi,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, _: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self { api: DateTimeApi::import(ts)? })
    }
}

/// What a `datetime` tells, and whether it is of a subclass; nothing of anything else.
#[function("told(o, /)")]
fn told(module: &Module<'_, '_, State>, o: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let api = &module.state()?.api;
    let exact = api.exact_moment(o).is_some();
    Ok(api.datetime(o).map(|datetime| {
        let Moment { year, month, day, hour, minute, second, microsecond, fold } =
            datetime.moment();
        format!("{exact} {year} {month} {day} {hour} {minute} {second} {microsecond} {fold}")
    }))
}

#[function("zone_of(o, /)")]
fn zone_of<'py>(
    module: &Module<'_, 'py, State>,
    o: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    Ok(module.state()?.api.datetime(o).map(Bound::tzinfo))
}

/// `datetime + delta`; nothing of what is no `datetime`.
#[function("later(o, delta, /)")]
fn later<'py>(
    module: &Module<'_, 'py, State>,
    o: &Bound<'py, PyAny>,
    delta: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let api = &module.state()?.api;
    api.datetime(o).map(|datetime| api.add(datetime, delta)).transpose()
}

#[function("delta(days, seconds, microseconds, /)")]
fn delta<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    days: i32,
    seconds: i32,
    microseconds: i32,
) -> PyResult<Bound<'py, PyAny>> {
    module.state()?.api.new_timedelta(ts, days, seconds, microseconds)
}

#[function("moment(year, month, day, hour, minute, second, microsecond, fold, tzinfo, /)")]
fn moment<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
    fold: bool,
    tzinfo: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let moment = Moment { year, month, day, hour, minute, second, microsecond, fold };
    module.state()?.api.new_datetime(ts, moment, tzinfo)
}

/// Gives a fold to `a + b`, or to `a` itself without `b`; and whether that was done.
#[function("folded(a, b, /)")]
fn folded<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, bool)> {
    let mut object = if b.is_none() { a.clone() } else { a.add(b)? };
    let done = module.state()?.api.with_fold(ts, &mut object)?;
    Ok((object, done))
}

static STASH: Mutex<Option<DateTimeApi>> = Mutex::new(None);

/// Keeps the functions where every interpreter finds them.
#[function("stash()")]
fn stash(ts: &ThreadState<'_>, module: &Module<'_, '_, State>) -> PyResult<()> {
    let api = module.state()?.api.clone_ref(ts);
    if let Ok(mut stash) = STASH.lock() {
        *stash = Some(api);
    }
    Ok(())
}

/// Makes a `timedelta` with what was stashed, perhaps in another interpreter.
#[function("use_stashed()")]
fn use_stashed<'py>(ts: &ThreadState<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let stash = STASH.lock().ok().and_then(|mut stash| stash.take());
    stash.map(|api| api.new_timedelta(ts, 0, 1, 0)).transpose()
}
