//! The days on which the clock changes each year.
use crate::calendar::{days_before, days_in_month, is_leap, ordinal, timestamp};

/// The two changes of each year: to the summer, and back.
///
/// Which day of the year a change is on depends on the year's first day of the week and on its
/// length only, so that fourteen years tell it for all.
#[derive(Debug)]
pub(crate) struct Yearly {
    /// From the beginning of the year, in seconds.
    by_kind: [[i32; 2]; KINDS],
    /// In the year 0, where C's remainders are negative.
    before_all: [i64; 2],
}

impl Yearly {
    pub(crate) fn new(start: Change, end: Change) -> Self {
        let mut by_kind = [[0; 2]; KINDS];
        // Any 28 years between two centuries have them all.
        for year in 2001..2029 {
            if let Some(changes) = by_kind.get_mut(kind(year)) {
                *changes = [start, end].map(|change| (change.in_year(year) - begin(year)) as i32);
            }
        }
        Self { by_kind, before_all: [start, end].map(|change| change.in_year(0)) }
    }

    /// When they happen, in seconds since 1970 on the clock before each.
    #[inline]
    pub(crate) fn in_year(&self, year: u16) -> (i64, i64) {
        match self.by_kind.get(kind(year)) {
            Some(&[start, end]) if year != 0 => {
                (begin(year) + i64::from(start), begin(year) + i64::from(end))
            }
            _ => self.before_all.into(),
        }
    }
}

/// The kind of a year: the day of the week that it begins with, and whether it is a leap year.
#[inline]
fn kind(year: u16) -> usize {
    days_before(year).rem_euclid(7) as usize * 2 + usize::from(is_leap(year))
}

/// The beginning of a year.
#[inline]
fn begin(year: u16) -> i64 {
    timestamp(days_before(year) + 1, 0, 0, 0)
}

/// A change of the clock in each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) day: Day,
    /// From the midnight at which the day begins; less than nothing, or more than a day, too.
    pub(crate) seconds: i32,
}

/// A day of each year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    /// The first to fourth or, for 5, the last day of a month that is this day of the week (from 0,
    /// Sunday).
    OfMonth { month: u8, week: u8, weekday: u8 },
    /// The day of this number; from 1 and without 29 February, or counted so that 1 January is 1
    /// whatever the year (as CPython counts, though POSIX starts with 0).
    OfYear { day: u16, julian: bool },
}

impl Change {
    /// The moment of the change, in seconds since 1970 on the clock before it.
    fn in_year(self, year: u16) -> i64 {
        let day = match self.day {
            Day::OfMonth { month, week, weekday } => {
                // Ordinal 7 is a Sunday. A year before the first has negative ordinals, for which C's
                // remainders, as Rust's, are negative.
                let first = (ordinal(year, month, 1) + 6) % 7;
                let mut day = (i32::from(weekday) - (first + 1)) % 7;
                if day < 0 {
                    day += 7;
                }
                day += 1 + (i32::from(week) - 1) * 7;
                if day > days_in_month(year, month) {
                    day -= 7;
                }
                ordinal(year, month, 0) + day
            }
            Day::OfYear { day, julian } => {
                let leap_day = i32::from(julian && day >= 59 && is_leap(year));
                ordinal(year, 1, 1) - 1 + i32::from(day) + leap_day
            }
        };
        timestamp(day, 0, 0, self.seconds)
    }
}

/// How many kinds of years there are.
const KINDS: usize = 14;

#[cfg(test)]
mod tests {
    use super::*;

    /// The table against the change itself, for each day of each kind in each year.
    #[test]
    fn kinds_tell_all_years() {
        let mut days = vec![];
        for month in 1..=12 {
            for week in 1..=5 {
                days.extend((0..7).map(|weekday| Day::OfMonth { month, week, weekday }));
            }
        }
        for julian in [false, true] {
            days.extend((0..=366).map(|day| Day::OfYear { day, julian }));
        }
        for (i, day) in days.iter().enumerate() {
            let start = Change { day: *day, seconds: 7200 };
            let end = Change { day: days[days.len() - 1 - i], seconds: -604_800 };
            let yearly = Yearly::new(start, end);
            for year in (0..=2500).chain(65_100..=65_535) {
                assert_eq!(
                    yearly.in_year(year),
                    (start.in_year(year), end.in_year(year)),
                    "{year} {day:?}"
                );
            }
        }
    }
}
