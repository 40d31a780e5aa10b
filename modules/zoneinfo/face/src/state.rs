//! What the module keeps for each interpreter.
use cpython_api::types::{DateTimeApi, PyDict};
use cpython_api::{
    Bound, ClassRef, IntoPy, Module, ModuleState, Py, PyAny, PyResult, ThreadState, Traverse,
    interned,
};

use crate::cache::StrongCache;
use crate::zone::ZoneInfo;

/// Classes, imports and caches.
#[derive(Traverse)]
pub struct State {
    pub(crate) datetime: DateTimeApi,
    pub(crate) zone_info: ClassRef<ZoneInfo>,
    pub(crate) find_tzfile: Py,
    pub(crate) open: Py,
    pub(crate) common: Py,
    pub(crate) strong: StrongCache,
    /// The weak cache of the class itself; subclasses have their own.
    pub(crate) weak: Py,
    pub(crate) names: Names,
    /// `timedelta`s by their seconds: most zones share a few.
    timedeltas: Py<PyDict>,
}

interned! {
    /// What is looked up in Python objects.
    pub(crate) struct Names {
        close, get, load_tzdata, read, readline, seek, setdefault, weak_cache = "_weak_cache",
    }
}

impl ModuleState for State {
    fn new<'py>(ts: &mut ThreadState<'py>, module: &Module<'_, 'py, Self>) -> PyResult<Self> {
        let datetime = DateTimeApi::import(ts)?;
        // Before the imports: `zoneinfo` takes the class while it is imported by them.
        let zone_info = module.add_class_below::<ZoneInfo>(ts, &datetime.tzinfo_class(ts))?;
        Ok(Self {
            datetime,
            zone_info,
            find_tzfile: ts.import_attr(c"zoneinfo._tzpath", c"find_tzfile")?.unbind(),
            open: ts.import_attr(c"io", c"open")?.unbind(),
            common: ts.import(c"zoneinfo._common")?.unbind(),
            strong: StrongCache::new(ts)?,
            weak: new_weak_cache(ts)?.unbind(),
            names: Names::new(ts)?,
            timedeltas: PyDict::new(ts)?.unbind(),
        })
    }
}

impl State {
    /// A `timedelta` of so many seconds, which others may have, too.
    pub(crate) fn timedelta<'py>(
        &self,
        ts: &ThreadState<'py>,
        seconds: i32,
    ) -> PyResult<Bound<'py, PyAny>> {
        let key = seconds.into_py(ts)?;
        let known = self.timedeltas.get(ts);
        if let Some(found) = known.get(&key)? {
            return Ok(found);
        }
        let made = self.datetime.new_timedelta(ts, 0, seconds, 0)?;
        if known.len() >= MOST_TIMEDELTAS {
            return Ok(made);
        }
        known.set_default(&key, &made).map(|(value, _)| value)
    }
}

/// A `weakref.WeakValueDictionary`.
pub(crate) fn new_weak_cache<'py>(ts: &ThreadState<'py>) -> PyResult<Bound<'py, PyAny>> {
    ts.import_attr(c"weakref", c"WeakValueDictionary")?.call0()
}

/// More than all zones that there are need, and as many as `zoneinfo._zoneinfo` keeps.
const MOST_TIMEDELTAS: usize = 512;
