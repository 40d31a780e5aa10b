//! The walk over the object that is encoded: what is what, and arrays.
//!
//! Every call into Python may change any container that the walk is in: they are counted, and
//! looked at anew for each item.
use std::ffi::CStr;

use cpython_api::exception::{ExceptionType, TypeError, ValueError};
use cpython_api::types::{PyDict, PyFloat, PyFrozenDict, PyInt, PyList, PyStr, PyTuple, Value};
use cpython_api::{Bound, PyErr, PyResult, StrWriter, ThreadState};

use super::encoder::Rules;
use super::indent::Indent;
use super::labels::Labels;
use super::note::Place;
use super::output::{Output, Separator};
use super::path::Path;

/// One call of an encoder.
pub(super) struct Walk<'a, 'py> {
    pub(super) ts: &'a ThreadState<'py>,
    pub(super) rules: &'a Rules<'a, 'py>,
    pub(super) out: Output<'a, 'py>,
    pub(super) path: Path<'a, 'py>,
    indent: Option<Indent<'a, 'py>>,
    /// How many brackets are open.
    depth: usize,
    item_separator: Separator<'a, 'py>,
    key_separator: Separator<'a, 'py>,
    pub(super) labels: Labels<'py>,
}

impl<'a, 'py> Walk<'a, 'py> {
    /// Ready to begin; the text begins in `first`. (Part of its caller, which has the place for it.)
    #[inline(always)]
    pub(super) fn new(
        ts: &'a ThreadState<'py>,
        rules: &'a Rules<'a, 'py>,
        level: isize,
        first: &'a mut [u8],
    ) -> PyResult<Self> {
        let is_indented = !rules.indent.is_none();
        let key_separator = Separator::new(rules.key_separator, false);
        Ok(Self {
            ts,
            rules,
            out: Output::new(ts, first),
            path: Path::new(ts, rules.markers),
            indent: if is_indented { Some(Indent::new(ts, rules.indent, level)?) } else { None },
            depth: 0,
            item_separator: Separator::new(rules.item_separator, is_indented),
            labels: Labels::new(rules.strings.is_some(), &key_separator),
            key_separator,
        })
    }

    /// The whole text.
    #[inline(always)]
    pub(super) fn whole(mut self, object: &Bound<'py>) -> PyResult<Bound<'py, PyStr>> {
        match self.value(object.value()) {
            Ok(()) => self.out.finish(),
            Err(error) => {
                self.path.show()?;
                Err(error)
            }
        }
    }

    /// Adds a value.
    #[inline(always)]
    pub(super) fn value(&mut self, value: Value<'py>) -> PyResult<()> {
        match value {
            Value::Str(text) => self.string(&text),
            Value::Int(value) => self.out.int(value),
            Value::Float(value) => self.float(value, None),
            Value::None => self.out.short(b"null    ", 4),
            Value::Bool(true) => self.out.short(b"true    ", 4),
            Value::Bool(false) => self.out.short(b"false   ", 5),
            Value::Other(object) => self.object(&object),
        }
    }

    #[inline(never)]
    fn object(&mut self, object: &Bound<'py>) -> PyResult<()> {
        if let Some(int) = object.cast::<PyInt>() {
            return self.long(int);
        }
        if let Some(dict) = object.cast_exact::<PyDict>() {
            let ts = self.ts;
            let _level = ts.enter_recursion(ENCODING)?;
            self.mapping(object, dict.is_empty(), |this| {
                dict.steady_items(|items| this.items_of(object, items))
            })
        } else if let Some(list) = object.cast_exact::<PyList>() {
            let ts = self.ts;
            let _level = ts.enter_recursion(ENCODING)?;
            self.sequence(object, list.is_empty(), |this| {
                list.steady(|items| this.elements(object, |i| items.value_at(i)))
            })
        } else {
            self.rare(object)
        }
    }

    /// Tuples, subclasses, `frozendict`s, and what JSON does not know.
    #[inline(never)]
    fn rare(&mut self, object: &Bound<'py>) -> PyResult<()> {
        if let Some(text) = object.cast::<PyStr>() {
            return self.string(text);
        }
        if let Some(float) = object.cast::<PyFloat>() {
            return self.float(float.value(), Some(object));
        }
        let ts = self.ts;
        let is_dict = object.cast::<PyDict>().map(|dict| dict.is_empty());
        let is_dict = is_dict.or_else(|| object.cast::<PyFrozenDict>().map(|dict| dict.is_empty()));
        if let Some(tuple) = object.cast_exact::<PyTuple>() {
            let _level = ts.enter_recursion(ENCODING)?;
            self.sequence(object, tuple.is_empty(), |this| {
                this.elements(object, |i| tuple.value_at(i))
            })
        } else if object.cast::<PyList>().is_some() || object.cast::<PyTuple>().is_some() {
            let _level = ts.enter_recursion(ENCODING)?;
            self.listed(object)
        } else if let Some(is_empty) = is_dict {
            let _level = ts.enter_recursion(ENCODING)?;
            self.mapping(object, is_empty, |this| match object.cast_exact::<PyFrozenDict>() {
                Some(dict) => dict.steady_items(|items| this.items_of(object, items)),
                None => this.listed_items(object),
            })
        } else {
            self.foreign(object)
        }
    }

    /// Adds a string.
    #[inline(always)]
    pub(super) fn string(&mut self, text: &Bound<'py, PyStr>) -> PyResult<()> {
        match self.rules.strings {
            Some(strings) => self.out.string(text, strings),
            None => self.string_by_call(text),
        }
    }

    #[inline(never)]
    fn string_by_call(&mut self, text: &Bound<'py, PyStr>) -> PyResult<()> {
        self.path.show()?;
        let encoded = self.rules.encoder.call1(text)?;
        if encoded.cast::<PyStr>().is_none() {
            let name = encoded.type_name();
            let text = format_args!("encoder() must return a string, not {name:.80}");
            return Err(TypeError::new(self.ts, text));
        }
        // A subclass has a say in what it looks like.
        self.out.text(&encoded.str()?)
    }

    /// Adds a float; `object` is the one it comes from, when there is one.
    #[inline(always)]
    fn float(&mut self, value: f64, object: Option<&Bound<'py>>) -> PyResult<()> {
        if value.is_finite() {
            self.out.float(value)
        } else {
            let name = self.constant(value, object)?;
            self.out.ascii(name)
        }
    }

    /// The name of what is no finite number.
    #[cold]
    #[inline(never)]
    pub(super) fn constant(
        &mut self,
        value: f64,
        object: Option<&Bound<'py>>,
    ) -> PyResult<&'static [u8]> {
        if !self.rules.allow_nan {
            self.path.show()?;
            let shown = match object {
                Some(object) => object.repr(),
                None => PyFloat::new(self.ts, value)?.repr(),
            }?;
            let mut text = StrWriter::new(self.ts, 0)?;
            text.push_str("Out of range float values are not JSON compliant: ")?;
            text.str(&shown)?;
            let (class, text) = (ValueError::class(self.ts), text.finish()?);
            return Err(PyErr::with_value(self.ts, &class, &text));
        }
        Ok(match value {
            f64::INFINITY => b"Infinity",
            f64::NEG_INFINITY => b"-Infinity",
            _ => b"NaN",
        })
    }

    /// Adds an array whose elements `elements` adds.
    #[inline(always)]
    fn sequence(
        &mut self,
        object: &Bound<'py>,
        is_empty: bool,
        elements: impl FnOnce(&mut Self) -> PyResult<()>,
    ) -> PyResult<()> {
        if is_empty {
            return self.out.short(b"[]      ", 2);
        }
        self.path.enter(object)?;
        self.out.short(b"[       ", 1)?;
        self.depth += 1;
        self.line()?;
        elements(self)?;
        self.path.leave()?;
        self.depth -= 1;
        self.line()?;
        self.out.short(b"]       ", 1)
    }

    /// Adds elements until there are no more.
    #[inline(always)]
    fn elements(
        &mut self,
        object: &Bound<'py>,
        get: impl Fn(usize) -> Option<Value<'py>>,
    ) -> PyResult<()> {
        let mut i = 0;
        while let Some(value) = get(i) {
            if i > 0 {
                self.separate()?;
            }
            if let Err(error) = self.value(value) {
                return Err(self.noted(error, object, Place::Index(i)));
            }
            i += 1;
        }
        Ok(())
    }

    /// Adds a list or tuple that says itself what its elements are.
    #[inline(never)]
    fn listed(&mut self, object: &Bound<'py>) -> PyResult<()> {
        self.path.show()?;
        let list = match object.iter() {
            Err(error) if error.is::<TypeError>(self.ts) => {
                let text = "encoder_listencode_list needs a sequence";
                return Err(TypeError::new(self.ts, text));
            }
            iterator => iterator?.to_list()?,
        };
        self.sequence(object, list.is_empty(), |this| {
            list.steady(|items| this.elements(object, |i| items.value_at(i)))
        })
    }

    /// Adds what `default` makes of the object.
    #[inline(never)]
    fn foreign(&mut self, object: &Bound<'py>) -> PyResult<()> {
        self.path.enter_shown(object)?;
        let made = self.rules.default.call1(object)?;
        let ts = self.ts;
        let level = ts.enter_recursion(ENCODING)?;
        if let Err(error) = self.value(made.value()) {
            return Err(self.noted(error, object, Place::Whole));
        }
        drop((level, made));
        self.path.leave()
    }

    /// Adds what stands between two items.
    #[inline(always)]
    pub(super) fn separate(&mut self) -> PyResult<()> {
        self.item_separator.write(&mut self.out)?;
        self.line()
    }

    /// Adds what stands between key and value.
    #[inline(always)]
    pub(super) fn separate_key(&mut self) -> PyResult<()> {
        self.key_separator.write(&mut self.out)
    }

    /// Begins a new line, where there are lines.
    #[inline(always)]
    pub(super) fn line(&mut self) -> PyResult<()> {
        match &mut self.indent {
            Some(indent) => indent.write(&mut self.out, self.depth),
            None => Ok(()),
        }
    }

    /// Adds an object whose items `items` adds; it tells whether there were none.
    #[inline(always)]
    fn mapping(
        &mut self,
        object: &Bound<'py>,
        is_empty: bool,
        items: impl FnOnce(&mut Self) -> PyResult<bool>,
    ) -> PyResult<()> {
        if is_empty {
            return self.out.short(b"{}      ", 2);
        }
        self.path.enter(object)?;
        self.labels.begin_object();
        self.out.short(b"{       ", 1)?;
        self.depth += 1;
        let none = if self.rules.sort_keys { self.listed_items(object) } else { items(self) }?;
        self.path.leave()?;
        self.depth -= 1;
        if !none {
            self.line()?;
        }
        self.out.short(b"}       ", 1)
    }
}

/// What the text of a `RecursionError` ends with.
const ENCODING: &CStr = c" while encoding a JSON object";
