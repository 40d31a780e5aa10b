//! Every small range against a search that looks at each item in turn.
#![forbid(unsafe_code)]

use bisect_core::partition_point;

const LENGTH: usize = 20;

/// The definition: walk from `lo` until an item does not come before the gap.
fn walk(lo: usize, hi: isize, before: impl Fn(usize) -> bool) -> usize {
    let mut i = lo;
    while isize::try_from(i).is_ok_and(|at| at < hi) && before(i) {
        i += 1;
    }
    i
}

#[test]
fn every_gap_in_every_range() {
    for gap in 0..=LENGTH {
        for lo in 0..=LENGTH + 2 {
            for hi in -3..=LENGTH as isize {
                let found =
                    partition_point(lo, hi, |i| if i < LENGTH { Ok(i < gap) } else { Err(i) });
                assert_eq!(found, Ok(walk(lo, hi, |i| i < gap)), "gap {gap} in {lo}..{hi}");
            }
        }
    }
}

/// Unsorted items: each of the 2^12 possible patterns of answers still ends at a place where the
/// answer before it is yes and the answer after it is no.
#[test]
fn contradicting_answers_end_at_a_boundary() {
    for pattern in 0_u32..1 << 12 {
        let before = |i: usize| pattern >> i & 1 == 1;
        let mut asked = Vec::new();
        let found = partition_point(0, 12, |i| {
            asked.push(i);
            Ok::<_, ()>(before(i))
        });
        let i = found.unwrap_or(usize::MAX);
        assert!(i <= 12 && asked.len() <= 4 && asked.iter().all(|&i| i < 12), "{pattern:b}");
        assert!((i == 0 || before(i - 1)) && (i == 12 || !before(i)), "{pattern:b}");
    }
}

/// CPython visits the same indices in the same order, which programs with side effects can see.
#[test]
fn the_middle_rounds_down() {
    let mut asked = Vec::new();
    let _ = partition_point(1, 10, |i| {
        asked.push(i);
        Ok::<_, ()>(false)
    });
    assert_eq!(asked, [5, 3, 2, 1]);
}
