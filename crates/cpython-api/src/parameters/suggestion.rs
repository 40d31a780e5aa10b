//! "Did you mean": the name nearest to a mistyped one.

/// The candidate that `name` was most likely meant to be, if one is near enough.
///
/// Distances are weighted as in `Python/suggestions.c`: a change of letter case costs half of
/// any other edit, and at most a third of all letters may differ.
pub(super) fn nearest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let mut best = None;
    let mut limit = usize::MAX;
    for candidate in candidates.iter().filter(|candidate| **candidate != name) {
        let most = ((name.len() + candidate.len() + 3) * EDIT / 6).min(limit);
        if let Some(distance) = distance(name.as_bytes(), candidate.as_bytes(), most) {
            best = Some(*candidate);
            let Some(less) = distance.checked_sub(1) else { break };
            limit = less;
        }
    }
    best
}

/// The weighted edit distance, when it is at most `most`.
fn distance(mut a: &[u8], mut b: &[u8], most: usize) -> Option<usize> {
    while let ([first, rest_of_a @ ..], [other, rest_of_b @ ..]) = (a, b)
        && first == other
    {
        (a, b) = (rest_of_a, rest_of_b);
    }
    while let ([rest_of_a @ .., last], [rest_of_b @ .., other]) = (a, b)
        && last == other
    {
        (a, b) = (rest_of_a, rest_of_b);
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        // C looks at the lengths last: nothing but an insertion is measured whatever its length.
        return (a.is_empty() || b.is_empty())
            .then(|| (a.len() + b.len()) * EDIT)
            .filter(|cost| *cost <= most);
    }
    // One row of the table: the cost of turning the first letters of `b` into those of `a`.
    let mut row = [0; LONGEST + 1];
    for (i, cost) in row.iter_mut().enumerate() {
        *cost = i * EDIT;
    }
    for (i, &from) in b.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * EDIT;
        for (j, &to) in a.iter().enumerate() {
            let replaced = diagonal + replacement(from, to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j].min(diagonal) + EDIT);
        }
    }
    Some(row[a.len()]).filter(|cost| *cost <= most)
}

/// What it costs to replace a letter.
fn replacement(from: u8, to: u8) -> usize {
    match (from == to, from.eq_ignore_ascii_case(&to)) {
        (true, _) => 0,
        (_, true) => CASE,
        _ => EDIT,
    }
}

/// The cost of an insertion, a deletion or a replacement.
const EDIT: usize = 2;
/// The cost of a change of case.
const CASE: usize = 1;
/// Longer differences are not compared.
const LONGEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names() {
        let names = ["padded", "wrapcol", "newline", "alphabet"];
        assert_eq!(nearest("paded", &names), Some("padded"));
        assert_eq!(nearest("pading", &names), None);
        assert_eq!(nearest("Wrapcol", &names), Some("wrapcol"));
        assert_eq!(nearest("backtick", &names), None);
        assert_eq!(nearest("x", &["y"]), None);
        assert_eq!(nearest("A", &["a"]), Some("a"));
    }

    #[test]
    fn first_of_equals_wins() {
        assert_eq!(nearest("abcx", &["abcy", "abcz"]), Some("abcy"));
        assert_eq!(nearest("abcX", &["abcy", "abcx"]), Some("abcx"));
    }
}
