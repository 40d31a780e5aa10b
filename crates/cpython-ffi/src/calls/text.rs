//! `str`: `unicodeobject.h`.
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::ptr::NonNull;

use cpython_sys::{PyObject, PyUnicodeWriter};

use crate::{Owned, Ref, Status};

contracts! {
    /// A `str` from UTF-8; invalid input is a `UnicodeDecodeError`.
    quiet fn PyUnicode_FromStringAndSize(text: *const c_char, length: isize) -> Option<Owned>;
    /// A `str` from an array of 1, 2 or 4-byte code points, stored in the narrowest kind.
    quiet fn PyUnicode_FromKindAndData(kind: c_int, data: *const c_void, length: isize) -> Option<Owned>;
    /// `chr(c)`; a `ValueError` when there is no such character.
    quiet fn PyUnicode_FromOrdinal(c: c_int) -> Option<Owned>;
    /// A new `str` with uninitialised characters.
    quiet fn PyUnicode_New(length: isize, largest: c_uint) -> Option<Owned>;
    /// Changes the length of `*o`, which nobody else may hold; on failure `*o` stays as it is.
    quiet fn PyUnicode_Resize(o: *mut *mut PyObject, length: isize) -> Status;
    /// UTF-8 of a `str`, cached in it; lone surrogates are a `UnicodeEncodeError`.
    quiet fn PyUnicode_AsUTF8AndSize(o: Ref, length: *mut isize) -> *const c_char;
    /// `s[start:end]`.
    quiet fn PyUnicode_Substring(o: Ref, start: isize, end: isize) -> Option<Owned>;
    /// `a + b`.
    quiet fn PyUnicode_Concat(a: Ref, b: Ref) -> Option<Owned>;
    /// `separator.join(parts)`.
    runs fn PyUnicode_Join(separator: Ref, parts: Ref) -> Option<Owned>;
    /// 1 when equal to an UTF-8 string of `length` bytes, else 0.
    quiet fn PyUnicode_EqualToUTF8AndSize(o: Ref, text: *const c_char, length: isize) -> c_int;
    /// 1 when equal, 0 when not, -1 with an exception when one is no `str`.
    quiet fn PyUnicode_Equal(a: Ref, b: Ref) -> Status;
    /// Replaces `*o` by its interned twin.
    quiet fn PyUnicode_InternInPlace(o: *mut *mut PyObject) -> ();
    /// `o.encode(encoding, errors)`.
    runs fn PyUnicode_AsEncodedString(o: Ref, encoding: *const c_char, errors: *const c_char) -> Option<Owned>;
    /// `bytes.decode(encoding, errors)`.
    runs fn PyUnicode_Decode(data: *const c_char, length: isize, encoding: *const c_char, errors: *const c_char) -> Option<Owned>;
    /// A writer with room for `length` characters.
    quiet fn PyUnicodeWriter_Create(length: isize) -> Option<NonNull<PyUnicodeWriter>>;
    /// Throws the writer away.
    quiet fn PyUnicodeWriter_Discard(writer: NonNull<PyUnicodeWriter>) -> ();
    /// Ends the writer, also when it fails.
    quiet fn PyUnicodeWriter_Finish(writer: NonNull<PyUnicodeWriter>) -> Option<Owned>;
    /// Appends one code point.
    quiet fn PyUnicodeWriter_WriteChar(writer: NonNull<PyUnicodeWriter>, c: c_uint) -> Status;
    /// Appends UTF-8.
    quiet fn PyUnicodeWriter_WriteUTF8(writer: NonNull<PyUnicodeWriter>, text: *const c_char, length: isize) -> Status;
    /// Appends ASCII.
    quiet fn PyUnicodeWriter_WriteASCII(writer: NonNull<PyUnicodeWriter>, text: *const c_char, length: isize) -> Status;
    /// Appends `str(o)`.
    runs fn PyUnicodeWriter_WriteStr(writer: NonNull<PyUnicodeWriter>, o: Ref) -> Status;
    /// Appends `repr(o)`.
    runs fn PyUnicodeWriter_WriteRepr(writer: NonNull<PyUnicodeWriter>, o: Ref) -> Status;
    /// Appends `o[start:end]` of a `str`.
    quiet fn PyUnicodeWriter_WriteSubstring(writer: NonNull<PyUnicodeWriter>, o: Ref, start: isize, end: isize) -> Status;
}
