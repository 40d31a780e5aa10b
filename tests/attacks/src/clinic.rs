//! The module `clinic`: a twin of CPython's own test module `_testclinic`, function by function.
//! Whatever Argument Clinic makes of a signature, ours must do the same.
use cpython_api::types::{PyByteArray, PyBytes, PyDict, PyStr, PyTuple};
use cpython_api::{
    Bound, Byte, CodePoint, IntoPy, LongLong, Masked, NonNegative, PyAny, PyResult, SliceIndex,
    ThreadState, UnsignedLongLong, function, module,
};

module! {
    /// What Argument Clinic is tested with, in Rust.
    name: "clinic",
    functions: [
        test_empty_function, objects_converter, bytes_object_converter,
        byte_array_object_converter, unicode_converter, bool_converter, char_converter,
        unsigned_char_converter, short_converter, unsigned_short_converter, int_converter,
        unsigned_int_converter, long_converter, unsigned_long_converter, long_long_converter,
        unsigned_long_long_converter,
        py_ssize_t_converter, slice_index_converter, size_t_converter, float_converter,
        double_converter, clone_f1,
        keywords, keywords_kwonly, keywords_opt, keywords_opt_kwonly, keywords_kwonly_opt,
        posonly_keywords, posonly_kwonly, posonly_keywords_kwonly, posonly_keywords_opt,
        posonly_opt_keywords_opt, posonly_kwonly_opt, posonly_opt_kwonly_opt,
        posonly_keywords_kwonly_opt, posonly_keywords_opt_kwonly_opt,
        posonly_opt_keywords_opt_kwonly_opt, keyword_only_parameter,
        varpos, posonly_varpos, posonly_req_opt_varpos, posonly_poskw_varpos, poskw_varpos,
        poskw_varpos_kwonly_opt, poskw_varpos_kwonly_opt2, varpos_kwonly_opt,
        varpos_kwonly_req_opt, gh_32092_oob, null_or_tuple_for_varargs,
        lone_kwds, kwds_with_pos_only, kwds_with_stararg, kwds_with_pos_only_and_stararg,
    ],
}

type Object<'a, 'py> = &'a Bound<'py, PyAny>;
type Objects<'a, 'py> = &'a Bound<'py, PyTuple>;

/// An object whose default is `False`.
struct OrFalse<'a, 'py>(Option<Object<'a, 'py>>);

impl<'py> IntoPy<'py> for OrFalse<'_, 'py> {
    fn into_py(self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.map_or_else(|| false.into_py(ts), |object| object.into_py(ts))
    }
}

/// Functions that give back the objects they get.
macro_rules! objects {
    ($($name:ident, $signature:literal, ($($parameter:ident: $type:ident),*);)*) => {$(
        #[function($signature)]
        fn $name<'a, 'py>($($parameter: $type<'a, 'py>),*) -> ($($type<'a, 'py>,)*) {
            ($($parameter,)*)
        }
    )*};
}

objects! {
    keywords, "keywords(a, b)", (a: Object, b: Object);
    keywords_kwonly, "keywords_kwonly(a, *, b)", (a: Object, b: Object);
    keywords_opt, "keywords_opt(a, b=None, c=None)", (a: Object, b: Object, c: Object);
    keywords_opt_kwonly, "keywords_opt_kwonly(a, b=None, *, c=None, d=None)",
        (a: Object, b: Object, c: Object, d: Object);
    keywords_kwonly_opt, "keywords_kwonly_opt(a, *, b=None, c=None)",
        (a: Object, b: Object, c: Object);
    posonly_keywords, "posonly_keywords(a, /, b)", (a: Object, b: Object);
    posonly_kwonly, "posonly_kwonly(a, /, *, b)", (a: Object, b: Object);
    posonly_keywords_kwonly, "posonly_keywords_kwonly(a, /, b, *, c)",
        (a: Object, b: Object, c: Object);
    posonly_keywords_opt, "posonly_keywords_opt(a, /, b, c=None, d=None)",
        (a: Object, b: Object, c: Object, d: Object);
    posonly_opt_keywords_opt, "posonly_opt_keywords_opt(a, b=None, /, c=None, d=None)",
        (a: Object, b: Object, c: Object, d: Object);
    posonly_kwonly_opt, "posonly_kwonly_opt(a, /, *, b, c=None, d=None)",
        (a: Object, b: Object, c: Object, d: Object);
    posonly_opt_kwonly_opt, "posonly_opt_kwonly_opt(a, b=None, /, *, c=None, d=None)",
        (a: Object, b: Object, c: Object, d: Object);
    posonly_keywords_kwonly_opt, "posonly_keywords_kwonly_opt(a, /, b, *, c, d=None, e=None)",
        (a: Object, b: Object, c: Object, d: Object, e: Object);
    posonly_keywords_opt_kwonly_opt,
        "posonly_keywords_opt_kwonly_opt(a, /, b, c=None, *, d=None, e=None)",
        (a: Object, b: Object, c: Object, d: Object, e: Object);
    posonly_opt_keywords_opt_kwonly_opt,
        "posonly_opt_keywords_opt_kwonly_opt(a, b=None, /, c=None, *, d=None)",
        (a: Object, b: Object, c: Object, d: Object);
    keyword_only_parameter, "keyword_only_parameter(*, a)", (a: Object);
    posonly_varpos, "posonly_varpos(a, b, /, *args)",
        (a: Object, b: Object, args: Objects);
    posonly_poskw_varpos, "posonly_poskw_varpos(a, /, b, *args)",
        (a: Object, b: Object, args: Objects);
    poskw_varpos, "poskw_varpos(a, *args)", (a: Object, args: Objects);
}

#[function("varpos(*args)")]
fn varpos<'a, 'py>(args: Objects<'a, 'py>) -> Objects<'a, 'py> {
    args
}

#[function("posonly_req_opt_varpos(a, b=False, /, *args)")]
fn posonly_req_opt_varpos<'a, 'py>(
    a: Object<'a, 'py>,
    b: Option<Object<'a, 'py>>,
    args: Objects<'a, 'py>,
) -> (Object<'a, 'py>, OrFalse<'a, 'py>, Objects<'a, 'py>) {
    (a, OrFalse(b), args)
}

#[function("poskw_varpos_kwonly_opt(a, *args, b=False)")]
fn poskw_varpos_kwonly_opt<'a, 'py>(
    a: Object<'a, 'py>,
    args: Objects<'a, 'py>,
    b: bool,
) -> (Object<'a, 'py>, Objects<'a, 'py>, bool) {
    (a, args, b)
}

#[function("poskw_varpos_kwonly_opt2(a, *args, b=False, c=False)")]
fn poskw_varpos_kwonly_opt2<'a, 'py>(
    a: Object<'a, 'py>,
    args: Objects<'a, 'py>,
    b: Option<Object<'a, 'py>>,
    c: Option<Object<'a, 'py>>,
) -> (Object<'a, 'py>, Objects<'a, 'py>, OrFalse<'a, 'py>, OrFalse<'a, 'py>) {
    (a, args, OrFalse(b), OrFalse(c))
}

#[function("varpos_kwonly_opt(*args, b=False)")]
fn varpos_kwonly_opt<'a, 'py>(
    args: Objects<'a, 'py>,
    b: Option<Object<'a, 'py>>,
) -> (Objects<'a, 'py>, OrFalse<'a, 'py>) {
    (args, OrFalse(b))
}

#[function("varpos_kwonly_req_opt(*args, a, b=False, c=False)")]
fn varpos_kwonly_req_opt<'a, 'py>(
    args: Objects<'a, 'py>,
    a: Object<'a, 'py>,
    b: Option<Object<'a, 'py>>,
    c: Option<Object<'a, 'py>>,
) -> (Objects<'a, 'py>, Object<'a, 'py>, OrFalse<'a, 'py>, OrFalse<'a, 'py>) {
    (args, a, OrFalse(b), OrFalse(c))
}

#[function("gh_32092_oob(pos1, pos2, *varargs, kw1=None, kw2=None)")]
fn gh_32092_oob(
    _pos1: Object<'_, '_>,
    _pos2: Object<'_, '_>,
    _varargs: Objects<'_, '_>,
    _kw1: Object<'_, '_>,
    _kw2: Object<'_, '_>,
) {
}

#[function("null_or_tuple_for_varargs(name, *constraints, covariant=False)")]
fn null_or_tuple_for_varargs<'a, 'py>(
    name: Object<'a, 'py>,
    constraints: Objects<'a, 'py>,
    covariant: bool,
) -> (Object<'a, 'py>, Objects<'a, 'py>, bool) {
    (name, constraints, covariant)
}

type Keywords<'a, 'py> = &'a Bound<'py, PyDict>;

#[function("lone_kwds(**kwds)")]
fn lone_kwds<'a, 'py>(kwds: Keywords<'a, 'py>) -> (Keywords<'a, 'py>,) {
    (kwds,)
}

#[function("kwds_with_pos_only(a, b, /, **kwds)")]
fn kwds_with_pos_only<'a, 'py>(
    a: Object<'a, 'py>,
    b: Object<'a, 'py>,
    kwds: Keywords<'a, 'py>,
) -> (Object<'a, 'py>, Object<'a, 'py>, Keywords<'a, 'py>) {
    (a, b, kwds)
}

#[function("kwds_with_stararg(*args, **kwds)")]
fn kwds_with_stararg<'a, 'py>(
    args: Objects<'a, 'py>,
    kwds: Keywords<'a, 'py>,
) -> (Objects<'a, 'py>, Keywords<'a, 'py>) {
    (args, kwds)
}

#[function("kwds_with_pos_only_and_stararg(a, b, /, *args, **kwds)")]
fn kwds_with_pos_only_and_stararg<'a, 'py>(
    a: Object<'a, 'py>,
    b: Object<'a, 'py>,
    args: Objects<'a, 'py>,
    kwds: Keywords<'a, 'py>,
) -> (Object<'a, 'py>, Object<'a, 'py>, Objects<'a, 'py>, Keywords<'a, 'py>) {
    (a, b, args, kwds)
}

#[function("test_empty_function()")]
fn test_empty_function() {}

#[function("objects_converter(a, b=<unrepresentable>, /)")]
fn objects_converter<'a, 'py>(
    a: Object<'a, 'py>,
    b: Option<Object<'a, 'py>>,
) -> (Object<'a, 'py>, Option<Object<'a, 'py>>) {
    (a, b)
}

#[function("bytes_object_converter(a, /)")]
fn bytes_object_converter<'py>(a: &Bound<'py, PyBytes>) -> (Bound<'py, PyBytes>,) {
    (a.clone(),)
}

#[function("byte_array_object_converter(a, /)")]
fn byte_array_object_converter<'py>(a: &Bound<'py, PyByteArray>) -> (Bound<'py, PyByteArray>,) {
    (a.clone(),)
}

#[function("unicode_converter(a, /)")]
fn unicode_converter<'py>(a: &Bound<'py, PyStr>) -> (Bound<'py, PyStr>,) {
    (a.clone(),)
}

#[function("bool_converter(a=True, b=True, c=True, /)")]
fn bool_converter(a: bool, b: bool, #[default(1)] c: i32) -> (bool, bool, bool) {
    (a, b, c != 0)
}

#[function(
    "char_converter(a=b'A', b=b'\\x07', c=b'\\x08', d=b'\\t', e=b'\\n', f=b'\\x0b', g=b'\\x0c', \
     h=b'\\r', i=b'\"', j=b\"'\", k=b'?', l=b'\\\\', m=b'\\x00', n=b'\\xff', /)"
)]
fn char_converter(
    #[default(Byte(b'A'))] a: Byte,
    #[default(Byte(7))] b: Byte,
    #[default(Byte(8))] c: Byte,
    #[default(Byte(b'\t'))] d: Byte,
    #[default(Byte(b'\n'))] e: Byte,
    #[default(Byte(11))] f: Byte,
    #[default(Byte(12))] g: Byte,
    #[default(Byte(b'\r'))] h: Byte,
    #[default(Byte(b'"'))] i: Byte,
    #[default(Byte(b'\''))] j: Byte,
    #[default(Byte(b'?'))] k: Byte,
    #[default(Byte(b'\\'))] l: Byte,
    #[default(Byte(0))] m: Byte,
    #[default(Byte(255))] n: Byte,
    ts: &ThreadState<'_>,
) -> PyResult<cpython_api::Py<PyTuple>> {
    let bytes = [a, b, c, d, e, f, g, h, i, j, k, l, m, n];
    let items = bytes.iter().map(|byte| byte.0.into_py(ts)).collect::<PyResult<Vec<_>>>()?;
    let items: Vec<_> = items.iter().collect();
    Ok(PyTuple::new(ts, &items)?.unbind())
}

#[function("unsigned_char_converter(a=12, b=34, c=56, /)")]
fn unsigned_char_converter(a: u8, b: u8, #[default(Masked(56))] c: Masked<u8>) -> (u8, u8, u8) {
    (a, b, c.0)
}

#[function("short_converter(a=12, /)")]
fn short_converter(a: i16) -> (i16,) {
    (a,)
}

#[function("unsigned_short_converter(a=12, b=34, c=56, /)")]
fn unsigned_short_converter(
    a: u16,
    b: u16,
    #[default(Masked(56))] c: Masked<u16>,
) -> (u16, u16, u16) {
    (a, b, c.0)
}

#[function("int_converter(a=12, b=34, c='-', /)")]
fn int_converter(
    a: i32,
    b: i32,
    #[default(CodePoint('-'.into()))] c: CodePoint,
) -> (i32, i32, u32) {
    (a, b, c.0)
}

#[function("unsigned_int_converter(a=12, b=34, c=56, /)")]
fn unsigned_int_converter(
    a: u32,
    b: u32,
    #[default(Masked(56))] c: Masked<u32>,
) -> (u32, u32, u32) {
    (a, b, c.0)
}

#[function("long_converter(a=12, /)")]
fn long_converter(a: i64) -> (i64,) {
    (a,)
}

#[function("unsigned_long_converter(a=12, b=34, c=56, /)")]
fn unsigned_long_converter(
    a: u64,
    b: u64,
    #[default(Masked(56))] c: Masked<u64>,
) -> (u64, u64, u64) {
    (a, b, c.0)
}

#[function("long_long_converter(a=12, /)")]
fn long_long_converter(#[default(LongLong(12))] a: LongLong) -> (i64,) {
    (a.0,)
}

#[function("unsigned_long_long_converter(a=12, b=34, c=56, /)")]
fn unsigned_long_long_converter(
    #[default(UnsignedLongLong(12))] a: UnsignedLongLong,
    #[default(UnsignedLongLong(34))] b: UnsignedLongLong,
    #[default(Masked(56))] c: Masked<u64>,
) -> (u64, u64, u64) {
    (a.0, b.0, c.0)
}

#[function("py_ssize_t_converter(a=12, b=34, c=56, d=78, e=90, f=-12, g=-34, /)")]
fn py_ssize_t_converter(
    a: isize,
    b: isize,
    c: Option<Option<isize>>,
    #[default(NonNegative(78))] d: NonNegative,
    e: Option<Option<NonNegative>>,
    f: Option<NonNegative>,
    g: Option<Option<NonNegative>>,
    ts: &ThreadState<'_>,
) -> PyResult<cpython_api::Py<PyTuple>> {
    let value = |given: Option<NonNegative>, default| given.map_or(default, |n| n.0 as isize);
    let items = [
        a,
        b,
        c.flatten().unwrap_or(56),
        d.0 as isize,
        value(e.flatten(), 90),
        value(f, -12),
        value(g.flatten(), -34),
    ];
    let items = items.iter().map(|item| (*item).into_py(ts)).collect::<PyResult<Vec<_>>>()?;
    let items: Vec<_> = items.iter().collect();
    Ok(PyTuple::new(ts, &items)?.unbind())
}

#[function("slice_index_converter(a=12, b=34, c=56, /)")]
fn slice_index_converter(
    a: Option<Option<SliceIndex>>,
    #[default(SliceIndex(34))] b: SliceIndex,
    c: Option<Option<SliceIndex>>,
) -> (isize, isize, isize) {
    let value =
        |given: Option<Option<SliceIndex>>, default| given.flatten().map_or(default, |i| i.0);
    (value(a, 12), b.0, value(c, 56))
}

#[function("size_t_converter(a=12, /)")]
fn size_t_converter(a: usize) -> (usize,) {
    (a,)
}

#[function("float_converter(a=12.5, /)")]
fn float_converter(a: f32) -> (f32,) {
    (a,)
}

#[function("double_converter(a=12.5, /)")]
fn double_converter(a: f64) -> (f64,) {
    (a,)
}

#[function("clone_f1(path)")]
fn clone_f1(_path: &str) {}
