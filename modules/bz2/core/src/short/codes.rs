//! Huffman codes: how long libbz2 makes them, and how to read them.
use super::SYMBOLS;
use super::bits::Reader;

/// How long the code of each symbol is.
pub(super) type Lengths = [u8; SYMBOLS];

/// Makes codes for symbols that occur so often.
///
/// Codes for the same frequencies can have different lengths and be as good. Which of them libbz2
/// chooses comes of its heap, so here is one that works alike.
pub(super) fn choose_lengths(counts: &[u16], lengths: &mut [u8]) {
    let mut weights = [0; SYMBOLS];
    let weights = &mut weights[..counts.len()];
    for (weight, &count) in weights.iter_mut().zip(counts) {
        *weight = u32::from(count.max(1)) << 8;
    }
    while !tree(weights, lengths) {
        for weight in &mut *weights {
            *weight = (1 + (*weight >> 9)) << 8;
        }
    }
}

/// Joins the two lightest nodes until one is left; tells whether no symbol is too deep below it.
///
/// Of weights the low byte is the height of the node, so that of nodes that are else alike the flatter
/// one is lighter.
fn tree(weights: &[u32], lengths: &mut [u8]) -> bool {
    let mut heap = Heap { nodes: [(0, 0); SYMBOLS], len: 0 };
    for (node, &weight) in (0..).zip(weights) {
        heap.push((weight, node));
    }
    let mut parents = [0; 2 * SYMBOLS];
    let mut next = weights.len();
    while heap.len > 1 {
        let (first, second) = (heap.pop(), heap.pop());
        for (_, node) in [first, second] {
            parents[usize::from(node)] = next as u16;
        }
        let height = (first.0 & 0xff).max(second.0 & 0xff) + 1;
        let count = (first.0 & !0xff) + (second.0 & !0xff);
        heap.push((count | height, next as u16));
        next += 1;
    }
    // Parents come after their children; the last node is the root.
    let mut depths = [0_u8; 2 * SYMBOLS];
    for node in (0..next - 1).rev() {
        depths[node] = depths[usize::from(parents[node])] + 1;
    }
    lengths.copy_from_slice(&depths[..lengths.len()]);
    lengths.iter().all(|&length| length <= LONGEST_WRITTEN)
}

/// Nodes with their weights, the lightest first.
struct Heap {
    nodes: [(u32, u16); SYMBOLS],
    len: usize,
}

impl Heap {
    /// Adds a node behind those of the same weight that are above it.
    fn push(&mut self, node: (u32, u16)) {
        let mut at = self.len;
        self.len += 1;
        while at > 0 && node.0 < self.nodes[(at - 1) / 2].0 {
            self.nodes[at] = self.nodes[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        self.nodes[at] = node;
    }

    /// Takes the first node. The last one gets its place, and sinks below those of the same weight.
    fn pop(&mut self) -> (u32, u16) {
        let first = self.nodes[0];
        self.len -= 1;
        let last = self.nodes[self.len];
        let mut at = 0;
        loop {
            let mut child = 2 * at + 1;
            if child >= self.len {
                break;
            }
            if child + 1 < self.len && self.nodes[child + 1].0 < self.nodes[child].0 {
                child += 1;
            }
            if last.0 < self.nodes[child].0 {
                break;
            }
            self.nodes[at] = self.nodes[child];
            at = child;
        }
        self.nodes[at] = last;
        first
    }
}

/// Calls `give` with each symbol and its code: short ones first, in their order.
pub(super) fn assign(lengths: &[u8], mut give: impl FnMut(usize, u32)) {
    let (mut code, mut length) = (0, 0);
    for next in 1..=LONGEST_WRITTEN {
        for (symbol, _) in lengths.iter().enumerate().filter(|(_, length)| **length == next) {
            code <<= next - length;
            length = next;
            give(symbol, code);
            code += 1;
        }
    }
}

/// A table to read codes with.
#[derive(Clone, Copy)]
pub(super) struct Table {
    /// For each length, what all codes up to there are below, as if they had 20 bits; and the first
    /// of them.
    limits: [u32; LONGEST + 1],
    /// For each length, how many symbols have shorter codes.
    shorter: [u16; LONGEST + 1],
    shortest: usize,
    symbols: [u16; SYMBOLS],
}

impl Table {
    /// A table that reads nothing.
    pub(super) const EMPTY: Self = Self {
        limits: [0; LONGEST + 1],
        shorter: [0; LONGEST + 1],
        shortest: LONGEST,
        symbols: [0; SYMBOLS],
    };

    /// The table of these lengths, from 1 to 20; `None` when there are too few or too many codes for
    /// them.
    pub(super) fn new(lengths: &[u8]) -> Option<Self> {
        let mut table = Self::EMPTY;
        let mut counts = [0; LONGEST + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        table.shortest = counts.iter().position(|&count| count > 0)?;
        let (mut limit, mut shorter) = (0, 0);
        for (length, &count) in counts.iter().enumerate().skip(1) {
            limit += u32::from(count) << (LONGEST - length);
            table.limits[length] = limit;
            table.shorter[length] = shorter;
            shorter += count;
        }
        if limit != 1 << LONGEST {
            return None;
        }
        let mut places = table.shorter;
        for (symbol, &length) in (0..).zip(lengths) {
            let place = &mut places[usize::from(length)];
            table.symbols[usize::from(*place)] = symbol;
            *place += 1;
        }
        Some(table)
    }

    /// The next symbol.
    pub(super) fn read(&self, bits: &mut Reader<'_>) -> Option<u16> {
        bits.fill();
        let code = bits.peek(LONGEST as u32) as u32;
        let mut length = self.shortest;
        while code >= *self.limits.get(length)? {
            length += 1;
        }
        bits.skip(length as u32)?;
        let place = (code - self.limits[length - 1]) >> (LONGEST - length);
        self.symbols.get(usize::from(self.shorter[length]) + place as usize).copied()
    }
}

/// The longest codes that libbz2 writes, and those that it reads.
const LONGEST_WRITTEN: u8 = 17;
pub(super) const LONGEST: usize = 20;
