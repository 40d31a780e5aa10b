//! The time zone strings of POSIX: `CET-1CEST,M3.5.0,M10.5.0/3`.
use std::fmt;

use crate::rule::{Change, Day};

/// What a footer says: names and seconds east of UTC.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Footer<'a> {
    pub(crate) standard: (&'a str, i32),
    pub(crate) summer: Option<Summer<'a>>,
}

/// The other time and when it is in force, on the clock that is left each time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Summer<'a> {
    pub(crate) time: (&'a str, i32),
    pub(crate) start: Change,
    pub(crate) end: Change,
}

/// What is wrong; the text is followed by the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No abbreviation at the beginning.
    StandardName,
    /// No offset behind it, or one of more than 24 hours.
    StandardOffset,
    /// Something else where the second abbreviation belongs.
    SummerName,
    /// No offset behind it, or one of more than 24 hours.
    SummerOffset,
    /// A second abbreviation, but fewer than two days.
    NoRule,
    /// A day that there is not.
    Rule,
    /// Something behind the end.
    More,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StandardName => "Invalid STD format in",
            Self::StandardOffset => "Invalid STD offset in",
            Self::SummerName => "Invalid DST format in",
            Self::SummerOffset => "Invalid DST offset in",
            Self::NoRule => "Missing transition rules in TZ string:",
            Self::Rule => "Malformed transition rule in TZ string:",
            Self::More => "Extraneous characters at end of TZ string:",
        })
    }
}

/// Reads a footer, up to a zero byte if there is one.
pub(crate) fn parse(footer: &[u8]) -> Result<Footer<'_>, Fault> {
    let end = footer.iter().position(|byte| *byte == 0).unwrap_or(footer.len());
    let mut rest = Rest(&footer[..end]);
    let name = rest.name().ok_or(Fault::StandardName)?;
    let offset = rest.offset().ok_or(Fault::StandardOffset)?;
    let standard = (name, offset);
    if rest.is_empty() {
        return Ok(Footer { standard, summer: None });
    }
    let name = rest.name().ok_or(Fault::SummerName)?;
    let offset = match rest.peek() {
        Some(b',') => offset + 3600,
        _ => rest.offset().ok_or(Fault::SummerOffset)?,
    };
    let mut change = || {
        rest.skip(b',').ok_or(Fault::NoRule)?;
        rest.change().ok_or(Fault::Rule)
    };
    let (start, end) = (change()?, change()?);
    if !rest.is_empty() {
        return Err(Fault::More);
    }
    Ok(Footer { standard, summer: Some(Summer { time: (name, offset), start, end }) })
}

/// What is still to be read. A question that is answered with nothing ends the reading.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn skip(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Letters; or letters, digits and signs between angle brackets.
    fn name(&mut self) -> Option<&'a str> {
        let quoted = self.skip(b'<').is_some();
        let fits = |byte: &u8| match byte {
            b'+' | b'-' | b'0'..=b'9' => quoted,
            byte => byte.is_ascii_alphabetic(),
        };
        let length = self.0.iter().position(|byte| !fits(byte)).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(length);
        self.0 = rest;
        if quoted {
            self.skip(b'>')?;
        }
        str::from_utf8(name).ok().filter(|name| !name.is_empty())
    }

    /// A distance from UTC, which is positive in the west; as seconds east.
    fn offset(&mut self) -> Option<i32> {
        let (hour, seconds) = self.time()?;
        (hour.abs() <= 24).then_some(-seconds)
    }

    /// `date[/time]`, at two o'clock without a time.
    fn change(&mut self) -> Option<Change> {
        let day = self.day()?;
        let (hour, seconds) = match self.skip(b'/') {
            Some(()) => self.time()?,
            None => (2, 7200),
        };
        let holds = match day {
            Day::OfMonth { month, week, weekday } => {
                (1..=12).contains(&month) && (1..=5).contains(&week) && weekday <= 6
            }
            Day::OfYear { day, julian } => (u16::from(julian)..=365).contains(&day),
        };
        (holds && hour.abs() <= 167).then_some(Change { day, seconds })
    }

    /// `Mm.w.d`, `Jn` or `n`.
    fn day(&mut self) -> Option<Day> {
        if self.skip(b'M').is_some() {
            let month = self.digits(1, 2)? as u8;
            self.skip(b'.')?;
            let week = self.digits(1, 1)? as u8;
            self.skip(b'.')?;
            let weekday = self.digits(1, 1)? as u8;
            Some(Day::OfMonth { month, week, weekday })
        } else {
            let julian = self.skip(b'J').is_some();
            Some(Day::OfYear { day: self.digits(1, 3)?, julian })
        }
    }

    /// `[+-]h[hh][:mm[:ss]]`: the hour, and all of it in seconds.
    fn time(&mut self) -> Option<(i32, i32)> {
        let sign = match self.peek() {
            Some(b'-') => -1,
            _ => 1,
        };
        if matches!(self.peek(), Some(b'+' | b'-')) {
            self.0 = &self.0[1..];
        }
        let hour = i32::from(self.digits(1, 3)?);
        let (mut minute, mut second) = (0, 0);
        if self.skip(b':').is_some() {
            minute = i32::from(self.digits(2, 2)?);
            if self.skip(b':').is_some() {
                second = i32::from(self.digits(2, 2)?);
            }
        }
        Some((sign * hour, sign * (hour * 3600 + minute * 60 + second)))
    }

    /// A number of `least` to `most` digits, which are three at most.
    fn digits(&mut self, least: usize, most: usize) -> Option<u16> {
        let digits = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        (digits >= least)
            .then(|| number.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0')))
    }
}
