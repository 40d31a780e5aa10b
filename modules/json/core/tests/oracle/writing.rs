//! The writer against naive ones: character by character, and over `std`'s own formatting.
use json_core::encode::{
    Ascii, Mode, NEEDED, NUMBER, QUOTED, Step, Unicode, Unit, digits_for, escape, limbs_for,
    quote_short, write_float, write_i64, write_long,
};

use crate::compare::{Random, check_escape, escaped};

fn check<M: Mode<I, O>, I: Unit + TryFrom<u32>, O: Unit>(ascii: bool, kinds: &[&[u32]]) {
    let mut random = Random(7);
    for _ in 0..20_000 {
        let mut text = Vec::new();
        for _ in 0..random.below(6) {
            let kind = kinds[random.below(kinds.len())];
            for _ in 0..random.below(40) {
                text.extend(I::try_from(kind[random.below(kind.len())]).ok());
            }
        }
        // Rooms that are just large enough for one character, and larger ones.
        check_escape::<M, I, O>(&text, ascii, || NEEDED + random.below(90));
    }
}

const LATIN1: &[&[u32]] = &[
    &[0x61, 0x7a, 0x20, 0x7e],
    &[0x22, 0x5c, 0x0a],
    &[0, 8, 9, 0x0c, 0x0d, 0x1f, 0x7f],
    &[0x80, 0xff],
];
const UCS2: &[&[u32]] = &[
    &[0x61, 0x7a, 0x20, 0x7e],
    &[0x22, 0x5c, 0x0a, 0x122, 0x15c, 0x2200],
    &[0, 0x1f, 0x7f, 0x80, 0x100],
    &[0x20ac, 0xffff, 0xd800, 0xdfff],
];
const UCS4: &[&[u32]] = &[
    &[0x61, 0x7a, 0x20, 0x7e],
    &[0x22, 0x5c, 0x0a, 0x1_0022, 0x1_005c],
    &[0, 0x1f, 0x7f, 0x80, 0xffff],
    &[0x1_0000, 0x1_f40d, 0x10_ffff, 0xdc00],
];

#[test]
fn strings_in_every_width() {
    check::<Ascii, u8, u8>(true, LATIN1);
    check::<Ascii, u16, u8>(true, UCS2);
    check::<Ascii, u32, u8>(true, UCS4);
    check::<Unicode, u8, u8>(false, LATIN1);
    check::<Unicode, u8, u16>(false, LATIN1);
    check::<Unicode, u8, u32>(false, LATIN1);
    check::<Unicode, u16, u16>(false, UCS2);
    check::<Unicode, u16, u32>(false, UCS2);
    check::<Unicode, u32, u32>(false, UCS4);
}

#[test]
fn every_character_alone_and_among_others() {
    for c in 0..=0x10_ffff_u32 {
        for text in [&[c][..], &[0x61, c, 0x61], &[c, c]] {
            let mut out = [0; 64];
            let step = escape::<Ascii, u32, u8>(text, &mut out);
            let expected: Vec<u32> = text.iter().flat_map(|&c| escaped(c, true)).collect();
            assert_eq!(step.read, text.len());
            assert!(out[..step.written].iter().copied().map(u32::from).eq(expected), "U+{c:x}");
        }
    }
}

/// Each byte at each place of each length, and what stands around it in the output.
#[test]
fn short_strings() {
    for len in 0..QUOTED + 5 {
        for (at, byte) in (0..len.max(1)).flat_map(|at| (0..=255_u8).map(move |byte| (at, byte))) {
            let mut text = vec![b'x'; len];
            text.iter_mut().skip(at).take(1).for_each(|place| *place = byte);
            let plain = len == 0 || matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
            let mut out = [0xaa; QUOTED + 3];
            let written = quote_short(&text, &mut out);
            assert_eq!(written, (plain && len + 2 <= QUOTED).then_some(len + 2), "{text:?}");
            if let Some(written) = written {
                let expected = [b"\"", &text[..], b"\""].concat();
                assert_eq!(out[..written], expected);
            }
            assert_eq!(out[QUOTED..], [0xaa; 3]);
        }
    }
    assert_eq!(quote_short(b"a", &mut [0; QUOTED - 1]), None);
}

#[test]
fn without_room_nothing_is_written() {
    for room in 0..NEEDED {
        let mut out = vec![0; room];
        assert_eq!(escape::<Ascii, u8, u8>(b"\n", &mut out), Step::default());
        let step = escape::<Ascii, u8, u8>(b"aaaaaaaaaaaaaaaaaaaa", &mut out);
        assert_eq!((step.read, step.written), (room, room));
    }
}

#[test]
fn integers() {
    let mut random = Random(1);
    let shorts = (0..200_000).map(|_| random.next().cast_signed() >> random.below(64));
    for value in shorts.chain([0, 1, -1, i64::MAX, i64::MIN]) {
        let mut out = [0; NUMBER];
        let len = write_i64(value, &mut out);
        assert_eq!(str::from_utf8(&out[..len]).unwrap(), value.to_string());
    }
}

/// The same number by long division of its decimal digits, from the last to the first.
fn naive_long(bytes: &[u8]) -> String {
    let negative = bytes[bytes.len() - 1] >= 0x80;
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = true;
        for byte in &mut magnitude {
            (*byte, carry) = (!*byte).overflowing_add(carry.into());
        }
    }
    let mut digits = String::new();
    while magnitude.iter().any(|&byte| byte != 0) {
        let mut rest = 0_u16;
        for byte in magnitude.iter_mut().rev() {
            let all = rest << 8 | u16::from(*byte);
            *byte = (all / 10) as u8;
            rest = all % 10;
        }
        digits.insert(0, char::from(b'0' + rest as u8));
    }
    match (digits.is_empty(), negative) {
        (true, _) => "0".to_owned(),
        (false, true) => format!("-{digits}"),
        (false, false) => digits,
    }
}

#[test]
fn long_integers() {
    let mut random = Random(2);
    for size in [4, 8, 12, 16, 20, 32, 64, 68, 128, 264] {
        let mut least = vec![0; size];
        least[size - 1] = 0x80;
        let mut most = vec![0xff; size];
        most[size - 1] = 0x7f;
        let mut values = vec![vec![0; size], vec![0xff; size], least, most];
        for _ in 0..12_000 / size {
            let mut bytes = vec![if random.below(2) == 0 { 0 } else { 0xff }; size];
            for byte in &mut bytes[..random.below(size + 1)] {
                *byte = random.next() as u8;
            }
            values.push(bytes);
        }
        for mut bytes in values {
            let expected = naive_long(&bytes);
            let (mut limbs, mut out) = (vec![7; limbs_for(size)], vec![0; digits_for(size)]);
            let len = write_long(&mut bytes, &mut limbs, &mut out).unwrap();
            assert_eq!(str::from_utf8(&out[..len]).unwrap(), expected);
            assert_eq!(write_long(&mut bytes, &mut limbs[1..], &mut out), None);
            assert_eq!(write_long(&mut bytes, &mut limbs, &mut out[1..]), None);
        }
    }
}

/// `repr` over the shortest digits of `std`.
fn naive_float(value: f64) -> String {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        if plain.contains('.') { plain } else { format!("{plain}.0") }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.abs())
    }
}

#[test]
fn floats() {
    let mut random = Random(3);
    let bits = (0..400_000).map(|_| f64::from_bits(random.next()));
    let small = (0..2_000).map(|i| f64::from(i) * 1e-7);
    let powers = (-1074..1024).map(|n| 2_f64.powi(n / 2) * 2_f64.powi(n - n / 2));
    let mut ties = 0;
    let ends =
        [0.0, -0.0, 1e16, 9_999_999_999_999_998.0, 1e-4, 1e-5, 9.999999999999999e-5, f64::MAX];
    for value in bits.chain(small).chain(powers).chain(ends).filter(|value| value.is_finite()) {
        let mut out = [0; NUMBER];
        let len = write_float(value, &mut out);
        let (text, naive) = (str::from_utf8(&out[..len]).unwrap(), naive_float(value));
        if text != naive {
            // Two texts are as short and as near: Python takes the even one, `std` the larger.
            assert_eq!((text.parse(), text.len()), (Ok(value), naive.len()), "{naive}");
            let differ = text.chars().zip(naive.chars()).filter(|(ours, other)| ours != other);
            assert_eq!(differ.count(), 1, "{text} {naive}");
            ties += 1;
        }
    }
    assert!(ties < 1000, "{ties} texts are not those of `std`");
}
