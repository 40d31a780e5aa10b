//! Random documents, sound and broken, in all three widths, against the naive reader.
use json_core::decode::{Build, Error, read, read_string};

use crate::compare::builder::{Builder, DEEPEST};
use crate::compare::naive::{self, Failure};
use crate::compare::{check, failure, reading};

/// A small generator: the numbers only need to differ.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn value(&mut self, depth: usize) -> String {
        let space = self.of(&["", "", "", " ", "\n      \t", "\r\n", "         "]);
        match self.below(if depth == 0 { 4 } else { 8 }) {
            0 => self.of(&["null", "true", "false", "NaN", "Infinity", "-Infinity"]).to_owned(),
            1 => self.number(),
            2 | 3 => self.string(),
            4 | 5 => {
                let items: Vec<_> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
                format!("[{space}{}{space}]", items.join(self.of(&[",", ", ", "\n,\t"])))
            }
            _ => {
                let items: Vec<_> = (0..self.below(4))
                    .map(|_| format!("{}{space}:{}", self.string(), self.value(depth - 1)))
                    .collect();
                format!("{{{space}{}{space}}}", items.join(self.of(&[",", ", ", "\n,\t"])))
            }
        }
    }

    fn number(&mut self) -> String {
        let digits = |random: &mut Self, most| -> String {
            (0..=random.below(most)).map(|_| char::from(b'0' + random.below(10) as u8)).collect()
        };
        let mut number = self.of(&["", "-"]).to_owned();
        let integer = digits(self, 22);
        number += if integer.starts_with('0') { "0" } else { &integer };
        if self.below(2) == 0 {
            number = number + "." + &digits(self, 25);
        }
        if self.below(3) == 0 {
            number = number + self.of(&["e", "E"]) + self.of(&["", "+", "-"]) + &digits(self, 3);
        }
        number
    }

    fn string(&mut self) -> String {
        let mut string = String::from("\"");
        for _ in 0..self.below(6) {
            match self.below(5) {
                0 => {
                    string +=
                        self.of(&["a", "abc", "\x7f", "\u{e9}\u{ff}", "\u{20ac}", "\u{1f40d}"])
                }
                1 => {
                    string +=
                        &"some plain text, more of it, and then some".repeat(3)[..self.below(120)]
                }
                2 => string += self.of(&["\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\r", "\\t"]),
                3 => {
                    string +=
                        self.of(&["\\u0000", "\\u00e9", "\\u20AC", "\\uffff", "\\uD834\\udd20"])
                }
                _ => string += self.of(&["\\ud800", "\\udc00", "\\uDBFF", "\\udfFF"]),
            }
        }
        string + "\""
    }

    fn damage(&mut self, text: &mut Vec<u32>) {
        let at = self.below(text.len() + 1);
        match self.below(4) {
            0 => text.truncate(at),
            1 if at < text.len() => {
                text.remove(at);
            }
            2 if at < text.len() => text[at] = self.special(),
            _ => text.insert(at, self.special()),
        }
    }

    fn special(&mut self) -> u32 {
        let ascii = b"\"\\{}[],: \n\t\x00\x1f\x7f019-+.eEuNItn";
        match self.below(8) {
            0 => [0xe9, 0x122, 0x15c, 0x20ac, 0xd800, 0xdc00, 0x1_0022, 0x1_f40d][self.below(8)],
            _ => ascii[self.below(ascii.len())].into(),
        }
    }
}

#[test]
fn random_documents() {
    let mut random = Random(20_261_121);
    let mut sound = 0;
    for round in 0..60_000 {
        let depth = random.below(5);
        let mut text: Vec<u32> = random.value(depth).chars().map(u32::from).collect();
        for _ in 0..random.below(4) {
            random.damage(&mut text);
        }
        let at = if random.below(8) == 0 { random.below(text.len() + 3) } else { 0 };
        sound += usize::from(check(&text, at, round % 3 > 0));
    }
    assert!((20_000..40_000).contains(&sound), "{sound} of 60,000 are sound");
}

#[test]
fn random_noise() {
    let mut random = Random(15);
    for round in 0..60_000 {
        let text: Vec<u32> = (0..random.below(20)).map(|_| random.special()).collect();
        check(&text, random.below(text.len() + 1), round % 2 == 0);
    }
}

#[test]
fn random_strings_from_any_place() {
    let mut random = Random(3);
    for round in 0..40_000 {
        let mut text: Vec<u32> = random.string().chars().map(u32::from).collect();
        random.damage(&mut text);
        let (begin, strict) = (1 + random.below(text.len() + 1), round % 2 == 0);
        let mut builder = Builder::default();
        let found = match read_string(&text, begin, strict, &mut builder) {
            Ok((body, end)) => builder.key(body).map(|string| (string, end)).map_err(Error::Build),
            Err(error) => Err(error),
        };
        assert_eq!(found.map_err(failure), naive::string(&text, begin - 1, strict), "{text:?}");
    }
}

#[test]
fn the_builder_ends_what_is_too_deep() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        for depth in [1, DEEPEST / 2, DEEPEST, DEEPEST + 1, 5000] {
            let text = open.repeat(depth) + "1" + &close.repeat(depth);
            let mut builder = Builder::default();
            let found = read(text.as_bytes(), 0, true, &mut builder);
            let levels = depth * if close.len() == 2 { 2 } else { 1 };
            if levels <= DEEPEST {
                assert_eq!(found.map(|(_, end)| end), Ok(text.len()));
            } else {
                assert_eq!(found, Err(Error::Build("too deep")));
            }
        }
    }
}

#[test]
fn a_start_behind_the_end_has_no_value() {
    for at in [0, 1, 2, usize::MAX - 9, usize::MAX] {
        assert_eq!(reading::<u8>(b"", at, true), Err(Failure::NoValue(at)));
    }
}
