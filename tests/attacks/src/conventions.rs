//! The module `conventions`: a function for each calling convention and each converter, doing
//! nothing or giving back what it got, so that Python can see what became of an argument.
use cpython_api::types::{PyBytes, PyDict, PyList, PyStr, PyTuple};
use cpython_api::{
    Bound, Byte, CodePoint, Ignored, Masked, Module, NonNegative, PyAny, PyResult, SliceIndex,
    ThreadState, function, module,
};

module! {
    /// Calling conventions and converters.
    name: "conventions",
    functions: [
        noargs, one, fast, keywords, token_and_object,
        asks, fails, optional_object, optional_left_out, object_default_none, text_default,
        computed_default, more, all_kinds, more_keywords, keyword_only,
        int, short, unsigned_char, long, unsigned_short, unsigned_int, unsigned_long, size_t,
        ssize_t, ssize_t_or_none, ssize_t_not_negative, slice_index, slice_index_or_none,
        masked_8, masked_16, masked_32, masked_64, truth, double, float, text, text_or_none,
        byte, code_point, str_object, bytes_object, list_object, named_text, named_bytes,
        give_nothing, give_tuple, give_bytes, give_option, give_char, give_large,
    ],
}

// The five of the speed tables.

#[function("noargs()")]
pub(crate) fn noargs() {}

#[function("one(x, /)")]
pub(crate) fn one(_x: Ignored) {}

#[function("fast(a, b, /)")]
pub(crate) fn fast(_a: Ignored, _b: Ignored) {}

#[function("keywords(a, b)")]
pub(crate) fn keywords(_a: Ignored, _b: Ignored) {}

#[function("token_and_object(x, /)")]
pub(crate) fn token_and_object(_ts: &ThreadState<'_>, _x: &Bound<'_, PyAny>) {}

// What a function may ask for, and how defaults arrive.

#[function("asks(x, /)")]
fn asks<'py>(
    module: &Module<'_, 'py, ()>,
    x: &Bound<'py, PyAny>,
    ts: &mut ThreadState<'py>,
) -> PyResult<(Bound<'py, PyAny>, bool)> {
    let detached = ts.detach(|| true);
    Ok((module.object().getattr(c"__name__")?, detached && !x.is_none()))
}

#[function("fails(x, /)")]
fn fails(ts: &ThreadState<'_>, x: &str) -> PyResult<()> {
    Err(cpython_api::exception::ValueError::new(ts, x))
}

#[function("optional_object(x=None)")]
fn optional_object<'a, 'py>(
    x: Option<&'a Bound<'py, PyAny>>,
) -> (bool, Option<&'a Bound<'py, PyAny>>) {
    (x.is_some(), x)
}

#[function("optional_left_out(x=<unrepresentable>)")]
fn optional_left_out<'a, 'py>(
    x: Option<&'a Bound<'py, PyAny>>,
) -> (bool, Option<&'a Bound<'py, PyAny>>) {
    (x.is_some(), x)
}

#[function("object_default_none(x=None)")]
fn object_default_none<'py>(x: &Bound<'py, PyAny>) -> Bound<'py, PyAny> {
    x.clone()
}

#[function("text_default(x='a\\n', y=-1, z=0.5, flag=True)")]
fn text_default(x: &str, y: i32, z: f64, flag: bool) -> (&str, i32, f64, bool) {
    (x, y, z, flag)
}

#[function("computed_default(x=LIMIT)")]
fn computed_default(#[default(1 << 40)] x: i64) -> i64 {
    x
}

#[function("more(a, /, *rest)")]
fn more<'a, 'py>(a: i32, rest: &'a Bound<'py, PyTuple>) -> (i32, &'a Bound<'py, PyTuple>) {
    (a, rest)
}

type Triple = (i32, i32, i32);

#[function("all_kinds(a, b=0, /, c=0, *rest, d, e=0)")]
fn all_kinds<'a, 'py>(
    a: i32,
    b: i32,
    c: i32,
    rest: &'a Bound<'py, PyTuple>,
    d: i32,
    e: i32,
) -> (Triple, &'a Bound<'py, PyTuple>, (i32, i32)) {
    ((a, b, c), rest, (d, e))
}

#[function("more_keywords(a=0, /, *rest, **others)")]
fn more_keywords<'a, 'py>(
    a: i32,
    rest: &'a Bound<'py, PyTuple>,
    others: &'a Bound<'py, PyDict>,
) -> (i32, &'a Bound<'py, PyTuple>, &'a Bound<'py, PyDict>) {
    (a, rest, others)
}

#[function("keyword_only(a, /, *, b, wrapcol=0)")]
fn keyword_only(a: i32, b: i32, wrapcol: usize) -> (i32, i32, usize) {
    (a, b, wrapcol)
}

// One function for each converter.

/// A function `name(x, /)` that gives back what the type converts to.
macro_rules! echoes {
    ($($name:ident, $signature:literal, $type:ty => $back:ty, $value:pat => $result:expr;)*) => {$(
        #[function($signature)]
        fn $name(x: $type) -> $back {
            let $value = x;
            $result
        }
    )*};
}

echoes! {
    int, "int(x, /)", i32 => i32, x => x;
    short, "short(x, /)", i16 => i16, x => x;
    unsigned_char, "unsigned_char(x, /)", u8 => u8, x => x;
    long, "long(x, /)", i64 => i64, x => x;
    unsigned_short, "unsigned_short(x, /)", u16 => u16, x => x;
    unsigned_int, "unsigned_int(x, /)", u32 => u32, x => x;
    unsigned_long, "unsigned_long(x, /)", u64 => u64, x => x;
    size_t, "size_t(x, /)", usize => usize, x => x;
    ssize_t, "ssize_t(x, /)", isize => isize, x => x;
    ssize_t_or_none, "ssize_t_or_none(x=None, /)", Option<isize> => Option<isize>, x => x;
    ssize_t_not_negative, "ssize_t_not_negative(x, /)", NonNegative => usize, NonNegative(x) => x;
    slice_index, "slice_index(x, /)", SliceIndex => isize, SliceIndex(x) => x;
    slice_index_or_none, "slice_index_or_none(x, /)", Option<SliceIndex> => Option<isize>, x => x.map(|x| x.0);
    masked_8, "masked_8(x, /)", Masked<u8> => u8, Masked(x) => x;
    masked_16, "masked_16(x, /)", Masked<u16> => u16, Masked(x) => x;
    masked_32, "masked_32(x, /)", Masked<u32> => u32, Masked(x) => x;
    masked_64, "masked_64(x, /)", Masked<u64> => u64, Masked(x) => x;
    truth, "truth(x, /)", bool => bool, x => x;
    double, "double(x, /)", f64 => f64, x => x;
    float, "float(x, /)", f32 => f32, x => x;
    byte, "byte(x, /)", Byte => u8, Byte(x) => x;
    code_point, "code_point(x, /)", CodePoint => u32, CodePoint(x) => x;
}

#[function("text(x, /)")]
fn text(x: &str) -> String {
    x.to_owned()
}

#[function("text_or_none(x, /)")]
fn text_or_none(x: Option<&str>) -> Option<&str> {
    x
}

#[function("str_object(x, /)")]
fn str_object<'a, 'py>(x: &'a Bound<'py, PyStr>) -> &'a Bound<'py, PyStr> {
    x
}

#[function("bytes_object(x, /)")]
fn bytes_object<'a, 'py>(x: &'a Bound<'py, PyBytes>) -> &'a Bound<'py, PyBytes> {
    x
}

#[function("list_object(x, /)")]
fn list_object<'a, 'py>(x: &'a Bound<'py, PyList>) -> &'a Bound<'py, PyList> {
    x
}

#[function("named_text(x, y='')")]
fn named_text<'a>(x: &'a str, y: &'a str) -> (&'a str, &'a str) {
    (x, y)
}

#[function("named_bytes(a, b, /)")]
fn named_bytes(a: &Bound<'_, PyBytes>, b: &Bound<'_, PyBytes>) -> usize {
    a.as_slice().len() + b.as_slice().len()
}

// Results.

#[function("give_nothing()")]
fn give_nothing() {}

#[function("give_tuple()")]
fn give_tuple() -> (i8, u16, f64, bool, &'static str, Option<i32>) {
    (-1, 2, 0.5, true, "x", None)
}

#[function("give_bytes()")]
fn give_bytes() -> (Vec<u8>, &'static [u8]) {
    (vec![1, 2], b"ab")
}

#[function("give_option(x, /)")]
fn give_option(x: bool) -> Option<i64> {
    x.then_some(1 << 62)
}

#[function("give_char()")]
fn give_char() -> char {
    '\u{1f980}'
}

#[function("give_large()")]
fn give_large() -> (u64, usize, isize) {
    (u64::MAX, usize::MAX, isize::MIN)
}
