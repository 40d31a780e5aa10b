//! The module `containers`: numbers, text, lists, tuples, dicts and sets, with Python changing
//! them while Rust looks.
use cpython_api::types::{
    ListBuilder, PyBool, PyDict, PyFloat, PyFrozenDict, PyFrozenSet, PyInt, PyList, PySet, PyStr,
    PyTuple, SteadyItems, StrData, Value,
};
use cpython_api::{
    Bound, OfModule, PyAny, PyResult, StrBuilder, StrRoom, StrWriter, ThreadState, function, module,
};

type Object<'py> = Bound<'py, PyAny>;

module! {
    /// Values and containers.
    name: "containers",
    functions: [
        int_from_bytes, int_bytes, int_views, int_limits, bool_value, float_value, singletons,
        characters, str_from_latin1, str_from_ucs4, written, str_built, str_misbuilt, format_long, tuple_of, tuple_slice, tuple_items,
        list_of, list_items, list_get, list_set, list_insert, list_set_slice, list_walk, list_sort,
        list_steady, list_values, dict_values, frozen_values, tuple_values, is_bool_value, list_built, str_substring,
        dict_walk, dict_walk_calling, dict_get, dict_set, dict_pop, dict_set_default, dict_del,
        dict_contains, dict_parts,
        set_new, set_add, set_discard, set_contains, frozen, frozen_contains,
    ],
}

/// A list of what the iterable gives, unless it gives `stop`: then what is there is dropped.
#[function("list_built(iterable, stop, /)")]
fn list_built<'py>(
    ts: &ThreadState<'py>,
    iterable: &Object<'py>,
    stop: &Object<'py>,
) -> PyResult<Option<Bound<'py, PyList>>> {
    let mut built = ListBuilder::new(ts);
    let items = iterable.iter()?;
    while let Some(item) = items.next()? {
        if item.is(stop) {
            return Ok(None);
        }
        built.push(item)?;
    }
    built.finish().map(Some)
}

#[function("str_substring(text, start, end, /)")]
fn str_substring<'py>(
    text: &Bound<'py, PyStr>,
    start: usize,
    end: usize,
) -> PyResult<Bound<'py, PyStr>> {
    text.substring(start..end)
}

// Numbers.

#[function("int_from_bytes(data, signed, /)")]
fn int_from_bytes<'py>(
    ts: &ThreadState<'py>,
    data: cpython_api::Buffer<'_>,
    signed: bool,
) -> PyResult<Bound<'py, PyInt>> {
    PyInt::from_le_bytes(ts, &data, signed)
}

/// The lowest `count` bytes, and how many would do.
#[function("int_bytes(n, count, /)")]
fn int_bytes<'py>(
    ts: &ThreadState<'py>,
    n: &Bound<'py, PyInt>,
    count: u8,
) -> PyResult<(Bound<'py, cpython_api::types::PyBytes>, usize)> {
    let mut bytes = [0xaa; 255];
    let bytes = &mut bytes[..count.into()];
    let enough = n.copy_le_bytes(bytes);
    Ok((cpython_api::types::PyBytes::new(ts, bytes)?, enough))
}

/// The value as `i64`, as `u64` and as `i128` (as text), and whether it is negative.
#[function("int_views(n, /)")]
fn int_views(n: &Bound<'_, PyInt>) -> (Option<i64>, Option<u64>, Option<String>, bool) {
    let compact = n.as_compact();
    assert!(compact.is_none_or(|value| Some(value as i64) == n.to_i64()));
    (n.to_i64(), n.to_u64(), n.to_i128().map(|value| value.to_string()), n.is_negative())
}

#[function("int_limits()")]
fn int_limits<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(
        ts,
        &[
            PyInt::new(ts, i8::MIN)?.as_any(),
            PyInt::new(ts, u32::MAX)?.as_any(),
            PyInt::new(ts, i64::MIN)?.as_any(),
            PyInt::new(ts, u64::MAX)?.as_any(),
            PyInt::new(ts, usize::MAX)?.as_any(),
            PyInt::new(ts, isize::MIN)?.as_any(),
            PyInt::new(ts, i128::MIN)?.as_any(),
            PyInt::new(ts, i128::MAX)?.as_any(),
            PyInt::new(ts, u128::MAX)?.as_any(),
        ],
    )
}

#[function("bool_value(x, /)")]
fn bool_value(x: &Bound<'_, PyBool>) -> bool {
    x.value()
}

#[function("float_value(x, /)")]
fn float_value<'py>(
    ts: &ThreadState<'py>,
    x: &Bound<'py, PyFloat>,
) -> PyResult<Bound<'py, PyFloat>> {
    PyFloat::new(ts, x.value())
}

#[function("singletons()")]
fn singletons<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyTuple>> {
    let (yes, no) = (ts.bool(true), ts.bool(false));
    PyTuple::new(
        ts,
        &[&ts.none(), yes.as_any(), no.as_any(), &ts.not_implemented(), &ts.ellipsis()],
    )
}

// Text.

/// The width of the characters, and the characters.
#[function("characters(text, /)")]
fn characters<'py>(
    ts: &ThreadState<'py>,
    text: &Bound<'py, PyStr>,
) -> PyResult<(usize, Bound<'py, PyStr>, Bound<'py, PyList>)> {
    let data = text.data();
    let width = match data {
        StrData::Latin1(_) => 1,
        StrData::Ucs2(_) => 2,
        StrData::Ucs4(_) => 4,
    };
    let points = PyList::new(ts, &[])?;
    for point in data.iter() {
        points.append(&PyInt::new(ts, point)?)?;
    }
    Ok((width, PyStr::from_data(ts, data)?, points))
}

#[function("str_from_latin1(data, /)")]
fn str_from_latin1<'py>(
    ts: &ThreadState<'py>,
    data: cpython_api::Buffer<'_>,
) -> PyResult<Bound<'py, PyStr>> {
    PyStr::from_data(ts, StrData::Latin1(&data))
}

#[function("str_from_ucs4(points, /)")]
fn str_from_ucs4<'py>(
    ts: &ThreadState<'py>,
    points: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyStr>> {
    let points: Vec<u32> = points
        .iter()
        .filter_map(|point| point.cast::<PyInt>()?.to_i64()?.try_into().ok())
        .collect();
    PyStr::from_data(ts, StrData::Ucs4(&points))
}

/// Everything a writer can write.
#[function("written(o, text, start, end, /)")]
fn written<'py>(
    ts: &ThreadState<'py>,
    o: &Object<'py>,
    text: &Bound<'py, PyStr>,
    start: usize,
    end: usize,
) -> PyResult<Bound<'py, PyStr>> {
    let mut out = StrWriter::new(ts, 3)?;
    out.push('€')?;
    out.push_str("ascii, ")?;
    out.push_str("ünïcode, ")?;
    out.push_data(text.data())?;
    out.push('|')?;
    out.substring(text, start, end)?;
    out.push('|')?;
    out.str(o)?;
    out.push('|')?;
    out.repr(o)?;
    write!(out, "|{:>4}|{:.2}", 42, 0.125)?;
    out.finish()
}

/// All texts in one, written in pieces of at most `most` characters into memory that begins with
/// `first` places.
#[function("str_built(texts, first, most, /)")]
fn str_built<'py>(
    ts: &ThreadState<'py>,
    texts: &Bound<'py, PyList>,
    first: usize,
    most: usize,
) -> PyResult<Bound<'py, PyStr>> {
    let mut first = vec![0; first];
    let mut out = StrBuilder::new(ts, &mut first);
    for text in texts.iter() {
        let Some(text) = text.cast::<PyStr>() else { continue };
        out.widen(text.data().iter().max().unwrap_or(0))?;
        let points: Vec<u32> = text.data().iter().collect();
        for piece in points.chunks(most) {
            match out.room(piece.len())? {
                StrRoom::Narrow(places) => put(piece, places, |c| c as u8),
                StrRoom::Ucs2(places) => put(piece, places, |c| c as u16),
                StrRoom::Ucs4(places) => put(piece, places, |c| c),
            }
            out.advance(piece.len());
        }
    }
    out.finish()
}

fn put<T>(piece: &[u32], places: &mut [T], convert: impl Fn(u32) -> T) {
    for (place, &c) in places.iter_mut().zip(piece) {
        *place = convert(c);
    }
}

/// Writes what was not announced, announces what is not written, counts too far, swaps builders.
#[function("str_misbuilt(how, c, /)")]
fn str_misbuilt<'py>(
    ts: &ThreadState<'py>,
    how: u32,
    c: u32,
) -> PyResult<(Bound<'py, PyStr>, Bound<'py, PyStr>)> {
    let (mut first, mut second) = ([1; 20], [2; 40]);
    let mut out = StrBuilder::new(ts, &mut first);
    let mut other = StrBuilder::new(ts, &mut second);
    out.widen(how >> 8)?;
    if how & 1 != 0 {
        out.reserve(5000)?;
    }
    for _ in 0..how >> 4 & 3 {
        match out.room(7)? {
            StrRoom::Narrow(places) => places.fill(c as u8),
            StrRoom::Ucs2(places) => places.fill(c as u16),
            StrRoom::Ucs4(places) => places.fill(c),
        }
        out.advance(if how & 2 != 0 { usize::MAX } else { 7 });
        if how & 4 != 0 {
            std::mem::swap(&mut out, &mut other);
        }
        if how & 8 != 0 {
            out.widen(c)?;
        }
    }
    Ok((out.finish()?, other.finish()?))
}

#[function("format_long(length, /)")]
fn format_long<'py>(ts: &ThreadState<'py>, length: usize) -> PyResult<Bound<'py, PyStr>> {
    PyStr::format(ts, format_args!("{}\0{:é>length$}", 1, 2))
}

// Tuples.

#[function("tuple_of(a, b, c, /)")]
fn tuple_of<'py>(
    ts: &ThreadState<'py>,
    a: &Object<'py>,
    b: &Object<'py>,
    c: &Object<'py>,
) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(ts, &[a, b, c])
}

#[function("tuple_slice(x, start, end, /)")]
fn tuple_slice<'py>(
    x: &Bound<'py, PyTuple>,
    start: usize,
    end: usize,
) -> PyResult<Bound<'py, PyTuple>> {
    x.slice(start..end)
}

/// The items, by iterating; and the one behind the last.
#[function("tuple_items(x, /)")]
fn tuple_items<'py>(
    ts: &ThreadState<'py>,
    x: &Bound<'py, PyTuple>,
) -> PyResult<(Bound<'py, PyList>, Option<Object<'py>>)> {
    let items: Vec<_> = x.iter().collect();
    Ok((PyList::new(ts, &items.iter().collect::<Vec<_>>())?, x.get(x.len())))
}

// Lists.

#[function("list_of(a, b, c, /)")]
fn list_of<'py>(
    ts: &ThreadState<'py>,
    a: &Object<'py>,
    b: &Object<'py>,
    c: &Object<'py>,
) -> PyResult<Bound<'py, PyList>> {
    PyList::new(ts, &[a, b, c])
}

#[function("list_items(x, /)")]
fn list_items<'py>(x: &Bound<'py, PyList>) -> PyResult<(Bound<'py, PyTuple>, usize)> {
    Ok((x.to_tuple()?, x.iter().count()))
}

#[function("list_get(x, i, /)")]
fn list_get<'py>(x: &Bound<'py, PyList>, i: usize) -> Option<Object<'py>> {
    x.get(i)
}

#[function("list_set(x, i, item, /)")]
fn list_set<'py>(x: &Bound<'py, PyList>, i: usize, item: &Object<'py>) -> PyResult<()> {
    x.set(i, item)
}

#[function("list_insert(x, i, item, /)")]
fn list_insert<'py>(x: &Bound<'py, PyList>, i: usize, item: &Object<'py>) -> PyResult<()> {
    x.insert(i, item)
}

#[function("list_set_slice(x, start, end, items, /)")]
fn list_set_slice<'py>(
    x: &Bound<'py, PyList>,
    start: usize,
    end: usize,
    items: &Object<'py>,
) -> PyResult<()> {
    x.set_slice(start..end, (!items.is_none()).then_some(items))
}

#[function("list_sort(x, /)")]
fn list_sort(x: &Bound<'_, PyList>) -> PyResult<()> {
    x.sort()
}

/// Calls `work` with each item while walking over the list; how many there were.
#[function("list_walk(x, work, /)")]
fn list_walk<'py>(x: &Bound<'py, PyList>, work: &Object<'py>) -> PyResult<usize> {
    let mut count = 0;
    for item in x.iter() {
        work.call1(&item)?;
        // The item is counted here, whatever the list holds now.
        item.get_type();
        count += 1;
    }
    Ok(count)
}

// Dicts.

/// Whether the first item is less than `x`, before and after `work` is called in the search.
#[function("list_steady(x, y, work, /)")]
fn list_steady<'py>(
    x: &Bound<'py, PyList>,
    y: &Object<'py>,
    work: &Object<'py>,
) -> PyResult<(Option<bool>, Option<bool>)> {
    x.steady(|items| {
        let before = items.is_less(0, y);
        work.call0()?;
        Ok((before, items.is_less(0, y)))
    })
}

/// The items, by iterating, as a list of pairs.
#[function("dict_walk(x, /)")]
fn dict_walk<'py>(ts: &ThreadState<'py>, x: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyList>> {
    let items = PyList::new(ts, &[])?;
    for item in x.iter() {
        let (key, value) = item?;
        items.append(&PyTuple::new(ts, &[&key, &value])?)?;
    }
    Ok(items)
}

/// Calls `work` with each key and value while walking over the dict; how many there were.
#[function("dict_walk_calling(x, work, /)")]
fn dict_walk_calling<'py>(x: &Bound<'py, PyDict>, work: &Object<'py>) -> PyResult<usize> {
    let mut items = x.iter();
    let mut count = 0;
    while let Some(item) = items.next() {
        let (key, value) = match item {
            Ok(pair) => pair,
            Err(error) => {
                assert!(items.next().is_none(), "a failed iteration goes on");
                return Err(error);
            }
        };
        work.call(&[&key, &value])?;
        key.get_type();
        value.get_type();
        count += 1;
    }
    assert!(items.next().is_none(), "an ended iteration goes on");
    Ok(count)
}

#[function("dict_get(x, key, /)")]
fn dict_get<'py>(x: &Bound<'py, PyDict>, key: &Object<'py>) -> PyResult<Option<Object<'py>>> {
    x.get(key)
}

#[function("dict_set(x, key, value, /)")]
fn dict_set<'py>(
    x: &Bound<'py, PyDict>,
    key: &Object<'py>,
    value: &Object<'py>,
) -> PyResult<usize> {
    x.set(key, value)?;
    Ok(x.len())
}

#[function("dict_pop(x, key, /)")]
fn dict_pop<'py>(x: &Bound<'py, PyDict>, key: &Object<'py>) -> PyResult<Option<Object<'py>>> {
    x.pop(key)
}

#[function("dict_set_default(x, key, value, /)")]
fn dict_set_default<'py>(
    x: &Bound<'py, PyDict>,
    key: &Object<'py>,
    value: &Object<'py>,
) -> PyResult<(Object<'py>, bool)> {
    x.set_default(key, value)
}

#[function("dict_del(x, key, /)")]
fn dict_del<'py>(x: &Bound<'py, PyDict>, key: &Object<'py>) -> PyResult<()> {
    x.del(key)
}

#[function("dict_contains(x, key, /)")]
fn dict_contains<'py>(x: &Bound<'py, PyDict>, key: &Object<'py>) -> PyResult<bool> {
    x.contains(key)
}

/// Keys, values, items, and a copy made before the dict is cleared.
#[function("dict_parts(x, /)")]
fn dict_parts<'py>(ts: &ThreadState<'py>, x: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyTuple>> {
    let (keys, values, items, copy) = (x.keys()?, x.values()?, x.items()?, x.copy()?);
    x.clear();
    assert!(x.is_empty());
    PyTuple::new(ts, &[&keys, &values, &items, &copy])
}

// Sets.

#[function("set_new(items=None, /)")]
fn set_new<'py>(ts: &ThreadState<'py>, items: Option<&Object<'py>>) -> PyResult<Bound<'py, PySet>> {
    PySet::new(ts, items)
}

#[function("set_add(x, item, /)")]
fn set_add<'py>(x: &Bound<'py, PySet>, item: &Object<'py>) -> PyResult<usize> {
    x.add(item)?;
    Ok(x.len())
}

#[function("set_discard(x, item, /)")]
fn set_discard<'py>(x: &Bound<'py, PySet>, item: &Object<'py>) -> PyResult<bool> {
    x.discard(item)
}

#[function("set_contains(x, item, /)")]
fn set_contains<'py>(x: &Bound<'py, PySet>, item: &Object<'py>) -> PyResult<bool> {
    x.contains(item)
}

#[function("frozen(items=None, /)")]
fn frozen<'py>(
    ts: &ThreadState<'py>,
    items: Option<&Object<'py>>,
) -> PyResult<(Bound<'py, PyFrozenSet>, usize)> {
    let set = PyFrozenSet::new(ts, items)?;
    let size = set.len();
    Ok((set, size))
}

#[function("frozen_contains(x, item, /)")]
fn frozen_contains<'py>(x: &Bound<'py, PyFrozenSet>, item: &Object<'py>) -> PyResult<bool> {
    x.contains(item)
}

// Values.

/// What the items are, with `act` called after each.
#[function("list_values(items, act, /)")]
fn list_values<'py>(
    ts: &ThreadState<'py>,
    items: &Bound<'py, PyList>,
    act: &Object<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let found = PyList::new(ts, &[])?;
    items.steady(|items| {
        let mut i = 0;
        while let Some(value) = items.value_at(i) {
            found.append(&shown(ts, &value)?)?;
            act.call0()?;
            i += 1;
        }
        Ok(found)
    })
}

#[function("dict_values(items, act, /)")]
fn dict_values<'py>(
    ts: &ThreadState<'py>,
    items: &Bound<'py, PyDict>,
    act: &Object<'py>,
) -> PyResult<Bound<'py, PyList>> {
    items.steady_items(|items| pairs(ts, items, act))
}

#[function("frozen_values(items, act, /)")]
fn frozen_values<'py>(
    ts: &ThreadState<'py>,
    items: &Bound<'py, PyFrozenDict>,
    act: &Object<'py>,
) -> PyResult<(Bound<'py, PyList>, usize)> {
    Ok((items.steady_items(|pairs_of| pairs(ts, pairs_of, act))?, items.len()))
}

#[function("tuple_values(items, /)")]
fn tuple_values<'py>(
    ts: &ThreadState<'py>,
    items: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyList>> {
    let found = PyList::new(ts, &[])?;
    for value in (0..items.len() + 1).map_while(|i| items.value_at(i)) {
        found.append(&shown(ts, &value)?)?;
    }
    Ok(found)
}

#[function("is_bool_value(callable, /)")]
fn is_bool_value(callable: &Object<'_>) -> bool {
    callable.is_function::<OfModule<()>, bool_value>()
}

fn pairs<'py>(
    ts: &ThreadState<'py>,
    items: &mut SteadyItems<'_, 'py>,
    act: &Object<'py>,
) -> PyResult<Bound<'py, PyList>> {
    let found = PyList::new(ts, &[])?;
    for (key, value) in items {
        found.append(&shown(ts, &key)?)?;
        found.append(&shown(ts, &value)?)?;
        act.call0()?;
    }
    Ok(found)
}

/// The kind of a value, and an object with it.
fn shown<'py>(ts: &ThreadState<'py>, value: &Value<'py>) -> PyResult<Bound<'py, PyTuple>> {
    let kind = match value {
        Value::None => "none",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) => "str",
        Value::Other(_) => "other",
    };
    let kind = PyStr::new(ts, kind)?;
    PyTuple::new(ts, &[&kind, &value.object(ts)?])
}
