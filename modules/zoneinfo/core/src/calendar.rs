//! Days and seconds since 1970, for any number that a program may give as a year or a day.

/// The number of a day, with 1 January of the year 1 as number 1.
///
/// A month that there is not begins with the year.
#[inline]
pub fn ordinal(year: u16, month: u8, day: u8) -> i32 {
    let months = BEFORE_MONTHS.get(usize::from(year.wrapping_sub(FIRST)));
    let before = match months.and_then(|months| months.get(usize::from(month))) {
        Some(before) => *before,
        None => before_month(year, month),
    };
    before + i32::from(day)
}

/// The number of the day before a month.
const fn before_month(year: u16, month: u8) -> i32 {
    let leap_day = (month > 2 && is_leap(year)) as i32;
    let in_year = if month <= 12 { DAYS_BEFORE[month as usize] as i32 } else { 0 };
    days_before(year) + in_year + leap_day
}

/// The number of the day before a year.
#[inline]
pub(crate) const fn days_before(year: u16) -> i32 {
    // C rounds towards zero: no leap day for the year 0, though that is before the first.
    let years = year.saturating_sub(1) as u32;
    let leap_days = years / 4 - years / 100 + years / 400;
    (year as i32 - 1) * 365 + leap_days as i32
}

/// Seconds since the beginning of 1970, on the clock that shows this time of the day.
#[inline]
pub fn timestamp(ordinal: i32, hour: i32, minute: i32, second: i32) -> i64 {
    let [day, hour, minute, second] = [ordinal, hour, minute, second].map(i64::from);
    (day - EPOCH) * DAY + hour * 3600 + minute * 60 + second
}

#[inline]
pub(crate) const fn is_leap(year: u16) -> bool {
    // Without a branch. Of the years of a century, those of 400 years are the multiples of 16.
    year.is_multiple_of(4) & (!year.is_multiple_of(100) | year.is_multiple_of(16))
}

/// How many days a month from 1 to 12 has; no days for any other.
pub(crate) fn days_in_month(year: u16, month: u8) -> i32 {
    match month {
        2 => 28 + i32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// The number of 1 January 1970.
pub(crate) const EPOCH: i64 = 719_163;
/// Seconds in a day.
pub(crate) const DAY: i64 = 86_400;
/// Days in the year before the month of this number, without a leap day.
const DAYS_BEFORE: [u16; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// The first year whose months are in the table, and how many years are.
const FIRST: u16 = 1800;
const YEARS: usize = 300;
/// [`before_month`] of the years that programs ask for.
static BEFORE_MONTHS: [[i32; 16]; YEARS] = {
    let mut table = [[0; 16]; YEARS];
    let mut i = 0;
    while i < YEARS * 16 {
        table[i / 16][i % 16] = before_month(FIRST + (i / 16) as u16, (i % 16) as u8);
        i += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts day by day from the first one.
    #[test]
    fn days_follow_each_other() {
        let mut number = 0;
        for year in 1..=2500 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) as u8 {
                    number += 1;
                    assert_eq!(ordinal(year, month, day), number, "{year}-{month}-{day}");
                }
            }
        }
        assert_eq!(i64::from(ordinal(1970, 1, 1)), EPOCH);
        assert_eq!((ordinal(0, 1, 1), ordinal(0, 3, 1)), (-364, -304), "as C rounds");
        assert_eq!(ordinal(9999, 12, 31), 3_652_059);
    }

    /// Also for months that there are not.
    #[test]
    fn the_table_changes_nothing() {
        for year in [0, 1, 1799, 1800, 1900, 1999, 2000, 2099, 2100, u16::MAX] {
            for month in 0..=u8::MAX {
                assert_eq!(ordinal(year, month, 9), before_month(year, month) + 9);
            }
        }
    }

    #[test]
    fn nothing_overflows() {
        for value in [i32::MIN, -1, 0, i32::MAX] {
            timestamp(value, value, value, value);
        }
        for year in [0, u16::MAX] {
            ordinal(year, 255, 255);
        }
    }
}
