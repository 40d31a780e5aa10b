//! Text without allocation: bounded messages for exceptions, last words before an abort.
use std::ffi::CStr;
use std::fmt::{self, Write};
use std::io::Write as _;

/// The longest message; more is cut off at a character's border.
const LIMIT: usize = 768;

/// A message built on the stack.
///
/// # Invariants
/// `bytes[..len]` is UTF-8.
pub(crate) struct Message {
    bytes: [u8; LIMIT],
    len: usize,
    whole: bool,
}

impl Message {
    /// Formats the arguments, as far as they fit.
    pub(crate) fn new(arguments: fmt::Arguments<'_>) -> Self {
        let mut message = Self { bytes: [0; LIMIT], len: 0, whole: false };
        message.whole = message.write_fmt(arguments).is_ok();
        message
    }

    /// Whether nothing has been cut off.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
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
            let Some(place) = self.bytes.get_mut(self.len..end) else { return Err(fmt::Error) };
            c.encode_utf8(place);
            self.len = end;
        }
        Ok(())
    }
}

/// Text of C, shown without an allocation.
pub(crate) struct Lossy<'a>(pub(crate) &'a CStr);

impl fmt::Display for Lossy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = f.precision().unwrap_or(usize::MAX);
        for chunk in self.0.to_bytes().utf8_chunks() {
            let strange = if chunk.invalid().is_empty() { None } else { Some('\u{fffd}') };
            for c in chunk.valid().chars().chain(strange) {
                if left == 0 {
                    return Ok(());
                }
                left -= 1;
                f.write_char(c)?;
            }
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
