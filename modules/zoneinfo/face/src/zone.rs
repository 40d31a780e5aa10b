//! The class `ZoneInfo`.
use cpython_api::exception::{OverflowError, SystemError, TypeError, ValueError};
use cpython_api::sync::critical_section;
use cpython_api::types::{DateTimeApi, Moment, PyDict, PyStr, PyTuple, PyType};
use cpython_api::{
    Bound, Class, IntoPy, Masked, Module, Py, PyAny, PyErr, PyResult, StrWriter, ThreadState,
    Traverse, class, methods,
};
use zoneinfo_core::{Zone, ordinal, timestamp};

use crate::file;
use crate::load::{cached, fresh, weak_cache};
use crate::state::{State, new_weak_cache};

// As in C, the class has no documentation.
#[class("zoneinfo.ZoneInfo", state = State, subclassable, weakly_referenced, with_given_base)]
pub(crate) struct ZoneInfo {
    #[traverse(skip)]
    zone: Zone,
    /// What methods give for each period of the zone.
    shown: Vec<Shown>,
    #[member]
    key: Py,
    #[traverse(skip)]
    origin: Origin,
    file_repr: Option<Py<PyStr>>,
    datetime: DateTimeApi,
}

/// A period as Python sees it.
#[derive(Traverse)]
struct Shown {
    utcoffset: Py,
    dst: Py,
    tzname: Py,
}

/// Where a zone comes from, which decides on how it is pickled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A key, without the caches.
    NoCache,
    /// A key.
    Cache,
    /// A file object.
    File,
}

#[methods(tp_getattro_generic)]
impl ZoneInfo {
    #[new("ZoneInfo(key)", unsigned)]
    fn new<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        class: &Bound<'py, PyType>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        cached(ts, module.state()?, class, key)
    }

    /// Make a zone that no cache knows.
    #[class_method("no_cache(key)", defining_class)]
    fn no_cache<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        class: &Bound<'py, PyType>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        fresh(ts, module.state()?, class, key, Origin::NoCache)
    }

    /// Make a zone of what an open binary file says; the key is for its name only.
    #[class_method("from_file(file_obj, /, key=None)", defining_class)]
    fn from_file<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        class: &Bound<'py, PyType>,
        file_obj: &Bound<'py, PyAny>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, Self>> {
        let file_repr = file_obj.repr()?.unbind();
        let zone = file::read(ts, module.state()?, file_obj)?;
        let mut this = Self::from_zone(ts, module.state()?, zone, key, Origin::File)?;
        this.file_repr = Some(file_repr);
        this.into_instance(ts, class)
    }

    /// Make the caches forget the zones with these keys, or all of them.
    #[class_method("clear_cache(*, only_keys=None)", defining_class)]
    fn clear_cache<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        class: &Bound<'py, PyType>,
        only_keys: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let state = module.state()?;
        let is_base = class.is(&state.zone_info.get(ts));
        critical_section(ts, class, || {
            let weak = weak_cache(ts, state, class)?;
            if only_keys.is_none() {
                let cleared = weak.call_method(c"clear", &[]);
                if is_base {
                    state.strong.clear(ts)?;
                }
                return cleared.map(drop);
            }
            let keys = only_keys.iter()?;
            while let Some(key) = keys.next()? {
                if is_base {
                    state.strong.forget(ts, &key)?;
                }
                weak.call_method(c"pop", &[&key, &ts.none()])?;
            }
            Ok(())
        })
    }

    /// Tell how far local time is ahead of UTC, as a timedelta.
    #[method("utcoffset(dt, /)", defining_class)]
    fn utcoffset(&self, dt: &Bound<'_, PyAny>) -> PyResult<Option<&Py>> {
        Ok(self.at(dt)?.map(|shown| &shown.utcoffset))
    }

    /// Tell how far daylight saving time is ahead of standard time, as a timedelta.
    #[method("dst(dt, /)", defining_class)]
    fn dst(&self, dt: &Bound<'_, PyAny>) -> PyResult<Option<&Py>> {
        Ok(self.at(dt)?.map(|shown| &shown.dst))
    }

    /// Tell the abbreviation that is in use.
    #[method("tzname(dt, /)", defining_class)]
    fn tzname(&self, dt: &Bound<'_, PyAny>) -> PyResult<Option<&Py>> {
        Ok(self.at(dt)?.map(|shown| &shown.tzname))
    }

    /// Turn a datetime that holds UTC into one that holds local time.
    #[method("fromutc(object, /)")]
    fn fromutc<'py>(
        &self,
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
        object: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Self { zone, shown, datetime, .. } = self;
        let Some(dt) = datetime.datetime(object) else {
            return Err(TypeError::new(ts, "fromutc: argument must be a datetime"));
        };
        if !dt.is_in(this) {
            return Err(ValueError::new(ts, "fromutc: dt.tzinfo is not self"));
        }
        let (utc, year) = match datetime.exact_moment(object) {
            Some(at) => (clock(&at), at.year),
            None => asked_clock(datetime, object).map(|(utc, at)| (utc, at.year))?,
        };
        let (period, fold) = zone.at_utc(utc, year);
        let Some(shown) = shown.get(period) else {
            return Err(SystemError::new(ts, "a time zone without periods"));
        };
        let mut local = datetime.add(dt, &shown.utcoffset.get(ts))?;
        if !fold || datetime.with_fold(ts, &mut local)? {
            return Ok(local);
        }
        let (replace, keywords) = (local.getattr(c"replace")?, PyDict::new(ts)?);
        keywords.set(&PyStr::interned(ts, c"fold")?, &1.into_py(ts)?)?;
        replace.call_with(&PyTuple::new(ts, &[])?, Some(&keywords))
    }

    /// Tell pickle to make the zone of its key.
    #[method("__reduce__()")]
    fn reduce<'py>(
        this: &Bound<'py, Self>,
        ts: &ThreadState<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let Self { origin, key, .. } = this.get();
        if *origin == Origin::File {
            let class = ts.import_attr(c"pickle", c"PicklingError")?.into_cast::<PyType>()?;
            return Err(PyErr::new(
                ts,
                &class,
                "Cannot pickle a ZoneInfo file from a file stream.",
            ));
        }
        let unpickle = this.getattr(c"_unpickle")?;
        Ok((unpickle, (key, i32::from(*origin == Origin::Cache)).into_py(ts)?))
    }

    /// Make the zone that __reduce__() has described.
    #[class_method("_unpickle(key, from_cache, /)", defining_class)]
    fn unpickle<'py>(
        ts: &ThreadState<'py>,
        module: &Module<'_, 'py, State>,
        class: &Bound<'py, PyType>,
        key: &Bound<'py, PyAny>,
        from_cache: Masked<u8>,
    ) -> PyResult<Bound<'py, Self>> {
        match from_cache.0 {
            0 => fresh(ts, module.state()?, class, key, Origin::NoCache),
            _ => cached(ts, module.state()?, class, key),
        }
    }

    /// Give a new subclass a cache of its own.
    #[class_method("__init_subclass__(*args, **kwargs)", by_hand = "")]
    fn init_subclass<'py>(
        ts: &ThreadState<'py>,
        class: &Bound<'py, PyType>,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<()> {
        let _ = (args, kwargs);
        class.setattr(c"_weak_cache", &new_weak_cache(ts)?)
    }

    #[slot(tp_repr)]
    fn repr<'py>(
        this: &Bound<'py, Self>,
        ts: &mut ThreadState<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut text = StrWriter::new(ts, 0)?;
        text.str(this.full_type_name()?.as_any())?;
        let key = this.get().key.get(ts);
        match &this.get().file_repr {
            Some(file) if key.is_none() => {
                text.push_str(".from_file(")?;
                text.str(&file.get(ts))?;
            }
            _ => {
                text.push_str("(key=")?;
                text.repr(&key)?;
            }
        }
        text.push(')')?;
        text.finish().map(Bound::into_any)
    }

    #[slot(tp_str)]
    fn str<'py>(this: &Bound<'py, Self>, ts: &mut ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
        let key = this.get().key.bind(ts);
        if key.is_none() { Self::repr(this, ts) } else { Ok(key) }
    }
}

impl ZoneInfo {
    /// The payload of a zone that has been read.
    pub(crate) fn from_zone<'py>(
        ts: &ThreadState<'py>,
        state: &State,
        zone: Zone,
        key: &Bound<'py, PyAny>,
        origin: Origin,
    ) -> PyResult<Self> {
        let mut names = Vec::new();
        let mut shown = Vec::new();
        let (name_count, period_count) = (zone.names().len(), zone.periods().len());
        if names.try_reserve_exact(name_count).is_err()
            || shown.try_reserve_exact(period_count).is_err()
        {
            return Err(PyErr::no_memory(ts));
        }
        for name in zone.names() {
            names.push(PyStr::new(ts, name)?);
        }
        for period in zone.periods() {
            let name = names.get(period.name).map(|name| name.clone().into_any());
            shown.push(Shown {
                utcoffset: state.timedelta(ts, period.offset)?.unbind(),
                dst: state.timedelta(ts, period.dst)?.unbind(),
                tzname: name.unwrap_or_else(|| ts.none().clone()).unbind(),
            });
        }
        let (key, datetime) = (key.clone().unbind(), state.datetime.clone_ref(ts));
        Ok(Self { zone, shown, key, origin, file_repr: None, datetime })
    }

    /// What is in force at a moment that the zone's clock shows; for `None`, what always is.
    // Inline, since the result is larger than what registers return.
    #[inline(always)]
    fn at(&self, dt: &Bound<'_, PyAny>) -> PyResult<Option<&Shown>> {
        let period = if dt.is_none() {
            self.zone.always()
        } else {
            Some(match self.datetime.exact_moment(dt) {
                Some(at) => self.zone.at_wall(clock(&at), at.fold, at.year),
                None => self.asked_at(dt)?,
            })
        };
        Ok(period.and_then(|period| self.shown.get(period)))
    }

    /// The period at what is no `datetime` of C's own class.
    #[cold]
    fn asked_at(&self, dt: &Bound<'_, PyAny>) -> PyResult<usize> {
        let (wall, at) = asked_clock(&self.datetime, dt)?;
        Ok(self.zone.at_wall(wall, at.fold, at.year))
    }
}

/// What a clock shows, in seconds since 1970.
#[inline(always)]
fn clock(at: &Moment) -> i64 {
    let day = ordinal(at.year, at.month, at.day);
    timestamp(day, at.hour.into(), at.minute.into(), at.second.into())
}

/// The same for a `datetime` of a subclass, which may have changed each attribute. What only
/// behaves like a `datetime` is asked, too, so that the error says what it lacks.
#[cold]
fn asked_clock(api: &DateTimeApi, dt: &Bound<'_, PyAny>) -> PyResult<(i64, Moment)> {
    let day = int(&dt.call_method(c"toordinal", &[])?)?;
    let (hour, minute) = (int(&dt.getattr(c"hour")?)?, int(&dt.getattr(c"minute")?)?);
    let time = timestamp(day, hour, minute, int(&dt.getattr(c"second")?)?);
    match api.datetime(dt) {
        Some(datetime) => Ok((time, datetime.moment())),
        None => Err(no_datetime(dt)),
    }
}

/// An integer, cut to the width of C's `int`, as C does.
fn int(number: &Bound<'_, PyAny>) -> PyResult<i32> {
    match number.index()?.to_i64() {
        Some(number) => Ok(number as i32),
        None => {
            let text = "Python int too large to convert to C long";
            Err(OverflowError::new(&number.thread_state(), text))
        }
    }
}

#[cold]
fn no_datetime(dt: &Bound<'_, PyAny>) -> PyErr {
    let ts = dt.thread_state();
    TypeError::new(&ts, format_args!("a datetime or None is required, not '{}'", dt.type_name()))
}
