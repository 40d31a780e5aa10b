//! The days on which the clock changes each year.
use crate::calendar::{days_in_month, is_leap, ordinal, timestamp};

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
    pub(crate) fn in_year(self, year: u16) -> i64 {
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
