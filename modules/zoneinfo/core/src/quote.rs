//! Bytes as `repr` shows them.
use std::fmt::{self, Write};

/// Shows bytes as Python's `repr(bytes)`.
pub(crate) struct Quoted<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let double = self.0.contains(&b'\'') && !self.0.contains(&b'"');
        let quote = if double { '"' } else { '\'' };
        write!(f, "b{quote}")?;
        for byte in self.0 {
            match byte {
                b'\t' => f.write_str("\\t")?,
                b'\n' => f.write_str("\\n")?,
                b'\r' => f.write_str("\\r")?,
                b'\\' => f.write_str("\\\\")?,
                byte if char::from(*byte) == quote => write!(f, "\\{quote}")?,
                b' '..=b'~' => f.write_char(char::from(*byte))?,
                byte => write!(f, "\\x{byte:02x}")?,
            }
        }
        f.write_char(quote)
    }
}

#[cfg(test)]
mod tests {
    use super::Quoted;

    /// Answers of a CPython in C.
    #[test]
    fn as_python_does() {
        for (bytes, text) in [
            (&b""[..], "b''"),
            (b"a'b", "b\"a'b\""),
            (b"a\"b", "b'a\"b'"),
            (b"'\"", "b'\\'\"'"),
            (b"\\\t\r\n\0\x7f\xff~ ", "b'\\\\\\t\\r\\n\\x00\\x7f\\xff~ '"),
        ] {
            assert_eq!(Quoted(bytes).to_string(), text);
        }
    }
}
