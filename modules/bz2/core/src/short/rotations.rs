//! The rotations of a block in order, and a block from the last bytes of them.
use std::collections::TryReserveError;

/// Where the rotations of the block begin, in their order; `None` when some are equal, for then the
/// order is the sorter's choice. The block has 65536 bytes at most, and one at least.
pub(super) fn sorted(block: &[u8]) -> Result<Option<Vec<u64>>, TryReserveError> {
    let len = block.len();
    let mut keys = Vec::new();
    keys.try_reserve_exact(len)?;
    // In a key the start of a rotation stands behind its first bytes, later behind its next rank.
    let ahead = block.iter().cycle().skip(FIRST % len);
    let mut first =
        block.iter().cycle().take(FIRST).fold(0, |key, &byte| key << 8 | u64::from(byte));
    for (start, &next) in ahead.take(len).enumerate() {
        keys.push(first << 16 | start as u64);
        first = (first << 8 | u64::from(next)) & ((1 << (8 * FIRST)) - 1);
    }
    keys.sort_unstable();
    // A rank is the number of rotations that are less, as far as they have been compared.
    let mut ranks = Vec::new();
    ranks.try_reserve_exact(len)?;
    ranks.extend(block.iter().map(|_| 0_u16));
    let mut equal = rank(&keys, 0, &mut ranks);
    // What is compared doubles each time: rotations have ranks from there on.
    let mut compared = FIRST;
    while equal && compared < len {
        equal = false;
        let mut at = 0;
        while let Some(&key) = keys.get(at) {
            let group = ranks[start(key)];
            let rest = keys[at..].iter();
            let count = rest.take_while(|&&key| ranks[start(key)] == group).count();
            let keys = &mut keys[at..at + count];
            if count > 1 {
                for key in keys.iter_mut() {
                    let next = (start(*key) + compared) % len;
                    *key = u64::from(ranks[next]) << 16 | *key & 0xffff;
                }
                keys.sort_unstable();
                equal |= rank(keys, at, &mut ranks);
            }
            at += count;
        }
        compared *= 2;
    }
    Ok((!equal).then_some(keys))
}

/// Ranks the rotations of keys that are in order, from `first` on; tells whether some are equal.
fn rank(keys: &[u64], first: usize, ranks: &mut [u16]) -> bool {
    let (mut last, mut rank, mut equal) = (None, 0, false);
    for (i, &key) in keys.iter().enumerate() {
        if last == Some(key >> 16) {
            equal = true;
        } else {
            (last, rank) = (Some(key >> 16), (first + i) as u16);
        }
        ranks[start(key)] = rank;
    }
    equal
}

/// Where the rotation of a key begins.
pub(super) fn start(key: u64) -> usize {
    usize::from(key as u16)
}

/// The bytes of the block whose rotations end with the low bytes of `links`, in their order, from the
/// one in place `start` on; `None` when there is no such place. The other bits of `links` are zero.
pub(super) fn unsorted(links: &mut [u32], start: usize) -> Option<impl Iterator<Item = u8>> {
    let mut places = [0; 256];
    for &link in &*links {
        places[usize::from(link as u8)] += 1;
    }
    let mut before = 0;
    for place in &mut places {
        before += *place;
        *place = before - *place;
    }
    // The byte in a place comes before the one which that place links to.
    for i in 0..links.len() {
        let place = &mut places[usize::from(links[i] as u8)];
        links[*place] |= (i as u32) << 8;
        *place += 1;
    }
    let links = &*links;
    let mut link = *links.get(start)?;
    Some(links.iter().map(move |_| {
        link = links[(link >> 8) as usize];
        link as u8
    }))
}

/// How many bytes of rotations are compared at first.
const FIRST: usize = 6;
