//! Huffman codes.

/// A code, its bits in the order in which they are written, and how many there are.
pub(super) type Code = (u16, u8);

/// Makes codes, no longer than `longest`, for symbols that occur so often.
///
/// Two symbols have codes at least, for a code of no bits is none.
pub(super) fn make<const N: usize>(mut counts: [u16; N], longest: u8) -> [Code; N] {
    for i in 0..2 {
        if counts.iter().filter(|&&count| count > 0).count() < 2 && counts[i] == 0 {
            counts[i] = 1;
        }
    }
    let mut used = [0; N];
    let mut count = 0;
    for symbol in (0..N).filter(|&symbol| counts[symbol] > 0) {
        used[count] = symbol as u16;
        count += 1;
    }
    let used = &used[..count];
    let mut codes = [(0, 0); N];
    while !measure(used, &counts, &mut codes, longest) {
        // Flatter, until no code is too long.
        for count in &mut counts {
            *count = count.div_ceil(2);
        }
    }
    number(used, &mut codes);
    codes
}

/// Sets the lengths of codes; tells whether none is too long.
fn measure<const N: usize>(
    used: &[u16],
    counts: &[u16; N],
    codes: &mut [Code; N],
    longest: u8,
) -> bool {
    let mut leaves = [0_u32; N];
    let leaves = &mut leaves[..used.len()];
    for (leaf, &symbol) in leaves.iter_mut().zip(used) {
        *leaf = u32::from(counts[usize::from(symbol)]) << 16 | u32::from(symbol);
    }
    leaves.sort_unstable();
    let used = used.len();
    // Nodes are made in the order of their weights, so that the lightest is the first of the leaves
    // or of the nodes that have no parent yet.
    let (mut weights, mut parents) = ([0_u32; N], [0_u16; N]);
    let mut over = [0_u16; N];
    let (mut leaf, mut node) = (0, 0);
    for made in 0..used - 1 {
        for _ in 0..2 {
            let by_leaf = leaves.get(leaf).map(|weight| weight >> 16);
            if by_leaf.is_some_and(|weight| node == made || weight <= weights[node]) {
                weights[made] += by_leaf.unwrap_or_default();
                over[leaf] = made as u16;
                leaf += 1;
            } else {
                weights[made] += weights[node];
                parents[node] = made as u16;
                node += 1;
            }
        }
    }
    let mut depths = [0_u8; N];
    for node in (0..used - 2).rev() {
        depths[node] = depths[usize::from(parents[node])] + 1;
    }
    let mut sound = true;
    for (&leaf, &over) in leaves.iter().zip(&over) {
        let length = depths[usize::from(over)] + 1;
        sound &= length <= longest;
        codes[(leaf & 0xffff) as usize].1 = length;
    }
    sound
}

/// Sets the bits of the used codes, whose lengths are known: shorter ones are less, and of the same length those
/// of symbols that are less.
fn number(used: &[u16], codes: &mut [Code]) {
    let mut counts = [0_u16; 16];
    for &symbol in used {
        counts[usize::from(codes[usize::from(symbol)].1)] += 1;
    }
    let (mut next, mut code) = ([0_u16; 16], 0);
    for (next, &shorter) in next[1..].iter_mut().zip(&counts) {
        code = (code + shorter) << 1;
        *next = code;
    }
    for &symbol in used {
        let (bits, length) = &mut codes[usize::from(symbol)];
        let next = &mut next[usize::from(*length)];
        *bits = next.reverse_bits() >> (16 - *length);
        *next += 1;
    }
}
