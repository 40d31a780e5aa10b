//! The Python face of `_bisect`.
#![forbid(unsafe_code)]

use bisect_core::partition_point;
use cpython_api::types::{LessThan, PyList, PyStr, Steady};
use cpython_api::{
    Bound, IntoPy, Module, ModuleState, NonNegative, Py, PyAny, PyResult, ThreadState, Traverse,
    function, module,
};

module! {
    /// Where an item belongs in a sequence that is kept sorted.
    ///
    /// Searching takes a number of comparisons that grows with the logarithm of the length, so
    /// it beats sorting again after each insertion.
    name: "_bisect",
    state: State,
    replaces: "Modules/_bisectmodule.c",
    functions: [bisect_left, bisect_right, insort_left, insort_right],
}

/// The name of the method that sequences other than lists insert with.
#[derive(Traverse)]
pub struct State {
    insert: Py<PyStr>,
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, _module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        Ok(Self { insert: PyStr::interned(ts, c"insert")?.unbind() })
    }
}

/// Where to insert x into a, before any items that are equal to it.
///
/// All items before the result are less than x, all others are not. lo and hi limit the search
/// to a part of a; key, when given, is called for each item that x is compared with.
#[function("bisect_left(a, x, lo=0, hi=None, *, key=None)")]
fn bisect_left<'py>(
    ts: &ThreadState<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    #[default(NonNegative(0))] lo: NonNegative,
    hi: Option<isize>,
    key: Option<&Bound<'py, PyAny>>,
) -> PyResult<usize> {
    left(ts, a, x, lo, hi, key)
}

/// Where to insert x into a, after any items that are equal to it.
///
/// All items before the result are not greater than x, all others are. lo and hi limit the
/// search to a part of a; key, when given, is called for each item that x is compared with.
#[function("bisect_right(a, x, lo=0, hi=None, *, key=None)")]
fn bisect_right<'py>(
    ts: &ThreadState<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    #[default(NonNegative(0))] lo: NonNegative,
    hi: Option<isize>,
    key: Option<&Bound<'py, PyAny>>,
) -> PyResult<usize> {
    right(ts, a, x, lo, hi, key)
}

/// Insert x into a where bisect_left() says; key, when given, is called for x too.
#[function("insort_left(a, x, lo=0, hi=None, *, key=None)")]
fn insort_left<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    #[default(NonNegative(0))] lo: NonNegative,
    hi: Option<isize>,
    key: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let i = match key {
        Some(key) => left(ts, a, &key.call1(x)?, lo, hi, Some(key))?,
        None => left(ts, a, x, lo, hi, None)?,
    };
    insert(ts, module, a, i, x)
}

/// Insert x into a where bisect_right() says; key, when given, is called for x too.
#[function("insort_right(a, x, lo=0, hi=None, *, key=None)")]
fn insort_right<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    #[default(NonNegative(0))] lo: NonNegative,
    hi: Option<isize>,
    key: Option<&Bound<'py, PyAny>>,
) -> PyResult<()> {
    let i = match key {
        Some(key) => right(ts, a, &key.call1(x)?, lo, hi, Some(key))?,
        None => right(ts, a, x, lo, hi, None)?,
    };
    insert(ts, module, a, i, x)
}

fn left<'py>(
    ts: &ThreadState<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    lo: NonNegative,
    hi: Option<isize>,
    key: Option<&Bound<'py, PyAny>>,
) -> PyResult<usize> {
    let hi = end(a, hi)?;
    let items = a.as_sequence()?;
    let _level = ts.enter_recursion(c" in _bisect.bisect_left")?;
    let mut less = LessThan::default();
    match key {
        None => match simple(a, lo, hi, |items, i| items.is_less(i, x)) {
            Some(found) => Ok(found),
            None => partition_point(lo.0, hi, |i| less.ask(&items.item(i)?, x)),
        },
        Some(key) => partition_point(lo.0, hi, |i| {
            let made = key.call1(&items.item(i)?)?;
            less.ask(&made, x)
        }),
    }
}

fn right<'py>(
    ts: &ThreadState<'py>,
    a: &Bound<'py, PyAny>,
    x: &Bound<'py, PyAny>,
    lo: NonNegative,
    hi: Option<isize>,
    key: Option<&Bound<'py, PyAny>>,
) -> PyResult<usize> {
    let hi = end(a, hi)?;
    let items = a.as_sequence()?;
    let _level = ts.enter_recursion(c" in _bisect.bisect_right")?;
    let mut less = LessThan::default();
    match key {
        None => match simple(a, lo, hi, |items, i| items.is_greater(i, x).map(|after| !after)) {
            Some(found) => Ok(found),
            None => partition_point(lo.0, hi, |i| Ok(!less.ask(x, &items.item(i)?)?)),
        },
        Some(key) => partition_point(lo.0, hi, |i| Ok(!less.ask(x, &key.call1(&items.item(i)?)?)?)),
    }
}

/// The search in a list of numbers or strings, without Python in between; nothing when there is
/// anything else on the way, and the search must start again.
#[inline(always)]
fn simple<'py>(
    a: &Bound<'py, PyAny>,
    lo: NonNegative,
    hi: isize,
    before: impl Fn(&Steady<'_, 'py>, usize) -> Option<bool>,
) -> Option<usize> {
    let list = a.cast_exact::<PyList>()?;
    list.steady(|items| partition_point(lo.0, hi, |i| before(items, i).ok_or(())).ok())
}

/// The end of the search: the length, when none is given. As in C, -1 gives none.
fn end(a: &Bound<'_, PyAny>, hi: Option<isize>) -> PyResult<isize> {
    match hi {
        None | Some(-1) => a.sequence_len(),
        Some(hi) => Ok(hi),
    }
}

fn insert<'py>(
    ts: &ThreadState<'py>,
    module: &Module<'_, 'py, State>,
    a: &Bound<'py, PyAny>,
    i: usize,
    x: &Bound<'py, PyAny>,
) -> PyResult<()> {
    if let Some(list) = a.cast_exact::<PyList>() {
        return list.insert(i, x);
    }
    let name = module.state()?.insert.get(ts);
    a.call_method(name, &[&i.into_py(ts)?, x]).map(drop)
}
