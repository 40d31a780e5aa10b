//! The core against the plain way to read and write, on random dialects and texts.
//!
//! `CSV_RUNS=10000000 cargo test --release -p csv-core --test oracle` compares for longer.
#![forbid(unsafe_code)]

mod compare;

use compare::compare;

#[test]
fn random() {
    let runs = std::env::var("CSV_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(200_000);
    let mut random = Random(runs);
    for run in 0..runs {
        let len = match run % 8 {
            0..6 => random.below(40),
            6 => random.below(200),
            _ => random.below(12),
        };
        let data: Vec<u8> = (0..len).map(|_| random.below(256) as u8).collect();
        compare(&data);
    }
}

/// Every text of up to six characters that matter, in a dialect of each quoting.
#[test]
fn small() {
    let letters = [0, 1, 3, 4, 9, 10, 12];
    for flags in (0..6).flat_map(|quoting| (0..8).map(move |flags| quoting << 4 | flags)) {
        for len in 0..=4_u32 {
            for number in 0..7_usize.pow(len) {
                let text = (0..len).map(|i| letters[number / 7_usize.pow(i) % 7]);
                let head = [flags, 0, 0, 1, 255, 0];
                compare(&head.into_iter().chain(text).collect::<Vec<u8>>());
            }
        }
    }
}

/// SplitMix64: the same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) % end
    }
}
