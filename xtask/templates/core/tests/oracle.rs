//! The core against the definition: start at every byte, and count how many that follow are equal.
#![forbid(unsafe_code)]

use FOLDER_core::longest_run;

fn by_definition(data: &[u8]) -> usize {
    let from = |start: usize| data[start..].iter().take_while(|byte| **byte == data[start]).count();
    (0..data.len()).map(from).max().unwrap_or(0)
}

#[test]
fn every_pattern_of_ten_bytes() {
    for pattern in 0..1 << 10 {
        let data: Vec<u8> = (0..10).map(|bit| (pattern >> bit & 1) as u8).collect();
        for len in 0..=data.len() {
            assert_eq!(longest_run(&data[..len]), by_definition(&data[..len]), "{data:?}");
        }
    }
}
