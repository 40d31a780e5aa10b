//! Ledgers: tables of exceptions, sorted, each with its reason.

use std::collections::BTreeMap;

/// The rows of a ledger by their first column.
pub(super) type Rows = BTreeMap<String, Row>;

/// What a ledger says of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The numbers that are pinned.
    pub counts: Vec<usize>,
    /// Why.
    pub reason: String,
}

/// Reads a ledger with `counts` columns of numbers; complaints about what is not right in it.
pub(super) fn read(name: &str, text: &str, counts: usize) -> (Rows, Vec<String>) {
    let mut rows = Rows::new();
    let mut complaints = Vec::new();
    let mut last = "";
    for (number, line) in text.lines().enumerate().skip(1) {
        let mut complain =
            |what: &str| complaints.push(format!("ledgers/{name}:{}: {what}", number + 1));
        let columns: Vec<&str> = line.split('\t').collect();
        let numbers: Option<Vec<usize>> = columns
            .get(1..1 + counts)
            .and_then(|numbers| numbers.iter().map(|text| text.parse().ok()).collect());
        let (Some(numbers), Some(reason), true) =
            (numbers, columns.last(), columns.len() == counts + 2)
        else {
            complain("is not a path, the counts and a reason, with tabs between");
            continue;
        };
        if columns[0] <= last {
            complain("is not in order");
        }
        if reason.trim().is_empty() || reason.starts_with(UNANSWERED) {
            complain("says no reason: write why there is more unsafe code than before");
        }
        last = columns[0];
        rows.insert(last.to_owned(), Row { counts: numbers, reason: (*reason).to_owned() });
    }
    (rows, complaints)
}

/// The text of a ledger.
pub(super) fn write(heading: &str, rows: &Rows) -> String {
    let mut text = format!("{heading}\n");
    for (path, row) in rows {
        let counts: String = row.counts.iter().map(|count| format!("{count}\t")).collect();
        text.push_str(&format!("{path}\t{counts}{}\n", row.reason));
    }
    text
}

/// The row for new counts: the old reason stays unless a count rose, for which a person must give a new one.
pub(super) fn renewed(old: Option<&Row>, counts: Vec<usize>) -> Row {
    let old_counts = old.map(|row| row.counts.as_slice()).unwrap_or_default();
    let rose =
        counts.iter().enumerate().any(|(at, count)| *count > *old_counts.get(at).unwrap_or(&0));
    let reason = old.map(|row| row.reason.as_str()).unwrap_or_default();
    let asked = rose && !reason.starts_with(UNANSWERED);
    let reason = if asked { format!("{UNANSWERED} {reason}") } else { reason.to_owned() };
    Row { counts, reason: reason.trim_end().to_owned() }
}

/// What a reason starts with that a person must still give.
const UNANSWERED: char = '?';

#[cfg(test)]
mod tests {
    use super::*;

    fn row(counts: &[usize], reason: &str) -> Row {
        Row { counts: counts.to_vec(), reason: reason.to_owned() }
    }

    #[test]
    fn what_is_written_is_read() {
        let rows = Rows::from([
            ("a.rs".to_owned(), row(&[1, 0], "why a")),
            ("b.rs".to_owned(), row(&[2, 3], "why b")),
        ]);
        let text = write("path\tblocks\timpls\treason", &rows);
        assert_eq!(read("x", &text, 2), (rows, Vec::new()));
    }

    #[test]
    fn mistakes_are_told() {
        let complaints = |text: &str| read("x.tsv", &format!("heading\n{text}"), 1).1.join("; ");
        assert_eq!(complaints("b\t1\twhy\na\t1\twhy\n"), "ledgers/x.tsv:3: is not in order");
        assert!(complaints("a\t1\t\n").contains("no reason"));
        assert!(complaints("a\t1\t? why\n").contains("no reason"));
        assert!(complaints("a\tone\twhy\n").contains("with tabs"));
        assert!(complaints("a\t1\n").contains("with tabs"));
    }

    #[test]
    fn only_a_rise_asks_for_a_reason() {
        let old = row(&[2, 1], "why");
        assert_eq!(renewed(Some(&old), vec![1, 1]), row(&[1, 1], "why"));
        assert_eq!(renewed(Some(&old), vec![2, 2]), row(&[2, 2], "? why"));
        assert_eq!(renewed(Some(&row(&[2, 2], "? why")), vec![2, 3]).reason, "? why");
        assert_eq!(renewed(None, vec![1, 0]).reason, "?");
    }
}
