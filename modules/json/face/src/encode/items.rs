//! The items of JSON objects, and what becomes a key.
use cpython_api::exception::{TypeError, ValueError};
use cpython_api::types::{PyDict, PyFloat, PyInt, PyStr, PyTuple, SteadyItems, Value};
use cpython_api::{Bound, PyResult};

use super::note::Place;
use super::output::Output;
use super::walk::Walk;

impl<'py> Walk<'_, 'py> {
    /// Adds the items as the dict has them, and tells whether there were none.
    #[inline(always)]
    pub(super) fn items_of(
        &mut self,
        object: &Bound<'py>,
        items: &mut SteadyItems<'_, 'py>,
    ) -> PyResult<bool> {
        let mut first = true;
        for (key, value) in items {
            self.item(object, key, value, &mut first)?;
        }
        Ok(first)
    }

    /// Adds the items that the method `items` gives, sorted if that is wanted.
    #[inline(never)]
    pub(super) fn listed_items(&mut self, object: &Bound<'py>) -> PyResult<bool> {
        if object.cast_exact::<PyDict>().is_none() {
            self.path.show()?;
        }
        let list = object.mapping_items()?;
        if self.rules.sort_keys {
            list.sort()?;
        }
        let mut first = true;
        list.steady(|items| {
            let mut i = 0;
            while let Some(item) = items.value_at(i) {
                let Some((key, value)) = pair(&item) else {
                    return Err(ValueError::new(self.ts, "items must return 2-tuples"));
                };
                self.item(object, key, value, &mut first)?;
                i += 1;
            }
            Ok(first)
        })
    }

    /// Adds one item, unless its key is to be left out.
    #[inline(always)]
    fn item(
        &mut self,
        object: &Bound<'py>,
        key: Value<'py>,
        value: Value<'py>,
        first: &mut bool,
    ) -> PyResult<()> {
        let Value::Str(text) = key else { return self.odd_item(object, key, value, first) };
        self.begin(first)?;
        self.key(&text)?;
        match self.value(value) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.noted(error, object, Place::Key(Value::Str(text)))),
        }
    }

    /// The same for a key that is no `str`, or not just one.
    #[inline(never)]
    fn odd_item(
        &mut self,
        object: &Bound<'py>,
        key: Value<'py>,
        value: Value<'py>,
        first: &mut bool,
    ) -> PyResult<()> {
        let Some(text) = self.text_of(&key)? else { return Ok(()) };
        self.begin(first)?;
        self.string(&text)?;
        self.separate_key()?;
        match self.value(value) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.noted(error, object, Place::Key(key))),
        }
    }

    /// Adds a key and what stands behind it.
    #[inline(always)]
    fn key(&mut self, text: &Bound<'py, PyStr>) -> PyResult<()> {
        match self.labels.get(text) {
            Some((label, len)) => self.out.short(label, len),
            None => self.new_key(text),
        }
    }

    #[inline(never)]
    fn new_key(&mut self, text: &Bound<'py, PyStr>) -> PyResult<()> {
        self.labels.add(text);
        self.string(text)?;
        self.separate_key()
    }

    /// Adds what stands before an item.
    #[inline(always)]
    fn begin(&mut self, first: &mut bool) -> PyResult<()> {
        if std::mem::take(first) { self.line() } else { self.separate() }
    }

    /// The text of a key; nothing when it is to be left out.
    #[inline(never)]
    fn text_of(&mut self, key: &Value<'py>) -> PyResult<Option<Bound<'py, PyStr>>> {
        let mut first = [0; 64];
        let mut out = Output::new(self.ts, &mut first);
        match key {
            Value::Str(text) => return Ok(Some(text.clone())),
            Value::None => out.ascii(b"null")?,
            Value::Bool(true) => out.ascii(b"true")?,
            Value::Bool(false) => out.ascii(b"false")?,
            Value::Int(value) => out.int(*value)?,
            Value::Float(value) if value.is_finite() => out.float(*value)?,
            Value::Float(value) => out.ascii(self.constant(*value, None)?)?,
            Value::Other(object) => {
                if let Some(text) = object.cast::<PyStr>() {
                    return Ok(Some(text.clone()));
                } else if let Some(float) = object.cast::<PyFloat>() {
                    let value = float.value();
                    if value.is_finite() {
                        out.float(value)?;
                    } else {
                        out.ascii(self.constant(value, Some(object))?)?;
                    }
                } else if let Some(int) = object.cast::<PyInt>() {
                    return int.to_decimal().map(Some);
                } else if self.rules.skipkeys {
                    return Ok(None);
                } else {
                    let name = object.type_name();
                    let text =
                        format_args!("keys must be str, int, float, bool or None, not {name:.100}");
                    return Err(TypeError::new(self.ts, text));
                }
            }
        }
        out.finish().map(Some)
    }
}

/// The two parts of an item, when it is a pair.
#[inline(always)]
fn pair<'py>(item: &Value<'py>) -> Option<(Value<'py>, Value<'py>)> {
    let Value::Other(item) = item else { return None };
    let pair = item.cast::<PyTuple>().filter(|pair| pair.len() == 2)?;
    Some((pair.value_at(0)?, pair.value_at(1)?))
}
