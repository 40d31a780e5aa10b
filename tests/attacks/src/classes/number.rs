//! A class of numbers, unknown to the collector.
use cpython_api::types::{Compare, PyInt, PyType};
use cpython_api::{Bound, IntoPy, PyAny, PyResult, ThreadState, class, methods};

use super::State;

/// A number below 2**63, unknown to the collector.
#[class("classes.Number", state = State, uncollected, subclassable)]
pub(super) struct Number {
    value: i64,
}

impl Number {
    fn of(object: &Bound<'_, PyAny>) -> Option<i64> {
        match object.cast::<Self>() {
            Some(number) => Some(number.get().value),
            None => object.cast::<PyInt>()?.to_i64(),
        }
    }

    fn make<'py>(like: &Bound<'py, Self>, value: i64) -> PyResult<Bound<'py, PyAny>> {
        let ts = like.thread_state();
        let class = like.module()?;
        Ok(class.state()?.number.instance(&ts, Self { value })?.into_any())
    }
}

#[methods]
impl Number {
    #[new("Number(value)")]
    fn new(value: i64) -> Self {
        Self { value }
    }

    #[method("__reduce__()")]
    fn reduce<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyAny>)> {
        Ok((this.get_type(), (this.get().value,).into_py(ts)?))
    }

    /// Does nothing.
    #[method("nothing()")]
    fn nothing(&self) {}

    /// Formats.
    #[method("__format__(spec, /)")]
    fn format(&self, spec: &str) -> String {
        format!("{spec}{}", self.value)
    }

    #[slot(nb_add)]
    fn add<'py>(
        left: &Bound<'py, PyAny>,
        right: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(a), Some(b)) = (Self::of(left), Self::of(right)) else { return Ok(None) };
        let like = left.cast::<Self>().or_else(|| right.cast::<Self>());
        like.map(|like| Self::make(like, a.wrapping_add(b))).transpose()
    }

    #[slot(nb_inplace_subtract)]
    fn subtract<'py>(
        this: &Bound<'py, Self>,
        other: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(other) = Self::of(other) else { return Ok(None) };
        Self::make(this, this.get().value.wrapping_sub(other)).map(Some)
    }

    #[slot(nb_power)]
    fn power<'py>(
        ts: &ThreadState<'py>,
        base: &Bound<'py, PyAny>,
        exponent: &Bound<'py, PyAny>,
        modulus: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(a), Some(b)) = (Self::of(base), Self::of(exponent)) else { return Ok(None) };
        let power = a.wrapping_pow(u32::try_from(b).unwrap_or_default());
        (power, modulus).into_py(ts).map(Some)
    }

    #[slot(nb_negative)]
    fn negative<'py>(this: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Self::make(this, this.get().value.wrapping_neg())
    }

    #[slot(nb_bool)]
    fn truth(&self) -> PyResult<bool> {
        Ok(self.value != 0)
    }

    #[slot(nb_index, nb_int)]
    fn index<'py>(&self, ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.value.into_py(ts)
    }

    #[slot(tp_hash)]
    fn hash(&self) -> PyResult<isize> {
        Ok(self.value as isize)
    }

    #[slot(tp_richcompare)]
    fn compare<'py>(
        &self,
        ts: &ThreadState<'py>,
        other: &Bound<'py, PyAny>,
        op: Compare,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let answer = Self::of(other).map(|other| op.holds(self.value.cmp(&other)));
        answer.map(|answer| answer.into_py(ts)).transpose()
    }
}
