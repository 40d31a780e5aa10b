//! The inside of a JSON string: plain characters in bulk, the others as escapes.
use super::Unit;

/// How much room one character needs at most: a surrogate pair, `\ud83d\ude00`, and two places
/// behind it, since escapes are written as whole words.
pub const NEEDED: usize = 14;

/// Which characters stay as they are, and how they fit the output.
pub trait Mode<I, O> {
    /// Whether the character needs no escape.
    fn is_plain(c: I) -> bool;
    /// The character in the output's width. What is not plain may become anything.
    fn copied(c: I) -> O;
    /// How many characters are plain, up to the first that is not.
    fn plain_start(chunk: &[I; CHUNK]) -> usize;
    /// Whether a plain character is always the same in the output: all of them are ASCII.
    const ALL_ASCII: bool;
}

/// So many characters are looked at together.
pub const CHUNK: usize = 8;

/// Everything but printable ASCII is escaped: the output of `ensure_ascii`.
#[derive(Debug)]
pub struct Ascii;

/// Only quotes, backslashes and control characters are escaped.
#[derive(Debug)]
pub struct Unicode;

macro_rules! modes {
    ($mode:ty, $all_ascii:literal, |$c:ident| $plain:expr; $($input:ty => $output:ty, $start:expr;)*) => {$(
        impl Mode<$input, $output> for $mode {
            const ALL_ASCII: bool = $all_ascii;

            #[inline(always)]
            fn is_plain($c: $input) -> bool {
                $plain
            }

            #[inline(always)]
            #[allow(clippy::unnecessary_cast, reason = "some inputs have the output's width")]
            fn copied(c: $input) -> $output {
                c as $output
            }

            #[inline(always)]
            fn plain_start(chunk: &[$input; CHUNK]) -> usize {
                $start(chunk, <Self as Mode<$input, $output>>::is_plain)
            }
        }
    )*};
}

modes! {
    // One comparison for both ends: what is below a space becomes large.
    Ascii, true, |c| c.wrapping_sub(0x20) < 0x5f && c != 0x22 && c != 0x5c;
    u8 => u8, |chunk, _| in_word(chunk, |word| high(word) | high(word.wrapping_add(EACH)));
    u16 => u8, in_turn;
    u32 => u8, in_turn;
}

modes! {
    Unicode, false, |c| c >= 0x20 && c != 0x22 && c != 0x5c;
    u8 => u8, |chunk, _| in_word(chunk, |_| 0);
    u8 => u16, |chunk, _| in_word(chunk, |_| 0);
    u8 => u32, |chunk, _| in_word(chunk, |_| 0);
    u16 => u16, in_turn;
    u16 => u32, in_turn;
    u32 => u32, in_turn;
}

/// Looks at the characters one after the other, unless all are plain.
#[inline(always)]
fn in_turn<I: Copy>(chunk: &[I; CHUNK], is_plain: impl Fn(I) -> bool) -> usize {
    if chunk.iter().fold(true, |plain, &c| plain & is_plain(c)) {
        return CHUNK;
    }
    chunk.iter().position(|&c| !is_plain(c)).unwrap_or(CHUNK)
}

/// Looks at eight bytes in one word. `more` marks what is special besides, by the highest bit of
/// the byte.
///
/// A byte that is marked can make those behind it look special, never those before.
#[inline(always)]
fn in_word(chunk: &[u8; CHUNK], more: impl Fn(u64) -> u64) -> usize {
    let word = u64::from_le_bytes(*chunk);
    let below = |word: u64, limit: u64| high(word.wrapping_sub(limit * EACH) & !word);
    let equal = |byte: u64| below(word ^ (byte * EACH), 1);
    let special = below(word, 0x20) | equal(0x22) | equal(0x5c) | more(word);
    special.trailing_zeros() as usize / 8
}

/// A one in each byte.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte.
#[inline(always)]
fn high(word: u64) -> u64 {
    word & (EACH << 7)
}

/// How far an escape has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Characters of the text that are done.
    pub read: usize,
    /// Characters of the output that have been written.
    pub written: usize,
}

/// Escapes as much of the text as there is room for.
///
/// It stops early only where less than [`NEEDED`] places are left. What lies behind the written
/// part of the output may be overwritten, too.
///
/// ```
/// use json_core::encode::{Ascii, Step, escape};
/// let mut out = [0; 24];
/// let step = escape::<Ascii, u16, u8>(&[0x61, 0xe9, 0x0a], &mut out);
/// assert_eq!(step, Step { read: 3, written: 9 });
/// assert_eq!(&out[..9], br"a\u00e9\n");
/// ```
#[inline]
pub fn escape<M: Mode<I, O>, I: Unit, O: Unit>(text: &[I], out: &mut [O]) -> Step {
    let mut at = Step::default();
    loop {
        copy_plain::<M, I, O>(text, out, &mut at);
        let at_end = at.read == text.len() || at.written == out.len();
        if at_end || !escape_run::<M, I, O>(text, out, &mut at) {
            return at;
        }
    }
}

/// Copies until a character needs an escape, or text or room are at their end.
#[inline(always)]
fn copy_plain<M: Mode<I, O>, I: Unit, O: Unit>(text: &[I], out: &mut [O], at: &mut Step) {
    loop {
        let (rest, room) = (&text[at.read..], &mut out[at.written..]);
        let Some(places) = room.first_chunk_mut::<CHUNK>() else { break };
        let (chunk, len) = match rest.first_chunk::<CHUNK>() {
            Some(chunk) => (*chunk, CHUNK),
            None => (I::padded(rest), rest.len()),
        };
        for (place, c) in places.iter_mut().zip(chunk) {
            *place = M::copied(c);
        }
        let plain = M::plain_start(&chunk);
        if plain < CHUNK || len < CHUNK {
            at.read += plain.min(len);
            at.written += plain.min(len);
            return;
        }
        // A constant, so that the next word need not wait for what this one was.
        at.read += CHUNK;
        at.written += CHUNK;
        while copy_long::<M, I, O>(text, out, at) {}
    }
    for (&c, place) in text[at.read..].iter().zip(&mut out[at.written..]) {
        if !M::is_plain(c) {
            break;
        }
        *place = M::copied(c);
        at.read += 1;
        at.written += 1;
    }
}

/// Copies characters, whatever they are, and counts them when all are plain.
#[inline(always)]
fn copy_long<M: Mode<I, O>, I: Unit, O: Unit>(text: &[I], out: &mut [O], at: &mut Step) -> bool {
    const LONG: usize = 32;
    let (Some(chunk), Some(places)) =
        (text[at.read..].first_chunk::<LONG>(), out[at.written..].first_chunk_mut::<LONG>())
    else {
        return false;
    };
    let mut plain = true;
    for (&c, place) in chunk.iter().zip(places) {
        *place = M::copied(c);
        plain &= M::is_plain(c);
    }
    if plain {
        at.read += LONG;
        at.written += LONG;
    }
    plain
}

/// Writes the escapes of the characters that need one, up to the next that does not. Whether
/// there was room for them all.
#[inline(always)]
fn escape_run<M: Mode<I, O>, I: Unit, O: Unit>(text: &[I], out: &mut [O], at: &mut Step) -> bool {
    if M::ALL_ASCII {
        escape_blocks(text, out, at);
    }
    while let Some(&c) = text.get(at.read) {
        if M::is_plain(c) {
            return true;
        }
        let places = &mut out[at.written..];
        if places.len() < NEEDED {
            return false;
        }
        at.read += 1;
        at.written += write_escape(c.into(), places);
    }
    true
}

/// Writes eight characters at a time, whether they need an escape or not: what is mixed cannot be
/// foreseen. It ends behind eight that need none.
#[inline(always)]
fn escape_blocks<I: Unit, O: Unit>(text: &[I], out: &mut [O], at: &mut Step) {
    while let Some(chunk) = text[at.read..].first_chunk::<CHUNK>()
        && let Some(places) = out[at.written..].first_chunk_mut::<{ CHUNK * NEEDED }>()
    {
        let mut len = 0;
        for &c in chunk {
            len += write_escape(c.into(), &mut places[len..]);
        }
        at.read += CHUNK;
        at.written += len;
        if len == CHUNK {
            break;
        }
    }
}

/// Writes one character as an escape if it needs one, and tells how long that is. There are at
/// least [`NEEDED`] places.
#[inline(always)]
fn write_escape<O: Unit>(c: u32, places: &mut [O]) -> usize {
    let Some(beyond) = c.checked_sub(0x1_0000) else { return write_unit(c as u16, places) };
    write_unit((0xd800 | beyond >> 10) as u16, places);
    write_unit((0xdc00 | beyond & 0x3ff) as u16, &mut places[6..]);
    12
}

#[inline(always)]
fn write_unit<O: Unit>(unit: u16, places: &mut [O]) -> usize {
    let word = word_of(unit);
    if let Some(places) = places.first_chunk_mut::<8>() {
        *places = word.to_le_bytes().map(O::from_ascii);
    }
    length_of(word)
}

/// What is written for a unit of UTF-16 where only ASCII may be, the first character in the lowest
/// byte; the length is in the highest one.
#[inline(always)]
fn word_of(unit: u16) -> u64 {
    match WORDS.get(usize::from(unit)) {
        Some(&word) => word,
        None => in_hex(unit),
    }
}

/// How long what is written for it is.
#[inline(always)]
const fn length_of(word: u64) -> usize {
    (word >> 56) as usize
}

/// `\uXXXX`.
#[inline(always)]
const fn in_hex(unit: u16) -> u64 {
    let [high, low] = unit.to_be_bytes();
    let digits = HEX[high as usize] as u64 | (HEX[low as usize] as u64) << 16;
    6 << 56 | digits << 16 | u16::from_le_bytes(*b"\\u") as u64
}

/// The two digits of each byte, the first one lower.
const HEX: [u16; 256] = {
    let digits = b"0123456789abcdef";
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = u16::from_le_bytes([digits[byte >> 4], digits[byte & 15]]);
        byte += 1;
    }
    table
};

/// What is written for ASCII.
const WORDS: [u64; 128] = {
    let mut table = [0; 128];
    let mut c = 0;
    while c < 128 {
        table[c] = match c as u8 {
            0x08 => short(b'b'),
            0x09 => short(b't'),
            0x0a => short(b'n'),
            0x0c => short(b'f'),
            0x0d => short(b'r'),
            0x22 => short(b'"'),
            0x5c => short(b'\\'),
            0x20..=0x7e => 1 << 56 | c as u64,
            _ => in_hex(c as u16),
        };
        c += 1;
    }
    table
};

/// A backslash and a letter.
const fn short(letter: u8) -> u64 {
    2 << 56 | (letter as u64) << 8 | b'\\' as u64
}
