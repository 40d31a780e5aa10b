//! Python literals as Rust expressions.
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The Rust expression for a default's text; `None` when it is no literal.
///
/// `float` tells that the Rust type is a float, for which Python writes `0` as well as `0.0`.
pub(crate) fn expression(text: &str, float: bool) -> Option<TokenStream> {
    match text {
        "True" => return Some(quote!(true)),
        "False" => return Some(quote!(false)),
        _ => {}
    }
    if let Some(bytes) = text.strip_prefix('b').and_then(unquoted) {
        let bytes: Option<Vec<u8>> = bytes.chars().map(|c| u8::try_from(c).ok()).collect();
        let literal = Literal::byte_string(&bytes?);
        return Some(quote!(::core::convert::Into::into(&#literal[..])));
    }
    if let Some(text) = unquoted(text) {
        let literal = Literal::string(&text);
        return Some(quote!(#literal));
    }
    number(text, float)
}

fn number(text: &str, float: bool) -> Option<TokenStream> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let literal = if whole && !float {
        let value: u128 = digits.parse().ok()?;
        Literal::u128_unsuffixed(value)
    } else if digits.starts_with(|c: char| c.is_ascii_digit()) {
        let value: f64 = digits.parse().ok()?;
        value.is_finite().then(|| Literal::f64_unsuffixed(value))?
    } else {
        return None;
    };
    Some(if digits.len() < text.len() { quote!(-#literal) } else { quote!(#literal) })
}

/// The characters of a quoted literal, with escapes resolved.
fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut out = String::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        out.push(match c {
            '\\' => match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'x' => coded(&mut rest, 2)?,
                'u' => coded(&mut rest, 4)?,
                other @ ('\\' | '\'' | '"') => other,
                _ => return None,
            },
            c if c == quote => return None,
            c => c,
        });
    }
    Some(out)
}

/// The character with the code in the next hexadecimal digits.
fn coded(digits: &mut std::str::Chars<'_>, count: usize) -> Option<char> {
    let code: String = digits.by_ref().take(count).collect();
    (code.len() == count).then(|| u32::from_str_radix(&code, 16).ok().and_then(char::from_u32))?
}

#[cfg(test)]
mod tests {
    fn expression(text: &str) -> Option<String> {
        super::expression(text, false).map(|tokens| tokens.to_string())
    }

    #[test]
    fn literals() {
        assert_eq!(expression("True").unwrap(), "true");
        assert_eq!(expression("-1").unwrap(), "- 1");
        assert_eq!(expression("0.5").unwrap(), "0.5");
        assert_eq!(expression(r"'a\n\x41'").unwrap(), r#""a\nA""#);
        assert_eq!(
            expression("b''").unwrap(),
            r#":: core :: convert :: Into :: into (& b"" [..])"#
        );
        assert_eq!(super::expression("0", true).unwrap().to_string(), "0.0");
    }

    #[test]
    fn others() {
        for text in ["None", "BASE64_ALPHABET", "<unrepresentable>", "1+1", "'a", "inf", "()", ""] {
            assert_eq!(expression(text), None, "{text}");
        }
    }
}
