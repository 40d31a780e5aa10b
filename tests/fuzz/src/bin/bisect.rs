//! Binary search over answers that may contradict each other.
#![no_main]

use bisect_core::partition_point;

libfuzzer_sys::fuzz_target!(|input: (u8, i8, u8, &[u8])| {
    let (lo, hi, gap, answers) = input;
    let (lo, hi) = (usize::from(lo), isize::from(hi) * 4);
    let end = usize::try_from(hi).unwrap_or(0).max(lo);
    // Answers that agree: the gap is where they say.
    let gap = usize::from(gap).clamp(lo, end);
    assert_eq!(partition_point(lo, hi, |i| Ok::<_, ()>(i < gap)), Ok(gap));
    // Answers that do not: the result lies in the range, no index twice, few questions.
    let mut asked = Vec::new();
    let mut answers = answers.iter();
    let found = partition_point(lo, hi, |i| {
        assert!(lo <= i && i < end && !asked.contains(&i));
        asked.push(i);
        answers.next().map(|answer| answer & 1 == 1).ok_or(i)
    });
    assert!(asked.len() <= (end - lo + 1).ilog2() as usize + 1);
    match found {
        Ok(found) => assert!(lo <= found && found <= end),
        Err(last) => assert_eq!(asked.last(), Some(&last)),
    }
});
