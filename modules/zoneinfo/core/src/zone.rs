//! A time zone: which time is in force at a moment.
use crate::error::{Error, copy, push};
use crate::footer::{self, Fault};
use crate::rule::Yearly;
use crate::source::Source;
use crate::tzif::{Type, Tzif};
use crate::years::Years;

/// A time zone.
///
/// # Invariants
/// `utc`, both of `wall` and `types` have the same length; there are periods unless it is 0, and
/// each number of a period is that of one.
#[derive(Debug)]
pub struct Zone {
    /// When the time changes, by UTC.
    utc: Vec<i64>,
    /// The same by the clock before or after the change: the one that is further on, for moments
    /// that come first; the other one, for those with the fold.
    wall: [Vec<i64>; 2],
    /// Where in all three a year begins.
    years: Years,
    /// The period that begins then.
    types: Vec<u8>,
    periods: Vec<Period>,
    names: Vec<String>,
    /// The period before all changes.
    before: usize,
    after: After,
    is_fixed: bool,
}

/// What the clock shows for some time: two numbers of seconds and an abbreviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// East of UTC.
    pub offset: i32,
    /// Ahead of standard time.
    pub dst: i32,
    /// The number of the abbreviation in [`Zone::names`].
    pub name: usize,
}

/// The time behind the last change.
#[derive(Debug)]
enum After {
    /// One period, for ever.
    Always(usize),
    /// Two in turn, each year.
    Rule { standard: usize, summer: usize, ahead: i64, changes: Yearly },
}

impl Zone {
    /// Reads a TZif file.
    ///
    /// # Errors
    /// What is wrong with the file; the source's own.
    pub fn read<S: Source>(source: &mut S) -> Result<Self, Error<S::Error>> {
        Self::new(Tzif::read(source)?)
    }

    /// The periods, for what is known of each.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The abbreviations.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of the period for all times, when there is but one.
    pub fn always(&self) -> Option<usize> {
        match self.after {
            After::Always(period) if self.is_fixed => Some(period),
            _ => None,
        }
    }

    /// The number of the period at a moment of a year, which the zone's own clock shows.
    #[inline]
    pub fn at_wall(&self, wall: i64, fold: bool, year: u16) -> usize {
        let times = &self.wall[usize::from(fold)];
        match (times.first(), times.last()) {
            (Some(first), _) if wall < *first => self.before,
            (_, Some(last)) if wall <= *last => self.begun_by(self.years.behind(times, wall, year)),
            _ => self.after_at_wall(wall, fold, year),
        }
    }

    /// The number of the period at a moment of a year in UTC, and whether its clock shows the same
    /// time for the second time then.
    pub fn at_utc(&self, utc: i64, year: u16) -> (usize, bool) {
        let (first, last) = (self.utc.first(), self.utc.last());
        if first.is_some_and(|first| utc < *first) {
            return (self.before, false);
        }
        match last {
            Some(last) if utc <= *last => {
                let i = self.years.behind(&self.utc, utc, year);
                let since =
                    self.utc.get(i.wrapping_sub(1)).map_or(0, |time| utc.saturating_sub(*time));
                let period = self.begun_by(i);
                (period, self.shift(self.begun_by(i.saturating_sub(1)), period) > since)
            }
            _ => {
                let (period, fold) = self.after_at_utc(utc, year);
                // The first moments behind the last change come after what was before that change,
                // not after the other half of the rule.
                let shift = self.shift(self.begun_by(self.utc.len().saturating_sub(1)), period);
                let folds = |last: &i64| shift > 0 && utc < last.saturating_add(shift);
                (period, fold || last.is_some_and(folds))
            }
        }
    }

    /// The period that the change of this number, from 1, has begun.
    fn begun_by(&self, change: usize) -> usize {
        let begun = change.checked_sub(1).and_then(|i| self.types.get(i));
        begun.map_or(self.before, |period| usize::from(*period))
    }

    /// How far the clock is put back from one period to another.
    fn shift(&self, from: usize, to: usize) -> i64 {
        self.offset(from) - self.offset(to)
    }

    fn offset(&self, period: usize) -> i64 {
        self.periods.get(period).map_or(0, |period| period.offset.into())
    }

    fn after_at_wall(&self, wall: i64, fold: bool, year: u16) -> usize {
        match self.after {
            After::Always(period) => period,
            After::Rule { standard, summer, ahead, ref changes } => {
                let (mut start, mut end) = changes.in_year(year);
                // Of the hour that comes twice, the first belongs to the period before the change, the
                // second to the one behind it; the hour that is left out has no time of its own.
                if fold == (ahead >= 0) {
                    end -= ahead;
                } else {
                    start += ahead;
                }
                if is_between(wall, start, end) { summer } else { standard }
            }
        }
    }

    fn after_at_utc(&self, utc: i64, year: u16) -> (usize, bool) {
        match self.after {
            After::Always(period) => (period, false),
            After::Rule { standard, summer, ahead, ref changes } => {
                let (start, end) = changes.in_year(year);
                let (start, end) = (start - self.offset(standard), end - self.offset(summer));
                let period = if is_between(utc, start, end) { summer } else { standard };
                let twice = if ahead > 0 { end..end + ahead } else { start..start - ahead };
                (period, twice.contains(&utc))
            }
        }
    }

    fn new<E>(tzif: Tzif) -> Result<Self, Error<E>> {
        let Tzif { times: utc, indices: types, types: kinds, mut names, footer } = tzif;
        let mut periods = Vec::new();
        periods.try_reserve_exact(kinds.len() + 2).map_err(|_| Error::NoMemory)?;
        let dst = dst_offsets(&types, &kinds)?;
        periods.extend(kinds.iter().zip(dst).map(|(kind, dst)| Period {
            offset: kind.offset,
            dst: dst as i32, // as C's constructor of timedelta takes it
            name: kind.name,
        }));
        let wall =
            [wall_times(&utc, &types, &kinds, false)?, wall_times(&utc, &types, &kinds, true)?];
        let after = match footer.filter(|footer| !footer.is_empty()) {
            Some(footer) => match add_rule(&footer, &mut periods, &mut names) {
                Ok(after) => after,
                Err(None) => return Err(Error::NoMemory),
                Err(Some(fault)) => return Err(Error::Footer(fault, footer)),
            },
            None => {
                let last = types.last().map(|last| usize::from(*last));
                let last = last.or_else(|| kinds.len().checked_sub(1));
                After::Always(last.ok_or(Error::Empty)?)
            }
        };
        let is_fixed = match (kinds.len(), &after) {
            (0, After::Always(_)) => true,
            (1, After::Always(period)) => is_same(&periods, &names, 0, *period),
            _ => false,
        };
        let before = kinds.iter().position(|kind| !kind.is_dst).unwrap_or(0);
        let years = Years::new(&utc, &wall);
        Ok(Self { utc, wall, years, types, periods, names, before, after, is_fixed })
    }
}

/// Whether a moment lies in the part of the year from one change to the other.
fn is_between(time: i64, start: i64, end: i64) -> bool {
    if start < end { start <= time && time < end } else { time < end || start <= time }
}

/// Whether two periods look alike.
fn is_same(periods: &[Period], names: &[String], a: usize, b: usize) -> bool {
    let shown =
        |i: usize| periods.get(i).map(|period| (period.offset, period.dst, names.get(period.name)));
    shown(a) == shown(b)
}

/// How far each type is ahead of standard time. A file does not say that, so it is taken from the
/// type before or behind it, and is an hour where neither tells.
fn dst_offsets<E>(changes: &[u8], types: &[Type]) -> Result<Vec<i64>, Error<E>> {
    let mut offsets = Vec::new();
    offsets.try_reserve_exact(types.len()).map_err(|_| Error::NoMemory)?;
    offsets.extend(types.iter().map(|_| 0));
    let type_of = |change: Option<&u8>| change.and_then(|i| types.get(usize::from(*i)));
    for (i, change) in changes.iter().enumerate().skip(1) {
        let number = usize::from(*change);
        let (Some(own), Some(found)) = (types.get(number), offsets.get_mut(number)) else {
            continue;
        };
        if !own.is_dst || *found != 0 {
            continue;
        }
        let ahead_of = |other: &Type| i64::from(own.offset) - i64::from(other.offset);
        let before = type_of(changes.get(i - 1)).filter(|before| !before.is_dst);
        *found = before.map_or(0, ahead_of);
        if *found == 0 && number + 1 < types.len() {
            let next = type_of(changes.get(i + 1)).filter(|next| !next.is_dst);
            *found = next.map_or(0, ahead_of);
        }
    }
    for (kind, offset) in types.iter().zip(&mut offsets) {
        if kind.is_dst && *offset == 0 {
            *offset = 3600;
        }
    }
    Ok(offsets)
}

/// When each change happens by the clock: before it or behind it, whichever is further on, or for
/// moments with the fold the other one.
fn wall_times<E>(
    utc: &[i64],
    changes: &[u8],
    types: &[Type],
    fold: bool,
) -> Result<Vec<i64>, Error<E>> {
    let mut wall = Vec::new();
    wall.try_reserve_exact(utc.len()).map_err(|_| Error::NoMemory)?;
    let offset = |number: usize| types.get(number).map_or(0, |kind| i64::from(kind.offset));
    let mut before = offset(0);
    for (time, change) in utc.iter().zip(changes) {
        let behind = offset(usize::from(*change));
        let shown = if fold { before.min(behind) } else { before.max(behind) };
        wall.push(time.saturating_add(shown));
        before = behind;
    }
    Ok(wall)
}

/// Adds the periods of a footer. No fault is no memory.
fn add_rule(
    footer: &[u8],
    periods: &mut Vec<Period>,
    names: &mut Vec<String>,
) -> Result<After, Option<Fault>> {
    let mut add = |(name, offset): (&str, i32), dst| -> Result<usize, Option<Fault>> {
        let text = copy::<()>(name.as_bytes()).ok().and_then(|text| String::from_utf8(text).ok());
        push::<_, ()>(names, text.ok_or(None)?).map_err(|_| None)?;
        push::<_, ()>(periods, Period { offset, dst, name: names.len() - 1 }).map_err(|_| None)?;
        Ok(periods.len() - 1)
    };
    let footer = footer::parse(footer).map_err(Some)?;
    let standard = add(footer.standard, 0)?;
    let Some(summer) = footer.summer else { return Ok(After::Always(standard)) };
    let ahead = summer.time.1 - footer.standard.1;
    let changes = Yearly::new(summer.start, summer.end);
    Ok(After::Rule { standard, summer: add(summer.time, ahead)?, ahead: ahead.into(), changes })
}
