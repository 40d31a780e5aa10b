//! A reader that looks at one character at a time and knows no shortcuts: the oracle.
use json_core::decode::Kind;

/// A value, with numbers as they are written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Word(String),
    Int(String),
    Float(String),
    Text(Vec<u32>),
    List(Vec<Self>),
    Object(Vec<(Vec<u32>, Self)>),
}

/// Where there is no value, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    Broken(Kind, isize),
    NoValue(usize),
}

/// The value at `at`, and the place behind it.
pub(crate) fn value(text: &[u32], at: usize, strict: bool) -> Result<(Json, usize), Failure> {
    for (word, json) in [
        ("null", Json::Null),
        ("true", Json::Bool(true)),
        ("false", Json::Bool(false)),
        ("NaN", Json::Word("NaN".into())),
        ("Infinity", Json::Word("Infinity".into())),
        ("-Infinity", Json::Word("-Infinity".into())),
    ] {
        if begins(text, at, word) {
            return Ok((json, at + word.len()));
        }
    }
    match character(text, at) {
        Some('"') => string(text, at, strict).map(|(text, end)| (Json::Text(text), end)),
        Some('[') => array(text, at, strict),
        Some('{') => object(text, at, strict),
        _ => number(text, at).ok_or(Failure::NoValue(at)),
    }
}

fn array(text: &[u32], open: usize, strict: bool) -> Result<(Json, usize), Failure> {
    let mut items = Vec::new();
    let mut at = space(text, open + 1);
    if character(text, at) == Some(']') {
        return Ok((Json::List(items), at + 1));
    }
    loop {
        let (item, end) = value(text, at, strict)?;
        items.push(item);
        match next_item(text, end, ']', Kind::TrailingCommaInArray)? {
            Ok(next) => at = next,
            Err(end) => return Ok((Json::List(items), end)),
        }
    }
}

fn object(text: &[u32], open: usize, strict: bool) -> Result<(Json, usize), Failure> {
    let mut items = Vec::new();
    let mut at = space(text, open + 1);
    if character(text, at) == Some('}') {
        return Ok((Json::Object(items), at + 1));
    }
    loop {
        if character(text, at) != Some('"') {
            return Err(Failure::Broken(Kind::PropertyName, at as isize));
        }
        let (key, end) = string(text, at, strict)?;
        let colon = space(text, end);
        if character(text, colon) != Some(':') {
            return Err(Failure::Broken(Kind::Colon, colon as isize));
        }
        let (item, end) = value(text, space(text, colon + 1), strict)?;
        items.push((key, item));
        match next_item(text, end, '}', Kind::TrailingCommaInObject)? {
            Ok(next) => at = next,
            Err(end) => return Ok((Json::Object(items), end)),
        }
    }
}

/// Where the next item begins, or where it all ends.
fn next_item(
    text: &[u32],
    at: usize,
    close: char,
    trailing: Kind,
) -> Result<Result<usize, usize>, Failure> {
    let at = space(text, at);
    match character(text, at) {
        Some(found) if found == close => Ok(Err(at + 1)),
        Some(',') => {
            let next = space(text, at + 1);
            if character(text, next) == Some(close) {
                return Err(Failure::Broken(trailing, at as isize));
            }
            Ok(Ok(next))
        }
        _ => Err(Failure::Broken(Kind::Comma, at as isize)),
    }
}

/// The string whose quote is at `open`.
pub(crate) fn string(
    text: &[u32],
    open: usize,
    strict: bool,
) -> Result<(Vec<u32>, usize), Failure> {
    let unterminated = Failure::Broken(Kind::Unterminated, open as isize);
    let mut result: Vec<u32> = Vec::new();
    // Whether the last character is the escape of a high surrogate, with nothing between.
    let mut open_pair = false;
    let mut at = open + 1;
    loop {
        let c = *text.get(at).ok_or(unterminated.clone())?;
        if c == u32::from('"') {
            return Ok((result, at + 1));
        }
        if c != u32::from('\\') {
            if strict && c < 32 {
                return Err(Failure::Broken(Kind::ControlCharacter, at as isize));
            }
            result.push(c);
            open_pair = false;
            at += 1;
            continue;
        }
        let kind = *text.get(at + 1).ok_or(unterminated.clone())?;
        if kind != u32::from('u') {
            let names = "\"\\/bfnrt".chars().zip("\"\\/\u{8}\u{c}\n\r\t".chars());
            let Some((_, c)) = names.into_iter().find(|&(name, _)| u32::from(name) == kind) else {
                return Err(Failure::Broken(Kind::Escape, at as isize));
            };
            result.push(c.into());
            open_pair = false;
            at += 2;
            continue;
        }
        let digits: Option<String> = text
            .get(at + 2..at + 6)
            .and_then(|four| four.iter().map(|&c| char::from_u32(c)).collect());
        let digits = digits.filter(|four| four.chars().all(|c| c.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|four| u32::from_str_radix(&four, 16).ok()) else {
            return Err(Failure::Broken(Kind::UnicodeEscape, at as isize + 1));
        };
        match result.last_mut() {
            Some(last) if open_pair && unit >> 10 == 0x37 => {
                *last = 0x1_0000 + (*last & 0x3ff) * 0x400 + (unit & 0x3ff);
                open_pair = false;
            }
            _ => {
                result.push(unit);
                open_pair = unit >> 10 == 0x36;
            }
        }
        at += 6;
    }
}

/// The longest beginning that is a number.
fn number(text: &[u32], at: usize) -> Option<(Json, usize)> {
    let ascii: String = text[at.min(text.len())..]
        .iter()
        .map_while(|&c| {
            char::from_u32(c).filter(|c| c.is_ascii() && "+-.eE0123456789".contains(*c))
        })
        .collect();
    let length = (1..=ascii.len()).rev().find(|&length| is_number(&ascii[..length]))?;
    let number = ascii[..length].to_owned();
    let float = number.contains(['.', 'e', 'E']);
    Some((if float { Json::Float(number) } else { Json::Int(number) }, at + length))
}

fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((text, exponent)) => {
            (text, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
        }
        None => (text, None),
    };
    let (integer, fraction) = match text.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

fn space(text: &[u32], mut at: usize) -> usize {
    while character(text, at).is_some_and(|c| " \t\n\r".contains(c)) {
        at += 1;
    }
    at
}

fn begins(text: &[u32], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| character(text, at + i) == Some(c))
}

fn character(text: &[u32], at: usize) -> Option<char> {
    text.get(at).and_then(|&c| char::from_u32(c))
}
