//! Rust code without its comments and texts, so that a search finds only code.

/// The code of `source`, line by line as it was; comments, strings and characters become spaces.
pub(super) fn only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest, &code));
        let (length, blank) = skipped.map_or((first.len_utf8(), false), |length| (length, true));
        let (taken, left) = rest.split_at(length);
        if blank {
            code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            code.push_str(taken);
        }
        rest = left;
    }
    code
}

/// How often the words follow each other in the code, with nothing but white space between them.
pub(super) fn count(code: &str, words: &[&str]) -> usize {
    let Some((first, others)) = words.split_first() else { return 0 };
    let follows = |rest: &str| {
        others
            .iter()
            .try_fold(rest, |rest, word| {
                let rest = rest.trim_start().strip_prefix(word)?;
                ends_word(word, rest).then_some(rest)
            })
            .is_some()
    };
    code.match_indices(first)
        .filter(|(at, _)| {
            let rest = &code[at + first.len()..];
            !code[..*at].ends_with(is_word) && ends_word(first, rest) && follows(rest)
        })
        .count()
}

fn ends_word(word: &str, rest: &str) -> bool {
    !(word.ends_with(is_word) && rest.starts_with(is_word))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the comment that starts here.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(rest.len())
}

/// The length of the string or character that starts here, after the code `before`.
fn literal(rest: &str, before: &str) -> Option<usize> {
    if let Some(text) = rest.strip_prefix('"') {
        return Some(1 + quoted(text, '"'));
    }
    if let Some(text) = rest.strip_prefix('\'') {
        let mut characters = text.chars();
        return match characters.next()? {
            '\\' => Some(1 + quoted(text, '\'')),
            c if characters.next() == Some('\'') => Some(2 + c.len_utf8()),
            _ => None, // a lifetime
        };
    }
    let raw = ["r", "br", "cr"].iter().find_map(|prefix| {
        let text = rest.strip_prefix(prefix)?;
        let hashes = text.len() - text.trim_start_matches('#').len();
        let text = text[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = text.find(&end).map_or(text.len(), |at| at + end.len());
        Some(prefix.len() + hashes + 1 + length)
    });
    raw.filter(|_| !before.ends_with(is_word))
}

/// The length of a quoted text with its closing quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_no_code() {
        let source =
            "a /* unsafe { /* b */ c */ d // unsafe {\n\"un\\\"safe {\" e r#\"unsafe {\"# f";
        let code = only(source);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "d", "e", "f"]);
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn characters_are_told_from_lifetimes() {
        let code = only("fn f<'a>(c: &'a char) { c == '\"' || c == '\\'' || c == '/' } // x");
        assert_eq!(code.trim_end(), "fn f<'a>(c: &'a char) { c ==     || c ==      || c ==     }");
    }

    #[test]
    fn words_are_counted_whole() {
        let code = "unsafe { a } unsafe\n{ b } unsafe impl X {} an_unsafe { c } unsafe fn d() {}";
        assert_eq!(count(code, &["unsafe", "{"]), 2);
        assert_eq!(count(code, &["unsafe", "impl"]), 1);
        assert_eq!(count("unsafe impls", &["unsafe", "impl"]), 0);
    }
}
