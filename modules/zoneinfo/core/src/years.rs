//! Lists of changes, and where in them a year begins.
use crate::calendar::{days_before, timestamp};

/// How many changes there are before each year, so that a moment is found in few steps.
///
/// A guess only: what is found is compared with the changes around it.
#[derive(Debug)]
pub(crate) struct Years([u16; COUNT]);

impl Years {
    /// Counts; lists that are not sorted have no such numbers.
    pub(crate) fn new(utc: &[i64], wall: &[Vec<i64>; 2]) -> Self {
        let mut before = [0; COUNT];
        let is_sorted = utc.is_sorted() && wall.iter().all(|times| times.is_sorted());
        if is_sorted && u16::try_from(utc.len()).is_ok() {
            let mut count = 0;
            for (year, before) in (FIRST..).zip(&mut before) {
                let begin = timestamp(days_before(year) + 1, 0, 0, 0);
                while utc.get(usize::from(count)).is_some_and(|time| *time <= begin) {
                    count += 1;
                }
                *before = count;
            }
        }
        Self(before)
    }

    /// How many of the times are not behind this one, which is mostly of this year; in a list that
    /// is not sorted, what halving it with C's roundings finds.
    #[inline]
    pub(crate) fn behind(&self, times: &[i64], time: i64, year: u16) -> usize {
        let before = self.0.get(usize::from(year.wrapping_sub(FIRST)));
        let before = before.map_or(0, |before| usize::from(*before));
        if let Some((_, [last, rest @ ..])) =
            before.checked_sub(1).and_then(|i| times.split_at_checked(i))
            && *last <= time
        {
            for (i, at) in rest.iter().enumerate().take(STEPS) {
                if *at > time {
                    return before + i;
                }
            }
        }
        halve(times, time)
    }
}

/// The same without a guess.
fn halve(times: &[i64], time: i64) -> usize {
    // Programs ask for one time of the year again and again, so that the way is foreseen: halving
    // without branches is slower.
    let (mut low, mut high) = (0, times.len());
    while low < high {
        let middle = low.midpoint(high);
        if times.get(middle).is_some_and(|at| *at > time) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    high
}

/// The first year that is looked up so.
const FIRST: u16 = 1900;
/// Up to 2039, with which the lists of most files end.
const COUNT: usize = 140;
/// Most years have two changes, which three steps get by.
const STEPS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    /// With any year as a guess, and times that nobody has sorted, the same is found.
    #[test]
    fn guesses_change_nothing() {
        let begin = |year| timestamp(days_before(year) + 1, 0, 0, 0);
        let mut utc = vec![];
        for year in 1890..2050 {
            utc.extend(
                (0..u16::from(year % 5 == 0) * 6 + 1)
                    .map(|i| begin(year) + i64::from(i) * 5_000_000),
            );
        }
        let mut mixed = utc.clone();
        mixed.swap(3, 150);
        for utc in [utc, mixed, vec![], vec![0]] {
            let wall = [1, -1].map(|way| utc.iter().map(|time| time + way * 7200).collect());
            let years = Years::new(&utc, &wall);
            for times in [&utc, &wall[0], &wall[1]] {
                for of_year in 1880..2060 {
                    for time in
                        [-1, 0, 1, 7200, 5_000_000, 20_000_000].map(|more| begin(of_year) + more)
                    {
                        for year in [of_year, of_year - 1, of_year + 1, 0, 1900, 2039, u16::MAX] {
                            assert_eq!(years.behind(times, time, year), halve(times, time));
                        }
                    }
                }
            }
        }
    }
}
