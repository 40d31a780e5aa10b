//! Binary search over anything that can say whether item `i` comes before the gap.
#![forbid(unsafe_code)]
#![no_std]

/// Finds the gap in `lo..hi`: the first index whose item does not come before it.
///
/// `before` is asked about at most `log2(hi - lo) + 1` indices, each in `lo..hi`, and each answer
/// narrows the range, whatever it is: a caller whose answers contradict each other, or change
/// meanwhile, still gets an index in `lo..=hi`. Nothing is kept between two questions, so the
/// sequence behind `before` may change or vanish as long as `before` notices.
///
/// `hi` is signed because Python callers may pass a negative end. A range that holds nothing,
/// `hi <= lo`, gives `lo` without a question.
///
/// # Errors
/// The first error of `before`, unchanged.
///
/// # Examples
/// ```
/// use bisect_core::partition_point;
///
/// let items = [10, 20, 20, 30];
/// let left = partition_point(0, 4, |i| Ok::<_, ()>(items[i] < 20));
/// let right = partition_point(0, 4, |i| Ok::<_, ()>(items[i] <= 20));
/// assert_eq!((left, right), (Ok(1), Ok(3)));
/// assert_eq!(partition_point(2, -7, |_| Err("never asked")), Ok(2));
/// ```
#[inline]
pub fn partition_point<E>(
    mut lo: usize,
    hi: isize,
    mut before: impl FnMut(usize) -> Result<bool, E>,
) -> Result<usize, E> {
    let mut hi = usize::try_from(hi).unwrap_or(0);
    while lo < hi {
        let mid = lo + (hi - lo) / 2;
        if before(mid)? {
            // Keeps this a branch. As a conditional move it makes the processor wait for each
            // answer before it looks for the next item: a third slower.
            core::hint::black_box(());
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    Ok(lo)
}

#[cfg(test)]
mod tests {
    use super::partition_point;
    use core::convert::Infallible;

    #[test]
    fn finds_both_ends_of_equal_items() {
        let items = [1, 3, 3, 3, 7];
        let left = partition_point(0, 5, |i| Ok::<_, Infallible>(items[i] < 3));
        let right = partition_point(0, 5, |i| Ok::<_, Infallible>(items[i] <= 3));
        assert_eq!((left, right), (Ok(1), Ok(4)));
    }

    #[test]
    fn asks_nothing_about_an_empty_range() {
        for (lo, hi) in [(0, 0), (3, 3), (3, 2), (0, -1), (5, isize::MIN), (usize::MAX, isize::MAX)]
        {
            assert_eq!(partition_point(lo, hi, Err::<bool, usize>), Ok(lo), "{lo}..{hi}");
        }
    }

    #[test]
    fn stops_at_the_first_error() {
        let mut asked = 0;
        let found = partition_point(0, 100, |i| {
            asked += 1;
            if asked == 3 { Err(i) } else { Ok(true) }
        });
        // 50, then 75, then 88: the third question fails.
        assert_eq!((found, asked), (Err(88), 3));
    }

    #[test]
    fn the_longest_range_does_not_overflow() {
        let mut asked = 0;
        let end = partition_point(0, isize::MAX, |_| {
            asked += 1;
            Ok::<_, Infallible>(true)
        });
        assert_eq!((end, asked), (Ok(isize::MAX.unsigned_abs()), isize::BITS - 1));
        let start = partition_point(0, isize::MAX, |_| Ok::<_, Infallible>(false));
        assert_eq!(start, Ok(0));
    }
}
