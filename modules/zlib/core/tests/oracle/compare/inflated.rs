//! A decoder written from RFC 1951.

/// The data of a raw stream, by RFC 1951. What is behind its end is not looked at.
pub(crate) fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut bits = Bits { packed, at: 0 };
    let mut bytes = Vec::new();
    loop {
        let last = bits.number(1) == 1;
        match bits.number(2) {
            0 => {
                bits.at = bits.at.next_multiple_of(8);
                let len = bits.number(16);
                assert_eq!(bits.number(16), len ^ 0xffff);
                bytes.extend((0..len).map(|_| bits.number(8) as u8));
            }
            1 => {
                let len = |n| 8 + usize::from(n > 143 && n < 256) - usize::from(n > 255 && n < 280);
                let lengths: Vec<_> = (0..288).map(len).collect();
                block(&mut bits, &Code::new(&lengths), &Code::new(&[5; 30]), &mut bytes);
            }
            2 => {
                let (lengths, distances) = trees(&mut bits);
                block(&mut bits, &Code::new(&lengths), &Code::new(&distances), &mut bytes);
            }
            _ => panic!("no such block"),
        }
        if last {
            return bytes;
        }
    }
}

fn block(bits: &mut Bits<'_>, lengths: &Code, distances: &Code, bytes: &mut Vec<u8>) {
    loop {
        match bits.symbol(lengths) {
            byte @ 0..256 => bytes.push(byte as u8),
            256 => return,
            285 => repeat(bytes, 258, bits, distances),
            code => {
                let len = 3 + bits.span(code - 257, 4);
                repeat(bytes, len, bits, distances);
            }
        }
    }
}

fn repeat(bytes: &mut Vec<u8>, len: usize, bits: &mut Bits<'_>, distances: &Code) {
    let code = bits.symbol(distances);
    let distance = 1 + bits.span(code, 2);
    for _ in 0..len {
        bytes.push(bytes[bytes.len() - distance]);
    }
}

/// The two codes at the start of a block.
fn trees(bits: &mut Bits<'_>) -> (Vec<usize>, Vec<usize>) {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let (lengths, distances) = (bits.number(5) + 257, bits.number(5) + 1);
    let count = bits.number(4) + 4;
    let mut own = [0; 19];
    for place in &ORDER[..count] {
        own[*place] = bits.number(3);
    }
    let own = Code::new(&own);
    let mut all = Vec::new();
    while all.len() < lengths + distances {
        let (what, times) = match bits.symbol(&own) {
            16 => (*all.last().unwrap(), 3 + bits.number(2)),
            17 => (0, 3 + bits.number(3)),
            18 => (0, 11 + bits.number(7)),
            len => (len, 1),
        };
        all.extend((0..times).map(|_| what));
    }
    let distances = all.split_off(lengths);
    (all, distances)
}

/// Which symbol each length and number of a code is.
struct Code(std::collections::HashMap<(usize, usize), usize>);

impl Code {
    fn new(lengths: &[usize]) -> Self {
        let (mut codes, mut next) = (std::collections::HashMap::new(), 0);
        for len in 1..16 {
            next <<= 1;
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, own)| **own == len) {
                codes.insert((len, next), symbol);
                next += 1;
            }
        }
        Self(codes)
    }
}

struct Bits<'a> {
    packed: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn number(&mut self, count: usize) -> usize {
        let at = self.at;
        self.at += count;
        let bit = |n: usize| usize::from(self.packed[(at + n) / 8] >> ((at + n) % 8) & 1);
        (0..count).fold(0, |sum, n| sum | bit(n) << n)
    }

    fn symbol(&mut self, code: &Code) -> usize {
        let mut number = 0;
        for len in 1..16 {
            number = number << 1 | self.number(1);
            if let Some(&symbol) = code.0.get(&(len, number)) {
                return symbol;
            }
        }
        panic!("no such code");
    }

    /// The number that a code and its extra bits stand for: `group` codes for each count of bits,
    /// twice as many for none.
    fn span(&mut self, code: usize, group: usize) -> usize {
        let extra = (code / group).saturating_sub(1);
        let start = if extra == 0 { code } else { (group + code % group) << extra };
        start + self.number(extra)
    }
}
