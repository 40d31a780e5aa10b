//! Text without allocation: bounded messages for exceptions, last words before an abort.
use std::ffi::CStr;
use std::fmt::{self, Write};
use std::io::Write as _;

/// The longest message; more is cut off at a character's border.
const LIMIT: usize = 768;

/// A message built on the stack, always a valid C string of UTF-8.
///
/// # Invariants
/// `bytes[..len]` is UTF-8 without NUL, `len < LIMIT`, and everything from `len` on is zero.
pub(crate) struct Message {
    bytes: [u8; LIMIT],
    len: usize,
}

impl Message {
    /// Formats the arguments, as far as they fit.
    pub(crate) fn new(arguments: fmt::Arguments<'_>) -> Self {
        let mut message = Self { bytes: [0; LIMIT], len: 0 };
        // Errors mean "cut off", which is what is wanted.
        let _ = message.write_fmt(arguments);
        message
    }

    /// The text for C.
    pub(crate) fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl Write for Message {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            let end = self.len + c.len_utf8();
            // INVARIANT: at least one zero stays behind the text; a NUL would end it early.
            if c == '\0' || end >= LIMIT {
                return Err(fmt::Error);
            }
            c.encode_utf8(&mut self.bytes[self.len..end]);
            self.len = end;
        }
        Ok(())
    }
}

/// Says why and ends the process. Safe on any thread, attached or not.
#[cold]
pub(crate) fn die(reason: &str) -> ! {
    let _ = writeln!(std::io::stderr(), "Fatal Rust error: {reason}");
    std::process::abort()
}
