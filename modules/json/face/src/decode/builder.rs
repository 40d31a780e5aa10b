//! Builds Python objects for the reader.
use std::ffi::CStr;

use cpython_api::types::{PyDict, PyFloat, PyInt, PyList, PyStr, StrData};
use cpython_api::{Borrowed, Bound, IntoPy, PyAny, PyErr, PyResult, RecursionLevel, ThreadState};
use json_core::decode::{
    Body, Build, Constant, Container, Number, NumberKind, Plain, Unescaped, Unit,
};

use super::keys::{Keys, Mark};
use super::scanner::Scanner;
use super::text::{Gathered, data, string};

/// The objects of one call.
pub(super) struct Builder<'a, 'py> {
    ts: &'a ThreadState<'py>,
    document: &'a Bound<'py, PyStr>,
    object_hook: Option<Borrowed<'a, 'py, PyAny>>,
    object_pairs_hook: Option<Borrowed<'a, 'py, PyAny>>,
    array_hook: Option<Borrowed<'a, 'py, PyAny>>,
    parse_float: Option<Borrowed<'a, 'py, PyAny>>,
    parse_int: Option<Borrowed<'a, 'py, PyAny>>,
    scanner: &'a Bound<'py, Scanner>,
    keys: Keys<'py>,
    gathered: Gathered<'a, 'py>,
    /// The last items of the lists that are being read, of the innermost last.
    items: Vec<Bound<'py, PyAny>>,
}

impl<'a, 'py> Builder<'a, 'py> {
    /// What the scanner asks for, and no keys yet.
    pub(super) fn new(
        ts: &'a ThreadState<'py>,
        scanner: &'a Bound<'py, Scanner>,
        document: &'a Bound<'py, PyStr>,
    ) -> Self {
        let hook = |hook: &'a cpython_api::Py| {
            let hook = hook.get(ts);
            (!hook.is_none()).then_some(hook)
        };
        let settings = scanner.get();
        let parse_float = settings.parse_float.get(ts);
        let parse_int = settings.parse_int.get(ts);
        Self {
            ts,
            document,
            object_hook: hook(&settings.object_hook),
            object_pairs_hook: hook(&settings.object_pairs_hook),
            array_hook: hook(&settings.array_hook),
            parse_float: (!parse_float.is(&PyFloat::class(ts))).then_some(parse_float),
            parse_int: (!parse_int.is(&PyInt::class(ts))).then_some(parse_int),
            scanner,
            keys: Keys::default(),
            gathered: Gathered::new(ts),
            items: Vec::new(),
        }
    }
}

/// A list that is not complete yet.
pub(super) struct List<'py> {
    /// Where its part of the items begins.
    start: usize,
    /// What was before those, when there are too many to wait.
    whole: Option<Bound<'py, PyList>>,
}

impl Unescaped for Builder<'_, '_> {
    type Error = PyErr;

    #[inline(always)]
    fn run<W: Unit>(&mut self, run: &[W]) -> PyResult<()> {
        self.gathered.run(run)
    }

    #[inline(always)]
    fn char(&mut self, c: u32) -> PyResult<()> {
        self.gathered.char(c)
    }
}

impl<'a, 'py> Build for Builder<'a, 'py> {
    type Value = Bound<'py, PyAny>;
    type Key = Bound<'py, PyStr>;
    type List = List<'py>;
    /// A `dict`; or a `list` of pairs, for the hook that wants those.
    type Object = Bound<'py, PyAny>;
    type Level = RecursionLevel<'a>;

    #[inline(always)]
    fn literal(&mut self, value: Option<bool>) -> Bound<'py, PyAny> {
        match value {
            None => (*self.ts.none()).clone(),
            Some(value) => self.ts.bool(value).as_any().clone(),
        }
    }

    fn constant(&mut self, constant: Constant) -> PyResult<Bound<'py, PyAny>> {
        let module = self.scanner.module()?;
        let names = &module.state()?.names;
        let word = match constant {
            Constant::NaN => &names.nan,
            Constant::Infinity => &names.infinity,
            Constant::MinusInfinity => &names.minus_infinity,
        };
        self.scanner.get().parse_constant.get(self.ts).call1(word.get(self.ts).as_any())
    }

    #[inline(always)]
    fn number<W: Unit>(&mut self, number: Number<'_, W>) -> PyResult<Bound<'py, PyAny>> {
        let custom = match number.kind {
            NumberKind::Float(_) => &self.parse_float,
            _ => &self.parse_int,
        };
        if let Some(custom) = custom {
            return custom.call1(PyStr::from_data(self.ts, data(number.text))?.as_any());
        }
        match number.kind {
            NumberKind::Small(value) => Ok(PyInt::new(self.ts, value)?.into_any()),
            NumberKind::Long => self.long(number.text),
            NumberKind::Float(_) => match number.to_f64() {
                Some(value) => Ok(PyFloat::new(self.ts, value)?.into_any()),
                None => self.long_float(number.text),
            },
        }
    }

    #[inline(always)]
    fn string<W: Unit>(&mut self, body: Body<'_, W>) -> PyResult<Bound<'py, PyAny>> {
        string(self.document, body, &mut self.gathered).map(Bound::into_any)
    }

    #[inline(always)]
    fn expected_key<W: Unit>(&mut self, text: &[W]) -> Option<(Bound<'py, PyStr>, usize)> {
        self.keys.expected(text)
    }

    #[inline(always)]
    fn key<W: Unit>(&mut self, body: Body<'_, W>) -> PyResult<Bound<'py, PyStr>> {
        let Body::Plain(text) = body else { return self.escaped_key() };
        let mark = Mark::of(text);
        match self.keys.find(text, mark, true) {
            Some(key) => Ok(key),
            None => self.keys.add(self.ts, mark, self.document.substring(text.range())?, true),
        }
    }

    #[inline(always)]
    fn enter(&mut self, container: Container) -> PyResult<RecursionLevel<'a>> {
        self.ts.enter_recursion(match container {
            Container::Array => c" while decoding a JSON array from a unicode string",
            Container::Object => c" while decoding a JSON object from a unicode string",
        })
    }

    #[inline(always)]
    fn list(&mut self) -> PyResult<List<'py>> {
        Ok(List { start: self.items.len(), whole: None })
    }

    #[inline(always)]
    fn push(&mut self, list: &mut List<'py>, item: Bound<'py, PyAny>) -> PyResult<()> {
        if self.items.len() - list.start == WAITING || self.items.len() == self.items.capacity() {
            self.make_room(list)?;
        }
        self.items.push(item);
        Ok(())
    }

    #[inline(always)]
    fn finish_list(&mut self, list: &mut List<'py>) -> PyResult<Bound<'py, PyAny>> {
        if list.whole.is_some() {
            self.move_items(list)?;
        }
        let list = match list.whole.take() {
            Some(whole) => whole,
            None if self.items.len() == list.start => PyList::new(self.ts, &[])?,
            None => PyList::take_from(self.ts, &mut self.items, list.start)?,
        };
        match &self.array_hook {
            Some(hook) => hook.call1(&list),
            None => Ok(list.into_any()),
        }
    }

    #[inline(always)]
    fn object(&mut self) -> PyResult<Bound<'py, PyAny>> {
        match self.object_pairs_hook {
            Some(_) => PyList::new(self.ts, &[]).map(Bound::into_any),
            None => PyDict::new(self.ts).map(Bound::into_any),
        }
    }

    #[inline(always)]
    fn insert(
        &mut self,
        object: &mut Bound<'py, PyAny>,
        key: Bound<'py, PyStr>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        match object.cast_exact::<PyDict>() {
            Some(dict) => dict.set(&key, &value),
            None => self.insert_pair(object, key, value),
        }
    }

    #[inline(always)]
    fn finish_object(&mut self, object: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match self.object_pairs_hook.as_ref().or(self.object_hook.as_ref()) {
            Some(hook) => hook.call1(&object),
            None => Ok(object),
        }
    }
}

impl<'py> Builder<'_, 'py> {
    /// Room for one more item of the innermost list.
    #[inline(never)]
    fn make_room(&mut self, list: &mut List<'py>) -> PyResult<()> {
        if self.items.len() - list.start == WAITING {
            self.move_items(list)?;
        }
        self.items.try_reserve(FEW).map_err(|_| PyErr::no_memory(self.ts))
    }

    /// Moves the items that wait into the list.
    #[inline(never)]
    fn move_items(&mut self, list: &mut List<'py>) -> PyResult<()> {
        let items = PyList::take_from(self.ts, &mut self.items, list.start)?;
        match &list.whole {
            Some(whole) => whole.extend(&items),
            None => {
                list.whole = Some(items);
                Ok(())
            }
        }
    }

    #[inline(never)]
    fn insert_pair(
        &mut self,
        pairs: &Bound<'py, PyAny>,
        key: Bound<'py, PyStr>,
        value: Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let Some(pairs) = pairs.cast_exact::<PyList>() else { return Ok(()) };
        pairs.append(&(key, value).into_py(self.ts)?)
    }

    #[inline(never)]
    fn escaped_key(&mut self) -> PyResult<Bound<'py, PyStr>> {
        let key = self.gathered.finish()?;
        match key.data() {
            StrData::Latin1(text) => self.known_key(text, &key),
            StrData::Ucs2(text) => self.known_key(text, &key),
            StrData::Ucs4(text) => self.known_key(text, &key),
        }
    }

    fn known_key<W: Unit>(
        &mut self,
        text: &[W],
        key: &Bound<'py, PyStr>,
    ) -> PyResult<Bound<'py, PyStr>> {
        let text = Plain::from(text);
        let mark = Mark::of(text);
        match self.keys.find(text, mark, false) {
            Some(known) => Ok(known),
            None => self.keys.add(self.ts, mark, key.clone(), false),
        }
    }

    /// An integer of more than 18 digits.
    #[inline(never)]
    fn long<W: Unit>(&self, text: &[W]) -> PyResult<Bound<'py, PyAny>> {
        let mut short = [0; SHORT];
        let mut long = Vec::new();
        let digits = if text.len() < SHORT {
            &mut short[..=text.len()]
        } else {
            if long.try_reserve_exact(text.len() + 1).is_err() {
                return Err(PyErr::no_memory(self.ts));
            }
            long.extend(std::iter::repeat_n(0, text.len() + 1));
            &mut long[..]
        };
        for (digit, unit) in digits.iter_mut().zip(text) {
            *digit = unit.ascii();
        }
        let digits = CStr::from_bytes_until_nul(digits).unwrap_or_default();
        Ok(PyInt::parse(self.ts, digits)?.into_any())
    }

    /// A float of so many digits that the core does not read it.
    #[inline(never)]
    fn long_float<W: Unit>(&self, text: &[W]) -> PyResult<Bound<'py, PyAny>> {
        PyFloat::class(self.ts).call1(PyStr::from_data(self.ts, data(text))?.as_any())
    }
}

/// So many items of a list wait at most before they are moved into it.
const WAITING: usize = 256;
/// Room for so many is made at a time, at least.
const FEW: usize = 32;
/// Shorter integers are copied to the stack.
const SHORT: usize = 128;
