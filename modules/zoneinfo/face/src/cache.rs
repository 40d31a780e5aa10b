//! The zones asked for last, which are kept alive.
use std::sync::atomic::{AtomicU64, Ordering};

use cpython_api::types::{PyList, PyStr, PyTuple};
use cpython_api::{Bound, IntoPy, Py, PyAny, PyResult, ThreadState, Traverse};

use crate::zone::ZoneInfo;

/// Eight places for a key and a zone; who needs one takes that of the zone asked for longest ago.
///
/// The places are an ordinary list of pairs: comparing keys may run Python, which may ask for zones
/// and clear caches, and other threads may do so at the same time. Each step looks at the list as
/// it is then, and holds what it looks at.
#[derive(Traverse)]
pub(crate) struct StrongCache {
    pairs: Py<PyList>,
    /// When each place was used last, by counting; 0 for never.
    used: [AtomicU64; SIZE],
    /// When a place was used last.
    uses: AtomicU64,
}

impl StrongCache {
    pub(crate) fn new(ts: &ThreadState<'_>) -> PyResult<Self> {
        let none: &Bound<'_, PyAny> = &ts.none();
        let pairs = PyList::new(ts, &[none; SIZE])?.unbind();
        Ok(Self { pairs, used: [const { AtomicU64::new(0) }; SIZE], uses: AtomicU64::new(1) })
    }

    /// The zone with this very `str`, which programs mostly have. No Python runs.
    #[inline]
    pub(crate) fn same<'py>(
        &self,
        ts: &ThreadState<'py>,
        key: &Bound<'py, PyAny>,
    ) -> Option<Bound<'py, ZoneInfo>> {
        key.cast_exact::<PyStr>()?;
        let pairs = self.pairs.get(ts);
        for place in 0..SIZE {
            let item = pairs.get(place)?;
            if let Some(pair) = item.cast_exact::<PyTuple>()
                && pair.get(0).is_some_and(|known| known.is(key))
            {
                self.use_place(place);
                return pair.get(1)?.into_cast().ok();
            }
        }
        None
    }

    /// The zone with this key.
    pub(crate) fn find<'py>(
        &self,
        ts: &ThreadState<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, ZoneInfo>>> {
        if let Some(zone) = self.same(ts, key) {
            return Ok(Some(zone));
        }
        let Some((place, pair)) = self.search(ts, key)? else { return Ok(None) };
        self.use_place(place);
        Ok(pair.get(1).and_then(|zone| zone.cast().cloned()))
    }

    /// Keeps a zone.
    pub(crate) fn put<'py>(
        &self,
        ts: &ThreadState<'py>,
        key: &Bound<'py, PyAny>,
        zone: &Bound<'py, ZoneInfo>,
    ) -> PyResult<()> {
        let used = |place: &usize| self.used.get(*place).map(|used| used.load(Ordering::Relaxed));
        let place = (0..SIZE).min_by_key(used).unwrap_or(0);
        self.use_place(place);
        self.set(ts, place, &(key, zone).into_py(ts)?)
    }

    /// Lets go of the zones with this key: threads may have put in several.
    pub(crate) fn forget<'py>(
        &self,
        ts: &ThreadState<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        // Not for ever: comparing may put it in again.
        for _ in 0..SIZE {
            let Some((place, pair)) = self.search(ts, key)? else { break };
            if self.pair(ts, place).is_some_and(|there| there.is(&pair)) {
                self.empty(ts, place)?;
            }
        }
        Ok(())
    }

    /// Lets go of all.
    pub(crate) fn clear(&self, ts: &ThreadState<'_>) -> PyResult<()> {
        (0..SIZE).try_for_each(|place| self.empty(ts, place))
    }

    /// The place that was used last of those with this key.
    fn search<'py>(
        &self,
        ts: &ThreadState<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Option<(usize, Bound<'py, PyTuple>)>> {
        for place in self.by_use() {
            if let Some(pair) = self.pair(ts, place)
                && let Some(known) = pair.get(0)
                && key.eq(&known)?
            {
                return Ok(Some((place, pair)));
            }
        }
        Ok(None)
    }

    /// The places, the one used last first; those that are empty come last.
    fn by_use(&self) -> [usize; SIZE] {
        let used = self.used.each_ref().map(|used| used.load(Ordering::Relaxed));
        let mut places = std::array::from_fn(|place| place);
        places.sort_unstable_by_key(|place: &usize| std::cmp::Reverse(used.get(*place)));
        places
    }

    /// Notes that a place is used now. Nothing changes when it is the one used last: that costs no
    /// write, which threads that ask for one zone would wait for.
    ///
    /// Threads that count at the same time may get one number: they then share a rank.
    #[inline]
    fn use_place(&self, place: usize) {
        let Some(used) = self.used.get(place) else { return };
        let uses = self.uses.load(Ordering::Relaxed);
        if used.load(Ordering::Relaxed) != uses {
            let next = uses.wrapping_add(1);
            used.store(next, Ordering::Relaxed);
            self.uses.store(next, Ordering::Relaxed);
        }
    }

    /// What is in a place. The collector's module shows the list to programs, which may put
    /// anything into it.
    #[inline]
    fn pair<'py>(&self, ts: &ThreadState<'py>, place: usize) -> Option<Bound<'py, PyTuple>> {
        self.pairs.get(ts).get(place)?.cast_exact().cloned()
    }

    fn empty(&self, ts: &ThreadState<'_>, place: usize) -> PyResult<()> {
        if let Some(used) = self.used.get(place) {
            used.store(0, Ordering::Relaxed);
        }
        self.set(ts, place, &ts.none())
    }

    /// Puts something into a place, if a program has left it there.
    fn set<'py>(
        &self,
        ts: &ThreadState<'py>,
        place: usize,
        value: &Bound<'py, PyAny>,
    ) -> PyResult<()> {
        let pairs = self.pairs.get(ts);
        if place < pairs.len() { pairs.set(place, value) } else { Ok(()) }
    }
}

/// How many zones are kept alive.
const SIZE: usize = 8;
