//! One call for fuzzers.
use crate::calendar::{ordinal, timestamp};
use crate::source::Bytes;
use crate::zone::Zone;

/// Reads a file, and asks for the period at many moments: whatever the bytes are, nothing panics,
/// and each answer is a period that there is.
pub fn fuzz(data: &[u8]) {
    let zone = match Zone::read(&mut Bytes::new(data)) {
        Ok(zone) => zone,
        Err(error) => {
            assert!(!format!("{error}").is_empty());
            return;
        }
    };
    let check = |period: usize| {
        let period = zone.periods()[period];
        assert!(period.name < zone.names().len());
    };
    zone.always().into_iter().for_each(check);
    for year in [0, 1, 1899, 1970, 2000, 2026, 9999, 65_535] {
        for month in [1, 4, 12] {
            let time = timestamp(ordinal(year, month, 31), 23, 59, 59);
            check(zone.at_wall(time, false, year));
            check(zone.at_wall(time, true, year));
            check(zone.at_utc(time, year).0);
        }
    }
    for time in [i64::MIN, -1, 0, i64::MAX] {
        check(zone.at_wall(time, true, 1970));
        check(zone.at_utc(time, 1970).0);
    }
}
