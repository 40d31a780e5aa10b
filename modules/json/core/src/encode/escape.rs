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
    ($mode:ty, |$c:ident| $plain:expr; $($input:ty => $output:ty, $start:expr;)*) => {$(
        impl Mode<$input, $output> for $mode {
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
    Ascii, |c| c.wrapping_sub(0x20) < 0x5f && c != 0x22 && c != 0x5c;
    u8 => u8, |chunk, _| in_word(chunk, |word| high(word) | high(word.wrapping_add(EACH)));
    u16 => u8, in_turn;
    u32 => u8, in_turn;
}

modes! {
    Unicode, |c| c >= 0x20 && c != 0x22 && c != 0x5c;
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
    while let Some(&c) = text.get(at.read) {
        if M::is_plain(c) {
            return true;
        }
        let Some(places) = out[at.written..].first_chunk_mut::<NEEDED>() else { return false };
        let second = text.get(at.read + 1).copied().unwrap_or_default().into();
        let first = c.into();
        if let (0x80..=0xffff, 0x80..=0xffff) = (first, second)
            && !M::is_plain(text[at.read + 1])
        {
            write_units(first, second, places);
            at.read += 2;
            at.written += 12;
        } else {
            at.read += 1;
            at.written += write_escape(first, places);
        }
    }
    true
}

/// Writes the escape of one character, and tells how long it is.
#[inline(always)]
fn write_escape<O: Unit>(c: u32, places: &mut [O; NEEDED]) -> usize {
    if let Some(&letter) = SHORT.get(c as usize)
        && letter != 0
    {
        places[0] = O::from_ascii(b'\\');
        places[1] = O::from_ascii(letter);
        return 2;
    }
    match c.checked_sub(0x1_0000) {
        None => {
            write_units(c, 0, places);
            6
        }
        Some(beyond) => {
            write_units(0xd800 | (beyond >> 10), 0xdc00 | (beyond & 0x3ff), places);
            12
        }
    }
}

/// Writes `\uXXXX` twice.
#[inline(always)]
fn write_units<O: Unit>(first: u32, second: u32, places: &mut [O; NEEDED]) {
    let digits = hex_digits(first, second);
    for (start, digits) in [(0, digits as u32), (6, (digits >> 32) as u32)] {
        let word = u64::from(digits) << 16 | u64::from(u16::from_le_bytes(*b"\\u"));
        if let Some(places) = places[start..].first_chunk_mut::<8>() {
            *places = word.to_le_bytes().map(O::from_ascii);
        }
    }
}

/// Twice four digits, all at once: one in each byte of a word, the first in the lowest.
#[inline(always)]
fn hex_digits(first: u32, second: u32) -> u64 {
    let units = u64::from(first) << 32 | u64::from(second);
    let pairs = (units | units << 8) & 0x00ff_00ff_00ff_00ff;
    let nibbles = (pairs | pairs << 4) & (EACH * 0x0f);
    let letters = (nibbles + EACH * 0x06) >> 4 & EACH;
    (nibbles + EACH * 0x30 + letters * 0x27).swap_bytes()
}

/// The letters behind the backslash, for the characters that have one.
const SHORT: [u8; 128] = {
    let mut table = [0; 128];
    table[0x08] = b'b';
    table[0x09] = b't';
    table[0x0a] = b'n';
    table[0x0c] = b'f';
    table[0x0d] = b'r';
    table[0x22] = b'"';
    table[0x5c] = b'\\';
    table
};
