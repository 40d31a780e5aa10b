//! The rule for `ledgers/holes.tsv`: each known hole names tests that there are.

use std::collections::BTreeSet;

use super::Workspace;

/// Each hole has a test, each test that is named exists, and each test that is named after a hole is listed.
pub(super) fn tested(workspace: &Workspace) -> Vec<String> {
    let tests = tests_of(workspace);
    let mut complaints = Vec::new();
    let mut listed = BTreeSet::new();
    let mut last = "";
    for (number, line) in workspace.text(LEDGER).lines().enumerate().skip(1) {
        let mut complain =
            |what: String| complaints.push(format!("{LEDGER}:{}: {what}", number + 1));
        let &[hole, what, named] = &line.split('\t').collect::<Vec<_>>()[..] else {
            complain("is not a hole, what it is and its tests, with tabs between".to_owned());
            continue;
        };
        if hole <= last {
            complain(format!("{hole} is not in order"));
        }
        if what.is_empty() || named.is_empty() {
            complain(format!("{hole} has no test, or says not what it is"));
        }
        last = hole;
        for test in named.split(' ').filter(|test| !test.is_empty()) {
            listed.insert(test);
            if !tests.contains(test) {
                complain(format!("there is no test {test}"));
            }
        }
    }
    let after_a_hole = |test: &&&str| {
        let name = test.trim_start_matches("test_");
        name.starts_with("pyo3_") || name.starts_with("sketch_")
    };
    let unlisted = tests.iter().filter(after_a_hole).filter(|test| !listed.contains(*test));
    complaints.extend(
        unlisted.map(|test| format!("{LEDGER}: {test} is named after a hole and not listed")),
    );
    complaints
}

/// The names of all attacks: methods of Python's test classes, and files that must not compile.
fn tests_of(workspace: &Workspace) -> BTreeSet<&str> {
    let mut tests = BTreeSet::new();
    for file in &workspace.files {
        if file.is_in("tests/attacks/python") {
            let defined =
                file.text.lines().filter_map(|line| line.trim_start().strip_prefix("def "));
            let names = defined.filter_map(|rest| rest.split('(').next());
            tests.extend(names.filter(|name| name.starts_with("test_")));
        } else if file.path.contains("/tests/ui/") {
            let name = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs"));
            tests.extend(name);
        }
    }
    tests
}

const LEDGER: &str = "ledgers/holes.tsv";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::workspace;

    fn complaints(rows: &str) -> String {
        let python = "class A:\n    def test_one(self):\n        pass\n\n    def test_pyo3_2(self):\n        pass\n";
        tested(&workspace(&[
            (LEDGER, &format!("hole\twhat\ttests\n{rows}")),
            ("tests/attacks/python/test_x.py", python),
            ("crates/a/tests/ui/three.rs", ""),
        ]))
        .join("; ")
    }

    #[test]
    fn tests_that_are_named_exist() {
        assert_eq!(complaints("a\tis a\ttest_one three\nb\tis b\ttest_pyo3_2\n"), "");
        assert!(complaints("a\tis a\ttest_on test_pyo3_2\n").contains("no test test_on"));
        assert!(complaints("a\tis a\tone test_pyo3_2\n").contains("no test one"));
    }

    #[test]
    fn holes_are_tested_and_in_order() {
        assert!(complaints("a\tis a\t\n").contains("has no test"));
        assert!(complaints("a\ttest_one\n").contains("with tabs"));
        assert!(complaints("b\tis b\ttest_pyo3_2\na\tis a\ttest_one\n").contains("not in order"));
        assert!(complaints("a\tis a\ttest_one\n").contains("test_pyo3_2 is named after a hole"));
    }
}
