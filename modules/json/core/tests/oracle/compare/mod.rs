//! One comparison of the core with the naive reader and writer, steered by a byte string.

pub(crate) mod builder;
pub(crate) mod naive;

use builder::{Builder, DEEPEST};
use json_core::decode::{self, Error, read};
use json_core::encode::{self, Ascii, Mode, NEEDED, NUMBER, Step, Unicode, escape};
use naive::{Failure, Json};

/// Reads a document and writes its text and two numbers, both ways, as the bytes say.
///
/// # Panics
/// When the core and the naive way differ.
pub(crate) fn compare(data: &[u8]) {
    let [flags, place, rest @ ..] = data else { return };
    let at = if flags & 1 == 0 { 0 } else { usize::from(*place) };
    let wide: &[u32] = match flags >> 2 & 3 {
        0 => &[],
        1 => &[0x15c, 0x122, 0x20ac, 0xd834, 0xdd20, 0xffff, 0x3000],
        _ => &[0x1_005c, 0x1_0022, 0x20ac, 0xd834, 0xdd20, 0x10_ffff, 0x1_f40d],
    };
    let text: Vec<u32> = rest
        .iter()
        .map(|&byte| match usize::from(byte).checked_sub(0x80) {
            Some(high) => wide.get(high % 8).copied().unwrap_or_else(|| byte.into()),
            None => byte.into(),
        })
        .collect();
    if text.iter().filter(|&&c| c == u32::from('[') || c == u32::from('{')).count() <= DEEPEST {
        check(&text, at, flags & 2 == 0);
    }
    let mut random = Random((*place).into());
    let mut room = || NEEDED + random.below(90);
    check_escape::<Ascii, u32, u8>(&text, true, &mut room);
    check_escape::<Unicode, u32, u32>(&text, false, &mut room);
    check_escape::<Ascii, u8, u8>(rest, true, &mut room);
    check_escape::<Unicode, u8, u16>(rest, false, &mut room);
    if let Some(bytes) = rest.first_chunk() {
        check_numbers(i64::from_le_bytes(*bytes));
    }
}

pub(crate) fn check(text: &[u32], at: usize, strict: bool) -> bool {
    let wanted = naive::value(text, at, strict);
    assert_eq!(reading(text, at, strict), wanted, "{text:?} {at} {strict}");
    let middle: Option<Vec<u16>> = text.iter().map(|&c| c.try_into().ok()).collect();
    let narrow: Option<Vec<u8>> = text.iter().map(|&c| c.try_into().ok()).collect();
    if let Some(text) = middle {
        assert_eq!(reading(&text, at, strict), wanted, "{text:?} {at} {strict}");
    }
    if let Some(text) = narrow {
        assert_eq!(reading(&text, at, strict), wanted, "{:?}", String::from_utf8_lossy(&text));
    }
    wanted.is_ok()
}

pub(crate) fn reading<W: decode::Unit>(
    text: &[W],
    at: usize,
    strict: bool,
) -> Result<(Json, usize), Failure> {
    let mut builder = Builder::default();
    let found = read(text, at, strict, &mut builder).map_err(failure);
    if found.is_ok() {
        assert!(builder.depth == 0 && builder.unescaped.is_empty());
    }
    found
}

pub(crate) fn failure(error: Error<&'static str>) -> Failure {
    match error {
        Error::Broken(broken) => Failure::Broken(broken.kind, broken.at),
        Error::NoValue(at) => Failure::NoValue(at),
        Error::Build(text) => panic!("{text}"),
    }
}

/// Escapes a text, with rooms of these sizes one after the other.
pub(crate) fn check_escape<M: Mode<I, O>, I: encode::Unit, O: encode::Unit>(
    text: &[I],
    ascii: bool,
    mut room: impl FnMut() -> usize,
) {
    let expected: Vec<u32> = text.iter().flat_map(|&c| escaped(c.into(), ascii)).collect();
    let mut written = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut out = vec![O::default(); room()];
        let Step { read, written: count } = escape::<M, I, O>(rest, &mut out);
        assert!(read > 0, "no progress");
        written.extend(out[..count].iter().map(|&c| c.into()));
        rest = &rest[read..];
    }
    assert_eq!(written, expected);
}

/// What JSON wants of one character.
pub(crate) fn escaped(c: u32, ascii: bool) -> Vec<u32> {
    let text = match char::from_u32(c) {
        Some('"') => "\\\"".to_owned(),
        Some('\\') => "\\\\".to_owned(),
        Some('\n') => "\\n".to_owned(),
        Some('\r') => "\\r".to_owned(),
        Some('\t') => "\\t".to_owned(),
        Some('\u{8}') => "\\b".to_owned(),
        Some('\u{c}') => "\\f".to_owned(),
        Some(known) if c < 0x20 || ascii && c > 0x7e => {
            known.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
        }
        None if ascii => format!("\\u{c:04x}"),
        _ => return vec![c],
    };
    text.chars().map(u32::from).collect()
}

/// The number, and the float of the same bits, are what their texts say.
fn check_numbers(number: i64) {
    let mut out = [0; NUMBER];
    let len = encode::write_i64(number, &mut out);
    assert_eq!(str::from_utf8(&out[..len]), Ok(&*number.to_string()));
    let float = f64::from_bits(number.cast_unsigned());
    if float.is_finite() {
        let len = encode::write_float(float, &mut out);
        let back: f64 = str::from_utf8(&out[..len]).expect("text").parse().expect("a number");
        assert_eq!(back.to_bits(), float.to_bits());
    }
}

/// SplitMix64: the same numbers each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}
