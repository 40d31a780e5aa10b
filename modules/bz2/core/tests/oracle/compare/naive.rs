//! A decoder written from the description of the format.

/// Bits, the highest first.
struct Bits<'a>(&'a [u8], usize);

impl Bits<'_> {
    fn take(&mut self, count: usize) -> u64 {
        (0..count).fold(0, |value, _| {
            let bit = self.0[self.1 / 8] >> (7 - self.1 % 8) & 1;
            self.1 += 1;
            value << 1 | u64::from(bit)
        })
    }
}

/// Reads a whole stream the slow way, by the description of the format.
pub(crate) fn naive(stream: &[u8]) -> Vec<u8> {
    let mut bits = Bits(stream, 0);
    assert_eq!(bits.take(24), 0x42_5a_68);
    let most = 100_000 * (bits.take(8) - 0x30) as usize;
    let (mut made, mut all) = (Vec::new(), 0_u32);
    loop {
        match bits.take(48) {
            0x3141_5926_5359 => {
                let sum = bits.take(32) as u32;
                let block = block(&mut bits, most);
                assert_eq!(crc(&block), sum);
                all = all.rotate_left(1) ^ sum;
                made.extend(block);
            }
            0x1772_4538_5090 => {
                assert_eq!(bits.take(32) as u32, all);
                assert_eq!(bits.1.div_ceil(8), stream.len());
                return made;
            }
            other => panic!("no block begins with {other:x}"),
        }
    }
}

fn block(bits: &mut Bits<'_>, most: usize) -> Vec<u8> {
    assert_eq!(bits.take(1), 0);
    let start = bits.take(24) as usize;
    let ranges: Vec<bool> = (0..16).map(|_| bits.take(1) == 1).collect();
    let mut list = Vec::new();
    for (i, _) in ranges.iter().enumerate().filter(|(_, used)| **used) {
        list.extend((0..16).filter(|_| bits.take(1) == 1).map(|j| (i * 16 + j) as u8));
    }
    let (tables, selectors) = (bits.take(3) as usize, bits.take(15) as usize);
    let mut order: Vec<usize> = (0..tables).collect();
    let chosen: Vec<usize> = (0..selectors)
        .map(|_| {
            let place =
                std::iter::from_fn(|| Some(bits.take(1))).take_while(|&bit| bit == 1).count();
            let table = order.remove(place);
            order.insert(0, table);
            table
        })
        .collect();
    let codes: Vec<Vec<(u64, u64)>> = (0..tables).map(|_| codes(bits, list.len() + 2)).collect();
    let end = list.len() + 1;
    let (mut last, mut run, mut weight) = (Vec::new(), 0, 1);
    for i in 0.. {
        let symbol = symbol(bits, &codes[chosen[i / 50]]);
        if symbol < 2 {
            run += weight << symbol;
            weight <<= 1;
            continue;
        }
        last.extend(std::iter::repeat_n(list.first().copied().unwrap_or(0), run));
        (run, weight) = (0, 1);
        if symbol == end {
            break;
        }
        let byte = list.remove(symbol - 1);
        list.insert(0, byte);
        last.push(byte);
    }
    assert!(last.len() <= most);
    expanded(&unsorted(&last, start))
}

/// The lengths of the codes, and from them the codes, each with its length.
fn codes(bits: &mut Bits<'_>, count: usize) -> Vec<(u64, u64)> {
    let mut length = bits.take(5);
    let lengths: Vec<u64> = (0..count)
        .map(|_| {
            while bits.take(1) == 1 {
                length = if bits.take(1) == 0 { length + 1 } else { length - 1 };
            }
            length
        })
        .collect();
    let mut codes = vec![(0, 0); count];
    let mut next = 0;
    for length in 1..=20 {
        next <<= 1;
        for i in (0..count).filter(|&i| lengths[i] == length) {
            codes[i] = (length, next);
            next += 1;
        }
    }
    codes
}

fn symbol(bits: &mut Bits<'_>, codes: &[(u64, u64)]) -> usize {
    let mut read = (0, 0);
    loop {
        read = (read.0 + 1, read.1 << 1 | bits.take(1));
        assert!(read.0 <= 20, "no such code");
        if let Some(found) = codes.iter().position(|&code| code == read) {
            return found;
        }
    }
}

/// The text whose rotations, sorted, end in `last`; its own is the one at `start`.
fn unsorted(last: &[u8], start: usize) -> Vec<u8> {
    let mut order: Vec<usize> = (0..last.len()).collect();
    order.sort_by_key(|&i| last[i]);
    let mut at = start;
    (0..last.len())
        .map(|_| {
            at = order[at];
            last[at]
        })
        .collect()
}

/// Four equal bytes are followed by how many more there are.
fn expanded(packed: &[u8]) -> Vec<u8> {
    let (mut made, mut equal) = (Vec::new(), 0);
    for &byte in packed {
        if equal == 4 {
            let before = made[made.len() - 1];
            made.extend(std::iter::repeat_n(before, byte.into()));
            equal = 0;
            continue;
        }
        equal = if made.last() == Some(&byte) && equal > 0 { equal + 1 } else { 1 };
        made.push(byte);
    }
    made
}

fn crc(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte) << 24, |crc, _| {
            crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}
