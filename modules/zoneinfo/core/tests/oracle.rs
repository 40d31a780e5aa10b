//! The core against definitions: files put together here and looked up by counting, rules of POSIX
//! found by walking through the days of the year.
#![forbid(unsafe_code)]

use zoneinfo_core::{Bytes, Error, Fault, Period, Zone, ordinal, timestamp};

/// Random numbers, the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low) as u64 + 1) as i64
    }
}

/// What a file is made of.
struct Written {
    /// Time and number of the type.
    changes: Vec<(i64, u8)>,
    /// Offset, daylight saving, abbreviation.
    types: Vec<(i32, bool, &'static str)>,
    footer: String,
}

impl Written {
    fn file(&self, version: u8) -> Vec<u8> {
        let mut file = Vec::new();
        if version != 0 {
            self.block(&mut file, version, 4);
        }
        self.block(&mut file, version, if version == 0 { 4 } else { 8 });
        if version != 0 {
            file.extend(format!("\n{}\n", self.footer).bytes());
        }
        file
    }

    fn block(&self, file: &mut Vec<u8>, version: u8, width: usize) {
        let names: String = self.types.iter().map(|(_, _, name)| format!("{name}\0")).collect();
        file.extend(b"TZif");
        file.push(version);
        file.extend([0; 15]);
        for count in [0, 0, 0, self.changes.len(), self.types.len(), names.len()] {
            file.extend((count as u32).to_be_bytes());
        }
        for (time, _) in &self.changes {
            file.extend(&time.to_be_bytes()[8 - width..]);
        }
        file.extend(self.changes.iter().map(|(_, number)| number));
        let mut start = 0;
        for (offset, is_dst, name) in &self.types {
            file.extend(offset.to_be_bytes());
            file.extend([u8::from(*is_dst), start]);
            start += name.len() as u8 + 1;
        }
        file.extend(names.bytes());
    }

    /// The offset before the change of this number, or the last.
    fn offset_before(&self, change: usize) -> i64 {
        match change.checked_sub(1) {
            Some(before) => self.types[usize::from(self.changes[before].1)].0.into(),
            None => {
                self.types.iter().find(|(_, is_dst, _)| !is_dst).unwrap_or(&self.types[0]).0.into()
            }
        }
    }

    fn offset_at_utc(&self, utc: i64) -> i64 {
        let begun = self.changes.iter().filter(|(time, _)| *time <= utc).count();
        self.offset_before(begun)
    }
}

const NAMES: [&str; 4] = ["LMT", "AAA", "BBBB", "+0330"];

/// A zone of which each clock time belongs to one or two moments: changes are two days apart.
fn random_zone(random: &mut Random) -> Written {
    // The first type is the one before all changes, to which the clock times belong.
    let mut types = vec![(random.between(-50_000, 50_000) as i32, false, "LMT")];
    for name in &NAMES[1..] {
        let offset = random.between(-13, 14) * 3600 + random.between(0, 3) * 900;
        types.push((offset as i32, random.below(2) == 0, name));
    }
    let mut time = random.between(-1 << 31, 0);
    let count = random.below(12);
    let changes: Vec<_> = (0..count)
        .map(|_| {
            time += random.between(2 * 86_400, 1 << 27);
            (time, random.below(4) as u8)
        })
        .collect();
    let (offset, _, name) = types[changes.last().map_or(3, |(_, number)| usize::from(*number))];
    let sign = if offset > 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 3600, offset.abs() / 60 % 60);
    let footer = format!("<{name}>{sign}{hours}:{minutes:02}:{:02}", offset.abs() % 60);
    Written { changes, types, footer }
}

#[test]
fn changes_are_found_as_by_counting() {
    let mut random = Random(1);
    for round in 0..2_000 {
        let written = random_zone(&mut random);
        let version = [0, b'2', b'3', b'4'][round % 4];
        if version == 0 && written.changes.iter().any(|(time, _)| i32::try_from(*time).is_err()) {
            continue;
        }
        let zone = Zone::read(&mut Bytes::new(&written.file(version))).unwrap();
        let offset = |period: usize| i64::from(zone.periods()[period].offset);
        let moments: Vec<i64> = written
            .changes
            .iter()
            .flat_map(|(time, _)| {
                [-50_000, -3600, -1, 0, 1, 3599, 3600, 50_000, 90_000].map(|d| time + d)
            })
            .chain([-1 << 40, 0, 1 << 33])
            .collect();
        for utc in moments {
            let expected = written.offset_at_utc(utc);
            let (period, fold) = zone.at_utc(utc, 1970);
            // Behind the last change, without one, the footer says.
            if written.changes.is_empty() {
                assert_eq!(period, zone.at_wall(utc, false, 1970));
                continue;
            }
            assert_eq!(offset(period), expected, "{round} {utc}");
            // The moments whose clock shows the same: one, or two, of which the second has the fold.
            let wall = utc + expected;
            let same = |other: &i64| wall - written.offset_at_utc(*other) == *other;
            let offsets = written.types.iter().map(|(offset, ..)| i64::from(*offset));
            let mut moments: Vec<i64> = offsets.map(|offset| wall - offset).filter(same).collect();
            moments.sort();
            moments.dedup();
            assert_eq!(fold, moments.len() == 2 && moments[1] == utc, "{round} {utc}");
            assert_eq!(offset(zone.at_wall(wall, fold, 1970)), expected, "{round} {utc}");
            if moments.len() == 1 {
                assert_eq!(offset(zone.at_wall(wall, true, 1970)), expected, "{round} {utc}");
            }
        }
    }
}

/// The time that a rule begins in a year, by walking through its days.
fn walk(rule: &str, year: u16) -> i64 {
    let (date, time) = rule.split_once('/').unwrap_or((rule, "2"));
    let mut seconds = 0_i64;
    for (part, weight) in time.trim_start_matches(['-', '+']).split(':').zip([3600, 60, 1]) {
        seconds += part.parse::<i64>().unwrap() * weight;
    }
    if time.starts_with('-') {
        seconds = -seconds;
    }
    let is_leap = ordinal(year, 3, 1) - ordinal(year, 2, 1) == 29;
    let first = ordinal(year, 1, 1);
    let day = if let Some(date) = date.strip_prefix('M') {
        let parts: Vec<u8> = date.split('.').map(|part| part.parse().unwrap()).collect();
        let (month, week, weekday) = (parts[0], usize::from(parts[1]), i32::from(parts[2]));
        let next = if month == 12 { ordinal(year + 1, 1, 1) } else { ordinal(year, month + 1, 1) };
        let days: Vec<i32> =
            (ordinal(year, month, 1)..next).filter(|day| day % 7 == weekday).collect();
        *days.get(week - 1).unwrap_or_else(|| days.last().unwrap())
    } else if let Some(day) = date.strip_prefix('J') {
        let day: i32 = day.parse().unwrap();
        first + day - 1 + i32::from(is_leap && day > 59)
    } else {
        // As CPython has it, one day before what POSIX says.
        first + date.parse::<i32>().unwrap() - 1
    };
    // `J59` is 28 February, but CPython takes it for the day behind it in a leap year.
    let day = day + i32::from(date == "J59" && is_leap);
    timestamp(day, 0, 0, 0) + seconds
}

fn only_a_footer(footer: &str) -> Result<Zone, Error<std::convert::Infallible>> {
    let written =
        Written { changes: vec![], types: vec![(0, false, "UTC")], footer: footer.into() };
    Zone::read(&mut Bytes::new(&written.file(b'2')))
}

#[test]
fn rules_are_found_as_by_walking() {
    let mut random = Random(2);
    for round in 0..3_000 {
        let rule = |random: &mut Random| {
            let mut text = match random.below(3) {
                0 => format!(
                    "M{}.{}.{}",
                    random.between(1, 12),
                    random.between(1, 5),
                    random.below(7)
                ),
                1 => format!("J{}", random.between(1, 365)),
                _ => random.below(366).to_string(),
            };
            text += &match random.below(4) {
                0 => String::new(),
                1 => format!("/{}", random.below(25)),
                2 => format!("/-{}:{:02}", random.below(168), random.below(60)),
                _ => format!(
                    "/+{}:{:02}:{:02}",
                    random.below(168),
                    random.below(60),
                    random.below(60)
                ),
            };
            text
        };
        let (start, end) = (rule(&mut random), rule(&mut random));
        let (standard, ahead) = (random.between(-12, 12) * 3600, random.between(-2, 2) * 3600);
        let summer = standard + ahead;
        let footer = format!("AAA{}BBB{},{start},{end}", -standard / 3600, -summer / 3600);
        let zone = only_a_footer(&footer).unwrap();
        for year in [1900, 1999, 2000, 2023, 2024, 2100] {
            let (from, to) = (walk(&start, year) - standard, walk(&end, year) - summer);
            for moment in [from, to, timestamp(ordinal(year, 7, 1), 0, 0, 0)] {
                for utc in [moment - 1, moment, moment + 1] {
                    let inside =
                        if from < to { from <= utc && utc < to } else { utc < to || from <= utc };
                    let Period { offset, dst, name } = zone.periods()[zone.at_utc(utc, year).0];
                    let expected =
                        if inside { (summer, ahead, "BBB") } else { (standard, 0, "AAA") };
                    let found = (offset.into(), dst.into(), zone.names()[name].as_str());
                    assert_eq!(found, expected, "{round} {footer} {utc}");
                }
            }
        }
    }
}

#[test]
fn footers_that_say_nothing() {
    for (footer, fault) in [
        ("5", Fault::StandardName),
        ("<>5", Fault::StandardName),
        ("<A!>5", Fault::StandardName),
        ("<AAA", Fault::StandardName),
        ("AAA", Fault::StandardOffset),
        ("AAA25", Fault::StandardOffset),
        ("AAA5:3", Fault::StandardOffset),
        ("AAA+-5", Fault::StandardOffset),
        ("AAA1234", Fault::StandardOffset),
        ("AAA5,J1,J2", Fault::SummerName),
        ("AAA5BBB", Fault::SummerOffset),
        ("AAA5BBB25,J1,J2", Fault::SummerOffset),
        ("AAA5BBB4", Fault::NoRule),
        ("AAA5BBB,J1", Fault::NoRule),
        ("AAA5BBB,J0,J2", Fault::Rule),
        ("AAA5BBB,J1,366", Fault::Rule),
        ("AAA5BBB,M0.1.0,J2", Fault::Rule),
        ("AAA5BBB,M13.1.0,J2", Fault::Rule),
        ("AAA5BBB,M1.6.0,J2", Fault::Rule),
        ("AAA5BBB,M1.0.0,J2", Fault::Rule),
        ("AAA5BBB,M1.1.7,J2", Fault::Rule),
        ("AAA5BBB,M1.1,J2", Fault::Rule),
        ("AAA5BBB,J1/168,J2", Fault::Rule),
        ("AAA5BBB,J1/,J2", Fault::Rule),
        ("AAA5BBB,J1,J2,", Fault::More),
        ("AAA5BBB,J1,J2/1:2", Fault::Rule),
    ] {
        let expected = Error::Footer(fault, footer.into());
        assert_eq!(only_a_footer(footer).unwrap_err(), expected);
    }
    assert!(only_a_footer("AAA5\0!").is_ok(), "C's strings end with a zero");
}

/// Damaged files: what comes out, comes out without a panic. `ZONEINFO_RUNS` says how many.
#[test]
fn any_bytes() {
    let runs = std::env::var("ZONEINFO_RUNS").map_or(50_000, |runs| runs.parse().unwrap());
    let mut random = Random(3);
    let mut read = 0_u64;
    for _ in 0..runs {
        let mut written = random_zone(&mut random);
        written.footer = ["AAA5BBB,M3.2.0,M11.1.0", "<+03>-3", "", "A1B,J60/-167:59:59,365/+24"]
            [random.below(4) as usize]
            .into();
        let mut file = written.file([0, b'2'][random.below(2) as usize]);
        for _ in 0..random.below(6) {
            let at = random.below(file.len() as u64) as usize;
            match random.below(4) {
                0 => file[at] = random.next() as u8,
                1 => file.truncate(at.max(1)),
                2 => file[at] = file[at].wrapping_add(1),
                _ => drop(file.remove(at)),
            }
            if file.is_empty() {
                break;
            }
        }
        zoneinfo_core::fuzz(&file);
        read += u64::from(Zone::read(&mut Bytes::new(&file)).is_ok());
        if random.below(16) == 0 {
            let noise: Vec<u8> = (0..random.below(120)).map(|_| random.next() as u8).collect();
            zoneinfo_core::fuzz(&noise);
        }
    }
    assert!(read > runs / 5, "only {read} of {runs} files could be read: is the damage too great?");
}

/// Counts that promise more than there is, and fewer than nothing.
#[test]
fn no_count_is_believed() {
    let written =
        Written { changes: vec![(5, 0)], types: vec![(0, false, "UTC")], footer: "UTC0".into() };
    for version in [0, b'2'] {
        let good = written.file(version);
        for place in 0..6 {
            for count in [i32::MIN, -1, 2, 1 << 20, i32::MAX] {
                let mut file = good.clone();
                let header = if version == 0 { 20 } else { 44 + 5 + 6 + 4 + 20 };
                let at = header + place * 4;
                file[at..at + 4].copy_from_slice(&count.to_be_bytes());
                zoneinfo_core::fuzz(&file);
            }
        }
    }
}
