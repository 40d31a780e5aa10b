//! The core against naive readers and writers.
#![forbid(unsafe_code)]

mod compare;
mod reading;
mod writing;

use compare::compare;

/// What a fuzzer tries, with bytes of chance.
#[test]
fn any_bytes() {
    let mut random = compare::Random(11);
    for _ in 0..20_000 {
        let data: Vec<u8> = (0..random.below(90)).map(|_| random.next() as u8).collect();
        compare(&data);
    }
}
